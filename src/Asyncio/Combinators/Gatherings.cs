using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Gatherings of lists.</summary>
internal static class Gatherings
{
    internal static Gathering Of<T>(IEnumerable<Coroutine<T>> coroutines)
    {
        var gathering = Begin(coroutines);
        foreach (var coroutine in coroutines)
        {
            gathering.Add(coroutine);
        }

        return gathering;
    }

    internal static Gathering Of(IEnumerable<Coroutine> coroutines)
    {
        var gathering = Begin(coroutines);
        foreach (var coroutine in coroutines)
        {
            gathering.Add(coroutine);
        }

        return gathering;
    }

    internal static Gathering Of<T>(IEnumerable<IAwaitable<T>> awaitables)
    {
        var gathering = Begin(awaitables);
        if (awaitables is Future<T>[] futures)
        {
            // Tasks in an array: without an enumerator behind an interface, which takes as long as the rest.
            foreach (var future in futures)
            {
                gathering.Add(future);
            }

            return gathering;
        }

        foreach (var awaitable in awaitables)
        {
            gathering.Add(awaitable);
        }

        return gathering;
    }

    internal static Gathering Of<T>(ReadOnlySpan<IAwaitable<T>> awaitables)
    {
        var gathering = new Gathering(awaitables.Length);
        foreach (var awaitable in awaitables)
        {
            gathering.Add(awaitable);
        }

        return gathering;
    }

    private static Gathering Begin<T>(IEnumerable<T> arguments, [CallerArgumentExpression(nameof(arguments))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(arguments, name);
        return new Gathering(arguments.TryGetNonEnumeratedCount(out var count) ? count : 0);
    }
}
