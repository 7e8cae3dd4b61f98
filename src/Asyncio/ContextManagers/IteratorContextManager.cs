namespace Asyncio;

/// <summary>A manager whose body is an async iterator with one <c>yield return</c>.</summary>
internal sealed class IteratorContextManager<T>(Func<IAsyncEnumerable<T>> body) : IAsyncContextManager<T>
{
    private IAsyncEnumerator<T>? _entered;

    public async Coroutine<T> EnterAsync()
    {
        if (_entered is not null)
        {
            throw new InvalidOperationException("The context manager is entered already; make another one, or leave it first.");
        }

        var iterator = _entered = body().GetAsyncEnumerator();
        try
        {
            return await iterator.MoveNextAsync()
                ? iterator.Current
                : throw new InvalidOperationException("The iterator of the context manager ended without a yield return; it needs exactly one.");
        }
        catch
        {
            _entered = null;
            await iterator.DisposeAsync();
            throw;
        }
    }

    public async Coroutine<bool> ExitAsync(Exception? error)
    {
        var iterator = _entered ?? throw new InvalidOperationException("The context manager is not entered.");
        _entered = null;
        try
        {
            if (error is null && await iterator.MoveNextAsync())
            {
                throw new InvalidOperationException("The iterator of the context manager came to a second yield return; it needs exactly one.");
            }
        }
        finally
        {
            await iterator.DisposeAsync();
        }

        return false;
    }
}
