using System.Net.Sockets;

namespace Asyncio;

/// <summary>An await of one operation of the reactor's.</summary>
/// <remarks>
/// While the reactor has the request, it has the caller's buffer too: a cancellation asks the operation to end, and the strand stays parked
/// until it has. If its result came first, the result wins, so that no byte is lost; the cancellation comes at the next await.
/// </remarks>
internal abstract class IoLeaf<T> : Leaf<T>, ILeaf
{
    protected readonly IoRequest Request;
    private Channel? _channel;
    private bool _underWay;
    private bool _asked;
    private CancelledException? _request; // the first request's, if it carries a message: that one is thrown

    protected IoLeaf() => Request = new Operation(this);

    /// <summary>Where the request goes, which is complete by then. May throw: then the await throws.</summary>
    protected abstract Channel Open(EventLoop loop);

    /// <summary>Sets the result of the await. False: not all is done, and the rest of the request is to be submitted.</summary>
    /// <param name="result">What the operation gave: zero or more.</param>
    protected abstract bool Take(int result);

    /// <summary>What the await throws for an error.</summary>
    protected virtual Exception ErrorFor(SocketError error) => SocketErrors.Of(error);

    protected sealed override bool Begin(Strand strand)
    {
        // With a request pending nothing may begin: what is always ready at once could never be cancelled. Parking delivers the request.
        if ((strand.Flags & StrandFlags.MustCancel) == 0)
        {
            _asked = false;
            _channel = Open(strand.Loop);
            Submit();
        }

        return false;
    }

    bool ILeaf.TryCancel(CancelledException? error)
    {
        if (_underWay)
        {
            if (!_asked)
            {
                _asked = true;
                _request = error;
            }

            _channel!.Cancel(Request);
            return false;
        }

        if (IsDone)
        {
            return false;
        }

        WakeCancelled(error);
        return true;
    }

    bool ILeaf.CancelAfterWake(CancelledException? error)
    {
        if (Status == FrameStatus.Succeeded)
        {
            return false;
        }

        if (Link is null)
        {
            Link = error is null ? null : new CancelledException(); // a later request has a message, the one that is delivered has none
        }
        else if (Link is not CancelledException)
        {
            Fail(error);
        }

        return true;
    }

    protected sealed override void Unlink()
    {
        // Never called: TryCancel asks the channel.
    }

    protected sealed override void GiveBack()
    {
        // Never called: a result stays.
    }

    /// <summary>For <see cref="Frame.Release"/>: nothing of the caller's stays referred to.</summary>
    protected void Forget()
    {
        Waiter = null;
        Result = default!;
        _channel = null;
        _request = null;
        Request.Buffer = default;
        Request.Address = null;
        Request.Accepted = null;
        Request.Flags = SocketFlags.None;
    }

    private void Submit()
    {
        _underWay = true;
        _channel!.Submit(Request);
    }

    private void OnCompleted(int result)
    {
        _underWay = false;
        if (result >= 0)
        {
            if (Take(result))
            {
                Wake();
            }
            else if (_asked)
            {
                WakeCancelled(_request);
            }
            else
            {
                Submit();
            }
        }
        else if (_asked && IoRequest.Error(result) == SocketError.OperationAborted)
        {
            WakeCancelled(_request);
        }
        else
        {
            WakeWith(ErrorFor(IoRequest.Error(result)));
        }
    }

    private void WakeCancelled(CancelledException? error)
    {
        Fail(error);
        Waiter!.MakeReady();
    }

    private sealed class Operation(IoLeaf<T> leaf) : IoRequest
    {
        internal override void OnCompleted(int result) => leaf.OnCompleted(result);
    }
}
