using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks;

/// <summary>What a task waits for is done and the task queued; then, before its step, it is cancelled. The cancellation wins.</summary>
public class CancelAfterWakeTests
{
    public static TheoryData<string, bool> Waits()
    {
        var data = new TheoryData<string, bool>();
        foreach (var name in new[] { "sleep", "yield", "future", "failed future", "task", "coroutine", "foreign task", "foreign value" })
        {
            data.Add(name, false);
            data.Add(name, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public void The_await_throws(string kind, bool handlers) => OnLoop.Run(async () =>
    {
        var loop = Aio.GetRunningLoop();
        var future = new Future<int>();
        var inner = Aio.CreateTask(AwaitFuture(kind == "task" ? future : new Future<int>()));
        var source = new TaskCompletionSource<int>();
        Func<Coroutine> wait = kind switch
        {
            "sleep" => () => Aio.Sleep(0.005),
            "yield" => () => Aio.Yield(),
            "future" or "failed future" => async () => await future,
            "task" => async () => await inner,
            "coroutine" => async () => await future.AsCoroutine(),
            "foreign task" => async () => await (Task)source.Task,
            _ => async () => await new ValueTask<int>(source.Task).ConfigureAwait(false),
        };
        var seen = false;
        var task = Aio.CreateTask(handlers ? Guarded() : Plain());
        await Aio.Yield();
        switch (kind)
        {
            case "sleep":
                Thread.Sleep(20); // due: the timer wakes the task in the same iteration in which ours comes first
                loop.CallSoon(() => task.Cancel("late"));
                break;
            case "yield":
                task.Cancel("late");
                break;
            case "failed future":
                future.SetException(new FormatException());
                future.Exception();
                task.Cancel("late");
                break;
            case "task":
                future.SetResult(1);
                inner.AddDoneCallback(_ => { });
                await Aio.Yield();
                task.Cancel("late");
                break;
            case "foreign task" or "foreign value":
                source.SetResult(1);
                task.Cancel("late");
                break;
            default:
                future.SetResult(1);
                task.Cancel("late");
                break;
        }

        var error = await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal("late", error.CancelMessage);
        Assert.Equal(handlers, seen);
        if (!inner.Done())
        {
            inner.Cancel();
        }

        async Coroutine Plain()
        {
            await wait();
            throw new InvalidOperationException("The await gave its value.");
        }

        async Coroutine Guarded()
        {
            try
            {
                await wait();
            }
            catch (CancelledException)
            {
                seen = true;
                throw;
            }

            throw new InvalidOperationException("The await gave its value.");
        }

        static async Coroutine AwaitFuture(Future<int> future) => await future;
    });

    [Fact]
    public void Uncancelled_before_the_step_it_gives_its_value() => OnLoop.Run(async () =>
    {
        var future = new Future<int>();
        var task = Aio.CreateTask(Await());
        await Aio.Yield();
        future.SetResult(7);
        task.Cancel();
        task.Uncancel();
        Assert.Equal(7, await task);

        async Coroutine<int> Await() => await future;
    });
}
