using System.Runtime.InteropServices;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Signals;

/// <summary>Sends signals to this process, and runs loops that get them.</summary>
internal static partial class Signalling
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Linux's numbers of those that have no name in .NET.</summary>
    public const PosixSignal SIGUSR1 = (PosixSignal)10;

    public const PosixSignal SIGUSR2 = (PosixSignal)12;

    public static void Run(Func<Coroutine> body, ReactorKind? kind = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The numbers of signals here are Linux's.");
        Aio.Run(async () => await Aio.Timeout(Limit, body), loopFactory: () => new EventLoop(new EventLoopOptions { Reactor = kind }));
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
