using System.Diagnostics;

namespace Asyncio;

/// <summary>
/// Runs coroutines one after the other on one event loop and in one context, and cleans up at the end. The counterpart of
/// <c>asyncio.Runner</c>; <see cref="Aio.Run(Coroutine, bool?, Func{EventLoop}?, CancellationToken)"/> is one for a single run.
/// </summary>
/// <remarks>
/// The loop is made on first use and closed by <see cref="Close"/>. Blocks the calling thread, which becomes the loop's for as long as a run
/// lasts. During a run Ctrl-C cancels the coroutine, a second one ends the process.
/// </remarks>
public sealed class Runner : IDisposable
{
    /// <summary>How long the default executor's threads get to end: asyncio's own limit.</summary>
    private const double ThreadJoinSeconds = 300;

    private readonly bool? _debug;
    private readonly Func<EventLoop>? _loopFactory;
    private EventLoop? _loop;
    private Context? _context;
    private bool _closed;
    private bool _setLoop;

    /// <summary>A runner that has no loop yet.</summary>
    /// <param name="debug">Debug mode of the loop; null leaves it as it is made.</param>
    /// <param name="loopFactory">Makes the loop; null is a plain one, which is also set as the thread's current loop.</param>
    public Runner(bool? debug = null, Func<EventLoop>? loopFactory = null)
    {
        _debug = debug;
        _loopFactory = loopFactory;
    }

    /// <summary>The runner's loop, made now if there is none yet. Asyncio: <c>get_loop()</c>.</summary>
    /// <exception cref="InvalidOperationException">The runner is closed.</exception>
    public EventLoop GetLoop() => Initialize();

    /// <summary>Runs the coroutine as a task and gives its outcome; may be called many times. Asyncio: <c>run()</c>.</summary>
    /// <param name="coroutine">What to run; used up by this, also when the call is refused.</param>
    /// <param name="context">The context to run in; null is the runner's own, which all its runs share: what one writes, the next one sees.</param>
    /// <exception cref="InvalidOperationException">A loop runs in this thread, or the runner is closed.</exception>
    /// <exception cref="KeyboardInterruptException">Ctrl-C ended it.</exception>
    /// <exception cref="CancelledException">It was cancelled by something else. Whatever it failed with is thrown likewise.</exception>
    public void Run(Coroutine coroutine, Context? context = null) => Run(coroutine, context, default);

    /// <inheritdoc cref="Run(Coroutine, Context?)"/>
    public T Run<T>(Coroutine<T> coroutine, Context? context = null) => Run(coroutine, context, default);

    /// <summary>Waits for a future, or whatever else can be awaited.</summary>
    /// <inheritdoc cref="Run(Coroutine, Context?)"/>
    public T Run<T>(IAwaitable<T> awaitable, Context? context = null)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        return Run(awaitable.AsCoroutine(), context, default);
    }

    /// <summary>
    /// Cancels the tasks that are left and waits for them, disposes of abandoned asynchronous enumerations, ends the default
    /// executor and closes the loop. Errors of the tasks go to the loop's exception handler. Does nothing to a runner that was never
    /// used (which stays usable) or is closed already. Asyncio: <c>close()</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The loop runs.</exception>
    public void Close()
    {
        if (_loop is not { } loop)
        {
            return;
        }

        if (loop.IsRunning)
        {
            throw new InvalidOperationException("Cannot close a running event loop.");
        }

        try
        {
            LeftoverTasks.CancelAndWait(loop);
            loop.RunUntilComplete(loop.ShutdownAsyncgens());
            loop.RunUntilComplete(loop.ShutdownDefaultExecutor(ThreadJoinSeconds));
        }
        finally
        {
            if (_setLoop)
            {
                Aio.SetEventLoop(null);
            }

            loop.Close();
            _loop = null;
            _context = null;
            _closed = true;
        }
    }

    /// <inheritdoc cref="Close"/>
    public void Dispose() => Close();

    [StackTraceHidden]
    internal void Run(Coroutine coroutine, Context? context, CancellationToken cancellationToken)
    {
        try
        {
            var loop = Prepare();
            Drive(loop, loop.CreateTask(coroutine, context: context ?? _context, cancellationToken: cancellationToken));
        }
        catch
        {
            coroutine.Close(); // refused before it was used; else this does nothing
            throw;
        }
    }

    [StackTraceHidden]
    internal T Run<T>(Coroutine<T> coroutine, Context? context, CancellationToken cancellationToken)
    {
        try
        {
            var loop = Prepare();
            return Drive(loop, loop.CreateTask(coroutine, context: context ?? _context, cancellationToken: cancellationToken));
        }
        catch
        {
            coroutine.Close();
            throw;
        }
    }

    /// <summary>For a run that has failed: its error is the one that counts, one of the clean-up is only reported.</summary>
    internal void CloseAfterFailure()
    {
        var loop = _loop;
        try
        {
            Close();
        }
        catch (Exception e)
        {
            loop!.DefaultExceptionHandler(new ExceptionContext("Error while closing the event loop after main had failed") { Exception = e });
        }
    }

    internal EventLoop Initialize()
    {
        ThrowIfClosed();
        if (_loop is { } loop)
        {
            return loop;
        }

        if (_loopFactory is null)
        {
            loop = new EventLoop();
            Aio.SetEventLoop(loop);
            _setLoop = true;
        }
        else
        {
            loop = _loopFactory() ?? throw new InvalidOperationException("The loop factory gave null instead of an event loop.");
        }

        if (_debug is { } debug)
        {
            loop.Debug = debug;
        }

        _context = Context.CopyCurrent();
        return _loop = loop;
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new InvalidOperationException("Runner is closed.");
        }
    }

    private EventLoop Prepare()
    {
        if (EventLoop.Running is not null)
        {
            throw new InvalidOperationException("Runner.Run() cannot be called from a running event loop.");
        }

        return Initialize();
    }

    [StackTraceHidden]
    private static T Drive<T>(EventLoop loop, AsyncTask<T> main)
    {
        using var interrupts = Interrupts.Watch(loop, main);
        try
        {
            return loop.RunUntilComplete(main);
        }
        catch (CancelledException e)
        {
            // Somebody else's request is left: then it was not (only) Ctrl-C that ended main.
            if (interrupts is { Seen: true } && main.Strand.Uncancel() == 0)
            {
                throw new KeyboardInterruptException("Interrupted by Ctrl-C.", e);
            }

            throw;
        }
    }
}
