using System.Runtime.ExceptionServices;
using Asyncio.Files;
using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Files;

/// <summary>Runs a test on a loop of its own with a directory of its own; one that hangs fails, and so does one that the loop had to report.</summary>
internal static class FileRig
{
    public static TheoryData<ReactorKind> Kinds => Reactors.Kinds.All;

    /// <summary>Each of the values on each kind of reactor.</summary>
    public static MatrixTheoryData<ReactorKind, T> Each<T>(params T[] values) => new([ReactorKind.IoUring, ReactorKind.Epoll, ReactorKind.Portable], values);

    /// <summary>Nothing may go to the exception handler.</summary>
    public static void Run(ReactorKind kind, Func<string, Coroutine> main) => Assert.Empty(RunReporting(kind, main));

    /// <returns>What went to the exception handler.</returns>
    public static List<string> RunReporting(ReactorKind kind, Func<string, Coroutine> main)
    {
        using (new Rig(kind))
        {
            // Only asks whether it can be had.
        }

        ExceptionDispatchInfo? error = null;
        var reports = new List<string>();
        var directory = Directory.CreateTempSubdirectory("asyncio-files-").FullName;
        var thread = new Thread(() =>
        {
            try
            {
                using var loop = new EventLoop(new EventLoopOptions { Reactor = kind });
                loop.SetExceptionHandler((_, report) => reports.Add(report.ToString() + report.Exception));
                loop.RunUntilComplete(main(directory));
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
        })
        { IsBackground = true };
        thread.Start();
        try
        {
            Assert.True(thread.Join(Hang.Limit), "The test did not end.");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        error?.Throw();
        return reports;
    }

    /// <summary>Lets the loop go on until it is so; the limit of the test ends it.</summary>
    public static async Coroutine Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Aio.Sleep(0.001);
        }
    }

    /// <summary>The exception that the await throws.</summary>
    public static async Coroutine<TException> Throws<TException>(Func<Coroutine> code)
        where TException : Exception
    {
        try
        {
            await code();
        }
        catch (TException e)
        {
            return e;
        }

        throw new Xunit.Sdk.XunitException($"No {typeof(TException).Name} was thrown.");
    }

    /// <summary>Whether the task ended cancelled; every other error is thrown.</summary>
    public static async Coroutine<bool> IsCancelled(AsyncTask task)
    {
        try
        {
            await task;
            return false;
        }
        catch (CancelledException) when (task.IsCanceled)
        {
            return true;
        }
    }

    public static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The file's permissions; nothing where there are none.</summary>
    public static UnixFileMode? ModeOf(string path) => OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(path);

    /// <summary>How many of this directory's files this process has open.</summary>
    public static int OpenIn(string directory) => Directory.GetFileSystemEntries("/proc/self/fd")
        .Count(entry => new FileInfo(entry).LinkTarget is { } target && target.StartsWith(directory, StringComparison.Ordinal));
}
