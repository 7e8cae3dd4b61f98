namespace Asyncio.Files;

/// <summary>Blocking calls on the loop's file threads, see <see cref="ThreadCall{TState,T}"/>.</summary>
internal static class InThread
{
    /// <inheritdoc cref="ThreadCall{TState,T}.Create"/>
    internal static Coroutine<T> Call<TState, T>(string name, Func<TState, T> function, TState state, bool mustRun = false) =>
        ThreadCall<TState, T>.Create(name, function, state, mustRun);

    /// <inheritdoc cref="ThreadCall{TState,T}.Create"/>
    internal static Coroutine Call<TState>(string name, Action<TState> action, TState state, bool mustRun = false) => ThreadCall<(Action<TState> Action, TState State), Unit>.Create(
        name,
        static call =>
        {
            call.Action(call.State);
            return default;
        },
        (action, state),
        mustRun).AsUnit();
}
