namespace Asyncio;

/// <summary>
/// Reading and writing files through the ring. No channel stands behind it: a file has no readiness, and whoever reads or writes it says
/// where. Much of it is done at once, when it is submitted; the rest is a kernel thread's.
/// </summary>
/// <remarks>
/// <para>
/// A write that has begun is never given up. If the kernel stops in the middle of one, the rest is submitted, whatever was asked for meanwhile;
/// at the end of a run it is written on the spot, so that nothing half done outlives the ring.
/// </para>
/// <para>
/// Nothing is done twice. An operation is submitted again only after the kernel has given it back without any effect
/// (<see cref="Errno.ECANCELED"/>, <see cref="Errno.EINTR"/>): the end of a run cancels all that is under way, and what the kernel has done by
/// then is told as done.
/// </para>
/// </remarks>
internal sealed unsafe class UringFiles(UringReactor reactor) : IFileQueue
{
    /// <summary>How the slots of files differ from those of <see cref="OperationTable"/>.</summary>
    private const uint Mark = 1u << 31;

    /// <summary>Longer copies are left to a kernel thread, so that the loop can go on: this much takes some ten microseconds.</summary>
    private const int LongestCopy = 256 * 1024;

    private FileRequest?[] _requests = new FileRequest?[64];
    private int[] _free = new int[64];
    private int _freeCount;
    private int _used;
    private uint _generation;

    public void Submit(FileRequest request)
    {
        Hold(request);
        request.Progress = 0;
        request.CancelAsked = false;
        request.Tag = (ulong)++_generation << 32 | Mark | (uint)Rent(request);
        reactor.Began();
        HandOver(request);
    }

    public void Cancel(FileRequest request)
    {
        if (request.Tag == 0 || request.CancelAsked || request.Progress > 0)
        {
            return;
        }

        request.CancelAsked = true;
        if (!request.IsParked)
        {
            reactor.CancelInKernel(request.Tag);
        }
    }

    /// <summary>Before the ring goes: what is under way is to end.</summary>
    internal void CancelAll()
    {
        foreach (var request in _requests.AsSpan(0, _used))
        {
            if (request is not null)
            {
                Cancel(request);
            }
        }
    }

    /// <summary>The request that has this tag; null if it is no file's.</summary>
    internal FileRequest? Find(ulong tag) =>
        ((uint)tag & Mark) != 0 && (int)((uint)tag & ~Mark) is var slot && slot < _used && _requests[slot] is { } request && request.Tag == tag ? request : null;

    /// <summary>The next poll has come: what has ended is told; what could not be handed over begins, unless it has been cancelled by now.</summary>
    internal void Do(FileRequest request)
    {
        if (!request.IsParked)
        {
            Tell(request);
            return;
        }

        request.IsParked = false;
        if (request.CancelAsked)
        {
            Finish(request, 0, Errno.ECANCELED);
        }
        else
        {
            HandOver(request);
        }
    }

    internal void OnCompletion(FileRequest request, int result)
    {
        if (result is -Errno.ECANCELED or -Errno.EINTR)
        {
            GoOn(request);
        }
        else if (result < 0)
        {
            Finish(request, request.Progress, -result);
        }
        else if (request.Operation != FileOperation.Write)
        {
            Finish(request, result, 0);
        }
        else
        {
            OnWritten(request, result);
        }
    }

    private void OnWritten(FileRequest request, int count)
    {
        request.Progress += count;
        if (request.Progress == request.Buffer.Length)
        {
            Finish(request, request.Progress, 0);
        }
        else if (count == 0)
        {
            Finish(request, request.Progress, Errno.EIO); // it would go on for ever
        }
        else
        {
            GoOn(request);
        }
    }

    /// <summary>The kernel has stopped before the end, without an error.</summary>
    private void GoOn(FileRequest request)
    {
        if (request.Progress > 0 && reactor.IsLeaving)
        {
            WriteRest(request);
        }
        else if (request.CancelAsked && request.Progress == 0)
        {
            Finish(request, 0, Errno.ECANCELED);
        }
        else
        {
            HandOver(request);
        }
    }

    private void HandOver(FileRequest request)
    {
        if (reactor.IsLeaving || !reactor.InRun)
        {
            request.IsParked = true;
            reactor.Later(new Postponed(request));
            return;
        }

        reactor.HandOver(EntryOf(request));
    }

    private void WriteRest(FileRequest request)
    {
        while (request.Progress < request.Buffer.Length)
        {
            var start = (byte*)request.Pin.Pointer + request.Progress;
            var length = request.Buffer.Length - request.Progress;
            var descriptor = (int)request.Handle!.DangerousGetHandle();
            var written = request.Position < 0
                ? Libc.Write(descriptor, start, length)
                : Libc.WriteAt(descriptor, start, length, request.Position + request.Progress);
            if (written > 0)
            {
                request.Progress += (int)written;
            }
            else if (written == 0 || Libc.LastError != Errno.EINTR)
            {
                Finish(request, request.Progress, written == 0 ? Errno.EIO : Libc.LastError);
                return;
            }
        }

        Finish(request, request.Progress, 0);
    }

    private void Finish(FileRequest request, int count, int error)
    {
        request.Pin.Dispose();
        request.Pin = default;
        if (request.IsHeld)
        {
            request.Handle!.DangerousRelease();
        }

        Return((int)((uint)request.Tag & ~Mark));
        request.Tag = 0;
        request.Progress = count;
        request.Error = error;
        if (reactor.IsLeaving)
        {
            reactor.Later(new Postponed(request));
        }
        else
        {
            Tell(request);
        }
    }

    private void Tell(FileRequest request)
    {
        reactor.Ended();
        reactor.Told();
        request.OnCompleted(request.Progress, request.Error);
    }

    private static void Hold(FileRequest request)
    {
        request.IsHeld = false;
        request.Pin = request.Buffer.IsEmpty ? default : request.Buffer.Pin();
        try
        {
            request.Handle!.DangerousAddRef(ref request.IsHeld);
        }
        catch
        {
            request.Pin.Dispose();
            throw;
        }
    }

    private int Rent(FileRequest request)
    {
        if (_freeCount == 0 && _used == _requests.Length)
        {
            Array.Resize(ref _requests, 2 * _used);
            Array.Resize(ref _free, 2 * _used);
        }

        var slot = _freeCount > 0 ? _free[--_freeCount] : _used++;
        _requests[slot] = request;
        return slot;
    }

    private void Return(int slot)
    {
        _requests[slot] = null;
        _free[_freeCount++] = slot;
    }

    private static SubmissionEntry EntryOf(FileRequest request)
    {
        var length = request.Buffer.Length - request.Progress;

        // Tried at once, a part of it may be written and the rest later, behind what others append in between.
        var appends = request is { Operation: FileOperation.Write, Position: FileRequest.CurrentPosition };
        return new SubmissionEntry
        {
            Opcode = request.Operation switch
            {
                FileOperation.Read => UringOpcode.Read,
                FileOperation.Write => UringOpcode.Write,
                _ => UringOpcode.Flush,
            },
            Flags = length > LongestCopy || appends ? EntryFlags.Async : 0,
            Descriptor = (int)request.Handle!.DangerousGetHandle(),
            Address = (ulong)request.Pin.Pointer + (uint)request.Progress,
            Length = (uint)length,
            Offset = request.Operation == FileOperation.Flush ? 0 : request.Position < 0 ? UringValues.CurrentPosition : (ulong)(request.Position + request.Progress),
            UserData = request.Tag,
        };
    }
}
