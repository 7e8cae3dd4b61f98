using Asyncio.IO.Tests.Streams;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>Who never reads costs no more than the water marks: what waits for him in a transport, and what the process has in its memory.</summary>
public class NeverReadingTests
{
    private const int Peers = 16;
    private const int Piece = 100_000;
    private const int High = 64 * 1024;

    /// <summary>For the whole process; what is written beyond the marks would soon be gigabytes.</summary>
    private const long Slack = 64L << 20;

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Peers_that_never_read(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var peers = new List<RawPeer>();
        for (var i = 0; i < Peers; i++)
        {
            peers.Add(await RawPeer.Connect());
        }

        await AssertBounded([.. peers.Select(peer => peer.Writer)]);
        foreach (var peer in peers)
        {
            await peer.DisposeAsync();
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Peers_that_never_read_over_TLS(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var accepted = new List<AsyncStreamWriter>();
        var clients = new List<AsyncStreamWriter>();
        await using var server = await Aio.StartServer((_, writer) => accepted.Add(writer), "127.0.0.1", 0, ssl: Certificates.ServerOptions);
        for (var i = 0; i < Peers / 4; i++)
        {
            var (_, client) = await Aio.OpenConnection(
                "127.0.0.1", StreamConnectionTests.Port(server), Certificates.ClientOptions, serverHostname: "localhost", limit: 1_000);
            clients.Add(client); // it has a reader that nobody reads from: that holds up its transport in turn
        }

        await Stage.Until(() => accepted.Count == clients.Count);
        await AssertBounded(accepted);
        accepted.ForEach(writer => writer.Abort());
        clients.ForEach(writer => writer.Abort());
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_child_that_never_reads(ReactorKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Subprocesses need Linux.");
        Stage.Run(kind, async () =>
        {
            await using var child = await Aio.CreateSubprocessExec("sleep", ["1000"], StdioTarget.Pipe);
            await AssertBounded([child.Stdin!]);
        });
    }

    /// <summary>A protocol that heeds the pause, as streams do, has the bound too; one that does not is told once, and all it writes is kept.</summary>
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void The_pause_comes_at_the_mark_and_not_again(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var (ours, theirs) = Transports.Stage.Pair();
        using var second = theirs;
        var (transport, tape) = await Aio.GetRunningLoop().CreateConnection(() => new Transports.Tape(), ours);
        while (tape.Events[^1] != "pause")
        {
            transport.Write(new byte[1_000]);
            Assert.InRange(transport.GetWriteBufferSize(), 0, High + 1_000);
            await Aio.Yield();
        }

        transport.Write(new byte[1_000_000]);
        Assert.Equal("made pause", tape.Line);
        transport.Abort();
        await tape.Lost();
        Assert.Equal(0, transport.GetWriteBufferSize());
    });

    /// <summary>Writes as fast as drains allow until all writers are held up, and a while longer.</summary>
    private static async Coroutine AssertBounded(IReadOnlyList<AsyncStreamWriter> writers)
    {
        var piece = new byte[Piece];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var residentBefore = Resident();
        var written = 0L;
        AsyncTask[] floods = [.. writers.Select(writer => Aio.CreateTask(Flood(writer)))];
        var seen = -1L;
        while (seen != written || writers.Any(writer => writer.Transport.GetWriteBufferSize() <= High))
        {
            seen = written;
            await Aio.Sleep(0.1); // in which nobody may write on
        }

        Assert.DoesNotContain(floods, flood => flood.IsCompleted);
        Assert.All(writers, writer => Assert.InRange(writer.Transport.GetWriteBufferSize(), High + 1, High + Piece + 1_000));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Slack);
        Assert.InRange(Resident() - residentBefore, long.MinValue, Slack);
        foreach (var flood in floods)
        {
            flood.Cancel();
        }

        await Aio.Wait(floods);

        async Coroutine Flood(AsyncStreamWriter writer)
        {
            while (true)
            {
                writer.Write(piece);
                written += piece.Length;
                await writer.DrainAsync();
            }
        }
    }

    private static long Resident()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
