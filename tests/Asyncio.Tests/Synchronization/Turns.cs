using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.Tests.Synchronization;

/// <summary>What the tests of primitives and queues share.</summary>
internal static class Turns
{
    /// <summary>Lets everything that is ready run, <paramref name="count"/> times.</summary>
    public static async Coroutine Pass(int count = 1)
    {
        for (; count > 0; count--)
        {
            await Aio.Yield();
        }
    }

    /// <summary>Runs <paramref name="main"/> on a loop of its own.</summary>
    public static void Run(Func<Coroutine> main, SchedulingPolicy? scheduling = null)
    {
        using var loop = new EventLoop(new EventLoopOptions { Scheduling = scheduling });
        loop.RunUntilComplete(main());
    }

    /// <summary>Awaits a task and says how it ended.</summary>
    public static async Coroutine<string> Outcome(AsyncTask task)
    {
        try
        {
            await task;
            return "done";
        }
        catch (CancelledException)
        {
            return "cancelled";
        }
    }

    public static async Coroutine All(IEnumerable<AsyncTask> tasks)
    {
        foreach (var task in tasks)
        {
            await Outcome(task);
        }
    }

    /// <summary>Collects what nothing holds.</summary>
    public static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>A loop refuses a primitive on which another loop's task has waited.</summary>
    public static void AssertBoundTo<T>(Func<Coroutine<T>> mustWait, string name)
    {
        Run(async () =>
        {
            var waiter = Aio.CreateTask(mustWait());
            await Pass();
            waiter.Cancel();
            await Pass(2);
        });
        Run(async () =>
        {
            var error = await Error<InvalidOperationException, T>(mustWait());
            Assert.StartsWith($"<{name} ", error.Message, StringComparison.Ordinal);
            Assert.EndsWith(" is bound to a different event loop.", error.Message, StringComparison.Ordinal);
        });
    }

    public static async Coroutine<TError> Error<TError, T>(Coroutine<T> coroutine)
        where TError : Exception
    {
        try
        {
            await coroutine;
        }
        catch (TError error)
        {
            return error;
        }

        throw new Xunit.Sdk.XunitException($"No {typeof(TError).Name} was thrown.");
    }
}

/// <summary>Any order of ready handles is legal; this one is chosen by a seed.</summary>
internal sealed class RandomOrder(int seed) : SchedulingPolicy
{
    private readonly Random _random = new(seed);

    public override int Next(int ready) => _random.Next(ready);
}
