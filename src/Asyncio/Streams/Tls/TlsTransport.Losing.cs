namespace Asyncio;

// How it ends, when the transport below has.
internal sealed partial class TlsTransport
{
    /// <summary>The transport below has ended, and fed the end behind what it had received.</summary>
    internal void OnLost(Exception? error)
    {
        _isLosing = true;
        _error ??= error;
        _shutdownLimit?.Cancel();
        _room?.TrySetException(_error ?? ConnectionErrors.Lost());
        if (error is null || _closing || _ended || !_isKnown)
        {
            EndLost();
        }
        else
        {
            TellRoom();
            PumpSoon(); // a peer that resets the connection may have sent something before, as without TLS
        }
    }

    /// <summary>Who waits to write on must not wait for who does not read: what he writes next tells him.</summary>
    private void TellRoom()
    {
        if (_isFull)
        {
            _isFull = false;
            if (!_sendsFile)
            {
                TellResume();
            }
        }
    }

    /// <summary>What is still to be told is not wanted, if there is anything.</summary>
    private void EndLostSoon()
    {
        if (_isLosing && !_lost)
        {
            _loop.Ready.Enqueue(s_end, this);
        }
    }

    private void EndLost()
    {
        if (_lost)
        {
            return;
        }

        _closing = true;
        _lost = true;
        DropArrived();
        _stream.Dispose();
        if (!_isKnown)
        {
            return; // who waits for the handshake is told
        }

        _loop.EnterCallback(_execution);
        try
        {
            _protocol.ConnectionLost(_error);
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            _loop.ReportTransport("Exception in protocol.ConnectionLost()", e, this, _protocol);
        }
        finally
        {
            _loop.EnterForeign(); // it may be SslStream's own code that goes on
        }
    }
}
