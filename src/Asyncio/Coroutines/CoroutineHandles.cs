using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>The rule "once", in one place: taking a coroutine makes every other handle to it stale.</summary>
internal static class CoroutineHandles
{
    /// <summary>Begins the one use of a coroutine. Null for a completed one that needs no frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Frame<T>? Take<T>(Frame<T>? frame, uint version)
    {
        if (frame is null)
        {
            if (version < Coroutine.YieldVersion)
            {
                CoroutineErrors.ThrowDefault();
            }

            return null;
        }

        if (frame.Version != version)
        {
            CoroutineErrors.ThrowUsed(frame);
        }

        frame.Version = version + 1;
        return frame;
    }

    internal static string FramelessName(uint version) => version switch
    {
        Coroutine.FramelessVersion => "Coroutine.Completed",
        Coroutine.YieldVersion => "Aio.Sleep",
        _ => "default(Coroutine)",
    };
}

/// <summary>The errors of coroutine handles.</summary>
internal static class CoroutineErrors
{
    [DoesNotReturn]
    internal static void ThrowDefault() =>
        throw new InvalidOperationException("This is default(Coroutine), not a coroutine: it was never returned by an async method. Use Coroutine.Completed for one that has nothing to do.");

    [DoesNotReturn]
    internal static void ThrowUsed(Frame frame) =>
        throw new InvalidOperationException($"The coroutine {frame.Name} was already awaited, given to a task or closed. A coroutine runs once: call the method again, or make a task of it with Aio.CreateTask, which may be awaited many times.");

    [DoesNotReturn]
    internal static void ThrowStale(Frame frame, uint version)
    {
        if (frame.Version == version)
        {
            throw new InvalidOperationException($"The coroutine {frame.Name} has not ended: await it instead of calling GetResult().");
        }

        throw new InvalidOperationException($"The result of the coroutine {frame.Name} was already taken.");
    }

    internal static InvalidOperationException NoLoop(string what) =>
        new($"{what} was awaited where no task of an event loop runs (a pool thread, or after ConfigureAwait(false)). Await it inside Aio.Run, or use AsTask(loop) from other code.");
}
