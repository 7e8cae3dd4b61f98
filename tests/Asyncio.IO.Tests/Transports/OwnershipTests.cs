using System.Net;
using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Transports;

/// <summary>A socket has one owner: who asks for it in vain does no harm to the one who has it.</summary>
public class OwnershipTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_socket_that_is_in_use_stays_in_use(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), ours);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await loop.CreateConnection(() => new Tape(), ours));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Aio.OpenConnection(ours));
        transport.Write("x"u8);
        Assert.Equal(1, await Aio.ToThread(() => theirs.Receive(new byte[10])));
        theirs.Send("hello"u8);
        await Stage.Until(() => tape.Text == "hello");
        theirs.Dispose();
        await tape.Lost();
        Assert.Equal("made data eof lost", tape.Line);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_listening_socket_that_is_in_use_stays_in_use(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        await using var server = await loop.CreateServer(() => new Tape { WhenMade = made => made.Write("hi"u8) }, "127.0.0.1", 0);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await loop.CreateServer(() => new Tape(), server.Sockets[0]));
        var (_, tape) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server));
        await Stage.Until(() => tape.Text == "hi");
        tape.Transport.Close();
        server.CloseClients();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_closed_socket_is_refused(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        ours.Dispose();
        theirs.Dispose();
        var tape = new Tape();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await loop.CreateConnection(() => tape, ours));
        await Aio.Sleep(0.01);
        Assert.Empty(tape.Events);
    });
}
