using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>The reactor that injects faults keeps to the contract itself: what it does a kernel may do.</summary>
public class FaultReactorTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Pieces_come_in_order_and_nothing_after_a_stop(ReactorKind kind)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var rig = new FaultRig(kind, new FaultPlan { Noise = seed });
            var (channel, peer) = rig.Connect();
            var sent = Scenario.Data(5_000, seed);
            var random = new Random(seed);
            var receiver = new Recorder();
            foreach (var piece in sent.Chunk(700))
            {
                peer.Send(piece);
                channel.StartReceiving(receiver);
                rig.Turn(random.Next(3));
                channel.StopReceiving();
                var told = receiver.Bytes.Count;
                rig.Turn(random.Next(3));
                Assert.Equal(told, receiver.Bytes.Count);
            }

            peer.Shutdown(SocketShutdown.Send);
            channel.StartReceiving(receiver);
            rig.Until(() => receiver.Ended is not null);
            Assert.Equal(SocketError.Success, receiver.Ended);
            Assert.Equal(sent, receiver.Bytes);
            rig.Until(() => rig.Reactor.Active == 0);
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_request_takes_what_a_stopped_receiver_has_left(ReactorKind kind)
    {
        using var rig = new FaultRig(kind, new FaultPlan { Held = 3 });
        var (channel, peer) = rig.Connect();
        channel.StartReceiving(new Recorder());
        peer.Send([1, 2, 3]);
        rig.Until(() => rig.Reactor.Held > 0);
        channel.StopReceiving();
        Assert.Equal(2, rig.Do(channel, new TestRequest(IoKind.Receive, new byte[2])));
        Assert.Equal(1, rig.Do(channel, new TestRequest(IoKind.Receive, new byte[2])));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_result_that_is_held_beats_a_cancellation(ReactorKind kind)
    {
        using var rig = new FaultRig(kind, new FaultPlan { Held = 3 });
        var (channel, peer) = rig.Connect();
        peer.Send([1]);
        var request = new TestRequest(IoKind.Receive, new byte[10]);
        channel.Submit(request);
        rig.Until(() => rig.Reactor.Held > 0);
        channel.Cancel(request);
        Assert.Equal(0, request.Completions);
        Assert.Equal(1, rig.Finish(request));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_cancellation_comes_before_a_request_that_is_late(ReactorKind kind)
    {
        using var rig = new FaultRig(kind, new FaultPlan { Late = 3 });
        var (channel, peer) = rig.Connect();
        peer.Send([1]);
        var request = new TestRequest(IoKind.Receive, new byte[10]);
        channel.Submit(request);
        channel.Cancel(request);
        Assert.Equal(0, request.Completions);
        rig.Finish(request);
        Assert.Equal(SocketError.OperationAborted, request.Failure);
        Assert.Equal(1, rig.Do(channel, new TestRequest(IoKind.Receive, new byte[10]))); // nothing was taken
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void An_error_after_a_part_of_a_send_is_told_by_the_next(ReactorKind kind)
    {
        using var rig = new FaultRig(kind, new FaultPlan { ErrorAt = 0, Variant = 1 });
        var (channel, peer) = rig.Connect();
        Assert.Equal(500, rig.Do(channel, new TestRequest(IoKind.Send, new byte[1_000])));
        var request = new TestRequest(IoKind.Send, new byte[500]);
        rig.Do(channel, request);
        Assert.Equal(SocketError.ConnectionReset, request.Failure);
        Assert.Equal(500, peer.Receive(new byte[1_000]));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void What_could_not_be_accepted_is_there_when_accepting_begins_again(ReactorKind kind)
    {
        using var rig = new FaultRig(kind, new FaultPlan { ErrorAt = 0, Counted = IoKind.Accept });
        var listener = rig.Listen();
        var channel = rig.Reactor.Open(listener);
        var acceptor = new Recorder();
        channel.StartAccepting(acceptor);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        rig.Until(() => acceptor.Ended is not null);
        Assert.Equal(SocketError.TooManyOpenSockets, acceptor.Ended);
        Assert.Empty(acceptor.Accepted);
        channel.StartAccepting(acceptor);
        rig.Until(() => acceptor.Accepted.Count == 1);
        acceptor.Accepted[0].Dispose();
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Its_end_is_the_end_of_everything(ReactorKind kind)
    {
        var requests = new List<TestRequest>();
        for (var seed = 0; seed < 10; seed++)
        {
            using var rig = new FaultRig(kind, new FaultPlan { Noise = seed });
            var (channel, peer) = rig.Connect();
            peer.Send([1, 2]);
            foreach (var request in new TestRequest[] { new(IoKind.Send, new byte[20_000_000]), new(IoKind.Receive, new byte[1]), new(IoKind.WaitWritable) })
            {
                channel.Submit(request);
                requests.Add(request);
            }

            rig.Turn(seed % 4);
        }

        Assert.All(requests, request => Assert.Equal(1, request.Completions));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void It_sees_who_uses_a_buffer_that_is_not_his(ReactorKind kind)
    {
        var plan = new FaultPlan { Held = 2 };
        using var rig = new FaultRig(kind, plan);
        var (channel, _) = rig.Connect();
        var request = new TestRequest(IoKind.Send, new byte[10]);
        channel.Submit(request);
        request.Buffer.Span[3] = 1;
        rig.Finish(request);
        Assert.Equal("What was to be sent by a Send was changed while the reactor had it.", Assert.Single(plan.Violations));
    }
}
