using System.Net.Sockets;
using System.Text;
using Asyncio.Files;

namespace Asyncio.Conformance;

/// <summary>Subprocesses: return codes, pipes as streams, communicating, signals, cancellation, failing starts, and the callbacks of their protocols.</summary>
[Area("subprocesses", OnEachReactor = true, NeedsLinux = true)]
internal static partial class Subprocesses
{
    /// <summary>More than a pipe holds.</summary>
    private const int Much = 1_000_000;

    private static readonly StdioTarget Pipe = StdioTarget.Pipe;
    private static readonly StdioTarget DevNull = StdioTarget.DevNull;

    private static Coroutine<Subprocess> Shell(string command, StdioTarget stdin = default, StdioTarget stdout = default, StdioTarget stderr = default) =>
        Aio.CreateSubprocessShell(command, stdin, stdout, stderr);

    /// <summary>Kills it if it runs, and waits for its end.</summary>
    private static async Coroutine End(Subprocess process)
    {
        if (process.ReturnCode is null)
        {
            process.Kill();
        }

        process.Stdin?.Close();
        await process.WaitAsync();
    }

    private static bool IsConnectionError(SocketException error) => error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown;

    private static string Text(byte[]? output) => Encoding.ASCII.GetString(output!).Trim();

    [Scenario]
    public static async Coroutine ReturnCodes(Trace trace)
    {
        foreach (var command in (string[])["exit 0", "exit 7", "exit 255", "kill -9 $$", "kill -15 $$"])
        {
            var process = await Shell(command);
            trace(await Attempt(process.WaitAsync()));
            trace($"told {process.ReturnCode}");
        }
    }

    [Scenario]
    public static async Coroutine ReturnCodeIsNotKnownBeforeTheEnd(Trace trace)
    {
        var process = await Shell("read line; exit 3", stdin: Pipe);
        trace($"told {Show(process.ReturnCode)}, a number {process.Pid > 0}");
        process.Stdin!.Write("go\n");
        trace(await Attempt(process.WaitAsync()));
        trace($"told {process.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine ProgramWithArguments(Trace trace)
    {
        var process = await Aio.CreateSubprocessExec("printf", ["%s|", "a b", "$HOME", "'", ""], stdout: Pipe);
        var (output, errors) = await process.CommunicateAsync();
        trace($"{Show(output)}, {Show(errors)}");
    }

    [Scenario]
    public static async Coroutine ProgramByItsPath(Trace trace)
    {
        var process = await Aio.CreateSubprocessExec("/bin/sh", ["-c", "echo $0 $1", "zero", "one"], stdout: Pipe);
        var (output, _) = await process.CommunicateAsync();
        trace(Show(output));
    }

    [Scenario]
    public static async Coroutine AllOutputIsCollected(Trace trace)
    {
        var process = await Shell("echo out; echo err >&2; exit 4", stdout: Pipe, stderr: Pipe);
        var (output, errors) = await process.CommunicateAsync();
        trace($"{Show(output)}, {Show(errors)}, {process.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine InputGoesThrough(Trace trace)
    {
        var process = await Shell("cat; echo end", stdin: Pipe, stdout: Pipe);
        var (output, errors) = await process.CommunicateAsync(Bytes("some input\n"));
        trace($"{Show(output)}, {Show(errors)}, {process.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine InputIsEndedAlsoWithoutAny(Trace trace)
    {
        foreach (var input in (ReadOnlyMemory<byte>[])[default, Array.Empty<byte>()])
        {
            var process = await Shell("cat; echo end", stdin: Pipe, stdout: Pipe);
            var (output, _) = await process.CommunicateAsync(input);
            trace(Show(output));
        }
    }

    [Scenario]
    public static async Coroutine MoreThanThePipesHoldGoesThrough(Trace trace)
    {
        var process = await Aio.CreateSubprocessExec("cat", [], stdin: Pipe, stdout: Pipe);
        var (output, _) = await process.CommunicateAsync(new byte[Much]);
        trace($"{output!.Length} bytes, {process.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine MuchOnBothOutputs(Trace trace)
    {
        var process = await Shell(
            $"head -c {Much} /dev/zero; head -c {Much} /dev/zero >&2; head -c {Much} /dev/zero", stdout: Pipe, stderr: Pipe);
        var (output, errors) = await process.CommunicateAsync();
        trace($"{output!.Length} and {errors!.Length} bytes");
    }

    [Scenario]
    public static async Coroutine InputThatNobodyReads(Trace trace)
    {
        var process = await Shell("exit 5", stdin: Pipe, stdout: Pipe);
        var (output, _) = await process.CommunicateAsync(new byte[Much]);
        trace($"{Show(output)}, {process.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine InputOfWhichOnlyAPartIsRead(Trace trace)
    {
        var process = await Shell("head -c 3", stdin: Pipe, stdout: Pipe);
        var (output, _) = await process.CommunicateAsync(Bytes(new string('x', Much)));
        trace($"{Show(output)}, {process.ReturnCode}");
    }

    [Scenario]
    public static async Coroutine WritingToAProcessThatHasEnded(Trace trace)
    {
        var process = await Shell("exit 5", stdin: Pipe);
        try
        {
            while (true)
            {
                process.Stdin!.Write(new byte[Much]);
                await process.Stdin.DrainAsync();
            }
        }
        catch (SocketException e)
        {
            trace($"a connection error {IsConnectionError(e)}");
        }

        trace(await Attempt(process.WaitAsync()));
    }

    [Scenario]
    public static async Coroutine NothingIsCollectedWithoutPipes(Trace trace)
    {
        var process = await Shell("exit 3", stdout: DevNull);
        var (output, errors) = await process.CommunicateAsync();
        trace($"{Show(output)}, {Show(errors)}, {process.ReturnCode}");
        trace($"streams {Show((bool[])[process.Stdin is null, process.Stdout is null, process.Stderr is null])}");
    }

    [Scenario]
    public static async Coroutine IntoNothingAndFromNothing(Trace trace)
    {
        var process = await Shell("echo out; echo err >&2; wc -c", DevNull, Pipe, DevNull);
        var (output, errors) = await process.CommunicateAsync();
        trace($"{string.Join(' ', Text(output).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}, {Show(errors)}");
    }

    [Scenario]
    public static async Coroutine ErrorsGoToTheOutput(Trace trace)
    {
        var process = await Shell("echo one; echo two >&2; echo three", stdout: Pipe, stderr: StdioTarget.Stdout);
        var (output, errors) = await process.CommunicateAsync();
        trace($"{Show(output)}, {Show(errors)}, a stream {process.Stderr is not null}");
    }

    [Scenario]
    public static async Coroutine OutputGoesToAFile(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var path = Path.Combine(folder.Path, "file");
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite))
        {
            var process = await Shell("echo hello", stdout: file);
            trace(await Attempt(process.WaitAsync()));
        }

        trace(Show(File.ReadAllBytes(path)));
    }

    [Scenario]
    public static async Coroutine OutputLineByLine(Trace trace)
    {
        var process = await Shell("echo one; echo two; printf three", stdout: Pipe);
        await foreach (var line in process.Stdout!)
        {
            trace(Show(line));
        }

        trace(await Attempt(process.WaitAsync()));
    }

    [Scenario]
    public static async Coroutine Conversation(Trace trace)
    {
        var process = await Shell("while read line; do echo \"you said $line\"; done; echo bye", stdin: Pipe, stdout: Pipe);
        foreach (var text in (string[])["one\n", "two\n"])
        {
            process.Stdin!.Write(text);
            trace(await Attempt(process.Stdout!.ReadLineAsync()));
        }

        process.Stdin!.Close();
        trace(await Attempt(process.Stdin.WaitClosedAsync()));
        trace(await Attempt(process.Stdout!.ReadAsync()));
        trace(await Attempt(process.WaitAsync()));
    }

    [Scenario]
    public static async Coroutine InputIsEnded(Trace trace)
    {
        var process = await Aio.CreateSubprocessExec("cat", [], stdin: Pipe, stdout: Pipe);
        trace($"can end {process.Stdin!.CanWriteEof}, closing {process.Stdin.IsClosing}");
        process.Stdin.Write("hello");
        process.Stdin.WriteEof();
        trace($"closing {process.Stdin.IsClosing}");
        trace(await Attempt(process.Stdout!.ReadAsync()));
        trace(await Attempt(process.WaitAsync()));
    }

    [Scenario]
    public static async Coroutine InputWaitsForRoom(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var process = await Aio.CreateSubprocessShell(
            "mkfifo gate; echo ready; read line <gate; exec wc -c", stdin: Pipe, stdout: Pipe, workingDirectory: folder.Path);
        trace(await Attempt(process.Stdout!.ReadLineAsync()));
        process.Stdin!.Write(new byte[Much]);
        var task = Aio.CreateTask(process.Stdin.DrainAsync());
        await Settle();
        trace(Outcome(task));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "gate"), "go\n");
        trace(await Attempt(task));
        process.Stdin.Close();
        trace($"{Text(await process.Stdout.ReadAsync())} bytes, {await Attempt(process.WaitAsync())}");
    }

    [Scenario]
    public static async Coroutine OutputBeyondTheLimit(Trace trace)
    {
        var process = await Aio.CreateSubprocessShell("printf 'a line that is too long\\nshort\\n'", stdout: Pipe, limit: 10);
        for (var i = 0; i < 2; i++)
        {
            try
            {
                trace(Show(await process.Stdout!.ReadLineAsync()));
            }
            catch (LimitOverrunException)
            {
                trace("refused");
            }
        }

        trace(await Attempt(process.WaitAsync()));
    }

    [Scenario]
    public static async Coroutine OutputCanBeReadAfterTheEnd(Trace trace)
    {
        var process = await Shell("echo out; echo err >&2", stdout: Pipe, stderr: Pipe);
        trace(await Attempt(process.WaitAsync()));
        trace(await Attempt(process.Stdout!.ReadAsync()));
        trace(await Attempt(process.Stderr!.ReadAsync()));
    }
}
