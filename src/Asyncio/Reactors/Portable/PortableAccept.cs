using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// One accept of .NET's, used again and again. Unlike a <see cref="PortableWait"/> it takes something, so it must be possible to end it:
/// when nobody waits any more, the next connection is somebody else's.
/// </summary>
internal sealed class PortableAccept : IPortableEnd
{
    private readonly PortableReactor _reactor;
    private readonly PortableChannel _channel;
    private readonly Action _arrive;
    private CancellationTokenSource _cancellation = new();
    private ConfiguredValueTaskAwaitable<Socket>.ConfiguredValueTaskAwaiter _accepting;

    internal PortableAccept(PortableReactor reactor, PortableChannel channel)
    {
        _reactor = reactor;
        _channel = channel;
        _arrive = () => _reactor.Arrive(this);
    }

    internal bool IsUnderWay { get; private set; }

    internal void Begin(Socket listener)
    {
        if (_cancellation.IsCancellationRequested)
        {
            _cancellation.Dispose();
            _cancellation = new CancellationTokenSource();
        }

        _accepting = listener.AcceptAsync(_cancellation.Token).ConfigureAwait(false).GetAwaiter();
        IsUnderWay = true;
        if (_accepting.IsCompleted)
        {
            _reactor.Arrive(this);
        }
        else
        {
            _accepting.UnsafeOnCompleted(_arrive);
        }
    }

    /// <summary>It ends in a later poll: with a connection, if that came first.</summary>
    internal void Cancel()
    {
        if (IsUnderWay)
        {
            _cancellation.Cancel();
        }
    }

    void IPortableEnd.End()
    {
        IsUnderWay = false;
        var error = SocketError.Success;
        Socket? connection = null;
        try
        {
            connection = _accepting.GetResult();
        }
        catch (SocketException e)
        {
            error = e.SocketErrorCode;
        }
        catch (OperationCanceledException)
        {
            // Who waits again by now begins again.
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.OperationAborted;
        }

        _channel.OnAcceptEnded(connection, error);
    }
}
