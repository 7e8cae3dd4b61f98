namespace Asyncio;

/// <summary>A read that may have to wait. Woken only when what it waits for is there, or never will be.</summary>
internal abstract class ReadLeaf<T> : Leaf<T>, IReadWaiter
{
    /// <summary>Set from <c>Rent</c> until <c>Release</c>.</summary>
    protected AsyncStreamReader Reader = null!;

    /// <summary>The name of the method that the user has called.</summary>
    protected abstract string Call { get; }

    internal sealed override string Name => "AsyncStreamReader." + Call;

    bool IReadWaiter.WantsMore => Status == FrameStatus.Started;

    /// <summary>True if <see cref="TryTake"/> would not have to wait; may have to wait all the same.</summary>
    protected abstract bool HasEnough { get; }

    /// <summary>Takes what was asked for out of the buffer. False: it is not all there, and nothing was taken. May throw.</summary>
    protected abstract bool TryTake();

    /// <summary>The bytes that are not in the buffer any more go back.</summary>
    protected virtual void PutBack()
    {
    }

    protected virtual int TakeDirectly(ReadOnlySpan<byte> data) => 0;

    protected Coroutine<T> Start(AsyncStreamReader reader)
    {
        Reader = reader;
        Status = reader.HasNews ? FrameStatus.Immediate : FrameStatus.Created;
        NeverAwaited.TrackIfDebug(this);
        return new Coroutine<T>(this);
    }

    protected sealed override bool TryAtOnce(Strand strand)
    {
        Reader.CheckRead(strand.Loop, Call);
        return HasEnough && TryTake();
    }

    protected sealed override bool Begin(Strand strand)
    {
        Reader.CheckRead(strand.Loop, Call);
        return TryTake() || Wait();
    }

    protected sealed override bool Resume(Strand strand)
    {
        if (Status == FrameStatus.Failed)
        {
            return true;
        }

        Reader.EndWait();
        return TryTake() || Wait();
    }

    protected sealed override void Unlink() => Leave();

    protected sealed override void GiveBack() => Leave();

    int IReadWaiter.Take(ReadOnlySpan<byte> data) => TakeDirectly(data);

    void IReadWaiter.Look()
    {
        if (Status == FrameStatus.Started && HasEnough)
        {
            Reader.Loop.EnqueueChecked(Waiter!, null);
            Status = FrameStatus.Succeeded;
        }
    }

    void IReadWaiter.Fail(Exception error)
    {
        if (Status != FrameStatus.Started)
        {
            return; // woken before the failure: it gets what it was woken for
        }

        Reader.Loop.EnqueueChecked(Waiter!, null);
        Fail(error);
    }

    private bool Wait()
    {
        // A transport of the user's may deliver at once what it has held back.
        if (Reader.ResumeForWait() && TryTake())
        {
            return true;
        }

        Reader.BeginWait(this);
        return false;
    }

    private void Leave()
    {
        PutBack();
        Reader.EndWait();
    }
}
