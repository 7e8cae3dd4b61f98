using System.Threading.Tasks.Sources;

namespace Asyncio;

/// <summary>
/// A read by foreign code on the loop's thread: by <c>SslStream</c>, a pipe, an <c>async Task</c>. Its continuation runs in a turn of its own,
/// on this thread, without a context, so that what was begun with <c>ConfigureAwait(false)</c> stays here. Used again for the next read.
/// </summary>
internal sealed class StreamRead(AsyncStreamReader reader) : Runnable, IReadWaiter, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _core;
    private CancellationTokenRegistration _registration;
    private Memory<byte> _memory;
    private Exception? _error;
    private int _filled;
    private bool _waits;
    private bool _woken;

    bool IReadWaiter.WantsMore => _waits && !_woken;

    /// <summary>True from the beginning until the result was taken.</summary>
    internal bool IsUnderWay { get; private set; }

    /// <summary>Begins; the caller has looked whether something is there.</summary>
    internal ValueTask<int> Begin(Memory<byte> memory, CancellationToken cancellationToken)
    {
        _core.Reset();
        _memory = memory;
        _error = null;
        _filled = 0;
        IsUnderWay = _waits = true;
        _woken = false;
        reader.BeginWait(this);
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static (read, token) => ((StreamRead)read!).RequestCancel(token), this);
        }

        return new ValueTask<int>(this, _core.Version);
    }

    /// <summary>Takes what is there, at most a buffer full; nothing for an empty buffer.</summary>
    internal static int Take(AsyncStreamReader reader, Memory<byte> memory) => memory.IsEmpty ? 0 : reader.TakeInto(memory.Span);

    int IReadWaiter.Take(ReadOnlySpan<byte> data)
    {
        var count = Math.Min(data.Length, _memory.Length - _filled);
        data[..count].CopyTo(_memory.Span[_filled..]);
        _filled += count;
        return count;
    }

    void IReadWaiter.Look()
    {
        if (_filled > 0 || reader.HasNews)
        {
            Wake(null);
        }
    }

    void IReadWaiter.Fail(Exception error) => Wake(error);

    /// <summary>Its turn has come; or, with a token, it is to be cancelled.</summary>
    internal override void Run(object? argument)
    {
        if (!_waits)
        {
            return; // cancelled too late: it was over already
        }

        if (argument is not null && (_woken || !_registration.Token.Equals(argument)))
        {
            return; // what has come is not taken away again; and a token may be that of an earlier read
        }

        if (argument is CancellationToken token)
        {
            _error = new OperationCanceledException(token);
        }

        reader.EndWait();
        _waits = false;
        _filled += _error is null && _filled < _memory.Length ? reader.TakeInto(_memory.Span[_filled..]) : 0;
        _memory = default;
        _registration.Dispose();
        _registration = default;
        reader.Loop.EnterForeign();
        if (_error is null)
        {
            _core.SetResult(_filled);
        }
        else
        {
            _core.SetException(ConnectionErrors.AsIO(_error));
        }
    }

    /// <summary>The loop has ended before the turn came.</summary>
    internal override void GiveUp(object? argument)
    {
        if (_waits && argument is null)
        {
            _waits = false;
            _core.RunContinuationsAsynchronously = true;
            _core.SetException(new IOException("The event loop was closed."));
        }
    }

    int IValueTaskSource<int>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            IsUnderWay = false;
        }
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Wake(Exception? error)
    {
        if (!_woken)
        {
            _woken = true;
            _error = error;
            reader.Loop.EnqueueChecked(this, null);
        }
    }

    private void RequestCancel(CancellationToken token) => reader.Loop.EnqueueFromAnywhere(this, token);
}
