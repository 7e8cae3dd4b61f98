using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Sockets;

/// <summary>A socket and its handle are the same thing.</summary>
public class HandleTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void One_callback_replaces_the_other(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (bySocket, byHandle, writes) = (0, 0, 0);
        loop.AddReader(ours, () => { bySocket++; });
        loop.AddReader(ours.SafeHandle, () => { byHandle++; });
        theirs.Send([1]);
        await Stage.Until(() => byHandle >= 3);
        Assert.Equal(0, bySocket);
        loop.AddReader(ours, () =>
        {
            bySocket++;
            ours.Receive(new byte[10]);
        });
        var before = byHandle;
        await Stage.Until(() => bySocket == 1);
        Assert.Equal(before, byHandle);
        Assert.True(loop.RemoveReader(ours.SafeHandle));
        Assert.False(loop.RemoveReader(ours));

        loop.AddWriter(ours.SafeHandle, () => { writes++; });
        await Stage.Until(() => writes >= 2);
        Assert.True(loop.RemoveWriter(ours));
        Assert.False(loop.RemoveWriter(ours.SafeHandle));
        ours.Dispose();
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void What_was_watched_by_its_handle_can_be_used_otherwise(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var reads = 0;
        loop.AddReader(ours.SafeHandle, () => { reads++; });
        theirs.Send("hello"u8);
        await Stage.Until(() => reads > 0);
        Assert.Equal("hello"u8.ToArray(), await loop.SockRecv(ours, 10));
        Assert.True(loop.RemoveReader(ours));
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), ours);
        Assert.Throws<InvalidOperationException>(() => loop.AddReader(ours.SafeHandle, () => { }));
        theirs.Send("world"u8);
        await Stage.Until(() => tape.Text == "world");
        transport.Write("!"u8);
        Assert.Equal("!"u8.ToArray(), await loop.SockRecv(theirs, 10));
        transport.Close();
        await tape.Lost();
        await Stage.Until(() => ours.SafeHandle.IsClosed); // an operation that has not let go yet holds it
        Assert.Equal(0, await loop.SockRecvInto(theirs, new byte[1]));
        theirs.Dispose();
    });

    /// <summary>What stands for the socket here must not close it when it is collected.</summary>
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void The_socket_outlives_the_loop(ReactorKind kind)
    {
        var (ours, theirs) = Stage.Pair();
        Stage.Run(kind, async loop =>
        {
            loop.AddReader(ours.SafeHandle, () => { });
            await Aio.Sleep(0.01);
            Assert.True(loop.RemoveReader(ours.SafeHandle));
        });
        GC.Collect();
        GC.WaitForPendingFinalizers();
        theirs.Send([5]);
        ours.Blocking = true;
        Assert.Equal(1, ours.Receive(new byte[10]));
        ours.Dispose();
        theirs.Dispose();
    }
}
