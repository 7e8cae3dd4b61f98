using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors.Uring;

/// <summary>A ring belongs to one thread; a loop may run in several, one after the other.</summary>
public class UringThreadTests
{
    [Fact]
    public void Made_and_used_in_one_thread_run_in_another()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (left, right) = rig.ConnectChannels();
        var receiver = new Recorder();
        var send = new TestRequest(IoKind.Send, new byte[] { 1, 2, 3 });
        right.StartReceiving(receiver);
        left.Submit(send);
        InAnotherThread(() =>
        {
            rig.Until(() => receiver.Bytes.Count == 3 && send.Completions == 1, "it is sent and received");
            rig.Reactor.Leave();
        });
        Assert.Equal([1, 2, 3], receiver.Bytes);
    }

    [Fact]
    public void What_is_under_way_goes_on_in_the_next_thread()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (channel, peer) = rig.Connect();
        var (waiting, waitingPeer) = rig.Connect();
        var (streaming, streamingPeer) = rig.Connect();
        var listener = rig.Listen();
        var listening = rig.Reactor.Open(listener);
        var receive = new TestRequest(IoKind.Receive, new byte[10]);
        var wait = new TestRequest(IoKind.WaitReadable);
        var receiver = new Recorder();
        var acceptor = new Recorder();
        Rig.Submit(channel, receive);
        Rig.Submit(waiting, wait);
        streaming.StartReceiving(receiver);
        listening.StartAccepting(acceptor);
        for (var round = 1; round <= 5; round++)
        {
            InAnotherThread(() =>
            {
                rig.Reactor.Wait(0.01);
                rig.Reactor.Leave();
            });
            Assert.Equal(0, receive.Completions + wait.Completions);
            Assert.Null(receiver.Ended);
            Assert.Null(acceptor.Ended);
        }

        peer.Send([7]);
        waitingPeer.Send([9]);
        streamingPeer.Send([8]);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        InAnotherThread(() =>
        {
            rig.Until(() => receive.Completions == 1 && wait.Completions == 1, "the requests complete");
            rig.Until(() => receiver.Bytes.Count == 1 && acceptor.Accepted.Count == 1, "the streams go on");
            rig.Reactor.Leave();
        });
        Assert.Equal(1, receive.Result);
        Assert.Equal([8], receiver.Bytes);
        acceptor.Accepted[0].Dispose();
    }

    [Fact]
    public void Leaving_again_and_again_loses_nothing()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (left, right) = rig.ConnectChannels();
        var data = CountingStream.Take(0, 3_000_000);
        var send = new TestRequest(IoKind.Send, data);
        var receiver = new Recorder();
        right.StartReceiving(receiver);
        left.Submit(send);
        rig.Until(
            () =>
            {
                var told = receiver.Pieces;
                rig.Reactor.Leave();
                Assert.Equal(told, receiver.Pieces);
                return receiver.Bytes.Count == data.Length && send.Completions == 1;
            },
            "all is sent");
        Assert.Equal(data.Length, send.Result);
        Assert.True(data.AsSpan().SequenceEqual(receiver.Bytes.ToArray()));
    }

    [Fact]
    public void A_connection_attempt_survives_leaving()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var listener = rig.Listen(backlog: 0);
        var fill = Enumerable.Range(0, 3).Select(_ => Begin(listener)).ToArray();
        var channel = rig.Reactor.Open(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        var connect = new TestRequest(IoKind.Connect, listener.LocalEndPoint!);
        Rig.Submit(channel, connect);
        rig.Settle();
        rig.Reactor.Leave();
        Assert.Equal(0, connect.Completions);
        for (var i = 0; i < 2; i++)
        {
            listener.Accept().Dispose();
        }

        Assert.Equal(0, rig.Finish(connect));
        Assert.All(fill, socket => socket.Dispose());
    }

    [Fact]
    public void Cancelling_and_closing_between_runs()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (channel, _) = rig.Connect();
        var (closed, _) = rig.Connect();
        var cancelled = new TestRequest(IoKind.Receive, new byte[10]);
        var ended = new TestRequest(IoKind.Receive, new byte[10]);
        Rig.Submit(channel, cancelled);
        Rig.Submit(closed, ended);
        rig.Settle();
        rig.Reactor.Leave();
        channel.Cancel(cancelled);
        closed.Close();
        InAnotherThread(() =>
        {
            rig.Finish(cancelled);
            rig.Finish(ended);
            rig.Reactor.Leave();
        });
        Assert.Equal(SocketError.OperationAborted, cancelled.Failure);
        Assert.Equal(SocketError.OperationAborted, ended.Failure);
        Assert.True(closed.Handle.IsClosed);
        Assert.Equal(0, rig.Reactor.Active);
    }

    [Fact]
    public void A_wake_between_runs_ends_the_first_wait_of_the_next()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        InAnotherThread(() =>
        {
            rig.Reactor.Wait(0.001);
            rig.Reactor.Leave();
        });
        rig.Reactor.Wake();
        InAnotherThread(() =>
        {
            rig.Reactor.Wait(double.PositiveInfinity);
            rig.Reactor.Leave();
        });
    }

    [Fact]
    public void Another_thread_is_refused_while_one_has_not_left()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (channel, peer) = rig.Connect();
        var receive = new TestRequest(IoKind.Receive, new byte[10]);
        Rig.Submit(channel, receive);
        rig.Settle();
        Assert.Throws<InvalidOperationException>(() => InAnotherThread(() => rig.Reactor.Wait(0)));
        Assert.Throws<InvalidOperationException>(() => InAnotherThread(rig.Reactor.Dispose));
        peer.Send([1]);
        Assert.Equal(1, rig.Finish(receive));
    }

    private static Socket Begin(Socket listener)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        Assert.ThrowsAny<SocketException>(() => client.Connect(listener.LocalEndPoint!));
        return client;
    }

    private static void InAnotherThread(Action action)
    {
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        Assert.True(thread.Join(Hang.Limit), "the thread hangs");
        error?.Throw();
    }
}
