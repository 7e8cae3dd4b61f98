using System.Net.Sockets;

namespace Asyncio;

internal sealed unsafe partial class UringReactor
{
    private const int TimeIsUp = 62; // ETIME, which is no error of sockets

    private readonly Queue<SubmissionEntry> _backlog = new();
    private bool _watchingWake;

    /// <summary>Begins an operation, which lives until <see cref="End"/>.</summary>
    internal int Begin(OperationKind kind, UringChannel channel, IoRequest? request = null)
    {
        channel.Hold();
        var slot = _operations.Rent(kind, channel, request);
        if (request is not null)
        {
            request.Slot = slot;
            request.Pin = request.Buffer.IsEmpty ? default : request.Buffer.Pin();
            if (request.Kind is IoKind.Connect or IoKind.SendTo or IoKind.ReceiveFrom)
            {
                _operations[slot].Message = _messages.Rent(request, request.Pin.Pointer);
            }
        }

        HandOver(slot);
        return slot;
    }

    /// <summary>
    /// Writes what the operation does next for the kernel. Outside of a run, which may go on in another thread, the next poll does; so does it
    /// for a handle that was closed meanwhile, whose number may be another's by now: it ends the operation.
    /// </summary>
    internal void HandOver(int slot)
    {
        ref var operation = ref _operations[slot];
        if (IsLeaving || !_inRun || operation.Channel.Handle.IsClosed)
        {
            operation.IsParked = true;
            Later(new Postponed(slot));
            return;
        }

        operation.IsParked = false;
        _inKernel++;
        var entry = operation.IsPolling ? UringEntries.Poll(operation) : UringEntries.Of(operation);
        entry.UserData = _operations.Tag(slot);
        Write(entry);
        if (operation.Channel.LeavesOpen)
        {
            Enter(0); // nothing holds the descriptor but the kernel, once it has the operation
        }
    }

    /// <summary>As <see cref="HandOver(int)"/>, but waits for the descriptor first.</summary>
    internal void HandOverWhenReady(int slot)
    {
        _operations[slot].IsPolling = true;
        HandOver(slot);
    }

    /// <summary>Asks for the end of an operation. It is told as it ends: with its result, if that came first.</summary>
    internal void Cancel(int slot)
    {
        ref var operation = ref _operations[slot];
        if (operation.CancelAsked)
        {
            return;
        }

        operation.CancelAsked = true;
        if (!operation.IsParked)
        {
            CancelInKernel(_operations.Tag(slot));
        }
    }

    /// <summary>Writes what is to be done with a file for the kernel. Only in a run.</summary>
    internal void HandOver(in SubmissionEntry entry)
    {
        _inKernel++;
        Write(entry);
    }

    internal void CancelInKernel(ulong tag) =>
        Write(new SubmissionEntry { Opcode = UringOpcode.Cancel, Flags = EntryFlags.SkipSuccess, Address = tag });

    internal void CancelAll(UringChannel channel)
    {
        for (var slot = channel.FirstOperation; slot != 0; slot = _operations[slot].Next)
        {
            Cancel(slot);
        }
    }

    /// <summary>The kernel gets what is written for it now. False: that is left to the next poll.</summary>
    internal bool TrySubmit()
    {
        if (!_inRun || IsLeaving || !_ring.BelongsToThisThread)
        {
            return false;
        }

        Enter(0);
        return _backlog.Count == 0 && _ring.Unsubmitted == 0;
    }

    /// <summary>Whether the request is under way in the ring.</summary>
    internal bool Has(IoRequest request) => request.Slot != 0 && ReferenceEquals(_operations[request.Slot].Request, request);

    /// <summary>The operation is over: its slot, and what it held, is free.</summary>
    internal void End(int slot)
    {
        ref var operation = ref _operations[slot];
        var channel = operation.Channel;
        if (operation.Message is not null)
        {
            _messages.Return(operation.Message);
        }

        _operations.Return(slot);
        channel.Release();
    }

    private void Write(in SubmissionEntry entry)
    {
        if (_backlog.Count == 0 && _ring.TryWrite(entry))
        {
            return;
        }

        // Full. What is in it goes now; what then still finds no place goes in order with the next poll.
        _backlog.Enqueue(entry);
        if (_ring.BelongsToThisThread)
        {
            CheckEntered(_ring.Enter(0));
            WriteBacklog();
        }
    }

    private void WriteBacklog()
    {
        while (_backlog.TryPeek(out var entry) && _ring.TryWrite(entry))
        {
            _backlog.Dequeue();
        }
    }

    private void Enter(double seconds)
    {
        if (!_ring.BelongsToThisThread)
        {
            MoveToThisThread();
        }

        if (!_watchingWake)
        {
            _watchingWake = true;
            Write(_wake.Watch());
        }

        WriteBacklog();
        CheckEntered(_ring.Enter(_backlog.Count > 0 ? 0 : seconds));
        WriteBacklog();
    }

    private static void CheckEntered(int result)
    {
        // Interrupted, out of time, or completions are to be taken first: whoever waits comes again.
        if (result < 0 && -result is not (Errno.EINTR or TimeIsUp or Errno.EAGAIN or Errno.EBUSY))
        {
            throw new SocketException((int)Errno.ToSocketError(-result), $"io_uring_enter failed: {Errno.Describe(-result)}.");
        }
    }
}
