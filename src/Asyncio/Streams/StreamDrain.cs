using System.Threading.Tasks.Sources;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>A write by foreign code that has to wait for room, as <see cref="StreamRead"/>. What was written stays written if the wait is cancelled.</summary>
internal sealed class StreamDrain(StreamReaderProtocol protocol) : Runnable, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private bool _waits;

    /// <summary>True from the beginning until the result was taken.</summary>
    internal bool IsUnderWay { get; private set; }

    internal ValueTask Begin(CancellationToken cancellationToken)
    {
        _core.Reset();
        IsUnderWay = _waits = true;
        protocol.WhenWritable(this);
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static (drain, token) => ((StreamDrain)drain!).RequestCancel(token), this);
        }

        return new ValueTask(this, _core.Version);
    }

    /// <summary>There is room; the connection is lost by an error; or, with a token, the wait is to be cancelled.</summary>
    internal override void Run(object? argument)
    {
        if (!_waits || (argument is CancellationToken && !_registration.Token.Equals(argument)))
        {
            return;
        }

        _waits = false;
        protocol.Forget(this);
        _registration.Dispose();
        _registration = default;
        protocol.Reader.Loop.EnterForeign();
        switch (argument)
        {
            case CancellationToken token:
                _core.SetException(new OperationCanceledException(token));
                break;
            case Exception error:
                _core.SetException(new IOException(error.Message, error));
                break;
            default:
                _core.SetResult(true);
                break;
        }
    }

    internal override void GiveUp(object? argument)
    {
        if (_waits && argument is not CancellationToken)
        {
            _waits = false;
            _core.RunContinuationsAsynchronously = true;
            _core.SetException(new IOException("The event loop was closed."));
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            IsUnderWay = false;
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void RequestCancel(CancellationToken token) => protocol.Reader.Loop.EnqueueFromAnywhere(this, token);
}
