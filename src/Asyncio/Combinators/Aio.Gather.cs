using System.Runtime.CompilerServices;

namespace Asyncio;

// Gather of a fixed number of awaitables, each of a type of its own. For lists see Aio.GatherAll.cs.
public static partial class Aio
{
    /// <summary>Runs all arguments concurrently and gives their results as a tuple: <c>var (user, posts) = await Aio.Gather(FetchUser(id), FetchPosts(id))</c>. Asyncio: <c>gather()</c>.</summary>
    /// <returns>
    /// A future that is done when all are. The first failure ends it at once with that exception; the others run on, and what becomes of
    /// them counts as seen. A child that was cancelled is such a failure. To end the others too, use a <see cref="TaskGroup"/>.
    /// </returns>
    /// <exception cref="InvalidOperationException">No loop runs in this thread, or a coroutine was used before.</exception>
    /// <exception cref="ArgumentException">The futures belong to different loops.</exception>
    /// <remarks>
    /// Acts at the call: coroutines become tasks in the order of the arguments; one given twice runs once. Does not suspend itself.
    /// Cancelling the future, or the task that awaits it, cancels all children; the future then fails with the
    /// <see cref="CancelledException"/>, and its <c>Cancelled()</c> stays false.
    /// </remarks>
    [OverloadResolutionPriority(1)]
    public static Future<(T1, T2)> Gather<T1, T2>(Coroutine<T1> first, Coroutine<T2> second)
    {
        var gathering = new Gathering(2);
        gathering.Add(first);
        gathering.Add(second);
        return gathering.IntoTuple<T1, T2>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    public static Future<(T1, T2)> Gather<T1, T2>(IAwaitable<T1> first, IAwaitable<T2> second)
    {
        var gathering = new Gathering(2);
        gathering.Add(first);
        gathering.Add(second);
        return gathering.IntoTuple<T1, T2>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    [OverloadResolutionPriority(1)]
    public static Future<(T1, T2, T3)> Gather<T1, T2, T3>(Coroutine<T1> first, Coroutine<T2> second, Coroutine<T3> third)
    {
        var gathering = new Gathering(3);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        return gathering.IntoTuple<T1, T2, T3>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    public static Future<(T1, T2, T3)> Gather<T1, T2, T3>(IAwaitable<T1> first, IAwaitable<T2> second, IAwaitable<T3> third)
    {
        var gathering = new Gathering(3);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        return gathering.IntoTuple<T1, T2, T3>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    [OverloadResolutionPriority(1)]
    public static Future<(T1, T2, T3, T4)> Gather<T1, T2, T3, T4>(
        Coroutine<T1> first, Coroutine<T2> second, Coroutine<T3> third, Coroutine<T4> fourth)
    {
        var gathering = new Gathering(4);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        gathering.Add(fourth);
        return gathering.IntoTuple<T1, T2, T3, T4>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    public static Future<(T1, T2, T3, T4)> Gather<T1, T2, T3, T4>(
        IAwaitable<T1> first, IAwaitable<T2> second, IAwaitable<T3> third, IAwaitable<T4> fourth)
    {
        var gathering = new Gathering(4);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        gathering.Add(fourth);
        return gathering.IntoTuple<T1, T2, T3, T4>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    [OverloadResolutionPriority(1)]
    public static Future<(T1, T2, T3, T4, T5)> Gather<T1, T2, T3, T4, T5>(
        Coroutine<T1> first, Coroutine<T2> second, Coroutine<T3> third, Coroutine<T4> fourth, Coroutine<T5> fifth)
    {
        var gathering = new Gathering(5);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        gathering.Add(fourth);
        gathering.Add(fifth);
        return gathering.IntoTuple<T1, T2, T3, T4, T5>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    public static Future<(T1, T2, T3, T4, T5)> Gather<T1, T2, T3, T4, T5>(
        IAwaitable<T1> first, IAwaitable<T2> second, IAwaitable<T3> third, IAwaitable<T4> fourth, IAwaitable<T5> fifth)
    {
        var gathering = new Gathering(5);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        gathering.Add(fourth);
        gathering.Add(fifth);
        return gathering.IntoTuple<T1, T2, T3, T4, T5>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    [OverloadResolutionPriority(1)]
    public static Future<(T1, T2, T3, T4, T5, T6)> Gather<T1, T2, T3, T4, T5, T6>(
        Coroutine<T1> first, Coroutine<T2> second, Coroutine<T3> third, Coroutine<T4> fourth, Coroutine<T5> fifth, Coroutine<T6> sixth)
    {
        var gathering = new Gathering(6);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        gathering.Add(fourth);
        gathering.Add(fifth);
        gathering.Add(sixth);
        return gathering.IntoTuple<T1, T2, T3, T4, T5, T6>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    public static Future<(T1, T2, T3, T4, T5, T6)> Gather<T1, T2, T3, T4, T5, T6>(
        IAwaitable<T1> first, IAwaitable<T2> second, IAwaitable<T3> third, IAwaitable<T4> fourth, IAwaitable<T5> fifth, IAwaitable<T6> sixth)
    {
        var gathering = new Gathering(6);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        gathering.Add(fourth);
        gathering.Add(fifth);
        gathering.Add(sixth);
        return gathering.IntoTuple<T1, T2, T3, T4, T5, T6>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    [OverloadResolutionPriority(1)]
    public static Future<(T1, T2, T3, T4, T5, T6, T7)> Gather<T1, T2, T3, T4, T5, T6, T7>(
        Coroutine<T1> first, Coroutine<T2> second, Coroutine<T3> third, Coroutine<T4> fourth, Coroutine<T5> fifth, Coroutine<T6> sixth, Coroutine<T7> seventh)
    {
        var gathering = new Gathering(7);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        gathering.Add(fourth);
        gathering.Add(fifth);
        gathering.Add(sixth);
        gathering.Add(seventh);
        return gathering.IntoTuple<T1, T2, T3, T4, T5, T6, T7>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    public static Future<(T1, T2, T3, T4, T5, T6, T7)> Gather<T1, T2, T3, T4, T5, T6, T7>(
        IAwaitable<T1> first, IAwaitable<T2> second, IAwaitable<T3> third, IAwaitable<T4> fourth, IAwaitable<T5> fifth, IAwaitable<T6> sixth, IAwaitable<T7> seventh)
    {
        var gathering = new Gathering(7);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        gathering.Add(fourth);
        gathering.Add(fifth);
        gathering.Add(sixth);
        gathering.Add(seventh);
        return gathering.IntoTuple<T1, T2, T3, T4, T5, T6, T7>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    [OverloadResolutionPriority(1)]
    public static Future<(T1, T2, T3, T4, T5, T6, T7, T8)> Gather<T1, T2, T3, T4, T5, T6, T7, T8>(
        Coroutine<T1> first, Coroutine<T2> second, Coroutine<T3> third, Coroutine<T4> fourth, Coroutine<T5> fifth, Coroutine<T6> sixth, Coroutine<T7> seventh, Coroutine<T8> eighth)
    {
        var gathering = new Gathering(8);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        gathering.Add(fourth);
        gathering.Add(fifth);
        gathering.Add(sixth);
        gathering.Add(seventh);
        gathering.Add(eighth);
        return gathering.IntoTuple<T1, T2, T3, T4, T5, T6, T7, T8>();
    }

    /// <inheritdoc cref="Gather{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    public static Future<(T1, T2, T3, T4, T5, T6, T7, T8)> Gather<T1, T2, T3, T4, T5, T6, T7, T8>(
        IAwaitable<T1> first, IAwaitable<T2> second, IAwaitable<T3> third, IAwaitable<T4> fourth, IAwaitable<T5> fifth, IAwaitable<T6> sixth, IAwaitable<T7> seventh, IAwaitable<T8> eighth)
    {
        var gathering = new Gathering(8);
        gathering.Add(first);
        gathering.Add(second);
        gathering.Add(third);
        gathering.Add(fourth);
        gathering.Add(fifth);
        gathering.Add(sixth);
        gathering.Add(seventh);
        gathering.Add(eighth);
        return gathering.IntoTuple<T1, T2, T3, T4, T5, T6, T7, T8>();
    }
}
