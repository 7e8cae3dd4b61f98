using System.Text;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Subprocesses.Scene;

namespace Asyncio.IO.Tests.Subprocesses;

/// <summary>
/// What a protocol is told, against what CPython 3.13 tells for the same scenario (the comment above each expectation has the call).
/// Where data ends and exit overlap, asyncio fixes no order between descriptors: the scenarios leave none open.
/// </summary>
public class ProtocolTests
{
    public static TheoryData<ReactorKind> Kinds => Scene.Kinds;

    // subprocess_shell(P, "echo out; exec >&-; read line; exit 3", stderr=DEVNULL): the reader of stdin is fed at the end of stdout.
    [Theory, MemberData(nameof(Kinds))]
    public void Output_its_end_then_exit(ReactorKind kind) => Run(kind, async () =>
    {
        var (transport, protocol) = await EventLoop.Running!.SubprocessShell(
            () => new Recording { AtLost = (self, fd) => { if (fd == 1) { self.Pipe(0).Write("go\n"u8); } } },
            "echo out; exec >&-; read line; exit 3",
            stderr: StdioTarget.DevNull);
        await protocol.Lost;
        Assert.Equal(["made", "data 1 out", "pipe lost 1", "exited 3", "pipe lost 0", "lost"], protocol.SortedTail());
        Assert.Equal(3, transport.ReturnCode);
    });

    // subprocess_exec(P, "true", stdin=None, stdout=None, stderr=None)
    [Theory, MemberData(nameof(Kinds))]
    public void Without_pipes_made_exited_lost(ReactorKind kind) => Run(kind, async () =>
    {
        var (transport, protocol) = await EventLoop.Running!.SubprocessExec(
            () => new Recording(), "true", stdin: StdioTarget.Inherit, stdout: StdioTarget.Inherit, stderr: StdioTarget.Inherit);
        Assert.Null(transport.GetPipeTransport(0));
        await protocol.Lost;
        Assert.Equal(["made", "exited 0", "lost"], protocol.Trace);
    });

    // t, p = await subprocess_exec(P, "cat"); t.close()
    [Theory, MemberData(nameof(Kinds))]
    public void Closing_kills_and_ends_every_pipe(ReactorKind kind) => Run(kind, async () =>
    {
        var (transport, protocol) = await EventLoop.Running!.SubprocessExec(() => new Recording(), "cat");
        transport.Close();
        transport.Close();
        Assert.True(transport.IsClosing);
        await protocol.Lost;
        Assert.Equal(["made", "pipe lost 0", "pipe lost 1", "pipe lost 2", "exited -9", "lost"], protocol.Trace);
        Assert.Throws<InvalidOperationException>(transport.Kill);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Paused_when_the_transport_is_given_it_tells_nothing_until_it_is_resumed(ReactorKind kind) => Run(kind, async () =>
    {
        var (transport, protocol) = await EventLoop.Running!.SubprocessShell(
            () => new Recording { AtMade = self => self.Pipe(1).PauseReading() }, "echo out; read line", stderr: StdioTarget.DevNull);
        await Aio.Sleep(0.1);
        Assert.Equal(["made"], protocol.Trace);
        transport.GetPipeTransport(1)!.ResumeReading();
        await Eventually(() => protocol.Trace.Count == 2, "data");
        Assert.Equal(["made", "data 1 out"], protocol.Trace);
        transport.Close();
        await protocol.Lost;
        Assert.Equal(["made", "data 1 out", "pipe lost 0", "pipe lost 1", "exited -9", "lost"], protocol.Trace);
    });

    // t, p = await subprocess_exec(P, "sleep", "100"); t.get_pipe_transport(1).close()
    [Theory, MemberData(nameof(Kinds))]
    public void A_pipe_can_be_closed_by_itself(ReactorKind kind) => Run(kind, async () =>
    {
        var (transport, protocol) = await EventLoop.Running!.SubprocessExec(() => new Recording(), "sleep", ["100"]);
        transport.GetPipeTransport(1)!.Close();
        await Eventually(() => protocol.Trace.Count == 2, "the pipe is lost");
        Assert.Equal(["made", "pipe lost 1"], protocol.Trace);
        transport.Terminate();
        await protocol.Lost;
        Assert.Equal(-15, transport.ReturnCode);
        Assert.Equal("lost", protocol.Trace[^1]);
        Assert.Equal(["exited -15", "lost", "made", "pipe lost 0", "pipe lost 1", "pipe lost 2"], protocol.Trace.Order(StringComparer.Ordinal));
    });

    // t, p = await subprocess_exec(P, "cat"); t.get_pipe_transport(0).write(b"x"); t.get_pipe_transport(0).write_eof()
    [Theory, MemberData(nameof(Kinds))]
    public void The_end_of_its_input_ends_it(ReactorKind kind) => Run(kind, async () =>
    {
        var (transport, protocol) = await EventLoop.Running!.SubprocessExec(() => new Recording(), "cat");
        transport.GetPipeTransport(0)!.Write("x"u8);
        transport.GetPipeTransport(0)!.WriteEof();
        await protocol.Lost;
        Assert.Equal(0, transport.ReturnCode);
        Assert.Equal("made", protocol.Trace[0]);
        Assert.True(protocol.Trace.IndexOf("data 1 x") < protocol.Trace.IndexOf("pipe lost 1"));
        Assert.Equal(["data 1 x", "exited 0", "lost", "made", "pipe lost 0", "pipe lost 1", "pipe lost 2"], protocol.Trace.Order(StringComparer.Ordinal));
        Assert.Equal("lost", protocol.Trace[^1]);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void A_full_pipe_pauses_writing(ReactorKind kind) => Run(kind, async () =>
    {
        var (transport, protocol) = await EventLoop.Running!.SubprocessShell(
            () => new Recording { RecordsData = false }, "read line; cat >/dev/null", stderr: StdioTarget.DevNull);
        transport.GetPipeTransport(0)!.Write(new byte[2_000_000]);
        Assert.Equal(["made", "pause"], protocol.Trace);
        transport.GetPipeTransport(0)!.Write("\n"u8);
        await Eventually(() => protocol.Trace.Contains("resume"), "resumed");
        transport.GetPipeTransport(0)!.Close();
        await protocol.Lost;
        Assert.Equal(0, transport.ReturnCode);
    });

    private sealed class Recording : SubprocessProtocol
    {
        private readonly Future<Unit> _lost = new();
        private SubprocessTransport? _transport;

        public List<string> Trace { get; } = [];

        public bool RecordsData { get; init; } = true;

        public Action<Recording>? AtMade { get; init; }

        public Action<Recording, int>? AtLost { get; init; }

        public Future<Unit> Lost => _lost;

        public Transport Pipe(int fd) => _transport!.GetPipeTransport(fd)!;

        /// <summary>The end of the input and the exit are not ordered among each other.</summary>
        public IEnumerable<string> SortedTail() =>
            Trace.IndexOf("pipe lost 0") is >= 0 and var input && Trace.IndexOf("exited 3") > input
                ? Trace.Where(line => line != "pipe lost 0").SelectMany(line => line == "exited 3" ? [line, "pipe lost 0"] : new[] { line })
                : Trace;

        public override void ConnectionMade(BaseTransport transport)
        {
            _transport = (SubprocessTransport)transport;
            Trace.Add("made");
            AtMade?.Invoke(this);
        }

        public override void PipeDataReceived(int fd, ReadOnlySpan<byte> data)
        {
            if (RecordsData)
            {
                Trace.Add($"data {fd} {Encoding.UTF8.GetString(data).TrimEnd()}");
            }
        }

        public override void PipeConnectionLost(int fd, Exception? error)
        {
            Trace.Add($"pipe lost {fd}");
            AtLost?.Invoke(this, fd);
        }

        public override void PauseWriting() => Trace.Add("pause");

        public override void ResumeWriting() => Trace.Add("resume");

        public override void ProcessExited() => Trace.Add($"exited {_transport!.ReturnCode}");

        public override void ConnectionLost(Exception? error)
        {
            Trace.Add(error is null ? "lost" : $"lost {error.Message}");
            _lost.SetResult(default);
        }
    }
}
