using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>
/// Brings one signal to one loop. The runtime tells of it on a thread of its own; this queues itself, which wakes the loop, and what
/// is to be done is looked up when its turn comes.
/// </summary>
internal abstract class SignalWatch : Runnable, IDisposable
{
    private static int s_interruptWatches;

    // The runtime tells all who are registered one after the other, in one thread, and of one object a signal; the last first.
    [ThreadStatic]
    private static PosixSignalContext? t_taken;

    private readonly EventLoop _loop;
    private PosixSignalRegistration? _registration;

    protected SignalWatch(EventLoop loop, PosixSignal signal)
    {
        _loop = loop;
        Signal = signal;
    }

    /// <summary>
    /// True while somebody handles SIGINT: then Ctrl-C cancels no main task. Also for the one that somebody has just been told of, who may
    /// have been quick and handle it no more.
    /// </summary>
    internal static bool TakesInterrupt(PosixSignalContext interrupt) =>
        Volatile.Read(ref s_interruptWatches) > 0 || ReferenceEquals(t_taken, interrupt);

    internal PosixSignal Signal { get; }

    protected bool IsActive => _registration is not null;

    /// <summary>Begins to receive.</summary>
    /// <exception cref="InvalidOperationException">It cannot be caught.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal.</exception>
    internal void Start()
    {
        SignalNumbers.CheckCatchable(Signal);
        try
        {
            _registration = PosixSignalRegistration.Create(Signal, OnSignal);
        }
        catch (PlatformNotSupportedException)
        {
            throw SignalNumbers.Unknown(Signal);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"Signal {Signal} cannot be caught: {e.Message}", e);
        }

        CountInterruptWatch(1);
        _loop.SignalWatches.Add(this);
    }

    /// <summary>The signal is what it was before. Does nothing a second time.</summary>
    public void Dispose()
    {
        if (_registration is { } registration)
        {
            _registration = null;
            registration.Dispose();
            CountInterruptWatch(-1);
            _loop.SignalWatches.Remove(this);
        }
    }

    // On a thread of the runtime's, the default action of the signal waits for this to return.
    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        t_taken = context;
        _loop.TryEnqueueFromAnywhere(this, null);
    }

    private void CountInterruptWatch(int change)
    {
        if (Signal == PosixSignal.SIGINT)
        {
            Interlocked.Add(ref s_interruptWatches, change);
        }
    }
}
