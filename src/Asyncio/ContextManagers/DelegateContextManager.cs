namespace Asyncio;

/// <summary>A manager that is two functions.</summary>
internal sealed class DelegateContextManager<T>(Func<Coroutine<T>> enter, Func<T, Exception?, Coroutine<bool>> exit) : IAsyncContextManager<T>
{
    private T _value = default!;
    private bool _entered;

    public async Coroutine<T> EnterAsync()
    {
        if (_entered)
        {
            throw new InvalidOperationException("The context manager is entered already; make another one, or leave it first.");
        }

        _entered = true;
        try
        {
            return _value = await enter();
        }
        catch
        {
            _entered = false;
            throw;
        }
    }

    public async Coroutine<bool> ExitAsync(Exception? error)
    {
        if (!_entered)
        {
            throw new InvalidOperationException("The context manager is not entered.");
        }

        var value = _value;
        _value = default!;
        _entered = false;
        return await exit(value, error);
    }
}
