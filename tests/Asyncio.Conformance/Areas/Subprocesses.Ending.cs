using System.Globalization;
using System.Runtime.InteropServices;
using Asyncio.Files;

namespace Asyncio.Conformance;

internal static partial class Subprocesses
{
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int number);

    [Scenario]
    public static async Coroutine ManyWait(Trace trace)
    {
        var process = await Shell("read line; exit 6", stdin: Pipe);
        var tasks = Enumerable.Range(0, 10).Select(_ => Aio.CreateTask(process.WaitAsync())).ToArray();
        await Spin(3);
        process.Stdin!.Close();
        var results = new List<string>();
        foreach (var task in tasks)
        {
            results.Add(await Attempt(task));
        }

        trace(string.Join(", ", results));
        trace(await Attempt(process.WaitAsync()));
    }

    [Scenario]
    public static async Coroutine WaitAfterTheEndDoesNotSuspend(Trace trace)
    {
        var process = await Shell("exit 2");
        await process.WaitAsync();
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        trace(await Attempt(process.WaitAsync()));
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine CancelledWaitLeavesTheProcessAlone(Trace trace)
    {
        var process = await Shell("read line; exit 6", stdin: Pipe);
        var tasks = Enumerable.Range(0, 2).Select(_ => Aio.CreateTask(process.WaitAsync())).ToArray();
        await Spin(3);
        tasks[0].Cancel();
        trace(await Attempt(tasks[0]));
        trace($"{Outcome(tasks[1])}, told {Show(process.ReturnCode)}");
        process.Stdin!.Close();
        trace(await Attempt(tasks[1]));
    }

    [Scenario]
    public static async Coroutine WaitThatTimesOutCanBeRepeated(Trace trace)
    {
        var process = await Shell("read line; exit 6", stdin: Pipe);
        trace(await Attempt(Aio.WaitFor(process.WaitAsync(), 0.01)));
        process.Stdin!.Close();
        trace(await Attempt(process.WaitAsync()));
    }

    [Scenario]
    public static async Coroutine CancelledCommunicateLeavesTheProcessRunning(Trace trace)
    {
        var process = await Shell("echo ready; read line; exit 6", stdin: Pipe, stdout: Pipe);
        trace(await Attempt(process.Stdout!.ReadLineAsync()));
        var task = Aio.CreateTask(process.CommunicateAsync(Bytes("xxxxxxxxxx")));
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempt(async () => _ = await task));
        trace($"told {Show(process.ReturnCode)}");
        await End(process);
    }

    [Scenario]
    public static async Coroutine CommunicateThatTimesOut(Trace trace)
    {
        var process = await Shell("exec sleep 600", stdout: Pipe);
        trace(await Attempt(async () => _ = await Aio.WaitFor(process.CommunicateAsync(), 0.01)));
        process.Kill();
        var (output, _) = await process.CommunicateAsync();
        trace($"{Show(output)}, {process.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine KilledWhileItIsCommunicatedWith(Trace trace)
    {
        var process = await Shell("printf 'ready\\nout'; exec sleep 600", stdout: Pipe);
        trace(await Attempt(process.Stdout!.ReadLineAsync()));
        var task = Aio.CreateTask(process.CommunicateAsync());
        await Settle();
        process.Kill();
        var (output, _) = await task;
        trace($"{Show(output)}, {process.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine CommunicateTwice(Trace trace)
    {
        var process = await Shell("cat", stdin: Pipe, stdout: Pipe);
        var (output, _) = await process.CommunicateAsync(Bytes("once"));
        trace(Show(output));
        (output, _) = await process.CommunicateAsync(Bytes("more"));
        trace($"{Show(output)}, {process.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine SignalsEndIt(Trace trace)
    {
        foreach (var send in (Action<Subprocess>[])
            [p => p.Terminate(), p => p.Kill(), p => p.SendSignal(PosixSignal.SIGHUP), p => p.SendSignal((PosixSignal)10)])
        {
            var process = await Shell("echo ready; exec sleep 600", stdout: Pipe);
            await process.Stdout!.ReadLineAsync();
            send(process);
            trace(await Attempt(process.WaitAsync()));
        }
    }

    [Scenario]
    public static async Coroutine SignalThatIsHandled(Trace trace)
    {
        var process = await Shell("trap 'echo caught; exit 9' TERM; echo ready; while true; do read line; done", stdin: Pipe, stdout: Pipe);
        trace(await Attempt(process.Stdout!.ReadLineAsync()));
        process.Terminate();
        process.Stdin!.Write("go\n");
        trace(await Attempt(process.Stdout.ReadLineAsync()));
        trace(await Attempt(process.WaitAsync()));
        process.Stdin.Close();
    }

    [Scenario]
    public static async Coroutine KilledTwice(Trace trace)
    {
        var process = await Shell("exec sleep 600");
        process.Kill();
        process.Kill();
        trace(await Attempt(process.WaitAsync()));
    }

    [Scenario]
    public static async Coroutine SignalAfterTheEnd(Trace trace)
    {
        var process = await Shell("exit 0");
        await process.WaitAsync();
        await Settle();
        trace(ErrorOf(process.Kill));
        trace(ErrorOf(process.Terminate));
        trace(ErrorOf(() => process.SendSignal(PosixSignal.SIGHUP)));
    }

    [Scenario]
    public static async Coroutine ProgramThatIsNotThere(Trace trace)
    {
        trace(await Attempt(async () => _ = await Aio.CreateSubprocessExec("no-such-program-anywhere")));
        trace(await Attempt(async () => _ = await Aio.CreateSubprocessExec("/no/such/program", [], Pipe, Pipe)));
    }

    [Scenario]
    public static async Coroutine CommandThatTheShellDoesNotFind(Trace trace)
    {
        var process = await Shell("no-such-program-anywhere", stderr: Pipe);
        var (_, errors) = await process.CommunicateAsync();
        trace($"said {errors!.Length > 0}, {process.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine ProgramThatMayNotBeExecuted(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var program = Path.Combine(folder.Path, "program");
        await File.WriteAllTextAsync(program, "#!/bin/sh\nexit 0\n");
        trace(await Attempt(async () => _ = await Aio.CreateSubprocessExec(program)));
    }

    [Scenario]
    public static async Coroutine DirectoryToRunIn(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var process = await Aio.CreateSubprocessShell("pwd -P", stdout: Pipe, workingDirectory: folder.Path);
        var (output, _) = await process.CommunicateAsync();
        trace($"there {Text(output) == folder.Path}");
        trace(await Attempt(async () => _ = await Aio.CreateSubprocessShell("pwd", workingDirectory: "/no/such/directory")));
    }

    [Scenario]
    public static async Coroutine EnvironmentOfItsOwn(Trace trace)
    {
        var process = await Aio.CreateSubprocessExec(
            "/bin/sh",
            ["-c", "echo \"$GREETING, ${HOME-nowhere}\""],
            stdout: Pipe,
            environment: new Dictionary<string, string> { ["GREETING"] = "hello" });
        var (output, _) = await process.CommunicateAsync();
        trace(Show(output));
    }

    [Scenario]
    public static async Coroutine SessionOfItsOwn(Trace trace)
    {
        foreach (var wanted in (bool[])[false, true])
        {
            var process = await Aio.CreateSubprocessShell("cut -d' ' -f6 /proc/self/stat", stdout: Pipe, startNewSession: wanted);
            var (output, _) = await process.CommunicateAsync();
            trace($"leads its session {Text(output) == process.Pid.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    [Scenario]
    public static async Coroutine GroupOfItsOwn(Trace trace)
    {
        var process = await Aio.CreateSubprocessShell("cut -d' ' -f5 /proc/self/stat", stdout: Pipe, processGroup: 0);
        var (output, _) = await process.CommunicateAsync();
        trace($"leads its group {Text(output) == process.Pid.ToString(CultureInfo.InvariantCulture)}");
    }

    [Scenario]
    public static async Coroutine BrokenPipeEndsAChild(Trace trace)
    {
        var process = await Shell("yes | head -n 1", stdout: Pipe);
        var (output, _) = await process.CommunicateAsync();
        trace($"{Show(output)}, {process.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine CancelledWhileItStarts(Trace trace)
    {
        var tasks = Enumerable.Range(0, 4).Select(_ => Aio.CreateTask(Shell("exec sleep 600", stdout: Pipe))).ToArray();
        foreach (var task in tasks)
        {
            await Aio.Sleep(0);
            task.Cancel();
        }

        foreach (var task in tasks)
        {
            try
            {
                await End(await task);
            }
            catch (CancelledException)
            {
            }
        }

        trace("none is left");
    }

    [Scenario]
    public static async Coroutine PipeThatAGrandchildHolds(Trace trace)
    {
        var process = await Shell("sleep 600 & echo $!; read line; exit 3", stdin: Pipe, stdout: Pipe);
        var grandchild = int.Parse((await process.Stdout!.ReadTextLineAsync())!, CultureInfo.InvariantCulture);
        var task = Aio.CreateTask(process.WaitAsync());
        await Spin(2);
        process.Stdin!.Close();
        await Until(() => process.ReturnCode is not null);
        await Spin(5);
        trace($"told {process.ReturnCode}, {Outcome(task)}");
        _ = Kill(grandchild, 9);
        trace(await Attempt(task));
    }
}
