namespace Asyncio.Files;

/// <summary>A place in a <see cref="FileEnumerable{T}"/>. Its awaits are coroutines, so that <c>await foreach</c> costs no detour.</summary>
/// <typeparam name="T">An item.</typeparam>
public sealed class FileEnumerator<T> : IAsyncEnumerator<T>
{
    private readonly FileCursor<T> _cursor;
    private readonly CancellationToken _token;

    internal FileEnumerator(FileCursor<T> cursor, CancellationToken token)
    {
        _cursor = cursor;
        _token = token;
    }

    /// <summary>The item.</summary>
    public T Current => _cursor.Current;

    /// <summary>Goes on to the next item. A cancelled one has not moved, and may be asked again.</summary>
    /// <returns>False: there is none.</returns>
    public Coroutine<bool> MoveNextAsync()
    {
        _token.ThrowIfCancellationRequested();
        return _cursor.MoveNext();
    }

    /// <summary>Ends the enumeration; cannot be cancelled.</summary>
    public Coroutine DisposeAsync() => _cursor.Close();

    ValueTask<bool> IAsyncEnumerator<T>.MoveNextAsync() => Bridge(MoveNextAsync());

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private static async ValueTask<bool> Bridge(Coroutine<bool> coroutine) => await coroutine;
}
