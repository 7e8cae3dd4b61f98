using System.Net.Sockets;

namespace Asyncio;

// Files that are sent: by way of the channel, behind what was written.
internal abstract partial class StreamTransport
{
    private Future<Unit>? _drained; // while a file waits until what was written before is sent
    private bool _sendsFile;

    private bool HasOutput => GetWriteBufferSize() > 0 || _sendsFile;

    /// <summary>For the transports whose channel takes files.</summary>
    protected async Coroutine<long> SendFileOverChannel(FileSending file, bool fallback)
    {
        CheckNoEof(nameof(EventLoop.Sendfile));
        var wasReading = IsReading;
        _sendsFile = true;
        PauseReading();
        try
        {
            await Drained();
            return await file.Through(Loop, _life.Channel, fallback);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException && _life.IsLost)
        {
            throw ConnectionErrors.Lost(); // the channel was closed
        }
        catch (SocketException e)
        {
            Fail("Fatal write error on transport", e);
            throw;
        }
        finally
        {
            EndFile(wasReading);
        }
    }

    private async Coroutine Drained()
    {
        if (GetWriteBufferSize() == 0)
        {
            return;
        }

        _drained = Loop.CreateFuture<Unit>();
        try
        {
            await _drained;
        }
        finally
        {
            _drained = null;
        }
    }

    private void EndFile(bool wasReading)
    {
        _sendsFile = false;
        if (wasReading)
        {
            ResumeReading();
        }

        EndWritingIfSent();
        _life.EndIfSent();
    }
}
