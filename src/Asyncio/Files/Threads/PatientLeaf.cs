namespace Asyncio.Files;

/// <summary>
/// A leaf that may refuse a cancellation: what it waits for cannot be undone any more. It gives its outcome then, and the request
/// arrives at the next await.
/// </summary>
internal abstract class PatientLeaf<T> : WaiterLeaf<T>, ILeaf
{
    /// <summary>A cancellation asks it to end. True: nothing has happened, and nothing will. False: it goes on.</summary>
    /// <param name="request">What the await throws then; null is to be made when somebody looks.</param>
    protected abstract bool TryWithdraw(CancelledException? request);

    bool ILeaf.TryCancel(CancelledException? error)
    {
        if (IsDone || !TryWithdraw(error))
        {
            return false;
        }

        Fail(error);
        Waiter!.MakeReady();
        return true;
    }

    bool ILeaf.CancelAfterWake(CancelledException? error)
    {
        if (Status != FrameStatus.Failed || Link is not (null or CancelledException))
        {
            return false;
        }

        Link ??= new CancelledException(); // withdrawn by an earlier request, whose message stays
        return true;
    }

    // Never asked: both questions are answered above.
    protected sealed override void Unlink()
    {
    }

    protected sealed override void GiveBack()
    {
    }
}
