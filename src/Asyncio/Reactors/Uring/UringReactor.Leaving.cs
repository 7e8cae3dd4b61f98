namespace Asyncio;

/// <summary>
/// A ring is bound to a thread: the kernel refuses entries from another one, and ends what a thread has submitted when that exits. A
/// loop is not: it may run again elsewhere. So the end of a run takes back what the kernel has, and the next run begins it again.
/// </summary>
internal sealed unsafe partial class UringReactor
{
    /// <summary>How long to wait for cancelled operations before they are cancelled once more, in seconds.</summary>
    private const double CancelAgainAfter = 1;

    internal override void Leave()
    {
        if (_inKernel > 0 && _ring.BelongsToThisThread)
        {
            TakeBackAll();
        }

        _inRun = false;
    }

    public override void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        // Before anything is ended: what another thread has under way cannot be taken back from here.
        if (_inKernel > 0 && !_ring.BelongsToThisThread)
        {
            MoveToThisThread();
        }

        _disposed = true;
        foreach (var channel in _channels.ToArray())
        {
            channel.Close();
        }

        _files.CancelAll();
        if (_inKernel > 0)
        {
            TakeBackAll();
        }

        // Each may submit once more when it is told; that is told as aborted, too.
        while (HasLater)
        {
            DoLater();
        }

        _wake.Dispose();
        _ring.Dispose();
        Buffers.Dispose();
        _messages.Dispose();
    }

    /// <summary>
    /// Cancels everything and waits until the kernel has let go. Results that came first are kept for the next poll; operations that
    /// nobody has cancelled begin again there.
    /// </summary>
    private void TakeBackAll()
    {
        IsLeaving = true;
        try
        {
            while (_inKernel > 0)
            {
                Write(new SubmissionEntry
                {
                    Opcode = UringOpcode.Cancel,
                    Flags = EntryFlags.SkipSuccess,
                    OperationFlags = UringValues.CancelAll | UringValues.CancelAny,
                });
                Enter(CancelAgainAfter);
                Reap();
            }
        }
        finally
        {
            IsLeaving = false;
        }
    }

    /// <summary>Another thread runs the loop now: it gets a ring of its own, with what was written for the old one.</summary>
    private void MoveToThisThread()
    {
        TakeBackUnsubmitted();
        if (_inKernel > _backlog.Count(entry => _operations.Find(entry.UserData) != 0 || _files.Find(entry.UserData) is not null))
        {
            throw new InvalidOperationException("The reactor has operations under way in another thread; that must leave it first.");
        }

        var ring = Ring.TryCreate(out var error);
        error = ring is null ? error : -Buffers.Register(ring);
        if (ring is null || error > 0)
        {
            ring?.Dispose();
            throw new InvalidOperationException($"io_uring could not be set up in this thread: {Errno.Describe(error)}.");
        }

        _ring.Dispose();
        _ring = ring;
        _watchingWake = false;
    }

    private void TakeBackUnsubmitted()
    {
        var later = _backlog.ToArray();
        _backlog.Clear();
        while (_ring.TryTakeBack(out var entry))
        {
            if (entry.UserData != WakeSignal.Tag)
            {
                _backlog.Enqueue(entry);
            }
        }

        foreach (var entry in later)
        {
            _backlog.Enqueue(entry);
        }
    }
}
