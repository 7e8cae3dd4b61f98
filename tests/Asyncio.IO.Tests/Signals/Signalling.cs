using System.Runtime.InteropServices;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Signals;

/// <summary>Sends signals to this process, and runs loops that get them.</summary>
internal static partial class Signalling
{
    /// <summary>Linux's numbers of those that have no name in .NET.</summary>
    public const PosixSignal SIGUSR1 = (PosixSignal)10;

    public const PosixSignal SIGUSR2 = (PosixSignal)12;

    public static void Run(Func<Coroutine> body, ReactorKind? kind = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The numbers of signals here are Linux's.");
        Aio.Run(async () => await Aio.Timeout(Hang.Limit, body), loopFactory: () => new EventLoop(new EventLoopOptions { Reactor = kind }));
    }

    /// <summary>The same for one that takes a signal which a parent may have had ignored.</summary>
    public static void Run(PosixSignal signal, Func<Coroutine> body)
    {
        SkipIfIgnored(signal);
        Run(body);
    }

    /// <summary>A background job of a shell ignores SIGINT, what nohup starts ignores SIGHUP; and so do the programs that they start.</summary>
    public static void SkipIfIgnored(params PosixSignal[] signals)
    {
        const string Line = "SigIgn:";
        var line = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/status").First(line => line.StartsWith(Line, StringComparison.Ordinal)) : Line + "0";
        var ignored = Convert.ToUInt64(line[Line.Length..].Trim(), 16);
        foreach (var signal in signals)
        {
            Assert.SkipWhen((ignored >> (SignalNumbers.Of(signal) - 1) & 1) != 0, $"{signal} is ignored in this process.");
        }
    }

    public static void Send(PosixSignal signal) => Assert.Equal(0, Kill(Environment.ProcessId, SignalNumbers.Of(signal)));

    public static async Coroutine Eventually(Func<bool> condition)
    {
        while (!condition())
        {
            await Aio.Sleep(0.005);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
