using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks;

public class FutureTests
{
    [Fact]
    public void A_pending_one_has_neither_result_nor_exception() => OnLoop.Run(async () =>
    {
        var future = new Future<int>();
        Assert.False(future.Done());
        Assert.False(future.IsCompleted);
        Assert.Equal("Result is not set.", Assert.Throws<InvalidStateException>(() => future.Result()).Message);
        Assert.Equal("Exception is not set.", Assert.Throws<InvalidStateException>(() => future.Exception()).Message);
        Assert.Same(Aio.GetRunningLoop(), future.Loop);
        await Coroutine.Completed;
    });

    [Fact]
    public void A_result_is_set_once() => OnLoop.Run(async () =>
    {
        var future = new Future<int>();
        future.SetResult(1);
        Assert.True(future.Done() && future.IsCompletedSuccessfully && !future.Cancelled() && !future.IsFaulted);
        Assert.Equal(1, future.Result());
        Assert.Null(future.Exception());
        Assert.Throws<InvalidStateException>(() => future.SetResult(2));
        Assert.Throws<InvalidStateException>(() => future.SetException(new FormatException()));
        Assert.False(future.TrySetResult(2));
        Assert.False(future.TrySetException(new FormatException()));
        Assert.False(future.Cancel());
        Assert.Equal(1, await future);
        Assert.Equal(1, await future);
    });

    [Fact]
    public void An_exception_is_thrown_at_each_await_and_its_trace_does_not_grow() => OnLoop.Run(async () =>
    {
        var error = new FormatException();
        var future = new Future<int>();
        future.SetException(error);
        Assert.True(future.IsFaulted);
        Assert.Same(error, future.Exception());
        var lengths = new HashSet<int>();
        for (var i = 0; i < 3; i++)
        {
            var caught = await OnLoop.Throws<FormatException>(async () => await future);
            Assert.Same(error, caught);
            lengths.Add(caught.StackTrace!.Split('\n').Length);
        }

        Assert.Single(lengths);
        Assert.Throws<FormatException>(() => future.Result());
        Assert.Throws<InvalidStateException>(() => future.SetResult(1));
        Assert.Throws<ArgumentNullException>(() => new Future<int>().SetException(null!));
    });

    [Fact]
    public void Cancelling_one_wakes_its_waiters_with_the_message() => OnLoop.Run(async () =>
    {
        foreach (var message in new object?[] { "why", 17, null })
        {
            var future = new Future<int>();
            var waiter = Aio.CreateTask(Await(future));
            await Aio.Yield();
            Assert.True(future.Cancel(message));
            Assert.False(future.Cancel());
            Assert.True(future.Cancelled() && future.IsCanceled && future.IsCompleted);
            var error = await OnLoop.Throws<CancelledException>(async () => await waiter);
            Assert.Equal(message, error.CancelMessage);
            Assert.True(waiter.Cancelled());
            Assert.Equal(0, waiter.Cancelling());
            Assert.Equal(message, Assert.Throws<CancelledException>(() => future.Result()).CancelMessage);
            Assert.Equal(message, Assert.Throws<CancelledException>(() => future.Exception()).CancelMessage);
            Assert.Throws<InvalidStateException>(() => future.SetResult(1));
        }
    });

    [Fact]
    public void Setting_a_cancellation_as_exception_does_not_cancel_it() => OnLoop.Run(async () =>
    {
        var future = new Future<int>();
        var error = new CancelledException("set");
        future.SetException(error);
        Assert.False(future.IsCanceled);
        Assert.Same(error, await OnLoop.Throws<CancelledException>(async () => await future));
    });

    [Fact]
    public void Many_tasks_may_wait_and_go_on_in_their_order() => OnLoop.Run(async () =>
    {
        var log = new List<int>();
        var future = new Future<string>();
        var tasks = Enumerable.Range(0, 5).Select(i => Aio.CreateTask(Wait(i))).ToArray();
        await Aio.Yield();
        future.SetResult("x");
        Assert.Empty(log);
        foreach (var task in tasks)
        {
            await task;
        }

        Assert.Equal([0, 1, 2, 3, 4], log);

        async Coroutine Wait(int number)
        {
            Assert.Equal("x", await future);
            log.Add(number);
        }
    });

    [Fact]
    public void Awaiting_a_done_one_does_not_suspend() => OnLoop.Run(async () =>
    {
        var future = new Future<int>();
        future.SetResult(1);
        var other = false;
        Aio.GetRunningLoop().CallSoon(() => other = true);
        Assert.Equal(1, await future);
        Assert.False(other);
    });

    [Fact]
    public void As_a_coroutine_a_future_and_a_task_of_dotnet() => OnLoop.Run(async () =>
    {
        var loop = Aio.GetRunningLoop();
        var future = loop.CreateFuture<int>();
        Assert.Same(future, future.AsFuture());
        Assert.Same(future, future.AsFuture(loop));
        Assert.Same(future, Aio.EnsureFuture(future));
        using var other = new EventLoop();
        Assert.Throws<ArgumentException>(() => future.AsFuture(other));
        var coroutine = future.AsCoroutine();
        var task = future.AsTask();
        loop.CallSoon(() => future.SetResult(5));
        Assert.Equal(5, await coroutine);
        Assert.Equal(5, await task);

        var failed = new Future<int>();
        failed.SetException(new FormatException());
        await OnLoop.Throws<FormatException>(async () => await failed.AsTask());
        var cancelled = new Future<int>();
        var mirror = cancelled.AsTask();
        cancelled.Cancel();
        await Aio.Yield();
        Assert.True(mirror.IsCanceled);
    });

    [Fact]
    public void None_can_be_made_without_a_loop() => OnLoop.InThread(() =>
    {
        Assert.Throws<InvalidOperationException>(() => new Future<int>());
        using var loop = new EventLoop();
        Assert.False(new Future<int>(loop).Done());
    });

    [Fact]
    public void It_says_how_it_stands() => OnLoop.Run(async () =>
    {
        var future = new Future<int>();
        Assert.Contains("pending", future.ToString(), StringComparison.Ordinal);
        future.SetResult(12);
        Assert.Contains("result=12", future.ToString(), StringComparison.Ordinal);
        var failed = new Future<int>();
        failed.SetException(new FormatException());
        Assert.Contains("exception=FormatException", failed.ToString(), StringComparison.Ordinal);
        failed.Exception();
        var cancelled = new Future<int>();
        cancelled.Cancel();
        Assert.Contains("cancelled", cancelled.ToString(), StringComparison.Ordinal);
        await Coroutine.Completed;
    });

    private static async Coroutine<int> Await(Future<int> future) => await future;
}
