using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>
/// Signals have two spellings, .NET's own numbers (negative, the same everywhere) and the system's. One signal must be one key, and
/// what is sent to a process is the system's number.
/// </summary>
internal static class SignalNumbers
{
    private const int SIGKILL = 9;

    private static readonly bool IsLinux = OperatingSystem.IsLinux() || OperatingSystem.IsAndroid();

    // By .NET's number: SIGHUP (-1), SIGINT, SIGQUIT, SIGTERM, SIGCHLD, SIGCONT, SIGWINCH, SIGTTIN, SIGTTOU, SIGTSTP (-10).
    private static readonly int[] Numbers = IsLinux ? [1, 2, 3, 15, 17, 18, 28, 21, 22, 20] : [1, 2, 3, 15, 20, 19, 28, 21, 22, 18];

    private static readonly int SIGSTOP = IsLinux ? 19 : 17;

    /// <summary>.NET's name where it has one.</summary>
    internal static PosixSignal Normalize(PosixSignal signal) =>
        Array.IndexOf(Numbers, (int)signal) is >= 0 and var index ? (PosixSignal)(-index - 1) : signal;

    /// <summary>The system's number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal.</exception>
    internal static int Of(PosixSignal signal) => (int)signal switch
    {
        < 0 and var name when -name <= Numbers.Length => Numbers[-name - 1],
        > 0 and <= 64 and var number => number,
        _ => throw Unknown(signal),
    };

    /// <summary>Refuses what the system never lets a program handle, and what the runtime cannot do without.</summary>
    internal static void CheckCatchable(PosixSignal signal)
    {
        var number = Of(signal);
        if (number is SIGKILL || number == SIGSTOP)
        {
            throw new InvalidOperationException($"{(number == SIGKILL ? "SIGKILL" : "SIGSTOP")} cannot be caught: the system delivers it to no handler.");
        }

        if (IsFault(number))
        {
            throw new InvalidOperationException($"Signal {number} cannot be handled by a loop: it tells of a fault in the very instruction that runs, and belongs to the runtime.");
        }
    }

    internal static ArgumentOutOfRangeException Unknown(PosixSignal signal) =>
        new(nameof(signal), signal, "This system has no such signal.");

    // SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSEGV have these numbers everywhere; SIGBUS has not.
    private static bool IsFault(int number) => number is 4 or 5 or 6 or 8 or 11 || number == (IsLinux ? 7 : 10);
}
