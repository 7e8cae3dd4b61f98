using System.Net.Sockets;

namespace Asyncio;

/// <summary>One socket on which a server accepts connections.</summary>
internal sealed class Listener(Server server, Socket socket, int backlog) : IAcceptor
{
    /// <summary>In seconds: how long nothing is accepted when the system has no room for more.</summary>
    private const double Pause = 1;

    private Channel? _channel;
    private LowLevel.TimerHandle? _pause;

    internal Socket Socket => socket;

    internal void Start()
    {
        socket.Listen(backlog);
        _channel = server.Loop.Borrowed.HandOver(socket);
        _channel.StartAccepting(this);
    }

    internal void Close()
    {
        _pause?.Cancel();
        if (_channel is null)
        {
            socket.Dispose();
            return;
        }

        _channel.Close();
        server.Loop.Borrowed.Closed(socket);
    }

    void IAcceptor.OnAccepted(Socket connection) => server.OnAccepted(connection);

    void IAcceptor.OnAcceptFailed(SocketError error)
    {
        if (error == SocketError.TooManyOpenSockets)
        {
            server.Loop.Reserve.GiveUp(); // at once: the runtime may need one any moment
        }

        server.Loop.Ready.Enqueue(new Failure(this), SocketErrors.Of(error));
    }

    /// <summary>Without the pause the loop would do nothing else than fail again.</summary>
    private void PauseAfter(SocketException error)
    {
        if (_channel is not { IsClosed: false } channel)
        {
            return;
        }

        var loop = server.Loop;
        _pause = loop.CallLater(Pause, () => Resume(channel, error));
        loop.CallExceptionHandler(new ExceptionContext("Accepting a connection has failed; it is tried again in a second.")
        {
            Exception = error,
            Extra = new Dictionary<string, object?> { ["server"] = server, ["socket"] = SocketNames.Local(socket) },
        });
    }

    private void Resume(Channel channel, SocketException error)
    {
        if (server.Loop.Reserve.TryRestore())
        {
            channel.StartAccepting(this);
        }
        else
        {
            PauseAfter(error);
        }
    }

    private void EnterCallback() => server.Loop.EnterCallback(null);

    private sealed class Failure(Listener listener) : Runnable
    {
        internal override void Run(object? argument)
        {
            listener.EnterCallback();
            listener.PauseAfter((SocketException)argument!);
        }
    }
}
