using System.Diagnostics;

namespace Asyncio;

/// <summary>
/// What is to be left, disposed of or called at the end, collected while the program runs; the last comes first. The counterpart of
/// <c>contextlib.AsyncExitStack</c>.
/// </summary>
/// <remarks>
/// <para>The exact spelling is <c>await AsyncExitStack.Run(async stack => { … })</c>. In the flat one,
/// <c>await using var stack = new AsyncExitStack(); …; await stack.CloseAsync();</c>, leaving without <see cref="CloseAsync"/> tells the exits a
/// <see cref="ScopeNotCompletedException"/>; what is only disposed of or called does not notice the difference.</para>
/// <para>Every exit runs, also if another one throws. Such an exception takes the place of the one on its way, which it keeps in its
/// <see cref="Exception.Data"/> as <c>Asyncio.Superseded</c>.</para>
/// <para>Not thread-safe. It may be used again after it was closed.</para>
/// </remarks>
[DebuggerDisplay("Count = {Count}")]
public sealed class AsyncExitStack : IAsyncContextManager<AsyncExitStack>, IAsyncDisposable
{
    private Stack<Func<Exception?, Coroutine<bool>>> _exits = [];

    /// <summary>How many exits are in it.</summary>
    public int Count => _exits.Count;

    /// <summary>Runs the body with a stack, and unwinds it: <c>await AsyncExitStack.Run(async stack => { … })</c>. Asyncio: <c>async with AsyncExitStack() as stack</c>.</summary>
    /// <param name="body">What to run.</param>
    /// <exception cref="ArgumentNullException">There is no body.</exception>
    /// <remarks>Acts at the await; suspends where the body and the exits do.</remarks>
    public static Coroutine Run(Func<AsyncExitStack, Coroutine> body) => Aio.With(new AsyncExitStack(), body);

    /// <inheritdoc cref="Run(Func{AsyncExitStack, Coroutine})"/>
    /// <returns>What the body gives; <c>default</c> if it failed and an exit swallowed that.</returns>
    public static Coroutine<T> Run<T>(Func<AsyncExitStack, Coroutine<T>> body) => Aio.With(new AsyncExitStack(), body);

    /// <summary>Enters the manager now, and leaves it when the stack is unwound. Asyncio: <c>enter_async_context()</c>.</summary>
    /// <param name="manager">What is entered. If that throws, the stack is as before.</param>
    /// <returns>What entering gives.</returns>
    /// <exception cref="ArgumentNullException">There is no manager.</exception>
    /// <remarks>Acts at the await; suspends where entering does.</remarks>
    public Coroutine<T> EnterAsync<T>(IAsyncContextManager<T> manager)
    {
        ArgumentNullException.ThrowIfNull(manager);
        return Enter(manager);

        async Coroutine<T> Enter(IAsyncContextManager<T> entered)
        {
            var value = await entered.EnterAsync();
            _exits.Push(entered.ExitAsync);
            return value;
        }
    }

    /// <summary>Disposes of <paramref name="resource"/> when the stack is unwound. Does not suspend.</summary>
    /// <param name="resource">What is disposed of.</param>
    /// <returns>The resource.</returns>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public T Push<T>(T resource)
        where T : IAsyncDisposable
    {
        ArgumentNullException.ThrowIfNull(resource);
        PushCallback(async () => await resource.DisposeAsync());
        return resource;
    }

    /// <summary>Disposes of <paramref name="resource"/>, which can do so without suspending, when the stack is unwound. Asyncio: <c>enter_context()</c>.</summary>
    /// <inheritdoc cref="Push{T}(T)"/>
    public T PushDisposable<T>(T resource)
        where T : IDisposable
    {
        ArgumentNullException.ThrowIfNull(resource);
        PushCallback(() =>
        {
            resource.Dispose();
            return Coroutine.Completed;
        });
        return resource;
    }

    /// <summary>Calls <paramref name="exit"/> when the stack is unwound, with the exception on its way or null. Asyncio: <c>push_async_exit()</c>.</summary>
    /// <param name="exit">True swallows the exception: the exits beneath are told none.</param>
    /// <exception cref="ArgumentNullException">There is no function.</exception>
    public void PushExit(Func<Exception?, Coroutine<bool>> exit)
    {
        ArgumentNullException.ThrowIfNull(exit);
        _exits.Push(exit);
    }

    /// <summary>Calls <paramref name="callback"/> when the stack is unwound. Asyncio: <c>push_async_callback()</c>.</summary>
    /// <param name="callback">What to call.</param>
    /// <exception cref="ArgumentNullException">There is no function.</exception>
    public void PushCallback(Func<Coroutine> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _exits.Push(async _ =>
        {
            await callback();
            return false;
        });
    }

    /// <summary>Moves everything into a new stack, and leaves this one empty: what was acquired step by step is now to be kept. Asyncio: <c>pop_all()</c>.</summary>
    public AsyncExitStack PopAll()
    {
        var moved = new AsyncExitStack { _exits = _exits };
        _exits = [];
        return moved;
    }

    /// <summary>Unwinds it: the code that filled it has come to its end. Asyncio: <c>aclose()</c>.</summary>
    /// <remarks>Acts when awaited; suspends where the exits do. Does nothing if it is empty.</remarks>
    public async Coroutine CloseAsync() => await ExitAsync(null);

    /// <summary>Unwinds it as after a failure, if <see cref="CloseAsync"/> has not done so.</summary>
    public async Coroutine DisposeAsync()
    {
        if (Count > 0)
        {
            await ExitAsync(new ScopeNotCompletedException());
        }
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    /// <summary>Gives the stack itself. For <see cref="Aio.With{T}(IAsyncContextManager{T}, Func{T, Coroutine})"/>.</summary>
    public Coroutine<AsyncExitStack> EnterAsync() => Coroutine.FromResult(this);

    /// <summary>Unwinds it with the exception of the code that filled it. For <see cref="Aio.With{T}(IAsyncContextManager{T}, Func{T, Coroutine})"/>.</summary>
    /// <param name="error">What that code threw; null if it came to its end.</param>
    /// <returns>True if an exit has swallowed <paramref name="error"/>.</returns>
    public async Coroutine<bool> ExitAsync(Exception? error)
    {
        var current = error;
        while (_exits.TryPop(out var exit))
        {
            try
            {
                if (await Superseded.Guard(exit, current))
                {
                    current = null;
                }
            }
            catch (Exception later)
            {
                current = later;
            }
        }

        if (current is not null && !ReferenceEquals(current, error))
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(current);
        }

        return error is not null && current is null;
    }
}
