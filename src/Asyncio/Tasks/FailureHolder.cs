using System.Runtime.ExceptionServices;

namespace Asyncio;

/// <summary>
/// The exception of a failed future. It has the finalizer that futures and tasks do not have: when it is collected and nobody has
/// looked, the loop's exception handler is told.
/// </summary>
internal sealed class FailureHolder
{
    private readonly string _kind;
    private readonly EventLoop _loop;
    private readonly Future _future; // has no finalizer, so it is whole when this one's runs

    internal FailureHolder(Future future, Exception error)
    {
        Info = ExceptionDispatchInfo.Capture(FrameTrail.Render(error));
        _kind = future is IAsyncTask ? "Task" : "Future";
        _loop = future.LoopField;
        _future = future;
        _loop.Unretrieved.Add(this);
    }

    ~FailureHolder()
    {
        if (!IsRetrieved)
        {
            _loop.ReportFromAnywhere(MakeReport());
        }
    }

    internal ExceptionDispatchInfo Info { get; }

    internal bool IsRetrieved { get; private set; }

    internal ExceptionDispatchInfo Retrieve()
    {
        if (!IsRetrieved)
        {
            IsRetrieved = true;
            GC.SuppressFinalize(this);
        }

        return Info;
    }

    /// <summary>At the loop's end: tells its handler, if nobody has looked.</summary>
    internal void Report(EventLoop loop)
    {
        if (!IsRetrieved)
        {
            loop.CallExceptionHandler(MakeReport());
        }
    }

    private ExceptionContext MakeReport()
    {
        Retrieve();
        return new ExceptionContext($"{_kind} exception was never retrieved") { Exception = Info.SourceException, Future = _future };
    }
}
