namespace Asyncio;

/// <summary>
/// Something that is entered and left, both of which may suspend, and that is told how the code between the two ended. The counterpart of
/// an object with <c>__aenter__</c> and <c>__aexit__</c>; used by <see cref="Aio.With{T}(IAsyncContextManager{T}, Func{T, Coroutine})"/>.
/// </summary>
/// <typeparam name="T">What entering gives.</typeparam>
/// <remarks>What only has to be disposed of need not be one: <see cref="IAsyncDisposable"/> and <c>await using</c> do that.</remarks>
public interface IAsyncContextManager<T>
{
    /// <summary>Enters. If this throws, nothing is entered and <see cref="ExitAsync"/> is not called. Asyncio: <c>__aenter__()</c>.</summary>
    /// <returns>What the code inside works with.</returns>
    Coroutine<T> EnterAsync();

    /// <summary>Leaves; called once for each successful <see cref="EnterAsync"/>, also when the task is cancelled. Asyncio: <c>__aexit__()</c>.</summary>
    /// <param name="error">What the code inside threw; null if it came to its end.</param>
    /// <returns>True if <paramref name="error"/> is dealt with and goes no further.</returns>
    Coroutine<bool> ExitAsync(Exception? error);
}
