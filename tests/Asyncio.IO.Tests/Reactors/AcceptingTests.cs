using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors;

public class AcceptingTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_storm_of_connections_is_accepted(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var listener = rig.Listen();
        var channel = rig.Reactor.Open(listener);
        var acceptor = new Recorder();
        channel.StartAccepting(acceptor);
        var clients = new List<Socket>();
        var storm = new Thread(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                clients.Add(Client(listener));
            }
        });
        storm.Start();
        rig.Until(() => acceptor.Accepted.Count == 500, "all are accepted");
        Assert.True(storm.Join(Hang.Limit));
        Assert.Equal(
            clients.Select(client => client.LocalEndPoint!.ToString()).Order(),
            acceptor.Accepted.Select(socket => socket.RemoteEndPoint!.ToString()).Order());
        clients.ForEach(client => client.Dispose());
        acceptor.Accepted.ForEach(socket => socket.Dispose());
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Stopping_and_starting_again_loses_no_connection(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var listener = rig.Listen();
        var channel = rig.Reactor.Open(listener);
        var acceptor = new Recorder();
        for (var i = 0; i < 30; i++)
        {
            channel.StartAccepting(acceptor);
            rig.Reactor.Wait(i % 3 * 0.001);
            channel.StopAccepting();
            rig.Keep(Client(listener));
            var told = acceptor.Accepted.Count;
            rig.Reactor.Wait(0.001);
            Assert.Equal(told, acceptor.Accepted.Count);
        }

        channel.StartAccepting(acceptor);
        rig.Until(() => acceptor.Accepted.Count == 30, "all are accepted");
        acceptor.Accepted.ForEach(socket => socket.Dispose());
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void What_is_accepted_works_as_a_socket_and_as_a_channel(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var listener = rig.Listen();
        var channel = rig.Reactor.Open(listener);
        var request = new TestRequest(IoKind.Accept);
        using var client = Client(listener);
        Assert.Equal(0, rig.Do(channel, request));
        var accepted = request.Accepted!;
        Assert.Equal(listener.LocalEndPoint, accepted.LocalEndPoint);
        Assert.Equal(client.LocalEndPoint, accepted.RemoteEndPoint);
        accepted.NoDelay = true;
        var connection = rig.Reactor.Open(accepted);
        var receive = new TestRequest(IoKind.Receive, new byte[10]);
        Rig.Submit(connection, receive);
        rig.Settle();
        client.Send([1, 2]);
        Assert.Equal(2, rig.Finish(receive));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Running_out_of_descriptors_is_told_and_can_be_got_over(ReactorKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are limited by setrlimit.");
        using var rig = new Rig(kind);
        var listener = rig.Listen();
        var channel = rig.Reactor.Open(listener);

        // First without the limit: the runtime itself opens files when it loads code, and ends if it cannot.
        Assert.Throws<SocketException>((Action)(static () => throw new SocketException((int)SocketError.TooManyOpenSockets)));
        var warm = new Recorder();
        AcceptOne(() => null, warm);
        Assert.Single(warm.Accepted).Dispose();

        var acceptor = new Recorder();
        AcceptOne(Descriptors.Exhaust, acceptor);
        Assert.Equal(SocketError.TooManyOpenSockets, acceptor.Ended);
        Assert.Empty(acceptor.Accepted);
        channel.StartAccepting(acceptor);
        rig.Until(() => acceptor.Accepted.Count == 1, "the connection is accepted after all");
        acceptor.Accepted[0].Dispose();

        void AcceptOne(Func<IDisposable?> limit, Recorder recorder)
        {
            var client = rig.Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            using (limit())
            {
                channel.StartAccepting(recorder);
                rig.Settle();
                client.Connect(listener.LocalEndPoint!);
                rig.Until(() => recorder.Ended is not null || recorder.Accepted.Count > 0, "one or the other");
            }

            channel.StopAccepting();
            Assert.Equal(0, rig.Reactor.Active);
        }
    }

    private static Socket Client(Socket listener)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        return client;
    }
}
