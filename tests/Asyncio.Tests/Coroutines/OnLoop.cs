using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.Tests.Coroutines;

/// <summary>Runs a coroutine on a loop in a thread of its own, so that a test that hangs fails, and none sees what another left in a thread.</summary>
internal static class OnLoop
{
    /// <summary>What only a test that hangs comes to, however busy the machine is.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromMinutes(5);

    /// <summary>Runs it; an error that nobody awaits fails the test.</summary>
    public static void Run(Func<Coroutine> main, Action<EventLoop>? prepare = null, TimeProvider? clock = null)
    {
        var reports = RunReporting(_ => main(), prepare, clock);
        Assert.Empty(reports.Select(report => report.ToString() + report.Exception));
    }

    /// <summary>Runs it and gives what reached the loop's exception handler, also at the loop's end.</summary>
    public static List<ExceptionContext> RunReporting(Func<List<ExceptionContext>, Coroutine> main, Action<EventLoop>? prepare = null, TimeProvider? clock = null)
    {
        var reports = new List<ExceptionContext>();
        InThread(() =>
        {
            using var loop = new EventLoop(new EventLoopOptions { TimeProvider = clock ?? TimeProvider.System });
            loop.SetExceptionHandler((_, report) => reports.Add(report));
            prepare?.Invoke(loop);
            loop.RunUntilComplete(main(reports));
        });
        return reports;
    }

    public static void InThread(Action action)
    {
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.IsBackground = true;
        thread.Start();
        Assert.True(thread.Join(Hang), "The test did not end.");
        error?.Throw();
    }

    /// <summary>Prepares a loop for tests of foreign operations that end by themselves: none is given up because the machine is slow.</summary>
    public static void Patient(EventLoop loop) => loop.ForeignCancellationGrace = 3_600;

    /// <summary>Lets everything that is ready run so many times.</summary>
    public static async Coroutine Iterations(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Aio.Yield();
        }
    }

    /// <summary>Waits until it holds; for what comes from other threads.</summary>
    public static async Coroutine Until(Func<bool> condition)
    {
        for (var time = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(time.Elapsed < Hang / 2, "It does not come true.");
            await Aio.Sleep(0.002);
        }
    }

    /// <summary>The exception that awaiting it throws.</summary>
    public static async Coroutine<TException> Throws<TException>(Func<Coroutine> code)
        where TException : Exception
    {
        try
        {
            await code();
        }
        catch (TException e)
        {
            Assert.IsType<TException>(e);
            return e;
        }

        throw new Xunit.Sdk.XunitException($"No {typeof(TException).Name} was thrown.");
    }

    public static void CollectGarbage()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
