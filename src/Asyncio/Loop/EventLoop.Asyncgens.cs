namespace Asyncio;

// Asynchronous enumerations that the loop knows of.
public sealed partial class EventLoop
{
    private LinkedList<TrackedEnumerator>? _asyncgens;
    private bool _asyncgensShutDown;

    /// <summary>
    /// Disposes of the enumerations that were begun through <see cref="Aio.Iterate{T}"/> and neither ended nor disposed of, so that their
    /// <c>finally</c> blocks run. Errors go to the exception handler. Asyncio: <c>shutdown_asyncgens()</c>.
    /// </summary>
    public async Coroutine ShutdownAsyncgens()
    {
        _asyncgensShutDown = true;
        if (_asyncgens is not { Count: > 0 } left)
        {
            return;
        }

        _asyncgens = null;
        var closings = new List<AsyncTask>();
        foreach (var enumerator in left)
        {
            closings.Add(CreateTask(CloseAsyncgen(enumerator)));
        }

        try
        {
            foreach (var closing in closings)
            {
                await closing;
            }
        }
        finally
        {
            foreach (var closing in closings)
            {
                closing.Cancel(); // cancelled itself, it takes all of them along; otherwise they have ended
            }
        }
    }

    /// <summary>An enumeration has begun.</summary>
    internal void AddAsyncgen(TrackedEnumerator enumerator)
    {
        if (_asyncgensShutDown)
        {
            Warn($"Warning: asynchronous generator {enumerator.Name} was scheduled after loop.ShutdownAsyncgens() call.");
        }

        (_asyncgens ??= new LinkedList<TrackedEnumerator>()).AddLast(enumerator.Node);
    }

    internal void RemoveAsyncgen(TrackedEnumerator enumerator) => enumerator.Node.List?.Remove(enumerator.Node);

    private async Coroutine CloseAsyncgen(TrackedEnumerator enumerator)
    {
        try
        {
            await enumerator.DisposeInner();
        }
        catch (Exception e) when (e is not CancelledException)
        {
            CallExceptionHandler(new ExceptionContext($"an error occurred during closing of asynchronous generator {enumerator.Name}") { Exception = e, AsyncGenerator = enumerator.Source });
        }
    }
}
