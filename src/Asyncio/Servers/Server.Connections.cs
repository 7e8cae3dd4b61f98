using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

// Its connections.
public sealed partial class Server
{
    private readonly UnixSocketFile? _file;
    private ExecutionContext? _execution;
    private int _newcomers;
    private bool _isOver; // the deadline of CloseAsync has passed: who comes now, out of the queue, comes too late

    /// <summary>Of a stream server: its clients' tasks that run.</summary>
    internal IReadOnlyCollection<AsyncTask> Handlers { get; set; } = [];

    internal void Start()
    {
        Loop.CheckThread();
        if (_closed)
        {
            throw new InvalidOperationException($"The server {this} is closed.");
        }

        if (IsServing)
        {
            return;
        }

        _ = Console.Error; // opened now: when descriptors have run out, which is what it is to tell, it cannot be
        Loop.Reserve.TryRestore(); // what another server of this loop has given up may be there again
        _execution = ThreadContext.Inherit();
        foreach (var listener in _listeners)
        {
            listener.Start();
        }

        IsServing = true;
    }

    /// <summary>Inside a poll: the protocol is made by code of the user's, which runs through the ready queue.</summary>
    internal void OnAccepted(Socket socket) => Loop.Ready.Enqueue(new Newcomer(this, socket), null);

    internal void Attach(BaseTransport transport) => _clients.Add(transport);

    internal void Detach(BaseTransport transport)
    {
        _clients.Remove(transport);
        CompleteIfGone();
    }

    private void CompleteIfGone()
    {
        if (_closed && _clients.Count == 0 && _newcomers == 0)
        {
            _gone.TrySetResult(default);
        }
    }

    private void Welcome(Socket socket)
    {
        if (_isOver)
        {
            socket.Dispose();
            return;
        }

        try
        {
            _ = new SocketTransport(Loop, socket, _protocolFactory(), begun: null, _execution, this);
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            socket.Dispose();
            Loop.CallExceptionHandler(new ExceptionContext("Error on transport creation for incoming connection") { Exception = e });
        }
    }

    /// <summary>A connection that was accepted and has no transport yet. It counts: who waits for the server waits for it, too.</summary>
    private sealed class Newcomer : Runnable
    {
        private readonly Server _server;
        private readonly Socket _socket;

        internal Newcomer(Server server, Socket socket)
        {
            _server = server;
            _socket = socket;
            server._newcomers++;
        }

        internal override void Run(object? argument)
        {
            _server.Loop.EnterCallback(_server._execution);
            _server.Welcome(_socket);
            _server._newcomers--;
            _server.CompleteIfGone();
        }

        internal override void GiveUp(object? argument) => _socket.Dispose();
    }
}
