namespace Asyncio;

/// <summary>
/// A coroutine of ours that runs another one in its own task, with something before it and something after: a limit, a slot.
/// No state machine and no <c>try</c>: what the body failed with is looked at, not thrown and caught.
/// </summary>
internal abstract class EnclosingFrame<T> : Frame<T>
{
    private Frame<T>? _body;

    /// <summary>Gives the body to run now; null when this frame has parked and is to be asked again. May throw: then the await throws.</summary>
    protected abstract Frame<T>? Begin(Strand strand);

    /// <summary>The body has succeeded.</summary>
    protected abstract void Succeeded();

    /// <summary>The body has failed: gives what this frame fails with; null stands for a cancellation that nobody has looked at.</summary>
    protected abstract object? Failed(object? error);

    internal sealed override Frame? Run(Strand strand)
    {
        if (_body is not null)
        {
            return Conclude(strand, _body);
        }

        if (Status == FrameStatus.Failed)
        {
            return Return(strand); // cancelled while it waited to begin
        }

        try
        {
            Status = FrameStatus.Started;
            var body = Begin(strand);
            if (body is null)
            {
                strand.ParkOnLeaf(this);
                return null;
            }

            _body = body;
            body.Parent = this;
            return body;
        }
        catch (Exception e)
        {
            Fail(e);
            return Return(strand);
        }
    }

    private Frame? Conclude(Strand strand, Frame<T> body)
    {
        _body = null;
        if (body.Status == FrameStatus.Failed)
        {
            var error = body.Link;
            body.Release();
            if (error is Exception thrown)
            {
                FrameTrail.Of(thrown).Add(this);
            }

            Fail(Failed(error));
        }
        else
        {
            Result = body.Result;
            body.Release();
            Succeeded();
            Status = FrameStatus.Succeeded;
        }

        return Return(strand);
    }
}
