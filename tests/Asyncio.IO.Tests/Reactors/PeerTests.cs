using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors;

/// <summary>What the other side does.</summary>
public class PeerTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void End_of_stream_is_zero_each_time(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var request = new TestRequest(IoKind.Receive, new byte[10]);
        Rig.Submit(channel, request);
        rig.Settle();
        peer.Send([1]);
        peer.Dispose();
        Assert.Equal(1, rig.Finish(request));
        Assert.Equal(0, rig.Do(channel, request));
        Assert.Equal(0, rig.Do(channel, request));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Data_and_end_in_one_event_are_both_told(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        for (var i = 0; i < 50; i++)
        {
            var (channel, peer) = rig.Connect();
            var receiver = new Recorder();
            channel.StartReceiving(receiver);
            rig.Reactor.Wait(0);
            rig.Reactor.Wait(0);
            peer.Send([1, 2, 3]);
            peer.Dispose();
            rig.Until(() => receiver.Ended is not null, "the end is told");
            Assert.Equal(SocketError.Success, receiver.Ended);
            Assert.Equal([1, 2, 3], receiver.Bytes);
            Assert.Equal(0, rig.Reactor.Active);
            channel.Close();
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Half_closed_the_other_direction_goes_on(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        peer.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, rig.Do(channel, new TestRequest(IoKind.Receive, new byte[10])));
        Assert.Equal(5, rig.Do(channel, new TestRequest(IoKind.Send, new byte[5])));
        Assert.Equal(5, peer.Receive(new byte[10]));

        (channel, peer) = rig.Connect();
        channel.Socket!.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, peer.Receive(new byte[10]));
        peer.Send([1, 2]);
        Assert.Equal(2, rig.Do(channel, new TestRequest(IoKind.Receive, new byte[10])));
        var send = new TestRequest(IoKind.Send, new byte[10]);
        rig.Do(channel, send);
        Assert.Equal(SocketError.Shutdown, send.Failure);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_reset_is_an_error(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var request = new TestRequest(IoKind.Receive, new byte[10]);
        Rig.Submit(channel, request);
        rig.Settle();
        Reset(peer);
        rig.Finish(request);
        Assert.Equal(SocketError.ConnectionReset, request.Failure);

        (channel, peer) = rig.Connect();
        var receiver = new Recorder();
        channel.StartReceiving(receiver);
        rig.Settle();
        Reset(peer);
        rig.Until(() => receiver.Ended is not null, "the reset is told");
        Assert.Equal(SocketError.ConnectionReset, receiver.Ended);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void An_error_in_the_middle_of_a_send_comes_again_at_the_next(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var send = new TestRequest(IoKind.Send, new byte[20_000_000]);
        Rig.Submit(channel, send);
        rig.Settle();
        Reset(peer);
        Assert.InRange(rig.Finish(send), 1, 19_999_999);
        rig.Do(channel, send);
        Assert.True(send.Failure is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted, send.Failure.ToString());
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_connection_is_refused(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var silent = rig.Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // nobody else gets the port, and it does not listen
        var request = new TestRequest(IoKind.Connect, silent.LocalEndPoint!);
        rig.Do(rig.Reactor.Open(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)), request);
        Assert.Equal(SocketError.ConnectionRefused, request.Failure);
    }

    private static void Reset(Socket peer)
    {
        peer.LingerState = new LingerOption(true, 0);
        peer.Dispose();
    }
}
