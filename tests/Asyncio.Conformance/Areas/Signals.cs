using System.Runtime.InteropServices;

namespace Asyncio.Conformance;

/// <summary>Signal handlers: when they run, replacing and removing them, signals that are none or cannot be handled.</summary>
[Area("signals", OnEachReactor = true, NeedsLinux = true)]
internal static partial class Signals
{
    // Linux's numbers of those that have no name in .NET.
    private const PosixSignal SIGKILL = (PosixSignal)9;
    private const PosixSignal SIGUSR1 = (PosixSignal)10;
    private const PosixSignal SIGUSR2 = (PosixSignal)12;
    private const PosixSignal SIGSTOP = (PosixSignal)19;

    private static void Send(PosixSignal number) => _ = Kill(Environment.ProcessId, (int)number);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int number);

    [Scenario]
    public static async Coroutine HandlerIsCalled(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var calls = 0;
        loop.AddSignalHandler(SIGUSR1, () => calls++);
        trace($"{calls} calls");
        foreach (var count in (int[])[1, 2])
        {
            Send(SIGUSR1);
            await Until(() => calls >= count);
            trace($"{calls} calls");
        }

        trace($"removed {loop.RemoveSignalHandler(SIGUSR1)}");
    }

    [Scenario]
    public static async Coroutine HandlerIsACallbackOfTheLoop(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var calls = new List<IAsyncTask?>();
        loop.AddSignalHandler(SIGUSR1, () => calls.Add(Aio.CurrentTask()));
        Send(SIGUSR1);
        trace($"{calls.Count} calls");
        await Until(() => calls.Count > 0);
        trace($"in a task {calls[0] is not null}");
        loop.RemoveSignalHandler(SIGUSR1);
    }

    [Scenario]
    public static async Coroutine EachSignalHasItsHandler(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var calls = new List<string>();
        loop.AddSignalHandler(SIGUSR1, () => calls.Add("first"));
        loop.AddSignalHandler(SIGUSR2, () => calls.Add("second"));
        foreach (var number in (PosixSignal[])[SIGUSR2, SIGUSR1])
        {
            var count = calls.Count;
            Send(number);
            await Until(() => calls.Count > count);
            trace(calls[^1]);
        }

        trace($"removed {loop.RemoveSignalHandler(SIGUSR1)}, {loop.RemoveSignalHandler(SIGUSR2)}");
    }

    [Scenario]
    public static async Coroutine SecondHandlerReplacesTheFirst(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var calls = new List<string>();
        loop.AddSignalHandler(SIGUSR1, () => calls.Add("first"));
        loop.AddSignalHandler(SIGUSR1, () => calls.Add("second"));
        Send(SIGUSR1);
        await Until(() => calls.Count > 0);
        await Spin(3);
        trace(string.Join(", ", calls));
        trace($"removed {loop.RemoveSignalHandler(SIGUSR1)}, {loop.RemoveSignalHandler(SIGUSR1)}");
    }

    [Scenario]
    public static async Coroutine RemovingWhatIsNotThere(Trace trace) => trace($"removed {Aio.GetRunningLoop().RemoveSignalHandler(SIGUSR1)}");

    [Scenario]
    public static async Coroutine RemovedByItself(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var calls = new List<bool>();
        loop.AddSignalHandler(SIGUSR1, () => calls.Add(loop.RemoveSignalHandler(SIGUSR1)));
        Send(SIGUSR1);
        await Until(() => calls.Count > 0);
        trace($"removed {calls[0]}, {loop.RemoveSignalHandler(SIGUSR1)}");
    }

    [Scenario]
    public static async Coroutine AddedAgain(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var calls = new List<string>();
        foreach (var name in (string[])["first", "second"])
        {
            loop.AddSignalHandler(SIGUSR1, () => calls.Add(name));
            var count = calls.Count;
            Send(SIGUSR1);
            await Until(() => calls.Count > count);
            trace($"{calls[^1]}, removed {loop.RemoveSignalHandler(SIGUSR1)}");
        }
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingHandlerIsReportedAndCalledAgain(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var calls = 0;

        void Handle()
        {
            calls++;
            throw new DivideByZeroException();
        }

        loop.AddSignalHandler(SIGUSR1, (Action)Handle);
        foreach (var count in (int[])[1, 2])
        {
            Send(SIGUSR1);
            await Until(() => calls >= count);
            await Spin(2);
            trace($"{calls} calls");
        }

        loop.RemoveSignalHandler(SIGUSR1);
    }

    [Scenario]
    public static async Coroutine SignalWakesALoopThatSleeps(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var signalled = new AsyncEvent();
        loop.AddSignalHandler(SIGUSR1, signalled.Set);
        _ = loop.RunInExecutor(null, () => Send(SIGUSR1));
        await signalled.WaitAsync();
        trace("woken");
        loop.RemoveSignalHandler(SIGUSR1);
    }

    [Scenario]
    public static async Coroutine HandlerCancelsATask(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var task = Aio.CreateTask(new AsyncEvent().WaitAsync());
        loop.AddSignalHandler(SIGUSR1, () => task.Cancel("signal"));
        await Spin(2);
        Send(SIGUSR1);
        trace(await Attempt(task));
        loop.RemoveSignalHandler(SIGUSR1);
    }

    [Scenario]
    public static async Coroutine HandlerSeesTheValuesOfItsMaker(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var variable = new AsyncLocal<string?>();
        var calls = new List<string>();
        variable.Value = "maker";
        loop.AddSignalHandler(SIGUSR1, () => calls.Add(variable.Value ?? "nobody"));
        variable.Value = "another";
        Send(SIGUSR1);
        await Until(() => calls.Count > 0);
        trace(calls[0]);
        loop.RemoveSignalHandler(SIGUSR1);
    }

    [Scenario]
    public static async Coroutine SignalsThatNobodyCanHandle(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        foreach (var number in (PosixSignal[])[SIGKILL, SIGSTOP])
        {
            trace(ErrorOf(() => loop.AddSignalHandler(number, () => { })));
            trace($"removed {loop.RemoveSignalHandler(number)}");
        }
    }

    [Scenario]
    public static async Coroutine NumbersThatAreNoSignals(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        foreach (var number in (int[])[0, 65, 1000, -1000])
        {
            trace(ErrorOf(() => loop.AddSignalHandler((PosixSignal)number, () => { })));
            trace(ErrorOf(() => loop.RemoveSignalHandler((PosixSignal)number)));
        }
    }

    [Scenario]
    public static async Coroutine HandlersGoWithTheirLoop(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var calls = 0;
        loop.AddSignalHandler(SIGUSR1, () => calls++);
        Send(SIGUSR1);
        await Until(() => calls > 0);
        await Spin(3);
        trace($"{calls} calls");
    }
}
