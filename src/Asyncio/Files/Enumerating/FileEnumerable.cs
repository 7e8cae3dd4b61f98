namespace Asyncio.Files;

/// <summary>Lines or directory entries that are read as they are asked for: <c>await foreach</c>. Each enumeration begins anew.</summary>
/// <typeparam name="T">An item.</typeparam>
public sealed class FileEnumerable<T> : IAsyncEnumerable<T>
{
    private readonly Func<FileCursor<T>> _begin;

    internal FileEnumerable(Func<FileCursor<T>> begin) => _begin = begin;

    /// <summary>Begins an enumeration.</summary>
    /// <param name="cancellationToken">Ends it before the next item. Not needed to cancel the task, which ends its await by itself.</param>
    public FileEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new(_begin(), cancellationToken);

    IAsyncEnumerator<T> IAsyncEnumerable<T>.GetAsyncEnumerator(CancellationToken cancellationToken) => GetAsyncEnumerator(cancellationToken);

    /// <summary>All items that are left. Asyncio: <c>readlines()</c>, <c>listdir()</c>.</summary>
    public async Coroutine<List<T>> ToListAsync()
    {
        var items = new List<T>();
        await foreach (var item in this)
        {
            items.Add(item);
        }

        return items;
    }
}
