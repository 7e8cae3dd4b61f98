using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors;

public class CancellationTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void What_waits_is_aborted_in_a_later_poll(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, _) = rig.Connect();
        var listening = rig.Reactor.Open(rig.Listen());
        var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (var (on, request) in new[]
        {
            (channel, new TestRequest(IoKind.Receive, new byte[10])),
            (channel, new TestRequest(IoKind.WaitReadable)),
            (listening, new TestRequest(IoKind.Accept)),
            (listening, new TestRequest(IoKind.WaitReadable)),
            (rig.Reactor.Open(datagrams), new TestRequest(IoKind.ReceiveFrom, new byte[10])),
        })
        {
            for (var settled = 0; settled < 2; settled++)
            {
                Rig.Submit(on, request);
                if (settled == 1)
                {
                    rig.Settle();
                }

                on.Cancel(request);
                on.Cancel(request);
                Assert.Equal(0, request.Completions);
                rig.Finish(request);
                Assert.Equal(SocketError.OperationAborted, request.Failure);
                on.Cancel(request);
                rig.Settle();
                Assert.Equal(1, request.Completions);
                Assert.Equal(0, rig.Reactor.Active);
            }
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_connection_attempt_can_be_given_up(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var channel = rig.Reactor.Open(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        var request = new TestRequest(IoKind.Connect, FullBacklog(rig));
        Rig.Submit(channel, request);
        rig.Settle();
        channel.Cancel(request);
        rig.Finish(request);
        Assert.Equal(SocketError.OperationAborted, request.Failure);
        channel.Close();
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void No_byte_is_lost_to_cancelled_receives(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        const int Total = 400_000;
        var writer = new Thread(() =>
        {
            var random = new Random(1);
            for (var place = 0; place < Total;)
            {
                var count = Math.Min(random.Next(1, 700), Total - place);
                peer.Send(CountingStream.Take(place, count));
                place += count;
                Thread.Yield();
            }
        });
        var request = new TestRequest(IoKind.Receive, new byte[500]);
        Rig.Submit(channel, request);
        channel.Cancel(request);
        rig.Finish(request);
        Assert.Equal(SocketError.OperationAborted, request.Failure);
        writer.Start();

        var dice = new Random(2);
        for (var place = 0; place < Total;)
        {
            Rig.Submit(channel, request);
            for (var i = dice.Next(3); i > 0; i--)
            {
                rig.Reactor.Poll();
            }

            if (request.Completions == 0)
            {
                channel.Cancel(request);
            }

            var result = rig.Finish(request);
            if (result < 0)
            {
                Assert.Equal(SocketError.OperationAborted, request.Failure);
                Thread.Yield(); // the two may have one processor
                continue;
            }

            Assert.NotEqual(0, result);
            Assert.Equal(-1, CountingStream.FirstWrong(request.Buffer.Span[..result], place));
            place += result;
        }

        Assert.True(writer.Join(Hang.Limit));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void No_byte_is_lost_or_doubled_by_cancelled_sends(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        const int Total = 20_000_000;
        var wrong = -1L;
        var read = 0L;
        using var mayRead = new ManualResetEventSlim(); // not before a send had to wait and was cancelled
        var reader = new Thread(() =>
        {
            mayRead.Wait(Hang.Limit);
            var buffer = new byte[50_000];
            int count;
            while (wrong < 0 && (count = peer.Receive(buffer)) > 0)
            {
                wrong = CountingStream.FirstWrong(buffer.AsSpan(0, count), read);
                read += count;
            }
        });
        reader.Start();

        var dice = new Random(3);
        var data = CountingStream.Take(0, Total);
        var partial = 0;
        for (var place = 0; place < Total;)
        {
            var request = new TestRequest(IoKind.Send, data.AsMemory(place, Math.Min(1_500_000, Total - place)));
            Rig.Submit(channel, request);
            for (var i = dice.Next(4); i > 0; i--)
            {
                rig.Reactor.Wait(0.0005);
            }

            channel.Cancel(request);
            var result = rig.Finish(request);
            Assert.True(result >= 0 || request.Failure == SocketError.OperationAborted, request.Failure.ToString());
            partial += result < request.Buffer.Length ? 1 : 0;
            place += Math.Max(result, 0);
            Assert.Equal(-1, Volatile.Read(ref wrong)); // who has found that reads no further
            if (partial > 0)
            {
                mayRead.Set();
            }
        }

        channel.Close();
        Assert.True(reader.Join(Hang.Limit));
        Assert.Equal(-1, wrong);
        Assert.Equal(Total, read);
        Assert.True(partial > 0, "nothing was cancelled in the middle: the test shows nothing");
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_result_that_is_there_beats_a_cancellation(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var request = new TestRequest(IoKind.Receive, new byte[10]);
        for (var i = 0; i < 200; i++)
        {
            peer.Send([(byte)i]);
            Rig.Submit(channel, request);
            channel.Cancel(request);
            if (rig.Finish(request) < 0)
            {
                Assert.Equal(1, rig.Do(channel, request));
            }

            Assert.Equal((byte)i, request.Buffer.Span[0]);
        }
    }

    /// <summary>Where a connection attempt gets no answer: a listener whose backlog is full.</summary>
    private static EndPoint FullBacklog(Rig rig)
    {
        var listener = rig.Listen(backlog: 0);
        for (var i = 0; i < 8; i++)
        {
            var client = rig.Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            client.Blocking = false;
            try
            {
                client.Connect(listener.LocalEndPoint!);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
            }
        }

        return listener.LocalEndPoint!;
    }
}
