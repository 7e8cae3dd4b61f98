using System.Net;
using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Transports;

/// <summary>Runs a program on a loop with a given reactor. It must end in time, and nothing may go to the exception handler unexpectedly.</summary>
internal static class Stage
{
    public static void Run(ReactorKind kind, Func<EventLoop, Coroutine> main) => Assert.Empty(RunReporting(kind, main));

    /// <returns>What went to the exception handler.</returns>
    public static List<ExceptionContext> RunReporting(ReactorKind kind, Func<EventLoop, Coroutine> main) => RunReporting(kind, (loop, _) => main(loop));

    /// <inheritdoc cref="RunReporting(ReactorKind, Func{EventLoop, Coroutine})"/>
    public static List<ExceptionContext> RunReporting(ReactorKind kind, Func<EventLoop, List<ExceptionContext>, Coroutine> main)
    {
        using (new Rig(kind))
        {
            // Only asks whether it can be had.
        }

        var reports = new List<ExceptionContext>();
        using var runner = new Runner(loopFactory: () => new EventLoop(new EventLoopOptions { Reactor = kind }));
        Assert.Equal(kind, runner.GetLoop().ReactorKind); // made now, with the descriptors that it needs
        runner.GetLoop().SetExceptionHandler((_, context) => reports.Add(context));
        runner.Run(Limited());
        return reports;

        async Coroutine Limited() => await Aio.Timeout(Hang.Limit, () => main(runner.GetLoop(), reports));
    }

    /// <summary>Two connected sockets of the system's, which belong to nobody.</summary>
    public static (Socket Ours, Socket Theirs) Pair()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var ours = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        ours.Connect(listener.LocalEndPoint!);
        var theirs = listener.Accept();
        theirs.ReceiveTimeout = Hang.Milliseconds;
        theirs.SendTimeout = Hang.Milliseconds;
        return (ours, theirs);
    }

    public static int PortOf(Server server) => ((IPEndPoint)server.Sockets[0].LocalEndPoint!).Port;

    /// <summary>How many sockets this process has open; on Linux.</summary>
    public static int OpenSockets => !OperatingSystem.IsLinux()
        ? 0
        : Directory.GetFiles("/proc/self/fd").Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    /// <summary>Lets the loop go on until it is so.</summary>
    public static async Coroutine Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Aio.Sleep(0.001);
        }
    }
}
