using System.Runtime.CompilerServices;

namespace Asyncio;

public static partial class Aio
{
    private const string ToThreadTwin = "ToThread calls a function in another thread; a coroutine runs on a loop. Await it, or use Aio.CreateTask(...). (A body that never returns is taken for a coroutine too: cast it to Action.)";

    /// <summary>Calls <paramref name="function"/> in a thread of the default executor, in a copy of the caller's context; nothing starts before the await. Asyncio: <c>to_thread()</c>.</summary>
    /// <param name="function">What to call: something that blocks.</param>
    /// <returns>Its result. Cancelling the task ends the await at once; a function that has begun goes on, its result is dropped, its error reported.</returns>
    public static Coroutine<T> ToThread<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return InThread(function);

        static async Coroutine<T> InThread(Func<T> function)
        {
            var context = Context.CopyCurrent();
            return await EventLoop.RequireRunning().RunInExecutor(null, () => context.Run(function));
        }
    }

    /// <inheritdoc cref="ToThread{T}(Func{T})"/>
    /// <param name="action">What to call: something that blocks.</param>
    public static Coroutine ToThread(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return InThread(action);

        static async Coroutine InThread(Action action)
        {
            var context = Context.CopyCurrent();
            await EventLoop.RequireRunning().RunInExecutor(null, () => context.Run(action));
        }
    }

    /// <summary>Refused: the coroutine would be made in the other thread and never run.</summary>
    [OverloadResolutionPriority(1)]
    [Obsolete(ToThreadTwin, error: true)]
    public static Coroutine ToThread(Func<Coroutine> function) => throw new NotSupportedException();

    /// <inheritdoc cref="ToThread(Func{Coroutine})"/>
    [OverloadResolutionPriority(1)]
    [Obsolete(ToThreadTwin, error: true)]
    public static Coroutine<T> ToThread<T>(Func<Coroutine<T>> function) => throw new NotSupportedException();

    /// <summary>Runs the coroutine as a task of <paramref name="loop"/>; may be called from any thread. Asyncio: <c>run_coroutine_threadsafe()</c>.</summary>
    /// <param name="coroutine">What to run; used up by this, also when the call is refused.</param>
    /// <param name="loop">The loop; it must be running or about to.</param>
    /// <param name="cancellationToken">Cancels the task when it is tripped; if it has not begun, its body never runs.</param>
    /// <returns>
    /// A .NET task with its outcome. Blocking on it on the loop's own thread would wait for ever; giving up waiting leaves the coroutine running.
    /// If the loop is closed before the coroutine begins, it fails with <see cref="InvalidOperationException"/>.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="coroutine"/> is <c>default</c>.</exception>
    /// <exception cref="InvalidOperationException">The loop is closed.</exception>
    public static Task<T> RunCoroutineThreadsafe<T>(Coroutine<T> coroutine, EventLoop loop, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loop);
        if (coroutine is { Frame: null, IsFrameless: false })
        {
            throw new ArgumentException("A coroutine object is required; this is default(Coroutine).", nameof(coroutine));
        }

        var request = new ThreadsafeRequest<T>(loop, coroutine, cancellationToken);
        if (!loop.TryEnqueueFromAnywhere(request, null))
        {
            coroutine.Close();
            throw new InvalidOperationException("Event loop is closed.");
        }

        return request.Outcome;
    }

    /// <inheritdoc cref="RunCoroutineThreadsafe{T}"/>
    public static Task RunCoroutineThreadsafe(Coroutine coroutine, EventLoop loop, CancellationToken cancellationToken = default) =>
        RunCoroutineThreadsafe(coroutine.AsCoroutine(), loop, cancellationToken);
}
