using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors.Uring;

/// <summary>More than the ring's queues and buffers hold.</summary>
public class UringLimitTests
{
    [Fact]
    public void More_requests_than_the_queues_hold()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (channel, peer) = rig.Connect();
        var requests = Enumerable.Range(0, 20_000).Select(_ => new TestRequest(IoKind.WaitReadable)).ToArray();
        Assert.All(requests, request => Rig.Submit(channel, request));
        Assert.Equal(requests.Length, rig.Reactor.Active);
        rig.Reactor.Poll();
        peer.Send([1]);
        rig.Until(() => rig.Reactor.Active == 0, "all complete at once");
        Assert.All(requests, request => Assert.Equal((1, 0), (request.Completions, request.Result)));
    }

    [Fact]
    public void More_cancellations_than_the_queues_hold()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (channel, _) = rig.Connect();
        var requests = Enumerable.Range(0, 20_000).Select(_ => new TestRequest(IoKind.WaitReadable)).ToArray();
        Assert.All(requests, request => Rig.Submit(channel, request));
        rig.Settle();
        channel.Close();
        rig.Until(() => rig.Reactor.Active == 0, "all are aborted");
        Assert.All(requests, request => Assert.Equal(1, request.Completions));
        Assert.True(channel.Handle.IsClosed);
    }

    [Fact]
    public void More_at_once_than_there_are_buffers()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var connections = Enumerable.Range(0, 400).Select(_ => rig.Connect()).ToArray();
        var receivers = connections.Select(connection =>
        {
            var receiver = new Recorder();
            connection.Channel.StartReceiving(receiver);
            return receiver;
        }).ToArray();
        rig.Settle();
        var data = CountingStream.Take(0, 40_000);
        Assert.All(connections, connection => connection.Peer.Send(data));
        rig.Until(() => receivers.All(receiver => receiver.Bytes.Count == data.Length), "all is received");
        Assert.All(receivers, receiver => Assert.Equal(-1, CountingStream.FirstWrong(receiver.Bytes.ToArray(), 0)));
    }

    [Fact]
    public void A_request_for_what_a_receiver_was_given_gets_it()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (channel, peer) = rig.Connect();
        var receiver = new Recorder();
        var dice = new Random(4);
        var request = new TestRequest(IoKind.Receive, new byte[3]);
        var got = new List<byte>();
        for (var sent = 0; sent < 5_000; sent += 5)
        {
            channel.StartReceiving(receiver);
            rig.Reactor.Poll();
            peer.Send(CountingStream.Take(sent, 5));
            if (dice.Next(2) == 0)
            {
                rig.Reactor.Poll();
            }

            channel.StopReceiving();
            got.AddRange(receiver.Bytes);
            receiver.Bytes.Clear();
            while (got.Count < sent + 5)
            {
                got.AddRange(request.Buffer.Span[..rig.Do(channel, request)]);
            }
        }

        Assert.Equal(-1, CountingStream.FirstWrong(got.ToArray(), 0));
    }

    [Fact]
    public void A_wait_sees_what_a_receiver_was_given()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (channel, peer) = rig.Connect();
        for (var i = 0; i < 100; i++)
        {
            channel.StartReceiving(new Recorder());
            rig.Reactor.Poll();
            channel.StopReceiving();
            peer.Send([1]);
            Assert.Equal(0, rig.Do(channel, new TestRequest(IoKind.WaitReadable)));
            Assert.Equal(1, rig.Do(channel, new TestRequest(IoKind.Receive, new byte[2])));
        }
    }

    [Fact]
    public void A_slot_that_is_used_again_is_not_found_by_its_old_tag()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (opened, _) = rig.Connect();
        var channel = (UringChannel)opened;
        var table = new OperationTable();
        var tags = new HashSet<ulong>();
        for (var i = 0; i < 100; i++)
        {
            var slots = Enumerable.Range(0, 200).Select(_ => table.Rent(OperationKind.Receiving, channel, null)).ToArray();
            Assert.Equal(slots.Length, slots.Distinct().Count());
            foreach (var slot in slots.Where((_, index) => (index + i) % 3 == 0).Concat(slots).Distinct())
            {
                var tag = table.Tag(slot);
                Assert.True(tags.Add(tag));
                Assert.Equal(slot, table.Find(tag));
                table.Return(slot);
                Assert.Equal(0, table.Find(tag));
            }

            Assert.Equal(0, channel.FirstOperation);
        }
    }
}
