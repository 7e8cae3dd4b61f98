using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

public class ResetTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Aborted_without_lingering_the_peer_sees_a_reset(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        peer.Writer.GetExtraInfo<Socket>("socket")!.LingerState = new LingerOption(true, 0);
        peer.Writer.Transport.Abort();
        var seen = await Assert.ThrowsAsync<SocketException>(async () => await peer.ReceiveAsync(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, seen.SocketErrorCode);
    });
}
