using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Asyncio.IO.Tests.Faults;

/// <summary>A channel whose requests and streams pass through a <see cref="FaultPlan"/>.</summary>
internal sealed partial class FaultChannel(FaultReactor reactor, Channel inner) : Channel
{
    private readonly Dictionary<IoRequest, FaultRequest> _underWay = new(ReferenceEqualityComparer.Instance);
    private SocketError _broken;
    private SocketError _owed; // the error of a send that had sent a part
    private bool _closed;

    internal override Socket? Socket => inner.Socket;

    internal override SafeHandle Handle => inner.Handle;

    internal override bool IsClosed => _closed;

    internal override void Submit(IoRequest request)
    {
        if (_underWay.ContainsKey(request))
        {
            reactor.Plan.Violations.Add($"A {request.Kind} was submitted a second time while it was under way.");
            return;
        }

        var faulty = new FaultRequest(reactor, this, request);
        _underWay.Add(request, faulty);
        if (_closed)
        {
            faulty.End(IoRequest.Failed(SocketError.OperationAborted));
            return;
        }

        if (KnownError(request) is var known and not SocketError.Success)
        {
            faulty.End(IoRequest.Failed(known));
        }
        else if (reactor.Plan.Next(request.Kind) is var error and not SocketError.Success)
        {
            faulty.Fail(error);
        }
        else if (!TryServeFromKept(faulty))
        {
            faulty.Begin();
        }
    }

    internal override void Cancel(IoRequest request)
    {
        if (_underWay.TryGetValue(request, out var faulty))
        {
            faulty.Cancel();
        }
    }

    internal override void Close()
    {
        if (_closed)
        {
            return;
        }

        StopReceiving();
        StopAccepting();
        _closed = true;
        reactor.Forget(this);
        _kept.Clear();
        while (_connections.TryDequeue(out var connection))
        {
            connection.Dispose();
        }

        foreach (var request in _underWay.Values.ToArray())
        {
            request.Cancel();
        }

        Inner.Close();
    }

    /// <summary>What is beneath, which is to know the same.</summary>
    public Channel Inner
    {
        get
        {
            inner.LeavesOpen = LeavesOpen;
            return inner;
        }
    }

    /// <summary>The connection is lost: whatever is tried later fails, too.</summary>
    public void Break(SocketError error)
    {
        if (error == SocketError.NoBufferSpaceAvailable || Socket is not { SocketType: SocketType.Stream, Connected: true } socket)
        {
            return;
        }

        _broken = error;
        if (error == SocketError.ConnectionReset && socket.AddressFamily != AddressFamily.Unix)
        {
            socket.LingerState = new LingerOption(true, 0); // the peer sees it as soon as this side is closed
        }
    }

    public void Owe(SocketError error) => _owed = error;

    public void Ended(IoRequest request) => _underWay.Remove(request);

    private SocketError KnownError(IoRequest request)
    {
        if (request.Kind == IoKind.Send && _owed != SocketError.Success)
        {
            var owed = _owed;
            _owed = SocketError.Success;
            Break(owed);
            return owed;
        }

        return _broken;
    }
}
