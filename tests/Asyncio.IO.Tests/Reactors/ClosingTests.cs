using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors;

public class ClosingTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Everything_under_way_is_aborted(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        TestRequest[] requests =
        [
            new(IoKind.Receive, new byte[10]), new(IoKind.WaitReadable), new(IoKind.Send, new byte[20_000_000]),
        ];
        foreach (var request in requests)
        {
            Rig.Submit(channel, request);
        }

        rig.Settle();
        channel.Close();
        channel.Close();
        Assert.True(channel.IsClosed);
        Assert.All(requests, request => Assert.Equal(0, request.Completions));
        Assert.All(requests, request => rig.Finish(request));
        Assert.Equal(SocketError.OperationAborted, requests[0].Failure);
        Assert.Equal(SocketError.OperationAborted, requests[1].Failure);
        Assert.InRange(requests[2].Result, 1, 19_999_999);
        rig.Until(() => rig.Reactor.Active == 0, "the descriptor is closed"); // in a poll that follows, where something was under way

        // The peer sees what was sent, and then that nobody is there.
        var left = requests[2].Result;
        int count;
        while (left > 0 && (count = peer.Receive(new byte[1_000_000])) > 0)
        {
            left -= count;
        }

        Assert.Equal(0, left);
        Assert.Equal(0, peer.Receive(new byte[10]));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_request_on_a_closed_channel_is_aborted_later(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, _) = rig.Connect();
        channel.Close();
        var request = new TestRequest(IoKind.Receive, new byte[10]);
        rig.Do(channel, request);
        Assert.Equal(SocketError.OperationAborted, request.Failure);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void What_was_sent_before_arrives_also_while_receiving(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        channel.StartReceiving(new Recorder());
        rig.Settle();
        Assert.Equal(100_000, rig.Do(channel, new TestRequest(IoKind.Send, new byte[100_000])));
        channel.Close();
        rig.Settle();
        var received = 0;
        int count;
        while ((count = peer.Receive(new byte[100_000])) > 0)
        {
            received += count;
        }

        Assert.Equal(100_000, received);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Nobody_wrong_hears_of_a_descriptor_that_is_used_again(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        for (var i = 0; i < 300; i++)
        {
            var (old, oldPeer) = rig.Connect();
            var oldReceiver = new Recorder();
            old.StartReceiving(oldReceiver);
            var oldWait = new TestRequest(IoKind.WaitReadable);
            Rig.Submit(old, oldWait);
            rig.Reactor.Poll();
            oldPeer.Send([1]); // told from here on, but nobody has looked
            old.Close();

            var (fresh, freshPeer) = rig.Connect();
            var request = new TestRequest(IoKind.Receive, new byte[10]);
            Rig.Submit(fresh, request);
            rig.Reactor.Wait(0);
            rig.Reactor.Wait(0);
            Assert.Equal(0, request.Completions);
            freshPeer.Send([2]);
            Assert.Equal(1, rig.Finish(request));
            Assert.Equal(2, request.Buffer.Span[0]);
            rig.Finish(oldWait);
            Assert.Empty(oldReceiver.Bytes);
            fresh.Close();
            oldPeer.Dispose();
            freshPeer.Dispose();
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Whoever_is_told_may_close_and_submit(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (first, firstPeer) = rig.Connect();
        var (second, secondPeer) = rig.Connect();
        TestRequest one = new(IoKind.Receive, new byte[10]), two = new(IoKind.Receive, new byte[10]), again = new(IoKind.Receive, new byte[10]);
        one.Then = _ => Both();
        two.Then = _ => Both();
        Rig.Submit(first, one);
        Rig.Submit(second, two);
        firstPeer.Send([1]);
        secondPeer.Send([1]);
        rig.Finish(one);
        rig.Finish(two);
        rig.Finish(again);
        Assert.Equal(SocketError.OperationAborted, again.Failure);

        void Both()
        {
            first.Close();
            second.Close();
            if (one.Completions + two.Completions == 1)
            {
                first.Submit(again);
            }
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Disposing_of_the_reactor_ends_everything(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var listening = rig.Reactor.Open(rig.Listen());
        TestRequest[] requests = [new(IoKind.Receive, new byte[10]), new(IoKind.Send, new byte[20_000_000])];
        Rig.Submit(channel, requests[0]);
        Rig.Submit(channel, requests[1]);
        var accept = new TestRequest(IoKind.Accept);
        Rig.Submit(listening, accept);
        rig.Settle();
        rig.Reactor.Dispose();
        Assert.All([.. requests, accept], request => Assert.Equal(1, request.Completions));
        Assert.Equal(SocketError.OperationAborted, requests[0].Failure);
        Assert.Equal(SocketError.OperationAborted, accept.Failure);
        channel.Close();
        rig.Reactor.Dispose();
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void No_descriptor_is_left(ReactorKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        UseEverything(kind); // what the runtime opens once is open from here on, or nearly all of it
        Assert.Contains(Enumerable.Range(0, 5), _ => LeavesNothing(kind));
    }

    private static bool LeavesNothing(ReactorKind kind)
    {
        var before = Descriptors.Count();
        for (var i = 0; i < 3; i++)
        {
            UseEverything(kind);
        }

        return SpinWait.SpinUntil(() => Descriptors.Count() <= before, Hang.Limit / 10);
    }

    private static void UseEverything(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var listener = rig.Listen();
        var listening = rig.Reactor.Open(listener);
        var acceptor = new Recorder();
        listening.StartAccepting(acceptor);
        for (var i = 0; i < 20; i++)
        {
            var client = rig.Reactor.Open(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            rig.Do(client, new TestRequest(IoKind.Connect, listener.LocalEndPoint!));
            if (i % 3 == 0)
            {
                client.StartReceiving(new Recorder());
            }
            else
            {
                Rig.Submit(client, new TestRequest(IoKind.Receive, new byte[10]));
            }

            if (i % 2 == 0)
            {
                client.Close();
            }
        }

        rig.Until(() => acceptor.Accepted.Count == 20, "all are accepted");
        for (var i = 0; i < 20; i++)
        {
            var accepted = rig.Reactor.Open(acceptor.Accepted[i]);
            accepted.StartReceiving(new Recorder());
        }

        var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Rig.Submit(rig.Reactor.Open(datagrams), new TestRequest(IoKind.ReceiveFrom, new byte[10]));
        rig.Settle();
    }
}
