using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>A writer that is closed, but not at any price.</summary>
public class ClosingLimitTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_peer_that_reads_gets_everything(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        peer.Writer.Write(new byte[5_000_000]);
        var closing = Aio.CreateTask(peer.Writer.CloseAsync(TimeSpan.FromSeconds(60)));
        var socket = peer.Socket;
        Assert.Equal(5_000_000, await Aio.ToThread(() => ReceiveAll(socket)));
        Assert.True(await closing);
        Assert.True(await peer.Writer.CloseAsync(0)); // it is closed
        Assert.True(await peer.Writer.CloseAsync(Timeout.InfiniteTimeSpan));
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_peer_that_never_reads_is_left(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        foreach (var seconds in new[] { 0.05, 0, -1 })
        {
            await using var peer = await RawPeer.Connect();
            peer.Writer.Write(new byte[20_000_000]);
            Assert.False(await peer.Writer.CloseAsync(seconds));
            Assert.True(peer.Writer.IsClosing);
            Assert.True(await peer.Writer.CloseAsync(1));
        }

        await using var server = await Aio.StartServer(static async (reader, writer) => await Aio.Sleep(3600), "127.0.0.1", 0, ssl: Certificates.ServerOptions);
        var (_, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server), Certificates.ClientOptions, serverHostname: "localhost");
        writer.Write(new byte[20_000_000]);
        Assert.False(await writer.CloseAsync(0.05));
        await server.CloseAsync(0);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Who_no_longer_waits_leaves_the_limit(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        peer.Writer.Write(new byte[20_000_000]);
        var closing = Aio.CreateTask(peer.Writer.CloseAsync(0.1));
        await Stage.Spin();
        closing.Cancel();
        await Aio.Wait([closing]);
        Assert.True(closing.IsCanceled);
        await peer.Writer.WaitClosedAsync();
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_loss_is_told(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        peer.Reset();
        await Stage.Throws<SocketException>(async () => await peer.Reader.ReadAsync());
        await Stage.Throws<SocketException>(async () => await peer.Writer.CloseAsync(5));
        await Stage.Throws<ArgumentOutOfRangeException>(async () => await peer.Writer.CloseAsync(double.NaN));
    });

    private static long ReceiveAll(Socket socket)
    {
        long received = 0;
        var buffer = new byte[100_000];
        while (socket.Receive(buffer) is > 0 and var count)
        {
            received += count;
        }

        return received;
    }
}
