using System.Globalization;
using System.Runtime.InteropServices;

namespace Asyncio.Conformance;

internal static partial class Subprocesses
{
    private static readonly StdioTarget None = StdioTarget.Inherit;

    private static async Coroutine<(SubprocessTransport Transport, ProcessTape Tape)> Run(
        string command, ProcessTape? tape = null, StdioTarget? stdin = null, StdioTarget? stdout = null, StdioTarget? stderr = null) =>
        await Aio.GetRunningLoop().SubprocessShell(() => tape ?? new ProcessTape(), command, stdin, stdout, stderr);

    [Scenario]
    public static async Coroutine WhatAProtocolIsTold(Trace trace)
    {
        var (transport, tape) = await Run("cat; echo err >&2; exit 3");
        trace(tape.Line);
        transport.GetPipeTransport(0)!.Write("hello"u8);
        transport.GetPipeTransport(0)!.Close();
        await tape.WasTold("lost");
        trace(tape.Line);
        for (var fd = 0; fd < 3; fd++)
        {
            trace($"{fd}: {tape.Pipe(fd)}");
        }

        trace($"{Show(tape.Received(1))}, {Show(tape.Received(2))}, {transport.ReturnCode}");
        transport.Close();
    }

    [Scenario]
    public static async Coroutine ProcessWithoutPipes(Trace trace)
    {
        var (transport, tape) = await Run("exit 3", null, None, None, None);
        await tape.WasTold("lost");
        trace($"{tape.Line}, {transport.ReturnCode}");
        trace($"pipes {Show(Enumerable.Range(0, 4).Select(fd => transport.GetPipeTransport(fd) is null))}");
        transport.Close();
    }

    [Scenario]
    public static async Coroutine WhatATransportKnows(Trace trace)
    {
        var (transport, tape) = await Run("read line; exit 3");
        trace($"number {transport.Pid > 0}, told {Show(transport.ReturnCode)}, closing {transport.IsClosing}");
        trace($"protocol {transport.GetProtocol() == tape}, the same {tape.Transport == transport}");
        trace($"pipes {Show(Enumerable.Range(0, 4).Select(fd => transport.GetPipeTransport(fd) is not null))}");
        transport.GetPipeTransport(0)!.Close();
        await tape.WasTold("lost");
        trace($"told {transport.ReturnCode}");
        trace(ErrorOf(transport.Close));
        trace($"closing {transport.IsClosing}");
    }

    [Scenario]
    public static async Coroutine ChildThatClosesItsPipesAndLivesOn(Trace trace)
    {
        var (transport, tape) = await Run("exec 1>&- 2>&-; read line; exit 3");
        await Until(() => tape.Pipe(1).Length > 0 && tape.Pipe(2).Length > 0);
        trace($"{tape.Line}, 1: {tape.Pipe(1)}, 2: {tape.Pipe(2)}, told {Show(transport.ReturnCode)}");
        transport.GetPipeTransport(0)!.Write("go\n"u8);
        await tape.WasTold("lost");
        trace($"{tape.Line}, {transport.ReturnCode}");
        transport.Close();
    }

    [Scenario]
    public static async Coroutine ChildThatEndsBeforeItsPipes(Trace trace)
    {
        var (transport, tape) = await Run("sleep 600 & echo $!; exit 3", null, None, null, None);
        await tape.WasTold("exited");
        await Until(() => tape.Received(1).Length > 0);
        await Spin(5);
        trace($"{tape.Line}, 1: {tape.Pipe(1)}, told {transport.ReturnCode}");
        _ = Kill(int.Parse(Text(tape.Received(1)), CultureInfo.InvariantCulture), 9);
        await tape.WasTold("lost");
        trace($"{tape.Line}, 1: {tape.Pipe(1)}");
        transport.Close();
    }

    [Scenario]
    public static async Coroutine CloseKillsAChildThatRuns(Trace trace)
    {
        var (transport, tape) = await Run("exec sleep 600");
        transport.Close();
        transport.Close();
        trace($"closing {transport.IsClosing}, told {Show(transport.ReturnCode)}");
        await tape.WasTold("lost");
        trace($"{tape.Line}, {transport.ReturnCode}");
        for (var fd = 0; fd < 3; fd++)
        {
            trace($"{fd}: {tape.Pipe(fd)}");
        }
    }

    [Scenario]
    public static async Coroutine CloseKillsNoneThatHasEnded(Trace trace)
    {
        var (transport, tape) = await Run("exit 3", null, None, None, None);
        await tape.WasTold("exited");
        transport.Close();
        await tape.WasTold("lost");
        trace($"{tape.Line}, {transport.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine SignalsOfATransport(Trace trace)
    {
        foreach (var send in (Action<SubprocessTransport>[])[t => t.Terminate(), t => t.Kill(), t => t.SendSignal(PosixSignal.SIGHUP)])
        {
            var (transport, tape) = await Run("exec sleep 600", null, None, None, None);
            send(transport);
            await tape.WasTold("lost");
            trace($"{tape.Line}, {transport.ReturnCode}");
            transport.Close();
        }
    }

    [Scenario]
    public static async Coroutine OutputThatIsPaused(Trace trace)
    {
        var tape = new ProcessTape { WhenMade = tape => tape.Transport.GetPipeTransport(1)!.PauseReading() };
        var (transport, _) = await Run($"head -c {Much} /dev/zero; exit 3", tape, None);
        await Settle();
        trace($"all of it {tape.Received(1).Length == Much}, told {Show(transport.ReturnCode)}");
        transport.GetPipeTransport(1)!.ResumeReading();
        await tape.WasTold("lost");
        trace($"{tape.Received(1).Length} bytes, told {transport.ReturnCode}");
        transport.Close();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingConnectionMadeIsReported(Trace trace)
    {
        var (transport, tape) = await Run("exit 3", new ProcessTape { WhenMade = ProcessTape.Fail }, None, None, None);
        await tape.WasTold("lost");
        trace(tape.Line);
        transport.Close();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingPipeDataReceivedIsReportedAndThePipeLives(Trace trace)
    {
        var (transport, tape) = await Run("echo one; read line; echo two", new ProcessTape { WhenData = ProcessTape.Fail }, stderr: None);
        await Until(() => tape.Received(1).Length > 0);
        await Spin(2);
        transport.GetPipeTransport(0)!.Write("go\n"u8);
        await tape.WasTold("lost");
        trace($"{Show(tape.Received(1))}, 1: {tape.Pipe(1)}, {tape.Line}");
        transport.Close();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingPipeConnectionLostIsReported(Trace trace)
    {
        var (transport, tape) = await Run("exit 3", new ProcessTape { WhenPipeLost = ProcessTape.Fail }, None, null, None);
        await tape.WasTold("lost");
        trace($"1: {tape.Pipe(1)}, {tape.Line}");
        transport.Close();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingProcessExitedIsReported(Trace trace)
    {
        var (transport, tape) = await Run("exit 3", new ProcessTape { WhenExited = ProcessTape.Fail }, None, None, None);
        await tape.WasTold("lost");
        trace($"{tape.Line}, {transport.ReturnCode}");
        transport.Close();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingConnectionLostIsReported(Trace trace)
    {
        var (transport, tape) = await Run("exit 3", new ProcessTape { WhenLost = ProcessTape.Fail }, None, None, None);
        await tape.WasTold("lost");
        await Spin(2);
        trace($"{tape.Line}, {transport.ReturnCode}");
        transport.Close();
    }

    [Scenario]
    public static async Coroutine FailingFactory(Trace trace) => trace(await Attempt(async () =>
        _ = await Aio.GetRunningLoop().SubprocessShell<ProcessTape>(() => throw new DivideByZeroException(), "exit 3")));

    [Scenario]
    public static async Coroutine ProgramOfAProtocol(Trace trace)
    {
        var (transport, tape) = await Aio.GetRunningLoop().SubprocessExec(() => new ProcessTape(), "printf", ["%s", "hello"], stdin: None, stderr: None);
        await tape.WasTold("lost");
        trace($"{Show(tape.Received(1))}, {tape.Line}, {transport.ReturnCode}");
        transport.Close();
    }

    [Scenario]
    public static async Coroutine ProtocolOfAProgramThatIsNotThere(Trace trace) => trace(await Attempt(async () =>
        _ = await Aio.GetRunningLoop().SubprocessExec(() => new ProcessTape(), "no-such-program-anywhere")));
}
