namespace Asyncio;

/// <summary>The items of a queue until it is shut down, for <c>await foreach</c>; from <see cref="AsyncQueue{T}.ReadAllAsync"/>.</summary>
/// <typeparam name="T">The items.</typeparam>
public readonly struct AsyncQueueReader<T> : IAsyncEnumerable<T>
{
    private readonly AsyncQueue<T> _queue;

    internal AsyncQueueReader(AsyncQueue<T> queue) => _queue = queue;

    /// <summary>Begins to read. Used by <c>await foreach</c>, in coroutines at the cost of <see cref="AsyncQueue{T}.GetAsync"/>.</summary>
    public Enumerator GetAsyncEnumerator() => new(_queue);

    // For code that asks for the interface, such as LINQ.
    async IAsyncEnumerator<T> IAsyncEnumerable<T>.GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        var items = GetAsyncEnumerator();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested(); // before an item is taken: none may be lost
            if (!await items.MoveNextAsync())
            {
                yield break;
            }

            yield return items.Current;
        }
    }

    /// <summary>Reads the queue; used by <c>await foreach</c>.</summary>
    public sealed class Enumerator
    {
        private readonly AsyncQueue<T> _queue;

        internal Enumerator(AsyncQueue<T> queue) => _queue = queue;

        /// <summary>The item that the last <see cref="MoveNextAsync"/> took out.</summary>
        public T Current { get; private set; } = default!;

        /// <summary>Takes the next item out, waiting for one if need be.</summary>
        /// <returns>False if the queue was shut down and nothing is left in it.</returns>
        public async Coroutine<bool> MoveNextAsync()
        {
            if (_queue.IsShutDown && _queue.IsEmpty)
            {
                return false;
            }

            try
            {
                Current = await _queue.GetAsync();
                return true;
            }
            catch (QueueShutDownException)
            {
                return false;
            }
        }
    }
}
