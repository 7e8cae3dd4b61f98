using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors;

/// <summary>Receiving without requests.</summary>
public class ReceivingTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Whatever_comes_is_told(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var receiver = new Recorder();
        channel.StartReceiving(receiver);
        Assert.Equal(1, rig.Reactor.Active);
        for (var i = 0; i < 100; i++)
        {
            peer.Send(CountingStream.Take(i * 100, 100));
            rig.Until(() => receiver.Bytes.Count == (i + 1) * 100, "the message is told");
        }

        Assert.Equal(-1, CountingStream.FirstWrong(receiver.Bytes.ToArray(), 0));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Nothing_is_told_inside_the_start_nor_after_the_stop(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        peer.Send([1, 2, 3]);
        var receiver = new Recorder();
        channel.StartReceiving(receiver);
        Assert.Empty(receiver.Bytes);
        channel.StopReceiving();
        Assert.Equal(0, rig.Reactor.Active);
        rig.Settle();
        Assert.Empty(receiver.Bytes);
        channel.StartReceiving(receiver);
        rig.Until(() => receiver.Bytes.Count == 3, "it is told after all");
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Stopping_and_starting_again_loses_nothing(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        const int Total = 3_000_000;
        var writer = new Thread(() =>
        {
            var random = new Random(1);
            for (var place = 0; place < Total;)
            {
                var count = Math.Min(random.Next(1, 20_000), Total - place);
                peer.Send(CountingStream.Take(place, count));
                place += count;
            }

            peer.Shutdown(SocketShutdown.Send);
        });
        writer.Start();

        var dice = new Random(2);
        var receiver = new Recorder();
        var started = true;
        receiver.Then = () =>
        {
            if (dice.Next(3) == 0)
            {
                channel.StopReceiving();
                started = false;
            }
        };
        channel.StartReceiving(receiver);
        rig.Until(
            () =>
            {
                if (!started)
                {
                    var told = receiver.Bytes.Count;
                    rig.Reactor.Wait(0.0005);
                    Assert.Equal(told, receiver.Bytes.Count);
                    started = true;
                    channel.StartReceiving(receiver);
                }
                else if (dice.Next(10) == 0)
                {
                    channel.StopReceiving();
                    started = false;
                }

                return receiver.Ended is not null;
            },
            "the end");
        Assert.Equal(SocketError.Success, receiver.Ended);
        Assert.Equal(Total, receiver.Bytes.Count);
        Assert.Equal(-1, CountingStream.FirstWrong(receiver.Bytes.ToArray(), 0));
        Assert.True(writer.Join(Hang.Limit));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Requests_and_receivers_take_turns_without_loss(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var receiver = new Recorder();
        var request = new TestRequest(IoKind.Receive, new byte[64]);
        for (var i = 0; i < 100; i++)
        {
            receiver.Bytes.Clear();
            channel.StartReceiving(receiver);
            peer.Send([(byte)i]);
            rig.Until(() => receiver.Bytes.Count == 1, "the receiver is told");
            channel.StopReceiving();
            peer.Send([(byte)i]);
            Assert.Equal(1, rig.Do(channel, request));
            Assert.Equal((byte)i, receiver.Bytes[0]);
            Assert.Equal((byte)i, request.Buffer.Span[0]);
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void One_that_floods_does_not_starve_the_others(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (flooded, flooding) = rig.Connect();
        var (quiet, quietPeer) = rig.Connect();
        var stop = false;
        var flood = new Thread(() =>
        {
            try
            {
                while (!Volatile.Read(ref stop))
                {
                    flooding.Send(new byte[1_000_000]);
                }
            }
            catch (SocketException)
            {
            }
        });
        flood.Start();
        var flooder = new Counter();
        flooded.StartReceiving(flooder);
        rig.Until(() => flooder.Bytes > 1_000_000, "the flood comes");

        var receiver = new Recorder();
        quiet.StartReceiving(receiver);
        var heldUp = 0;
        for (var i = 0; i < 20; i++)
        {
            var before = flooder.Bytes;
            var polls = 0;
            quietPeer.Send([1]);
            rig.Until(() => polls++ > 0 && receiver.Bytes.Count == i + 1, "the quiet one is heard");
            heldUp += flooder.Bytes - before < 200_000_000 ? 0 : 1;
        }

        // Not in all: the portable reactor hears of the quiet one from another thread, which may have to wait for a processor.
        Assert.InRange(heldUp, 0, kind == ReactorKind.Portable ? 10 : 0);

        Volatile.Write(ref stop, true);
        flooded.Close();
        rig.Until(() => flood.Join(0), "the flood ends with the descriptor, which a poll may have to close");
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Who_is_polled_only_hears_of_it_too(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var request = new TestRequest(IoKind.Receive, new byte[10]);
        for (var i = 0; i < 20; i++)
        {
            Rig.Submit(channel, request);
            rig.Reactor.Poll();
            peer.Send([1]);
            Assert.True(SpinWait.SpinUntil(
                () =>
                {
                    rig.Reactor.Poll();
                    return request.Completions > 0;
                },
                Hang.Limit));
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Urgent_data_does_not_hide_what_follows(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        peer.NoDelay = true;
        var receiver = new Recorder();
        channel.StartReceiving(receiver);
        rig.Settle();
        for (var i = 0; i < 20; i++)
        {
            receiver.Bytes.Clear();
            peer.Send([1, 2, 3]);
            peer.Send([9], SocketFlags.OutOfBand);
            peer.Send([4, 5]);
            rig.Until(() => receiver.Bytes.Count == 5, "what follows the urgent byte");
            Assert.Equal([1, 2, 3, 4, 5], receiver.Bytes);
        }
    }

    private sealed class Counter : IReceiver
    {
        public long Bytes { get; private set; }

        public void OnReceived(ReadOnlySpan<byte> data) => Bytes += data.Length;

        public void OnReceiveEnded(SocketError error)
        {
        }
    }
}
