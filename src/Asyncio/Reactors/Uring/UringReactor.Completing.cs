using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Asyncio;

internal sealed unsafe partial class UringReactor
{
    private readonly Queue<Postponed> _later = new();

    private bool HasLater => _later.Count > 0;

    /// <summary>Something for the next poll: a request's outcome, a channel that has something to tell, an operation to hand over.</summary>
    internal void Later(Postponed postponed) => _later.Enqueue(postponed);

    internal void Began() => _active++;

    /// <summary>Somebody is told that it has ended.</summary>
    internal void Ended() => _active--;

    internal void Told() => _told = true;

    /// <summary>Tells the request's outcome: now, if that is allowed now.</summary>
    internal void Tell(IoRequest request, int result)
    {
        if (IsLeaving)
        {
            Later(new Postponed(request, result));
            return;
        }

        _active--;
        _told = true;
        request.OnCompleted(result);
    }

    // What comes in meanwhile is for the next poll.
    private void DoLater()
    {
        for (var count = _later.Count; count > 0; count--)
        {
            Do(_later.Dequeue());
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Do(Postponed postponed)
    {
        if (postponed.Request is not null)
        {
            Tell(postponed.Request, postponed.Result);
        }
        else if (postponed.Channel is not null)
        {
            postponed.Channel.TellKept();
        }
        else if (postponed.File is not null)
        {
            _files.Do(postponed.File);
        }
        else
        {
            DoParked(postponed.Slot, ref _operations[postponed.Slot]);
        }
    }

    private void DoParked(int slot, ref Operation operation)
    {
        var error = operation.CancelAsked ? Errno.ECANCELED : operation.Channel.Handle.IsClosed ? Errno.EBADF : 0;
        if (error == 0)
        {
            HandOver(slot);
            return;
        }

        operation.IsParked = false;
        _inKernel++;
        Dispatch(_operations.Tag(slot), -error, 0);
    }

    // Those that come while these are told wait for the next poll: a busy ring must not keep the loop from its other work.
    private void Reap()
    {
        for (var count = _ring.Completed; count > 0; count--)
        {
            var entry = _ring.Take();
            Dispatch(entry.UserData, entry.Result, entry.Flags);
        }
    }

    /// <remarks>Not inlined: a local of the loop that waits would keep what it served last alive.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Dispatch(ulong tag, int result, CompletionFlags flags)
    {
        if (tag == WakeSignal.Tag)
        {
            _watchingWake = (flags & CompletionFlags.More) != 0;
            _woken |= _wake.Reset();
            return;
        }

        var slot = _operations.Find(tag);
        if (slot == 0)
        {
            if (_files.Find(tag) is { } file)
            {
                _inKernel--;
                _files.OnCompletion(file, result);
            }

            // Else a cancellation that found nothing to cancel.
            return;
        }

        if ((flags & CompletionFlags.More) == 0)
        {
            _inKernel--;
        }

        ref var operation = ref _operations[slot];
        switch (operation.Kind)
        {
            case not OperationKind.Request when operation.IsPolling && result >= 0:
                operation.IsPolling = false;
                HandOver(slot);
                break;
            case not OperationKind.Request when result == -Errno.EAGAIN && !operation.CancelAsked:
                // A descriptor that does not block may say so, instead of waiting.
                HandOverWhenReady(slot);
                break;
            case OperationKind.Receiving:
                operation.Channel.OnReceiveCompletion(slot, result, flags);
                break;
            case OperationKind.Accepting:
                operation.Channel.OnAcceptCompletion(slot, result, flags);
                break;
            default:
                OnRequestCompletion(slot, result);
                break;
        }
    }

    private void OnRequestCompletion(int slot, int result)
    {
        ref var operation = ref _operations[slot];
        var request = operation.Request!;
        if (operation.IsPolling && result >= 0)
        {
            operation.IsPolling = false;
            if (request.Kind == IoKind.Connect)
            {
                Finish(slot, request, IoRequest.Failed(operation.Channel.TakeError()));
            }
            else
            {
                HandOver(slot);
            }

            return;
        }

        if (operation.CancelAsked)
        {
            result = result == -Errno.EAGAIN ? -Errno.ECANCELED : result;
        }
        else if (MustGoOn(slot, request, result))
        {
            return;
        }

        if (request.Kind == IoKind.Send && request.Progress + Math.Max(result, 0) > 0)
        {
            result = request.Progress + Math.Max(result, 0);
        }

        Finish(slot, request, result >= 0 ? result : IoRequest.Failed(ErrorOf(-result)));
    }

    /// <summary>Hands the request over again, if this was not its end.</summary>
    private bool MustGoOn(int slot, IoRequest request, int result)
    {
        switch (result)
        {
            case -Errno.EAGAIN:
                HandOverWhenReady(slot);
                return true;
            case -Errno.EINTR:
                HandOver(slot);
                return true;
            case -Errno.ECANCELED when request.Kind == IoKind.Connect:
                // The attempt goes on without the operation that watched it.
                HandOverWhenReady(slot);
                return true;
            case -Errno.ECANCELED:
                HandOver(slot);
                return true;
            case > 0 when request.Kind == IoKind.Send && request.Progress + result < request.Buffer.Length:
                request.Progress += result;
                HandOver(slot);
                return true;
            default:
                return false;
        }
    }

    private void Finish(int slot, IoRequest request, int result)
    {
        ref var operation = ref _operations[slot];
        var channel = operation.Channel;
        if (result >= 0)
        {
            switch (request.Kind)
            {
                case IoKind.Accept:
                    request.Accepted = UringChannel.Adopt(result);
                    result = 0;
                    break;
                case IoKind.ReceiveFrom:
                    MessagePool.TakeAddress(operation.Message, request, channel.Socket!.AddressFamily);
                    break;
                case IoKind.WaitReadable or IoKind.WaitWritable or IoKind.Connect:
                    result = 0;
                    break;
            }
        }

        request.Pin.Dispose();
        request.Pin = default;
        request.Slot = 0;
        End(slot);
        Tell(request, result);
    }

    /// <summary>The error that stands for an errno. An interrupted operation is one that was cancelled while it ran.</summary>
    internal static SocketError ErrorOf(int errno) =>
        errno is Errno.ECANCELED or Errno.EINTR ? SocketError.OperationAborted : Errno.ToSocketError(errno);
}
