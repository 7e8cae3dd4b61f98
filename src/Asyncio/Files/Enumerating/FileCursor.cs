namespace Asyncio.Files;

/// <summary>What stands behind a <see cref="FileEnumerator{T}"/>.</summary>
internal abstract class FileCursor<T>
{
    internal T Current = default!;

    internal abstract Coroutine<bool> MoveNext();

    internal virtual Coroutine Close() => Coroutine.Completed;
}
