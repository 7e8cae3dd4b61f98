namespace Asyncio;

/// <summary>Makes context managers from functions. The counterpart of <c>contextlib</c>'s <c>asynccontextmanager</c>, <c>aclosing</c> and <c>nullcontext</c>.</summary>
public static class AsyncContextManager
{
    /// <summary>
    /// From an async iterator with one <c>yield return</c>: what is before it enters, what is after it leaves. Asyncio:
    /// <c>@asynccontextmanager</c>.
    /// </summary>
    /// <param name="body">Makes the iterator; called each time the manager is entered.</param>
    /// <returns>A manager that may be entered again after it was left, but not twice at once.</returns>
    /// <remarks>
    /// <para>An iterator in C# cannot be thrown into: if the code inside fails, the <c>finally</c> blocks around the <c>yield return</c> run, and what
    /// stands after them does not. Nor can it swallow the exception. Where that is needed, give two functions.</para>
    /// <para>Entering throws <see cref="InvalidOperationException"/> if the iterator yields nothing, leaving if it yields once more.</para>
    /// </remarks>
    /// <example>
    /// <code>
    /// static IAsyncContextManager&lt;string&gt; Timer(string name) => AsyncContextManager.Create(() => Body(name));
    ///
    /// static async IAsyncEnumerable&lt;string&gt; Body(string name)
    /// {
    ///     var start = Aio.GetRunningLoop().Time();
    ///     try
    ///     {
    ///         yield return name;
    ///     }
    ///     finally
    ///     {
    ///         Console.WriteLine($"[{name}] {Aio.GetRunningLoop().Time() - start:F2} s");
    ///     }
    /// }
    ///
    /// await Aio.With(Timer("fetch"), async () => await Aio.Sleep(0.1));
    /// </code>
    /// </example>
    public static IAsyncContextManager<T> Create<T>(Func<IAsyncEnumerable<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new IteratorContextManager<T>(body);
    }

    /// <summary>From two functions.</summary>
    /// <param name="enter">Enters, and gives what the code inside works with.</param>
    /// <param name="exit">Leaves: what entering gave, and what the code inside threw or null; true swallows that.</param>
    /// <returns>A manager that may be entered again after it was left, but not twice at once.</returns>
    public static IAsyncContextManager<T> Create<T>(Func<Coroutine<T>> enter, Func<T, Exception?, Coroutine<bool>> exit)
    {
        ArgumentNullException.ThrowIfNull(enter);
        ArgumentNullException.ThrowIfNull(exit);
        return new DelegateContextManager<T>(enter, exit);
    }

    /// <summary>From two functions, of which the second swallows nothing.</summary>
    /// <inheritdoc cref="Create{T}(Func{Coroutine{T}}, Func{T, Exception?, Coroutine{bool}})"/>
    /// <param name="enter">Enters, and gives what the code inside works with.</param>
    /// <param name="exit">Leaves: what entering gave, and what the code inside threw or null.</param>
    public static IAsyncContextManager<T> Create<T>(Func<Coroutine<T>> enter, Func<T, Exception?, Coroutine> exit)
    {
        ArgumentNullException.ThrowIfNull(exit);
        return Create(enter, async (value, error) =>
        {
            await exit(value, error);
            return false;
        });
    }

    /// <summary>One that gives <paramref name="resource"/> and disposes of it. Asyncio: <c>aclosing()</c>.</summary>
    /// <param name="resource">What is disposed of when the manager is left.</param>
    public static IAsyncContextManager<T> Closing<T>(T resource)
        where T : IAsyncDisposable
    {
        ArgumentNullException.ThrowIfNull(resource);
        return Create(() => Coroutine.FromResult(resource), async (T value, Exception? _) => await value.DisposeAsync());
    }

    /// <summary>One that gives <paramref name="value"/> and does nothing: for code that sometimes needs a manager. Asyncio: <c>nullcontext()</c>.</summary>
    /// <param name="value">What entering gives.</param>
    public static IAsyncContextManager<T> Null<T>(T value) => new NullContextManager<T>(value);
}
