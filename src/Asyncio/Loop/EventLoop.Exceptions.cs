using System.ComponentModel;
using System.Runtime.CompilerServices;
using Asyncio.LowLevel;
using Microsoft.Extensions.Logging;

namespace Asyncio;

// Errors that nobody awaits.
public sealed partial class EventLoop
{
    /// <summary>Failures that nobody has looked at yet; those left at the end are reported then.</summary>
    internal readonly UnretrievedFailures Unretrieved = new();

    private readonly ILogger? _logger;
    private Action<EventLoop, ExceptionContext>? _exceptionHandler;

    /// <summary>Gives every error that nobody awaits to <paramref name="handler"/>, on the loop's thread; null restores the default. Asyncio: <c>set_exception_handler()</c>.</summary>
    public void SetExceptionHandler(Action<EventLoop, ExceptionContext>? handler) => _exceptionHandler = handler;

    /// <summary>Restores the default handler: what a <c>null</c> without a type means.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [OverloadResolutionPriority(1)]
    public void SetExceptionHandler(DBNull? handler) => _exceptionHandler = null;

    /// <summary>Refused: an <c>async</c> lambda here would be <c>async void</c>.</summary>
    [Obsolete("An exception handler cannot be a coroutine. Use (loop, context) => { Aio.CreateTask(...); } instead. A body that never returns is taken for a coroutine, too: cast it to Action<EventLoop, ExceptionContext>.", error: true)]
    public void SetExceptionHandler(Func<EventLoop, ExceptionContext, Coroutine> handler) => throw new NotSupportedException();

    /// <summary>The handler that was set; null for the default. Asyncio: <c>get_exception_handler()</c>.</summary>
    public Action<EventLoop, ExceptionContext>? GetExceptionHandler() => _exceptionHandler;

    /// <summary>Reports an error that nobody awaits. A handler that fails is itself reported, by the default one. Asyncio: <c>call_exception_handler()</c>.</summary>
    public void CallExceptionHandler(ExceptionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_exceptionHandler is null)
        {
            DefaultExceptionHandler(context);
            return;
        }

        try
        {
            CallHandlerInContext(context);
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            DefaultExceptionHandler(new ExceptionContext("Unhandled error in exception handler")
            {
                Exception = e,
                Extra = new Dictionary<string, object?> { ["context"] = context },
            });
        }
    }

    /// <summary>Logs the error: through the loop's logger, else to standard error. Throws nothing, whatever the logger does. Asyncio: <c>default_exception_handler()</c>.</summary>
    public void DefaultExceptionHandler(ExceptionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Log(LogLevel.Error, context, context.Exception, static c => c.ToString());
    }

    /// <summary>Says something that is no error: to the loop's logger, else to standard error. The text is made where a failure of it is caught.</summary>
    internal void Warn(FormattableString message) => Log(LogLevel.Warning, message, null, FormattableString.Invariant);

    /// <summary>Whatever fails here (a logger, a text of the user's) must end neither the loop nor, in a finalizer, the process.</summary>
    private void Log<TState>(LogLevel level, TState state, Exception? error, Func<TState, string> text)
    {
        try
        {
            if (_logger is not null)
            {
                _logger.Log(level, default, state, error, (s, _) => text(s));
            }
            else
            {
                Console.Error.WriteLine(error is null ? text(state) : $"{text(state)}{Environment.NewLine}{error}");
            }
        }
        catch (Exception e)
        {
            Diagnostics.Reports.LoggingFailed(e, error);
        }
    }

    /// <summary>The handler sees the values of the task or handle that failed.</summary>
    private void CallHandlerInContext(ExceptionContext context)
    {
        var strand = context.Future?.StrandOrNull;
        if (strand is null || (IsRunning && !ReferenceEquals(t_running, this)))
        {
            _exceptionHandler!(this, context);
            return;
        }

        var thread = Thread.CurrentThread;
        var outer = ThreadContext.Capture(thread);
        ThreadContext.SetExecution(thread, strand.CurrentExecution);
        try
        {
            _exceptionHandler!(this, context);
        }
        finally
        {
            ThreadContext.SetExecution(thread, outer);
        }
    }

    internal void ReportCallback(Exception error, Delegate callback, Future? future, Handle? handle = null) =>
        CallExceptionHandler(new ExceptionContext($"Exception in callback {CallbackNames.Of(callback)}") { Exception = error, Future = future, Handle = handle });

    /// <summary>A continuation of foreign code has thrown, which those of <c>async</c> methods never do: an <c>async void</c>, or a bare callback.</summary>
    internal void ReportGuest(Exception error, TaskStrand task) =>
        CallExceptionHandler(new ExceptionContext("Exception in code that was posted to the context of a task") { Exception = error, Future = task.Owner });

    internal void ReportLatePost(SendOrPostCallback callback, object? state)
    {
        ReportFromAnywhere(new ExceptionContext($"Code was posted to an event loop that is closed; it runs on the thread pool: {CallbackNames.Of(callback)}"));
        ForeignThreads.Queue(callback, state);
    }

    /// <summary>Reports on the loop's thread if the loop lives, else here and now.</summary>
    internal void ReportFromAnywhere(ExceptionContext context)
    {
        if (ReferenceEquals(t_running, this))
        {
            CallExceptionHandler(context);
        }
        else
        {
            EnqueueFromAnywhere(new Reporting(this), context);
        }
    }

    private void ReportUnretrieved()
    {
        foreach (var holder in Unretrieved.TakeAll())
        {
            holder.Report(this);
        }
    }

    private sealed class Reporting(EventLoop loop) : Runnable
    {
        internal override void Run(object? argument)
        {
            loop.EnterCallback(null);
            loop.CallExceptionHandler((ExceptionContext)argument!);
        }

        internal override void GiveUp(object? argument) => loop.DefaultExceptionHandler((ExceptionContext)argument!);
    }
}
