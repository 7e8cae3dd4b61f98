namespace Asyncio;

/// <summary>
/// What <c>AsyncLocal</c> values, culture, activity and logging scopes a piece of code sees: a cell over an
/// <see cref="ExecutionContext"/>. The counterpart of <c>contextvars.Context</c>: those who share one see each other's writes.
/// </summary>
public sealed class Context
{
    internal ExecutionContext? Execution;

    private Context(ExecutionContext? execution) => Execution = execution;

    /// <summary>A copy of the current context: later writes on either side are not seen by the other. Empty where <see cref="ExecutionContext.SuppressFlow"/> is in force. Asyncio: <c>contextvars.copy_context()</c>.</summary>
    public static Context CopyCurrent() => new(ThreadContext.Inherit());

    /// <summary>A copy of this context.</summary>
    public Context Copy() => new(Execution);

    /// <summary>Calls <paramref name="action"/> in this context and keeps what it writes. Asyncio: <c>Context.run()</c>.</summary>
    public void Run(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var thread = Thread.CurrentThread;
        var outer = ThreadContext.Capture(thread);
        ThreadContext.SetExecution(thread, Execution);
        try
        {
            action();
        }
        finally
        {
            Execution = ThreadContext.Capture(thread);
            ThreadContext.SetExecution(thread, outer);
        }
    }

    /// <inheritdoc cref="Run(Action)"/>
    public T Run<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        T result = default!;
        Run(() => { result = function(); });
        return result;
    }

    /// <summary>Refused: the coroutine would run outside the context. Give the context to <c>CreateTask</c>.</summary>
    [Obsolete("A coroutine made here would run later, outside the context. Use Aio.CreateTask(coroutine, context: ...).", error: true)]
    public void Run(Func<Coroutine> function) => throw new NotSupportedException();

    internal static Context Of(ExecutionContext? execution) => new(execution);

    internal void StoreFrom(Thread thread) => Execution = ThreadContext.Capture(thread);

    /// <summary>The context of a task that has a copy of its own: from now on kept in a cell, so that others can share it.</summary>
    internal static Context ViewOf(TaskStrand strand)
    {
        var details = strand.Details;
        if (details.Cell is null)
        {
            var runs = ReferenceEquals(EventLoop.t_running?.CurrentStrand?.Task, strand);
            details.Cell = new Context(runs ? ThreadContext.Capture() : strand.CurrentExecution);
            strand.Flags |= StrandFlags.SharedContext;
        }

        return details.Cell;
    }
}
