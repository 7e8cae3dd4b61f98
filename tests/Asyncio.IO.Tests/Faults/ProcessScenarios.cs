using Asyncio.IO.Tests.Subprocesses;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Faults.Scenario;

namespace Asyncio.IO.Tests.Faults;

/// <summary>Programs with child processes.</summary>
internal static class ProcessScenarios
{
    /// <summary>More than a pipe holds goes to a child and back.</summary>
    public static async Coroutine Communicate()
    {
        var data = Data(150_000);
        await using var process = await Aio.CreateSubprocessExec("cat", [], Scene.Pipe, Scene.Pipe);
        var (output, _) = await process.CommunicateAsync(data);
        AssertWhole(data, output);
        Assert.Equal(0, await process.WaitAsync());
    }

    /// <summary>Line by line, and then its end.</summary>
    public static async Coroutine Talk()
    {
        await using var process = await Aio.CreateSubprocessExec("cat", [], Scene.Pipe, Scene.Pipe, Scene.Pipe);
        foreach (var line in new[] { "one\n", "two\n", "three\n" })
        {
            process.Stdin!.Write(line);
            await process.Stdin.DrainAsync();
            Assert.Equal(line, Scene.Text(await process.Stdout!.ReadUntilAsync()));
        }

        process.Stdin!.Close();
        Assert.Empty(await process.Stdout!.ReadAsync());
        Assert.Equal(0, await process.WaitAsync());
    }

    /// <summary>A protocol that is told what a child does: once that it has a transport, and at the end of everything that it is lost.</summary>
    public static async Coroutine Protocol()
    {
        var protocol = new Tape();
        var (transport, _) = await Aio.GetRunningLoop().SubprocessExec(() => protocol, "cat", stderr: StdioTarget.DevNull);
        try
        {
            var stdin = transport.GetPipeTransport(0)!;
            stdin.Write("hello"u8);
            stdin.WriteEof();
            await protocol.Lost();
            if (protocol.Error is { } error)
            {
                throw error;
            }

            Assert.Equal("hello"u8.ToArray(), protocol.Output);
        }
        finally
        {
            transport.Close();
            await protocol.Lost();
            Assert.Equal("made", protocol.Events[0]);
            Assert.Equal("lost", protocol.Events[^1]);
            Assert.Equal(["exited", "lost", "made", "pipe 0", "pipe 1"], protocol.Events.Order());
        }
    }

    private sealed class Tape : SubprocessProtocol
    {
        private readonly Future<Unit> _lost = Aio.GetRunningLoop().CreateFuture<Unit>();

        public async Coroutine Lost() => await Aio.Shield(_lost);

        public List<string> Events { get; } = [];

        public List<byte> Output { get; } = [];

        public Exception? Error { get; private set; }

        public override void ConnectionMade(BaseTransport transport) => Events.Add("made");

        public override void PipeDataReceived(int fd, ReadOnlySpan<byte> data) => Output.AddRange(data);

        public override void PipeConnectionLost(int fd, Exception? error)
        {
            Events.Add($"pipe {fd}");
            Error ??= error;
        }

        public override void ProcessExited() => Events.Add("exited");

        public override void ConnectionLost(Exception? error)
        {
            Events.Add("lost");
            _lost.TrySetResult(default);
        }
    }
}
