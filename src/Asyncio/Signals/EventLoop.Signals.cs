using System.Runtime.InteropServices;
using Asyncio.LowLevel;

namespace Asyncio;

// Signals.
public sealed partial class EventLoop
{
    private HashSet<SignalWatch>? _signalWatches;
    private Dictionary<PosixSignal, SignalHandler>? _signalHandlers;

    internal HashSet<SignalWatch> SignalWatches => _signalWatches ??= [];

    /// <summary>
    /// Calls <paramref name="callback"/> each time the process gets the signal, instead of what the signal does by default. A second
    /// call for the same signal replaces the first. Asyncio: <c>add_signal_handler()</c>.
    /// </summary>
    /// <param name="signal">Which. Other signals than those with a name by the system's number: <c>(PosixSignal)10</c> is SIGUSR1 on Linux.</param>
    /// <param name="callback">What to call: a callback of the loop like any other, so it may touch tasks. It wakes a loop that sleeps.</param>
    /// <param name="context">The context to call it in; null is a copy of the current one.</param>
    /// <exception cref="ArgumentOutOfRangeException">This system has no such signal.</exception>
    /// <exception cref="InvalidOperationException">
    /// The signal cannot be caught (SIGKILL, SIGSTOP, and those that tell of a fault, which belong to the runtime); or the loop is closed.
    /// </exception>
    /// <remarks>
    /// A handler for SIGINT takes the place of <see cref="Aio.Run(Coroutine, bool?, Func{EventLoop}?, CancellationToken)"/>'s own, which cancels
    /// main, for as long as it is registered. Signals of different kinds that come at the same moment may run in either order. Any loop
    /// may have handlers, also in other threads than the main one: each gets the signal. All are removed when the loop is closed.
    /// </remarks>
    public void AddSignalHandler(PosixSignal signal, Action callback, Context? context = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        CheckCall();
        signal = SignalNumbers.Normalize(signal);
        var handle = new Handle(this, callback, null, context);
        if (_signalHandlers is not null && _signalHandlers.TryGetValue(signal, out var handler))
        {
            handler.Handle = handle;
            return;
        }

        handler = new SignalHandler(this, signal) { Handle = handle };
        handler.Start();
        (_signalHandlers ??= []).Add(signal, handler);
    }

    /// <summary>Refused: an <c>async</c> lambda here would be <c>async void</c>.</summary>
    [Obsolete("coroutines cannot be used with AddSignalHandler(). Start a task in the callback, or use Aio.Signals(...). A body that never returns is taken for a coroutine, too: cast it to Action.", error: true)]
    public void AddSignalHandler(PosixSignal signal, Func<Coroutine> callback, Context? context = null) => throw new NotSupportedException();

    /// <summary>The signal does again what it does by default; for SIGINT, what it does under <c>Aio.Run</c>. Asyncio: <c>remove_signal_handler()</c>.</summary>
    /// <param name="signal">Which.</param>
    /// <returns>False if it had no handler.</returns>
    /// <exception cref="ArgumentOutOfRangeException">This system has no such signal.</exception>
    public bool RemoveSignalHandler(PosixSignal signal)
    {
        CheckThread();
        signal = SignalNumbers.Normalize(signal);
        SignalNumbers.Of(signal);
        if (_signalHandlers is null || !_signalHandlers.Remove(signal, out var handler))
        {
            return false;
        }

        handler.Dispose();
        return true;
    }

    private void CloseSignals()
    {
        foreach (var watch in _signalWatches?.ToArray() ?? [])
        {
            watch.Dispose();
        }

        _signalHandlers = null;
    }
}
