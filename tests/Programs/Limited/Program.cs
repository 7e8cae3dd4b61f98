// What a program does under limits of the system, which it sets itself. The arguments say which.

using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Asyncio;
using Asyncio.Files;
using Asyncio.LowLevel;

var reactor = Enum.Parse<ReactorKind>(args[1]);
Func<EventLoop> loops = () => new EventLoop(new EventLoopOptions { Reactor = reactor });
switch (args[0])
{
    case "descriptors":
        Aio.Run(Few.Serve(int.Parse(args[2])), loopFactory: loops);
        return 0;
    case "files":
        Aio.Run(Full.Write(args[2], int.Parse(args[3])), loopFactory: loops);
        return 0;
    default:
        return 2;
}

/// <summary>
/// A server that may have few descriptors. Prints its port, and then, each time that it cannot accept, a line and another one from a
/// thread that it starts just then: .NET needs descriptors for that. Ends with its input.
/// </summary>
static class Few
{
    public static async Coroutine Serve(int spare)
    {
        var end = Aio.CreateTask(Aio.Stdin.ReadToEndAsync());
        await Rehearse();
        Aio.GetRunningLoop().SetExceptionHandler((_, context) =>
        {
            Console.WriteLine(context.Message);
            StartThread();
        });
        Limits.SetDescriptors(spare);
        await using var server = await Aio.StartServer(Echo, "127.0.0.1", 0);
        Console.WriteLine(PortOf(server));
        await end;
        server.AbortClients();
    }

    /// <summary>The runtime itself opens files when it loads code, and ends if it cannot: so all that will run runs once before.</summary>
    private static async Coroutine Rehearse()
    {
        StartThread();
        var failed = new AsyncEvent();
        Aio.GetRunningLoop().SetExceptionHandler((_, context) => failed.Set());
        await using (var server = await Aio.StartServer(Echo, "127.0.0.1", 0))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect("127.0.0.1", PortOf(server));
            var (reader, writer) = await Aio.OpenConnection(socket);
            writer.Write("x\n"u8);
            await reader.ReadLineAsync();
            await writer.CloseAsync();
        }

        try
        {
            throw new SocketException((int)SocketError.TooManyOpenSockets);
        }
        catch (SocketException e)
        {
            Aio.GetRunningLoop().CallExceptionHandler(new ExceptionContext(e.Message) { Exception = e });
            failed.Clear();
        }

        await using var starved = await Aio.StartServer(Echo, "127.0.0.1", 0, startServing: false);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // so that it has its descriptor
        Limits.SetDescriptors(0);
        await starved.StartServingAsync();
        client.Connect("127.0.0.1", PortOf(starved));
        await failed.WaitAsync();
        Limits.SetDescriptors(100);
    }

    private static void StartThread()
    {
        var thread = new Thread(static () => Console.WriteLine("a thread has run"));
        thread.Start();
        thread.Join();
    }

    private static int PortOf(Server server) => ((IPEndPoint)server.Sockets[0].LocalEndPoint!).Port;

    private static async Coroutine Echo(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        await using var _ = writer;
        try
        {
            await foreach (var line in reader)
            {
                writer.Write(line);
                await writer.DrainAsync();
            }
        }
        catch (SocketException)
        {
            // The client has gone.
        }
    }
}

/// <summary>
/// Writes lines to a file for which there is no room: by a limit of its size, or because the disk is full. Then there is room again, it
/// goes on, and prints what has gone wrong and whether all is in the file after all.
/// </summary>
static class Full
{
    private const int Lines = 400;

    public static async Coroutine Write(string path, int limit)
    {
        _ = Aio.GetRunningLoop().ReactorKind; // made now: it may be that files go through it
        foreach (var bufferSize in new[] { 0, 1_000 })
        {
            if (limit > 0)
            {
                Limits.SetFileSize(limit);
            }
            else
            {
                File.Delete(path);
                File.WriteAllBytes($"{path}.ballast", new byte[100_000]);
            }

            await Write(path, bufferSize, limit > 0 ? () => Limits.SetFileSize(int.MaxValue) : () => File.Delete($"{path}.ballast"));
        }
    }

    private static async Coroutine Write(string path, int bufferSize, Action makeRoom)
    {
        var expected = new MemoryStream();
        var failures = new List<string>();
        await using (var file = await AsyncFile.OpenAsync(path, FileMode.Create, FileAccess.Write, bufferSize: bufferSize))
        {
            for (var i = 0; i < Lines; i++)
            {
                var line = Encoding.ASCII.GetBytes($"line {i} ".PadRight(98, '.') + "\n"); // 99 bytes: no limit is a multiple of that
                expected.Write(line);
                while (!await TryWrite(file, line, failures))
                {
                    if (file.Position != i * line.Length)
                    {
                        Console.WriteLine($"the position is {file.Position} after {i} lines");
                    }

                    makeRoom();
                }
            }
        }

        var isWhole = File.ReadAllBytes(path).AsSpan().SequenceEqual(expected.ToArray());
        Console.WriteLine($"buffer {bufferSize}: {(isWhole ? "whole" : "torn")} after {string.Join(", ", failures)}");
    }

    private static async Coroutine<bool> TryWrite(AsyncFile file, byte[] line, List<string> failures)
    {
        try
        {
            await file.WriteAsync(line);
            return true;
        }
        catch (IOException e)
        {
            failures.Add(e.Message.Split(':')[0].Trim());
        }
        catch (ArgumentOutOfRangeException)
        {
            failures.Add("File too large"); // .NET's own way to say that
        }

        return false;
    }
}

static unsafe partial class Limits
{
    private const int FileSize = 1;
    private const int NumberOfFiles = 7;
    private const int FileSizeSignal = 25;
    private const nint Ignore = 1;

    private static ulong s_all;

    /// <summary>So many more than there are now.</summary>
    public static void SetDescriptors(int spare)
    {
        Limit limit;
        Get(NumberOfFiles, &limit);
        s_all = Math.Max(s_all, limit.Soft);
        limit.Soft = s_all;
        Set(NumberOfFiles, &limit);
        using (var probe = File.OpenHandle("/dev/null"))
        {
            limit.Soft = (ulong)probe.DangerousGetHandle() + (ulong)spare;
        }

        Set(NumberOfFiles, &limit);
    }

    public static void SetFileSize(int bytes)
    {
        Signal(FileSizeSignal, Ignore); // else it ends the program, before the call that wrote could fail
        Limit limit;
        Get(FileSize, &limit);
        limit.Soft = (ulong)bytes;
        Set(FileSize, &limit);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Get(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int Set(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int number, nint handler);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
