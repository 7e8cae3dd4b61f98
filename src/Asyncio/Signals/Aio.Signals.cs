using System.Runtime.InteropServices;

namespace Asyncio;

public static partial class Aio
{
    /// <summary>
    /// The signals that the process gets, for <c>await foreach</c>, instead of what they do by default; until the loop over them is left.
    /// Asyncio has <c>add_signal_handler()</c> for this.
    /// </summary>
    /// <param name="signals">Which, at least one. See <see cref="EventLoop.AddSignalHandler(PosixSignal, Action, Context?)"/> for numbers without a name.</param>
    /// <exception cref="ArgumentException">None is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">This system has no such signal.</exception>
    /// <exception cref="InvalidOperationException">One of them cannot be caught.</exception>
    /// <remarks>
    /// Received from the beginning of the enumeration to its end; several may run at once, and each gets every signal. A signal that comes again before it was taken is given
    /// once: as with the system itself, signals tell that something happened, not how often. Different signals are given in the order in which they came.
    /// </remarks>
    public static SignalStream Signals(params ReadOnlySpan<PosixSignal> signals)
    {
        if (signals.IsEmpty)
        {
            throw new ArgumentException("At least one signal is needed.", nameof(signals));
        }

        var normalized = new PosixSignal[signals.Length];
        for (var i = 0; i < signals.Length; i++)
        {
            normalized[i] = SignalNumbers.Normalize(signals[i]);
            SignalNumbers.CheckCatchable(normalized[i]);
        }

        return new SignalStream(normalized);
    }
}
