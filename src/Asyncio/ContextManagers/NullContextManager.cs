namespace Asyncio;

/// <summary>A manager that does nothing. It may be entered as often as one likes.</summary>
internal sealed class NullContextManager<T>(T value) : IAsyncContextManager<T>
{
    public Coroutine<T> EnterAsync() => Coroutine.FromResult(value);

    public Coroutine<bool> ExitAsync(Exception? error) => Coroutine.FromResult(false);
}
