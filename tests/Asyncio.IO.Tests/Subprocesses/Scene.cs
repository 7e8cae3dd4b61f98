using System.Diagnostics;
using System.Globalization;
using System.Text;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Subprocesses;

/// <summary>Runs a test's body on a loop with a given reactor, with a limit, and looks afterwards whether anything is left behind.</summary>
internal static class Scene
{
    static Scene()
    {
        // What the runtime opens once and keeps must not count as left behind: a copy of the standard error is among it.
        Console.Error.Flush();
        if (OperatingSystem.IsLinux())
        {
            Aio.Run(async () => await Output("echo"), loopFactory: () => new EventLoop(new EventLoopOptions { Reactor = ReactorKind.Portable }));
        }
    }

    public static TheoryData<ReactorKind> Kinds => [ReactorKind.IoUring, ReactorKind.Epoll, ReactorKind.Portable];

    public static StdioTarget Pipe => StdioTarget.Pipe;

    public static void Run(ReactorKind kind, Func<Coroutine> body)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Subprocesses need Linux.");
        var available = ReactorFactory.TryCreate(kind, out var reason);
        Assert.SkipWhen(available is null, $"{kind}: {reason}");
        available!.Dispose();
        var reports = new List<string>();
        var before = Descriptors();
        Aio.Run(
            async () =>
            {
                EventLoop.Running!.SetExceptionHandler((_, context) => reports.Add($"{context.Message}: {context.Exception}"));
                await Aio.Timeout(Hang.Limit, body);
            },
            loopFactory: () => new EventLoop(new EventLoopOptions { Reactor = kind }));
        Assert.Empty(reports);
        Until(() => Zombies() == 0, () => "no zombie is left");
        Until(() => Descriptors().Length <= before.Length, () => $"no descriptor is left: there were [{string.Join(", ", before)}], there are [{string.Join(", ", Descriptors())}]");
    }

    /// <summary>The children of this process that have ended and were not reaped.</summary>
    public static int Zombies() => Children().Count(static child => child.State == 'Z');

    /// <summary>Pipes, sockets and what the kernel gives for processes and reactors; the runtime keeps the assemblies that it loads open, too.</summary>
    public static string[] Descriptors() =>
        Directory.GetFileSystemEntries("/proc/self/fd").Select(TargetOf).OfType<string>().Where(static target => !target.StartsWith('/')).ToArray();

    /// <summary>Whether the process exists, as anything but a zombie.</summary>
    public static bool Runs(int pid) => StatOf(pid) is { State: not 'Z' };

    public static async Coroutine Eventually(Func<bool> condition, string what)
    {
        for (var time = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(time.Elapsed < Hang.Limit, $"Still not: {what}");
            await Aio.Sleep(0.01);
        }
    }

    public static Coroutine<Subprocess> Shell(string command, StdioTarget stdin = default, StdioTarget stdout = default, StdioTarget stderr = default) =>
        Aio.CreateSubprocessShell(command, stdin, stdout, stderr);

    public static async Coroutine<string> Output(string command)
    {
        await using var process = await Shell(command, stdout: Pipe);
        return Text((await process.CommunicateAsync()).Stdout);
    }

    public static string Text(byte[]? bytes) => Encoding.UTF8.GetString(bytes!);

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (IOException)
        {
            return null; // it was closed meanwhile
        }
    }

    public static void Until(Func<bool> condition, Func<string> what)
    {
        for (var time = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(time.Elapsed < Hang.Limit / 2, $"Not so: {what()}");
            GC.Collect(); // what earlier tests have dropped
            Thread.Sleep(10);
        }
    }

    private static IEnumerable<(char State, int Parent)> Children() =>
        from directory in Directory.GetDirectories("/proc")
        let pid = int.TryParse(Path.GetFileName(directory), out var number) ? number : 0
        where pid > 0
        let stat = StatOf(pid)
        where stat?.Parent == Environment.ProcessId
        select stat.Value;

    private static (char State, int Parent)? StatOf(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null; // it has ended meanwhile
        }
    }
}
