using System.Runtime.CompilerServices;

namespace Asyncio;

// Gather of any number of awaitables of one type.
public static partial class Aio
{
    /// <summary>Runs all coroutines concurrently and gives their results in the order of the arguments. Asyncio: <c>gather(*coroutines)</c>.</summary>
    /// <returns>A future that is done when all are; of nothing, done already. As for failures and cancellation see <see cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>.</returns>
    /// <exception cref="ArgumentNullException">There is no list.</exception>
    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    [OverloadResolutionPriority(2)]
    public static Future<T[]> GatherAll<T>(IEnumerable<Coroutine<T>> coroutines) => Gatherings.Of(coroutines).IntoArray<T>();

    /// <inheritdoc cref="GatherAll{T}(IEnumerable{Coroutine{T}})"/>
    [OverloadResolutionPriority(2)]
    public static Future<Unit[]> GatherAll(IEnumerable<Coroutine> coroutines) => Gatherings.Of(coroutines).IntoArray<Unit>();

    /// <summary>Waits for all of them, tasks, futures and coroutines alike, and gives their results in the order of the arguments. Asyncio: <c>gather(*awaitables)</c>.</summary>
    /// <inheritdoc cref="GatherAll{T}(IEnumerable{Coroutine{T}})"/>
    [OverloadResolutionPriority(1)]
    public static Future<T[]> GatherAll<T>(IEnumerable<IAwaitable<T>> awaitables) => Gatherings.Of(awaitables).IntoArray<T>();

    /// <inheritdoc cref="GatherAll{T}(IEnumerable{Coroutine{T}})"/>
    [OverloadResolutionPriority(1)]
    public static Future<T[]> GatherAll<T>(params ReadOnlySpan<Coroutine<T>> coroutines)
    {
        var gathering = new Gathering(coroutines.Length);
        foreach (var coroutine in coroutines)
        {
            gathering.Add(coroutine);
        }

        return gathering.IntoArray<T>();
    }

    /// <inheritdoc cref="GatherAll{T}(IEnumerable{IAwaitable{T}})"/>
    public static Future<T[]> GatherAll<T>(params ReadOnlySpan<IAwaitable<T>> awaitables) => Gatherings.Of(awaitables).IntoArray<T>();

    /// <summary>Runs all coroutines concurrently, to their ends, and gives how each ended, in the order of the arguments. Asyncio: <c>gather(*coroutines, return_exceptions=True)</c>.</summary>
    /// <returns>
    /// A future that is done when all are and does not fail, whatever the children did; except that cancelling it, or the task that awaits it,
    /// cancels all children, waits for them and fails with the <see cref="CancelledException"/>.
    /// </returns>
    /// <inheritdoc cref="GatherAll{T}(IEnumerable{Coroutine{T}})"/>
    [OverloadResolutionPriority(2)]
    public static Future<TaskOutcome<T>[]> GatherOutcomes<T>(IEnumerable<Coroutine<T>> coroutines) => Gatherings.Of(coroutines).IntoOutcomes<T>();

    /// <inheritdoc cref="GatherOutcomes{T}(IEnumerable{Coroutine{T}})"/>
    [OverloadResolutionPriority(2)]
    public static Future<TaskOutcome<Unit>[]> GatherOutcomes(IEnumerable<Coroutine> coroutines) => Gatherings.Of(coroutines).IntoOutcomes<Unit>();

    /// <summary>Waits for all of them, tasks, futures and coroutines alike, and gives how each ended, in the order of the arguments. Asyncio: <c>gather(*awaitables, return_exceptions=True)</c>.</summary>
    /// <inheritdoc cref="GatherOutcomes{T}(IEnumerable{Coroutine{T}})"/>
    [OverloadResolutionPriority(1)]
    public static Future<TaskOutcome<T>[]> GatherOutcomes<T>(IEnumerable<IAwaitable<T>> awaitables) => Gatherings.Of(awaitables).IntoOutcomes<T>();

    /// <inheritdoc cref="GatherOutcomes{T}(IEnumerable{IAwaitable{T}})"/>
    public static Future<TaskOutcome<T>[]> GatherOutcomes<T>(params ReadOnlySpan<IAwaitable<T>> awaitables) => Gatherings.Of(awaitables).IntoOutcomes<T>();
}
