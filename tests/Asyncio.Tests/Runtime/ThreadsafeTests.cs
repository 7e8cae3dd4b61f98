using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>Coroutines started from other threads, and .NET tasks awaited as futures.</summary>
public class ThreadsafeTests
{
    [Fact]
    public void Another_thread_gets_the_result() => WithLoop(loop =>
    {
        Assert.Equal(5, Aio.RunCoroutineThreadsafe(Aio.Sleep(0.001, 5), loop).Result);
        Assert.Equal(6, Aio.Sleep(0.001, 6).AsTask(loop).Result);
        Aio.RunCoroutineThreadsafe(Aio.Sleep(0), loop).Wait();
    });

    [Fact]
    public void Another_thread_gets_the_error() => WithLoop(loop =>
    {
        var error = Assert.Throws<AggregateException>(() => Aio.RunCoroutineThreadsafe(Fail(), loop).Wait());
        Assert.IsType<FormatException>(error.InnerException);

        static async Coroutine Fail()
        {
            await Aio.Sleep(0);
            throw new FormatException();
        }
    });

    [Fact]
    public void A_token_cancels_the_task_and_no_task_is_left() => WithLoop(loop =>
    {
        using var source = new CancellationTokenSource();
        using var began = new ManualResetEventSlim();
        var cleaned = false;
        var task = Aio.RunCoroutineThreadsafe(Wait(), loop, source.Token);
        began.Wait();
        Assert.False(task.Wait(20)); // giving up waiting leaves the coroutine running
        source.Cancel();
        var error = Assert.Throws<AggregateException>(() => task.Wait());
        Assert.Equal(source.Token, Assert.IsType<TaskCanceledException>(error.InnerException).CancellationToken);
        Assert.True(task.IsCanceled);
        Assert.True(cleaned);
        Assert.Single(Aio.RunCoroutineThreadsafe(Tasks(), loop).Result);

        async Coroutine Wait()
        {
            try
            {
                began.Set();
                await Aio.Sleep(3600);
            }
            finally
            {
                cleaned = true;
            }
        }

        static async Coroutine<IReadOnlySet<IAsyncTask>> Tasks()
        {
            await Aio.Sleep(0);
            return Aio.AllTasks().Where(task => task.Name != "main").ToHashSet();
        }
    });

    [Fact]
    public void A_token_that_was_tripped_before_keeps_it_from_beginning() => WithLoop(loop =>
    {
        var began = false;
        var task = Aio.RunCoroutineThreadsafe(Never(), loop, new CancellationToken(canceled: true));
        Assert.Throws<AggregateException>(() => task.Wait());
        Assert.True(task.IsCanceled);
        Assert.False(began);

        async Coroutine Never()
        {
            began = true;
            await Aio.Sleep(0);
        }
    });

    [Fact]
    public void A_task_that_cancels_itself_cancels_the_outcome() => WithLoop(loop =>
    {
        var task = Aio.RunCoroutineThreadsafe(Cancel(), loop);
        Assert.Throws<AggregateException>(() => task.Wait());
        Assert.True(task.IsCanceled);

        static async Coroutine Cancel()
        {
            Aio.CurrentTask()!.Cancel();
            await Aio.Sleep(0);
        }
    });

    [Fact]
    public void A_task_factory_that_fails_is_told_both_ways() => WithLoop(loop =>
    {
        var reported = new TaskCompletionSource<ExceptionContext>();
        loop.SetExceptionHandler((_, context) => reported.TrySetResult(context));
        loop.SetTaskFactory(new Failing());
        var coroutine = Aio.Sleep(0, 1);
        var error = Assert.Throws<AggregateException>(() => Aio.RunCoroutineThreadsafe(coroutine, loop).Wait());
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Same(error.InnerException, reported.Task.Result.Exception);
        loop.SetTaskFactory(null);
        Assert.Throws<InvalidOperationException>(() => coroutine.GetAwaiter());
    });

    [Fact]
    public void What_is_no_coroutine_is_refused()
    {
        using var loop = new EventLoop();
        Action noCoroutine = () => Aio.RunCoroutineThreadsafe(default, loop);
        Action noResult = () => Aio.RunCoroutineThreadsafe(default(Coroutine<int>), loop);
        Action noLoop = () => Aio.RunCoroutineThreadsafe(Coroutine.Completed, null!);
        Assert.Throws<ArgumentException>(noCoroutine);
        Assert.Throws<ArgumentException>(noResult);
        Assert.Throws<ArgumentNullException>(noLoop);
    }

    [Fact]
    public void WrapFuture_gives_the_outcome_of_a_task() => Aio.Run(async () =>
    {
        Assert.Equal(5, await Aio.WrapFuture(Task.FromResult(5)));
        Assert.Equal(6, await Aio.WrapFuture(Task.Run(() => 6)));
        await Aio.WrapFuture(Task.Delay(1));
        var failed = Aio.WrapFuture(Task.FromException<int>(new FormatException()));
        await Assert.ThrowsAsync<FormatException>(async () => await failed);
        Assert.IsType<FormatException>(failed.Exception());
        var future = new Future<int>();
        Assert.Same(future, Aio.WrapFuture(future));
    });

    [Fact]
    public void WrapFuture_is_completed_through_the_loop() => Aio.Run(async () =>
    {
        var future = Aio.WrapFuture(Task.FromResult(5));
        Assert.False(future.IsCompleted);
        await Aio.Sleep(0);
        Assert.True(future.IsCompleted);
    });

    [Fact]
    public void WrapFuture_of_a_task_that_is_cancelled_is_cancelled() => Aio.Run(async () =>
    {
        var source = new TaskCompletionSource<int>();
        var future = Aio.WrapFuture(source.Task);
        source.SetCanceled();
        await Aio.Sleep(0);
        Assert.True(future.IsCanceled);
    });

    [Fact]
    public void WrapFuture_that_is_cancelled_stops_waiting_and_the_tasks_error_is_reported() => Aio.Run(async () =>
    {
        var reports = new List<ExceptionContext>();
        Aio.GetRunningLoop().SetExceptionHandler((_, context) => reports.Add(context));
        var source = new TaskCompletionSource<int>();
        var future = Aio.WrapFuture(source.Task);
        Assert.True(future.Cancel());
        Assert.True(future.IsCanceled);
        Assert.False(source.Task.IsCompleted);
        source.SetException(new FormatException());
        await Aio.Sleep(0.01);
        Assert.IsType<FormatException>(Assert.Single(reports).Exception);

        // Cancelled although the task is done: only the wrapper is.
        var done = Aio.WrapFuture(Task.FromResult(1));
        Assert.True(done.Cancel());
        await Aio.Sleep(0);
        Assert.True(done.IsCanceled);
    });

    /// <summary>Runs a loop in a thread of its own, and <paramref name="body"/> in this one.</summary>
    private static void WithLoop(Action<EventLoop> body)
    {
        using var loop = new EventLoop();
        var stop = loop.CreateFuture<bool>();
        var main = loop.CreateTask(stop.AsCoroutine(), name: "main");
        var thread = new Thread(() => loop.RunUntilComplete(main));
        thread.Start();
        try
        {
            body(loop);
        }
        finally
        {
            loop.CallSoonThreadsafe(() => stop.SetResult(true));
            thread.Join();
        }
    }

    private sealed class Failing : AsyncTaskFactory
    {
        public override AsyncTask<T> Create<T>(EventLoop loop, Coroutine<T> coroutine, AsyncTaskOptions options) => throw new FormatException();

        public override AsyncTask Create(EventLoop loop, Coroutine coroutine, AsyncTaskOptions options) => throw new FormatException();
    }

    [Fact]
    public async Task A_coroutine_that_ends_in_the_last_turn_of_the_loop_still_tells_who_waits_for_it()
    {
        var reports = new List<string>();
        using var loop = new EventLoop();
        loop.SetExceptionHandler((_, context) => reports.Add(context.Message));
        var failing = Aio.RunCoroutineThreadsafe(Fail(), loop, TestContext.Current.CancellationToken);
        loop.RunForever();
        loop.Close();
        await Assert.ThrowsAsync<FormatException>(() => failing);
        Assert.Empty(reports);

        async Coroutine<int> Fail()
        {
            loop.Stop();
            throw new FormatException();
        }
    }
}
