namespace Asyncio;

/// <summary>
/// What of ours the foreign code called by one task waits for now, in the order in which the waits began; and how a cancellation of
/// that task runs through it.
/// </summary>
/// <remarks>
/// Which wait stands beneath which foreign await cannot be told, so a cancellation reaches all. First those that wait for something of
/// ours; a foreign await is held back until they have left, since it may end by that alone. Then the hidden strands stop waiting, and the
/// task itself last. Each step has <see cref="EventLoop.ForeignCancellationGrace"/>: an operation whose waits were cancelled was asked to
/// end, and where its code goes on with <c>ConfigureAwait(false)</c> the end comes by way of a pool thread.
/// </remarks>
internal sealed class GuestWaits(TaskStrand host)
{
    private readonly List<ForeignWait> _held = [];
    private IGuestWait? _first;
    private IGuestWait? _last;
    private LowLevel.TimerHandle? _grace;

    internal void Add(IGuestWait guest)
    {
        if (_last is null)
        {
            _first = guest;
        }
        else
        {
            _last.After = guest;
            guest.Before = _last;
        }

        _last = guest;
    }

    internal void Remove(IGuestWait guest)
    {
        if (guest.Before is { } before)
        {
            before.After = guest.After;
        }
        else
        {
            _first = guest.After;
        }

        if (guest.After is { } after)
        {
            after.Before = guest.Before;
        }
        else
        {
            _last = guest.Before;
        }

        guest.Before = null;
        guest.After = null;
        if (_held.Count > 0)
        {
            CheckLater();
        }
    }

    /// <summary>The task, or one of its hidden strands, is cancelled in a foreign await. False: nothing of ours can be beneath it.</summary>
    internal bool Cancel(ForeignWait wait)
    {
        if (_first is null)
        {
            return false;
        }

        if (!ReferenceEquals(wait.Strand, host))
        {
            if (AllAreForeign())
            {
                return false;
            }

            Hold(wait);
            return true;
        }

        Hold(wait);
        var error = host.CancelError();
        for (var guest = _first; guest is not null; guest = guest.After)
        {
            guest.Cancel(error);
        }

        CheckLater();
        return true;
    }

    /// <summary>A foreign await that was held back has ended by itself.</summary>
    internal void Forget(ForeignWait wait)
    {
        wait.IsHeld = false;
        if (_held.Remove(wait) && _held.Count == 0)
        {
            _grace?.Cancel();
            _grace = null;
        }
    }

    private void Hold(ForeignWait wait)
    {
        if (!wait.IsHeld)
        {
            wait.IsHeld = true;
            _held.Add(wait);
        }
    }

    private void CheckLater()
    {
        if (OnlyHeldAreLeft())
        {
            _grace?.Cancel();
            _grace = host.Loop.CallLater(host.Loop.ForeignCancellationGrace, Check);
        }
    }

    private void Check()
    {
        _grace = null;
        if (!OnlyHeldAreLeft())
        {
            return; // the clean-up waits for something of ours; when that leaves, it is checked again
        }

        var inner = _held.FindAll(wait => !ReferenceEquals(wait.Strand, host));
        foreach (var wait in inner.Count > 0 ? inner : [.. _held])
        {
            Forget(wait);
            wait.EndNow();
        }
    }

    private bool AllAreForeign()
    {
        for (var guest = _first; guest is not null; guest = guest.After)
        {
            if (guest.Foreign is null)
            {
                return false;
            }
        }

        return true;
    }

    private bool OnlyHeldAreLeft()
    {
        for (var guest = _first; guest is not null; guest = guest.After)
        {
            if (guest.Foreign is not { IsHeld: true })
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Something of ours that foreign code called by a task waits for; cancelling the task at its foreign await reaches it.</summary>
internal interface IGuestWait
{
    /// <summary>Its neighbours among the waits of the task.</summary>
    IGuestWait? Before { get; set; }

    /// <inheritdoc cref="Before"/>
    IGuestWait? After { get; set; }

    /// <summary>The foreign await in which it stands itself, if any.</summary>
    ForeignWait? Foreign { get; }

    void Cancel(CancelledException? error);
}
