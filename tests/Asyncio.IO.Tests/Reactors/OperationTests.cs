using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors;

/// <summary>Each kind of request, ready at once and after a wait.</summary>
public class OperationTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Receive_gives_what_is_there(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        peer.Send([1, 2, 3]);
        var request = new TestRequest(IoKind.Receive, new byte[10]);
        Assert.Equal(3, rig.Do(channel, request));
        Assert.Equal([1, 2, 3], request.Buffer[..3].ToArray());
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Receive_waits(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var request = new TestRequest(IoKind.Receive, new byte[2]);
        Rig.Submit(channel, request);
        Assert.Equal(1, rig.Reactor.Active);
        rig.Settle();
        Assert.Equal(0, request.Completions);

        peer.Send([1, 2, 3]);
        Assert.Equal(2, rig.Finish(request));
        Assert.Equal(0, rig.Reactor.Active);
        Assert.Equal(1, rig.Do(channel, request));
        Assert.Equal(3, request.Buffer.Span[0]);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Peeking_takes_nothing(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        peer.Send([1, 2, 3]);
        Assert.Equal(3, rig.Do(channel, new TestRequest(IoKind.Receive, new byte[10]) { Flags = SocketFlags.Peek }));
        Assert.Equal(3, rig.Do(channel, new TestRequest(IoKind.Receive, new byte[10])));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Messages_go_to_and_fro(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (left, right) = rig.ConnectChannels();
        var send = new TestRequest(IoKind.Send, new byte[100]);
        var receive = new TestRequest(IoKind.Receive, new byte[100]);
        for (var i = 0; i < 2_000; i++)
        {
            send.Buffer.Span[0] = (byte)i;
            Rig.Submit(right, receive);
            Assert.Equal(100, rig.Do(left, send));
            Assert.Equal(100, rig.Finish(receive));
            Assert.Equal((byte)i, receive.Buffer.Span[0]);
            (left, right) = (right, left);
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Messages_allocate_nothing(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (left, right) = rig.ConnectChannels();
        var send = new TestRequest(IoKind.Send, new byte[100]);
        var receive = new TestRequest(IoKind.Receive, new byte[100]);
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 500; i++)
            {
                send.Completions = receive.Completions = 0;
                right.Submit(receive);
                rig.Reactor.Poll();
                left.Submit(send);
                while (send.Completions + receive.Completions < 2)
                {
                    rig.Reactor.Wait(1);
                }
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Send_ends_when_all_of_it_is_sent(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var data = CountingStream.Take(0, 10_000_000);
        var request = new TestRequest(IoKind.Send, data);
        Rig.Submit(channel, request);
        var place = 0L;
        var reader = new Thread(() =>
        {
            var buffer = new byte[30_000];
            int count;
            while (place < data.Length && (count = peer.Receive(buffer)) > 0)
            {
                Assert.Equal(-1, CountingStream.FirstWrong(buffer.AsSpan(0, count), place));
                place += count;
                Thread.SpinWait(5_000);
            }
        });
        reader.Start();
        Assert.Equal(data.Length, rig.Finish(request));
        Assert.True(reader.Join(Hang.Limit));
        Assert.Equal(data.Length, place);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Datagrams_come_with_their_sender(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (ours, other) = (Datagrams(), rig.Keep(Datagrams()));
        var channel = rig.Reactor.Open(ours);
        var receive = new TestRequest(IoKind.ReceiveFrom, new byte[100]);
        Rig.Submit(channel, receive);
        rig.Settle();
        other.SendTo([1, 2, 3], ours.LocalEndPoint!);
        Assert.Equal(3, rig.Finish(receive));
        Assert.Equal(other.LocalEndPoint, other.LocalEndPoint!.Create(receive.Address!));

        other.SendTo([4], ours.LocalEndPoint!);
        other.SendTo([], ours.LocalEndPoint!);
        other.SendTo([5, 6], ours.LocalEndPoint!);
        Assert.Equal(1, rig.Do(channel, receive));
        Assert.Equal(0, rig.Do(channel, receive));
        Assert.Equal(2, rig.Do(channel, receive));

        Assert.Equal(4, rig.Do(channel, new TestRequest(IoKind.SendTo, new byte[] { 1, 2, 3, 4 }, other.LocalEndPoint.Serialize())));
        Assert.Equal(4, other.Receive(new byte[100]));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_datagram_that_is_too_long_is_cut(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (ours, other) = (Datagrams(), rig.Keep(Datagrams()));
        var channel = rig.Reactor.Open(ours);
        other.SendTo(new byte[50], ours.LocalEndPoint!);
        other.SendTo(new byte[3], ours.LocalEndPoint!);
        Assert.Equal(10, rig.Do(channel, new TestRequest(IoKind.ReceiveFrom, new byte[10])));
        Assert.Equal(3, rig.Do(channel, new TestRequest(IoKind.ReceiveFrom, new byte[10])));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Connect_and_accept(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            if (family == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
            {
                continue;
            }

            var listener = rig.Listen(family);
            var listening = rig.Reactor.Open(listener);
            var accept = new TestRequest(IoKind.Accept);
            Rig.Submit(listening, accept);
            var ours = rig.Reactor.Open(new Socket(family, SocketType.Stream, ProtocolType.Tcp));
            Assert.Equal(0, rig.Do(ours, new TestRequest(IoKind.Connect, listener.LocalEndPoint!)));
            Assert.Equal(0, rig.Finish(accept));
            var theirs = rig.Reactor.Open(accept.Accepted!);
            Assert.Equal(5, rig.Do(ours, new TestRequest(IoKind.Send, new byte[5])));
            Assert.Equal(5, rig.Do(theirs, new TestRequest(IoKind.Receive, new byte[10])));
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Unix_sockets_connect(ReactorKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Paths of Unix sockets.");
        using var rig = new Rig(kind);
        var path = Path.Combine(Path.GetTempPath(), $"asyncio-{Guid.NewGuid():N}.sock");
        var listener = rig.Keep(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(5);
        var ours = rig.Reactor.Open(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        Assert.Equal(0, rig.Do(ours, new TestRequest(IoKind.Connect, new UnixDomainSocketEndPoint(path))));
        using var peer = listener.Accept();
        Assert.Equal(5, rig.Do(ours, new TestRequest(IoKind.Send, new byte[5])));
        Assert.Equal(5, peer.Receive(new byte[10]));
        File.Delete(path);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Waiting_until_readable_takes_nothing(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        TestRequest[] waits = [new(IoKind.WaitReadable), new(IoKind.WaitReadable)];
        Rig.Submit(channel, waits[0]);
        Rig.Submit(channel, waits[1]);
        rig.Settle();
        Assert.Equal(0, waits[0].Completions);
        peer.Send([1, 2, 3]);
        Assert.True(rig.Finish(waits[0]) >= 0);
        Assert.True(rig.Finish(waits[1]) >= 0);
        Assert.True(rig.Do(channel, waits[0]) >= 0);
        Assert.Equal(3, rig.Do(channel, new TestRequest(IoKind.Receive, new byte[10])));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_peer_that_has_closed_is_readable(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var wait = new TestRequest(IoKind.WaitReadable);
        Rig.Submit(channel, wait);
        rig.Settle();
        peer.Dispose();
        Assert.True(rig.Finish(wait) >= 0);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Waiting_until_writable(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var wait = new TestRequest(IoKind.WaitWritable);
        Assert.True(rig.Do(channel, wait) >= 0);

        var send = new TestRequest(IoKind.Send, new byte[20_000_000]);
        Rig.Submit(channel, send);
        rig.Settle();
        channel.Cancel(send);
        var sent = rig.Finish(send);
        Assert.InRange(sent, 1, 19_999_999);
        Rig.Submit(channel, wait);
        rig.Settle();
        Assert.Equal(0, wait.Completions);
        for (var left = sent; left > 0;)
        {
            left -= peer.Receive(new byte[100_000]);
        }

        Assert.True(rig.Finish(wait) >= 0);
    }

    private static Socket Datagrams()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
