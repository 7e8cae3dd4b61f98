namespace Asyncio;

/// <summary>A context manager that is entered for the rest of a block, from <see cref="Aio.With{T}(IAsyncContextManager{T})"/>.</summary>
/// <typeparam name="T">What entering gave.</typeparam>
/// <remarks>
/// C#'s <c>await using</c> does not say whether its block failed. So a block that came to its end says it itself, with
/// <see cref="CompleteAsync"/>; if it is left without that, the manager is told a <see cref="ScopeNotCompletedException"/>. For a manager that
/// cleans up in any case, as most do, it makes no difference. Nor can it swallow the block's exception in this spelling.
/// </remarks>
public sealed class AsyncContextScope<T> : IAsyncDisposable
{
    private readonly IAsyncContextManager<T> _manager;
    private bool _left;

    internal AsyncContextScope(IAsyncContextManager<T> manager, T value)
    {
        _manager = manager;
        Value = value;
    }

    /// <summary>What entering gave.</summary>
    public T Value { get; }

    /// <summary>Leaves the manager: the block has come to its end. Does nothing if it was left before.</summary>
    /// <remarks>Acts when awaited; suspends where leaving does, and throws what that throws.</remarks>
    public Coroutine CompleteAsync() => Leave(succeeded: true);

    /// <summary>Leaves the manager, if that has not been done: as after a failure.</summary>
    public Coroutine DisposeAsync() => _left ? Coroutine.Completed : Leave(succeeded: false);

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private async Coroutine Leave(bool succeeded)
    {
        if (_left)
        {
            return;
        }

        _left = true;
        try
        {
            await _manager.ExitAsync(succeeded ? null : new ScopeNotCompletedException());
        }
        catch (ScopeNotCompletedException) when (!succeeded)
        {
            // Thrown again, as it is usual; the block's own exception, if there is one, is on its way already.
        }
    }
}
