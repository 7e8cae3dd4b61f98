using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors;

/// <summary>A reactor of one kind and what tests do with it, with a limit on everything that waits.</summary>
internal sealed class Rig : IDisposable
{
    private readonly List<IDisposable> _closedLast = [];

    public Rig(ReactorKind kind)
    {
        var reactor = ReactorFactory.TryCreate(kind, out var reason);
        Assert.SkipWhen(reactor is null, $"{kind}: {reason}");
        Reactor = reactor!;
    }

    public Reactor Reactor { get; }

    /// <summary>Waits, and lets the reactor tell, until the condition holds.</summary>
    public void Until(Func<bool> condition, string what)
    {
        var time = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(time.Elapsed < Hang.Limit, $"{Reactor.Kind}: still not so: {what}");
            Reactor.Wait(0.25);
        }
    }

    /// <summary>Lets the reactor tell what there is by now.</summary>
    public void Settle()
    {
        for (var i = 0; i < 20; i++)
        {
            Reactor.Wait(0.002);
        }
    }

    public int Finish(TestRequest request)
    {
        Until(() => request.Completions > 0, $"{request.Kind} completes");
        Assert.Equal(1, request.Completions);
        return request.Result;
    }

    /// <summary>Submits it and waits for its outcome, which must not be told inside the call.</summary>
    public int Do(Channel channel, TestRequest request)
    {
        Submit(channel, request);
        return Finish(request);
    }

    public static void Submit(Channel channel, TestRequest request)
    {
        request.Completions = 0;
        channel.Submit(request);
        Assert.Equal(0, request.Completions);
    }

    public Socket Listen(AddressFamily family = AddressFamily.InterNetwork, int backlog = 600)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback, 0));
        socket.Listen(backlog);
        return Keep(socket);
    }

    /// <summary>A connection: our end as a channel, the peer's as a socket that blocks.</summary>
    public (Channel Channel, Socket Peer) Connect()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var ours = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        ours.Connect(listener.LocalEndPoint!);
        var peer = listener.Accept();
        peer.ReceiveTimeout = peer.SendTimeout = Hang.Milliseconds;
        return (Reactor.Open(ours), Keep(peer));
    }

    public (Channel Left, Channel Right) ConnectChannels()
    {
        var (left, peer) = Connect();
        return (left, Reactor.Open(peer));
    }

    public T Keep<T>(T disposable)
        where T : IDisposable
    {
        _closedLast.Add(disposable);
        return disposable;
    }

    public void Dispose()
    {
        Reactor.Dispose();
        _closedLast.ForEach(each => each.Dispose());
    }
}
