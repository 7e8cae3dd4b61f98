using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>Signals, for <c>await foreach</c>; from <see cref="Aio.Signals"/>.</summary>
public sealed class SignalStream : IAsyncEnumerable<PosixSignal>
{
    private readonly PosixSignal[] _signals;

    internal SignalStream(PosixSignal[] signals) => _signals = signals;

    /// <summary>Begins to receive. Used by <c>await foreach</c>.</summary>
    /// <exception cref="InvalidOperationException">No loop runs in this thread.</exception>
    public Enumerator GetAsyncEnumerator() => new(EventLoop.RequireRunning(), _signals);

    // For code that asks for the interface, such as LINQ.
    async IAsyncEnumerator<PosixSignal> IAsyncEnumerable<PosixSignal>.GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        await using var signals = GetAsyncEnumerator();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await signals.MoveNextAsync();
            yield return signals.Current;
        }
    }

    /// <summary>Receives signals; used by <c>await foreach</c>.</summary>
    public sealed class Enumerator
    {
        private readonly List<SignalWatch> _watches = [];
        private readonly List<PosixSignal> _pending = []; // each at most once: as short as the list of signals
        private readonly AsyncEvent _arrived = new();

        internal Enumerator(EventLoop loop, PosixSignal[] signals)
        {
            try
            {
                foreach (var signal in signals.Distinct())
                {
                    var watch = new Watch(loop, signal, this);
                    watch.Start();
                    _watches.Add(watch);
                }
            }
            catch
            {
                StopReceiving();
                throw;
            }
        }

        /// <summary>The signal that the last <see cref="MoveNextAsync"/> took.</summary>
        public PosixSignal Current { get; private set; }

        /// <summary>Takes the next signal, waiting for one if need be. A cancellation takes none.</summary>
        /// <returns>Always true: there is no last signal.</returns>
        public async Coroutine<bool> MoveNextAsync()
        {
            while (_pending.Count == 0)
            {
                _arrived.Clear();
                await _arrived.WaitAsync();
            }

            Current = _pending[0];
            _pending.RemoveAt(0);
            return true;
        }

        /// <summary>The signals are again what they were before.</summary>
        public Coroutine DisposeAsync()
        {
            StopReceiving();
            return Coroutine.Completed;
        }

        private void StopReceiving()
        {
            _watches.ForEach(watch => watch.Dispose());
            _watches.Clear();
        }

        private void Arrive(PosixSignal signal)
        {
            if (!_pending.Contains(signal))
            {
                _pending.Add(signal);
                _arrived.Set();
            }
        }

        private sealed class Watch(EventLoop loop, PosixSignal signal, Enumerator enumerator) : SignalWatch(loop, signal)
        {
            internal override void Run(object? argument)
            {
                if (IsActive)
                {
                    enumerator.Arrive(Signal);
                }
            }
        }
    }
}
