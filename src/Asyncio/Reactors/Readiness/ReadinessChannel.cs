using System.Net.Sockets;

namespace Asyncio;

/// <summary>
/// A channel that tries an operation first and waits for readiness only where it would block. What is known of the readiness is kept,
/// so that nothing is tried in vain.
/// </summary>
internal abstract partial class ReadinessChannel : Channel
{
    /// <summary>Instead of a result: nothing was done, and <see cref="Watch"/> will tell when to try again.</summary>
    protected const int WouldBlock = int.MinValue;

    private readonly ReadinessReactor _reactor;
    private RequestLine _reading;
    private RequestLine _writing;
    private bool _closed;

    protected ReadinessChannel(ReadinessReactor reactor)
    {
        _reactor = reactor;
        Key = reactor.Channels.Add(this);
    }

    internal sealed override bool IsClosed => _closed;

    protected ulong Key { get; }

    /// <summary>False only if an attempt has found nothing and no event has come since.</summary>
    protected bool MayRead { get; set; } = true;

    /// <inheritdoc cref="MayRead"/>
    protected bool MayWrite { get; set; } = true;

    /// <summary>What is waited for on the reading side is a connection.</summary>
    protected bool IsAccepting => _acceptor is not null || _reading.Head is { Kind: IoKind.Accept };

    internal sealed override void Submit(IoRequest request)
    {
        request.Progress = 0;
        _reactor.Begin();
        if (_closed)
        {
            Abort(request);
        }
        else
        {
            try
            {
                Serve(request);
            }
            catch
            {
                // Refused: whoever submitted it has it back, and must not be told of it later.
                if (_reading.Remove(request) || _writing.Remove(request))
                {
                    _reactor.End();
                }

                throw;
            }
        }
    }

    internal sealed override void Cancel(IoRequest request)
    {
        if (_reading.Remove(request) || _writing.Remove(request))
        {
            Abort(request);
            if (request.Kind == IoKind.Accept)
            {
                TellIfNobodyAccepts();
            }
        }
    }

    internal sealed override void Close()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        EndStreams();
        AbortAll(ref _reading);
        AbortAll(ref _writing);
        _reactor.Channels.Remove(Key);
        Release();
    }

    /// <summary>The system has told that an attempt is worth while. In a poll.</summary>
    internal void OnReady(bool readable, bool writable)
    {
        if (readable)
        {
            MayRead = true;
            ServeReading();
            ContinueStreams();
        }

        if (writable)
        {
            MayWrite = true;
            ServeWriting();
        }
    }

    /// <summary>Does what the request asks for, as far as that goes without waiting: its result, or <see cref="WouldBlock"/>.</summary>
    protected abstract int Attempt(IoRequest request);

    /// <summary>Has the system call <see cref="OnReady"/> as soon as the direction is ready, also if it is already.</summary>
    protected abstract SocketError Watch(bool writing);

    /// <summary>The last one who waited for a connection waits no more: the system may have been asked for one.</summary>
    protected virtual void OnNobodyAccepts()
    {
    }

    /// <summary>Closes the descriptor, and forgets what the system was asked for.</summary>
    protected abstract void Release();

    /// <summary>A request that sends and is ended in the middle: what is sent is sent, and the next one fails.</summary>
    protected static int AfterProgress(IoRequest request, SocketError error) =>
        request.Kind == IoKind.Send && request.Progress > 0 ? request.Progress : IoRequest.Failed(error);

    private void Serve(IoRequest request)
    {
        if (IsReading(request))
        {
            _reading.Add(request);
            ServeReading();
        }
        else
        {
            _writing.Add(request);
            ServeWriting();
        }
    }

    private void ServeReading()
    {
        if (Serve(ref _reading, MayRead))
        {
            MayRead = false;
            WatchFor(ref _reading, writing: false);
        }
    }

    private void ServeWriting()
    {
        if (Serve(ref _writing, MayWrite))
        {
            MayWrite = false;
            WatchFor(ref _writing, writing: true);
        }
    }

    /// <summary>Ends those that need not wait. True if one is left.</summary>
    private bool Serve(ref RequestLine line, bool mayTry)
    {
        while (mayTry && line.Head is { } request)
        {
            var result = Attempt(request);
            if (result == WouldBlock)
            {
                return true;
            }

            line.RemoveHead();
            _reactor.Complete(request, result);
        }

        return line.Head is not null;
    }

    private void WatchFor(ref RequestLine line, bool writing)
    {
        var error = Watch(writing);
        if (error == SocketError.Success)
        {
            return;
        }

        while (line.RemoveHead() is { } request)
        {
            _reactor.Complete(request, AfterProgress(request, error));
        }
    }

    private void AbortAll(ref RequestLine line)
    {
        while (line.RemoveHead() is { } request)
        {
            Abort(request);
        }
    }

    private void Abort(IoRequest request) => _reactor.Complete(request, AfterProgress(request, SocketError.OperationAborted));

    private static bool IsReading(IoRequest request) => request.Kind is IoKind.Receive or IoKind.ReceiveFrom or IoKind.Accept or IoKind.WaitReadable;
}
