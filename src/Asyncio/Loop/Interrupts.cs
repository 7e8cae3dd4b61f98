using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>Ctrl-C while a runner runs: the first cancels its main task, the second is left to the system.</summary>
/// <remarks>
/// The signal arrives on a thread of its own, and code of the user's cannot be interrupted in .NET. So the second one, which must
/// work even if the loop is stuck, is the signal's default action: the process ends, with no <c>finally</c> run.
/// </remarks>
internal sealed class Interrupts : IDisposable
{
    /// <summary>What a shell gives for a program that was ended by SIGINT: 128 + 2.</summary>
    private const int ExitCode = 130;

    /// <summary>One runner at a time, the first: a signal has one receiver.</summary>
    private static Interrupts? s_current;

    private readonly EventLoop _loop;
    private readonly Future _main;
    private PosixSignalRegistration? _registration;
    private int _count;

    static Interrupts() => AppDomain.CurrentDomain.UnhandledException += static (_, unhandled) => ExitQuietly(unhandled.ExceptionObject);

    private Interrupts(EventLoop loop, Future main)
    {
        _loop = loop;
        _main = main;
    }

    /// <summary>True after the first Ctrl-C.</summary>
    internal bool Seen => Volatile.Read(ref _count) > 0;

    /// <summary>Begins to receive Ctrl-C for <paramref name="main"/>. Null where another runner does, or where there are no signals.</summary>
    internal static Interrupts? Watch(EventLoop loop, Future main)
    {
        var interrupts = new Interrupts(loop, main);
        if (Interlocked.CompareExchange(ref s_current, interrupts, null) is not null)
        {
            return null;
        }

        try
        {
            interrupts._registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, interrupts.OnSignal);
            return interrupts;
        }
        catch (Exception e) when (e is PlatformNotSupportedException or IOException)
        {
            Volatile.Write(ref s_current, null);
            return null;
        }
    }

    /// <summary>From now on Ctrl-C is what it was before.</summary>
    public void Dispose()
    {
        _registration?.Dispose();
        Interlocked.CompareExchange(ref s_current, null, this);
    }

    /// <summary>On a thread of the runtime's.</summary>
    private void OnSignal(PosixSignalContext signal)
    {
        if (SignalWatch.TakesInterrupt(signal))
        {
            return; // a handler of the user's stands in for this one
        }

        if (Interlocked.Increment(ref _count) == 1 && !_main.IsCompleted)
        {
            signal.Cancel = true;
            _loop.EnqueueFromAnywhere(new CancelMain(_main), null);
        }
    }

    /// <summary>
    /// An unhandled <see cref="KeyboardInterruptException"/> is how a program that was interrupted ends, not a crash: no message, no dump.
    /// The runtime raises this event before it writes its own message and aborts.
    /// </summary>
    private static void ExitQuietly(object unhandled)
    {
        if (unhandled is KeyboardInterruptException)
        {
            Console.Out.Flush();
            Console.Error.Flush();
            Environment.Exit(ExitCode);
        }
    }

    private sealed class CancelMain(Future main) : Runnable
    {
        internal override void Run(object? argument) => main.Cancel();
    }
}
