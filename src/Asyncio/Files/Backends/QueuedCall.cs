using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>What came of a <see cref="QueuedCall"/>: how many bytes, and the errno that ended it; zero for none.</summary>
internal readonly record struct QueuedOutcome(int Count, int Error);

/// <summary>
/// An operation on a file that a reactor does. Cancelled before it has had an effect, it has none; one that has begun is waited for, to its end.
/// </summary>
internal sealed class QueuedCall : PatientLeaf<QueuedOutcome>
{
    [ThreadStatic]
    private static FramePool t_pool;

    private readonly Request _request;
    private IFileQueue _queue = null!;
    private CancelledException? _cancelled; // the first request's, if it carries a message
    private bool _mustRun;
    private bool _asked;
    private bool _underWay;

    private QueuedCall() => _request = new Request(this);

    internal override string Name => _request.Operation switch
    {
        FileOperation.Read => "reading a file",
        FileOperation.Write => "writing a file",
        _ => "flushing a file to disk",
    };

    /// <param name="queue">Of the loop that runs.</param>
    /// <param name="operation">What to do.</param>
    /// <param name="handle">With which file.</param>
    /// <param name="buffer">Of a write, it is only read.</param>
    /// <param name="position">Where.</param>
    /// <param name="mustRun">True: no cancellation ends it.</param>
    internal static Coroutine<QueuedOutcome> Create(
        IFileQueue queue, FileOperation operation, SafeFileHandle handle, ReadOnlyMemory<byte> buffer = default, long position = 0, bool mustRun = false)
    {
        var call = Unsafe.As<QueuedCall?>(t_pool.Rent()) ?? new QueuedCall();
        call._queue = queue;
        call._mustRun = mustRun;
        call._asked = false;
        call._request.Operation = operation;
        call._request.Handle = handle;
        call._request.Buffer = MemoryMarshal.AsMemory(buffer);
        call._request.Position = position;
        NeverAwaited.TrackIfDebug(call);
        return new Coroutine<QueuedOutcome>(call);
    }

    protected override bool Begin(Strand strand)
    {
        // With a request pending nothing may begin: parking delivers it.
        if (_mustRun || (strand.Flags & StrandFlags.MustCancel) == 0)
        {
            _queue.Submit(_request);
            _underWay = true;
        }

        return false;
    }

    protected override bool TryWithdraw(CancelledException? request)
    {
        if (!_underWay)
        {
            return true;
        }

        if (!_mustRun && !_asked)
        {
            _asked = true;
            _cancelled = request;
            _queue.Cancel(_request);
        }

        return false;
    }

    internal override void Release()
    {
        Waiter = null;
        Result = default;
        _cancelled = null;
        _queue = null!;
        _request.Handle = null;
        _request.Buffer = default;
        t_pool.Return(this);
    }

    private void OnCompleted(int count, int error)
    {
        _underWay = false;
        if (_asked && error == Errno.ECANCELED)
        {
            Fail(_cancelled);
            Waiter!.MakeReady();
            return;
        }

        Result = new QueuedOutcome(count, error);
        Wake();
    }

    private sealed class Request(QueuedCall call) : FileRequest
    {
        internal override void OnCompleted(int count, int error) => call.OnCompleted(count, error);
    }
}
