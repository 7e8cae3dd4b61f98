namespace Asyncio;

/// <summary>The lines of a stream until its end, for <c>await foreach</c>; from <see cref="AsyncStreamReader.ReadLinesAsync"/> and <see cref="AsyncStreamReader.ReadTextLinesAsync"/>.</summary>
/// <typeparam name="T">What a line is: bytes or text.</typeparam>
public readonly struct AsyncStreamLines<T> : IAsyncEnumerable<T>
    where T : class
{
    private readonly AsyncStreamReader _reader;
    private readonly Func<AsyncStreamReader, Coroutine<T?>> _next;

    internal AsyncStreamLines(AsyncStreamReader reader, Func<AsyncStreamReader, Coroutine<T?>> next)
    {
        _reader = reader;
        _next = next;
    }

    /// <summary>Begins to read. Used by <c>await foreach</c>.</summary>
    public Enumerator GetAsyncEnumerator() => new(_reader, _next);

    // For code that asks for the interface, such as LINQ.
    async IAsyncEnumerator<T> IAsyncEnumerable<T>.GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        var lines = GetAsyncEnumerator();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested(); // before a line is taken: none may be lost
            if (!await lines.MoveNextAsync())
            {
                yield break;
            }

            yield return lines.Current;
        }
    }

    /// <summary>Reads the lines; used by <c>await foreach</c>.</summary>
    public sealed class Enumerator
    {
        private readonly AsyncStreamReader _reader;
        private readonly Func<AsyncStreamReader, Coroutine<T?>> _next;

        internal Enumerator(AsyncStreamReader reader, Func<AsyncStreamReader, Coroutine<T?>> next)
        {
            _reader = reader;
            _next = next;
        }

        /// <summary>The line that the last <see cref="MoveNextAsync"/> read.</summary>
        public T Current { get; private set; } = null!;

        /// <summary>Reads the next line, waiting for it if need be.</summary>
        /// <returns>False at the end of the stream.</returns>
        public async Coroutine<bool> MoveNextAsync()
        {
            if (await _next(_reader) is not { } line)
            {
                return false;
            }

            Current = line;
            return true;
        }
    }
}
