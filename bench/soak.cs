// A soak: one loop with a million timers and ten thousand connections, all of them in churn, for ten minutes. Is memory flat? See README.md.
//
//   dotnet run bench/soak.cs
//   dotnet run bench/soak.cs -- --minutes 2 --connections 2000 --timers 200000
//
// Exit code 1: memory has grown, an echo was wrong, or descriptors were left.

#:project ../src/Asyncio
#:property PublishAot=false
#:property Optimize=true

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Asyncio;
using Asyncio.LowLevel;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["clients", var port, var count])
{
    Aio.Run(new Clients(int.Parse(port), int.Parse(count)).Run());
    return 0;
}

return Options.TryParse(args, out var options) ? Aio.Run(new Soak(options).Run()) : 2;

/// <summary>What the command line asks for.</summary>
sealed record Options(double Minutes, int Connections, int Timers, double Every)
{
    private const string Usage = """
        Usage: dotnet run bench/soak.cs -- [--minutes N] [--connections N] [--timers N] [--every SECONDS]
          --minutes      how long, after all connections are there (default: 10)
          --connections  how many; each takes a descriptor here and one in the process of the clients (default: 10000)
          --timers       how many are pending at any time (default: 1000000)
          --every        how often a line is printed (default: 10)
        ASYNCIO_REACTOR=io_uring|epoll|portable chooses the reactor, as always.
        """;

    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options(Minutes: 10, Connections: 10_000, Timers: 1_000_000, Every: 10);
        for (var i = 0; i < args.Length; i += 2)
        {
            var parsed = (args[i], args.ElementAtOrDefault(i + 1)) switch
            {
                ("--minutes", { } text) when double.TryParse(text, out var minutes) && minutes > 0 => options with { Minutes = minutes },
                ("--connections", { } text) when int.TryParse(text, out var connections) && connections > 0 => options with { Connections = connections },
                ("--timers", { } text) when int.TryParse(text, out var timers) && timers > 0 => options with { Timers = timers },
                ("--every", { } text) when double.TryParse(text, out var every) && every >= 1 => options with { Every = every },
                _ => null,
            };
            if (parsed is null)
            {
                Console.Error.WriteLine($"{args[i]} {args.ElementAtOrDefault(i + 1)}: not understood.\n{Usage}");
                return false;
            }

            options = parsed;
        }

        return true;
    }
}

/// <summary>The process that is looked at: a server, and the timers. Its clients are another process, because each connection has two ends.</summary>
sealed class Soak(Options options)
{
    private readonly List<Sample> _samples = [];
    private int _open;
    private long _echoed;

    public async Coroutine<int> Run()
    {
        var loop = Aio.GetRunningLoop();
        Console.WriteLine($"{loop.ReactorKind}: {options.Connections:N0} connections, {options.Timers:N0} timers, {options.Minutes} minutes; one loop, one thread");
        var timers = new Timers(loop, options.Timers);
        var delays = new Delays(loop);
        var before = Sockets();
        await using var server = await Aio.StartServer(Echo, "0.0.0.0", 0, backlog: 1000);
        await using var clients = await Aio.CreateSubprocessExec(
            Environment.ProcessPath!, ["clients", $"{((IPEndPoint)server.Sockets[0].LocalEndPoint!).Port}", $"{options.Connections}"],
            stdin: StdioTarget.Pipe, stdout: StdioTarget.Pipe);
        if (await clients.Stdout!.ReadTextLineAsync() is var line && line != "connected")
        {
            Console.Error.WriteLine($"The clients: {line ?? "gone"}");
            return 1;
        }

        await Look(timers, delays);
        clients.Stdin!.Close();
        var summary = await clients.Stdout.ReadTextLineAsync() ?? "0 0 0 the clients have ended early";
        var isRight = summary.Split(' ') is [_, "0", _, "0", ..];
        await clients.WaitAsync();
        await server.CloseAsync(5.0);
        timers.CancelAll();
        await Aio.Sleep(0.1);
        var after = Sockets();
        Console.WriteLine($"clients: {summary} (echoes, wrong ones, reopened connections, failed ones)");
        Console.WriteLine($"sockets: {before} before, {after} after");
        return IsFlat() & isRight & after <= before ? 0 : 1;
    }

    private async Coroutine Look(Timers timers, Delays delays)
    {
        Console.WriteLine("      s | resident MB | live heap MB | descriptors | connections | echoes/s | timers | fired/s | cancelled/s | worst delay ms");
        var start = delays.Now;
        for (var last = start; last - start < options.Minutes * 60;)
        {
            var (echoed, fired, cancelled) = (_echoed, timers.Fired, timers.Cancelled);
            delays.Reset();
            await Aio.Sleep(options.Every);
            var seconds = delays.Now - last;
            var worst = delays.Worst;
            var resident = Environment.WorkingSet / 1e6;

            // What is reachable, not what waits to be collected; this delays the loop, which is not counted.
            var heap = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
            var descriptors = await Aio.ToThread(Descriptors);
            last = delays.Now;
            _samples.Add(new Sample(resident, heap));
            Console.WriteLine(
                $"{last - start,7:F0} | {resident,11:F1} | {heap,12:F1} | {descriptors,11} | {_open,11} | {(_echoed - echoed) / seconds,8:F0} | {timers.Pending,6} | "
                + $"{(timers.Fired - fired) / seconds,7:F0} | {(timers.Cancelled - cancelled) / seconds,11:F0} | {worst * 1000,8:F1}");
        }
    }

    /// <summary>The last quarter against the second: the first warms up. A leak of a few bytes an operation would be megabytes by then.</summary>
    private bool IsFlat()
    {
        var quarter = _samples.Count / 4;
        if (quarter == 0)
        {
            Console.WriteLine("too short to say whether memory is flat");
            return true;
        }

        return IsFlat("resident", sample => sample.Resident, share: 0.10, slack: 16) & IsFlat("live heap", sample => sample.Heap, share: 0.03, slack: 2);

        bool IsFlat(string what, Func<Sample, double> value, double share, double slack)
        {
            var (second, last) = (Median(_samples.Skip(quarter).Take(quarter).Select(value)), Median(_samples.TakeLast(quarter).Select(value)));
            var isFlat = last <= second * (1 + share) + slack;
            Console.WriteLine($"{what}: {second:F1} MB in the second quarter, {last:F1} MB in the last: {(isFlat ? "flat" : "IT HAS GROWN")}");
            return isFlat;
        }
    }

    private async Coroutine Echo(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        _open++;
        try
        {
            await using var _ = writer;
            var buffer = new byte[4096];
            while (await reader.ReadAsync(buffer.AsMemory()) is var count and > 0)
            {
                writer.Write(buffer.AsSpan(0, count));
                await writer.DrainAsync();
                _echoed++;
            }
        }
        catch (SocketException)
        {
            // One of those that go without a word.
        }
        finally
        {
            _open--;
        }
    }

    private static int Descriptors() => DescriptorFiles().Count();

    private static int Sockets() => DescriptorFiles().Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    private static IEnumerable<string> DescriptorFiles() => OperatingSystem.IsLinux() ? Directory.EnumerateFileSystemEntries("/proc/self/fd") : [];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed record Sample(double Resident, double Heap);
}

/// <summary>Timers that are pending, always as many. Each begins anew when it has fired; in every turn some are cancelled and made anew.</summary>
sealed class Timers
{
    private const double Turn = 0.01; // seconds
    private const double Longest = 120;

    private readonly EventLoop _loop;
    private readonly Random _random = new(1);
    private readonly Slot[] _slots;

    public Timers(EventLoop loop, int count)
    {
        _loop = loop;
        _slots = new Slot[count];
        for (var i = 0; i < count; i++)
        {
            _slots[i] = new Slot(this);
        }

        loop.CallLater(Turn, Churn);
    }

    public long Fired { get; private set; }

    public long Cancelled { get; private set; }

    public int Pending { get; private set; }

    public void CancelAll()
    {
        foreach (var slot in _slots)
        {
            slot.Cancel();
        }
    }

    private void Churn()
    {
        for (var i = 0; i < _slots.Length / 10_000; i++) // one in a hundred a second
        {
            var slot = _slots[_random.Next(_slots.Length)];
            slot.Cancel();
            slot.Start();
            Cancelled++;
        }

        _loop.CallLater(Turn, Churn);
    }

    private sealed class Slot
    {
        private readonly Timers _owner;
        private readonly Action _fire;
        private TimerHandle? _handle;

        public Slot(Timers owner)
        {
            _owner = owner;
            _fire = Fire;
            Start();
        }

        public void Start()
        {
            _handle = _owner._loop.CallLater(_owner._random.NextDouble() * Longest, _fire);
            _owner.Pending++;
        }

        public void Cancel()
        {
            _handle!.Cancel();
            _owner.Pending--;
        }

        private void Fire()
        {
            _owner.Pending--;
            _owner.Fired++;
            Start();
        }
    }
}

/// <summary>How late a timer runs that is due a hundred times a second: how long others have kept the loop from it.</summary>
sealed class Delays
{
    private const double Period = 0.01;

    private readonly EventLoop _loop;
    private double _due;

    public Delays(EventLoop loop)
    {
        _loop = loop;
        Reset();
        Next();
    }

    public double Now => _loop.Time();

    public double Worst { get; private set; }

    public void Reset()
    {
        Worst = 0;
        _due = Math.Max(_due, Now); // what has been late until now is not counted
    }

    private void Next()
    {
        _due = Now + Period;
        _loop.CallAt(_due, () =>
        {
            Worst = Math.Max(Worst, Now - _due);
            Next();
        });
    }
}

/// <summary>The other process. Six of ten connections are idle, two echo now and then, two are closed and opened again, every other time by a reset.</summary>
sealed class Clients(int port, int count)
{
    private readonly AsyncEvent _allConnected = new();
    private readonly AsyncEvent _end = new();
    private readonly AsyncSemaphore _connecting = new(50);
    private readonly Random _random = new(2);
    private int _connected;
    private long _echoes;
    private long _wrong;
    private long _reopened;
    private long _failed;

    /// <summary>Says when all are connected; ends with its input, and then says what was done.</summary>
    public async Coroutine Run()
    {
        try
        {
            await TaskGroup.Run(async group =>
            {
                for (var i = 0; i < count; i++)
                {
                    _ = group.CreateTask(Client(i));
                }

                await _allConnected.WaitAsync();
                Console.WriteLine("connected");
                await Aio.Stdin.ReadToEndAsync();
                _end.Set();
            });
            Console.WriteLine($"{_echoes} {_wrong} {_reopened} {_failed}");
        }
        catch (ExceptionGroup e)
        {
            var hint = e.Contains<SocketException>() ? $" (more than {count} descriptors are needed in each process: ulimit -n; and as many ports)" : "";
            Console.WriteLine($"{e.InnerExceptions[0].Message}{hint}");
        }
    }

    private async Coroutine Client(int number)
    {
        var (reader, writer) = await Open(number);
        if (++_connected == count)
        {
            _allConnected.Set();
        }

        switch (number % 10)
        {
            case < 6:
                await Ask(reader, writer);
                await _end.WaitAsync();
                await Ask(reader, writer); // it has lived through all that
                break;
            case < 8:
                await AskUntil(reader, writer, double.PositiveInfinity);
                break;
            default:
                for (var turn = number; !_end.IsSet; turn++)
                {
                    await AskUntil(reader, writer, Aio.GetRunningLoop().Time() + Seconds(20));
                    await Close(writer, byReset: turn % 2 == 0);
                    (reader, writer) = await Reopen(number);
                }

                break;
        }

        await writer.DisposeAsync();
    }

    /// <summary>Asks now and then, until the time or the end.</summary>
    private async Coroutine AskUntil(AsyncStreamReader reader, AsyncStreamWriter writer, double time)
    {
        do
        {
            await Ask(reader, writer);
            try
            {
                await Aio.WaitFor(_end.WaitAsync(), Seconds(8));
            }
            catch (TimeoutException)
            {
                // It goes on.
            }
        }
        while (!_end.IsSet && Aio.GetRunningLoop().Time() < time);
    }

    private async Coroutine Ask(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        var question = new byte[_random.Next(1, 2_000)];
        _random.NextBytes(question);
        writer.Write(question);
        await writer.DrainAsync();
        var answer = await reader.ReadExactlyAsync(question.Length);
        _echoes++;
        _wrong += answer.AsSpan().SequenceEqual(question) ? 0 : 1;
    }

    private static async Coroutine Close(AsyncStreamWriter writer, bool byReset)
    {
        if (byReset)
        {
            writer.GetExtraInfo<Socket>("socket")!.LingerState = new LingerOption(true, 0);
            writer.Abort();
        }

        await writer.DisposeAsync();
    }

    private async Coroutine<(AsyncStreamReader, AsyncStreamWriter)> Reopen(int number)
    {
        while (true)
        {
            try
            {
                var streams = await Open(number);
                _reopened++;
                return streams;
            }
            catch (SocketException)
            {
                _failed++;
                await Aio.Sleep(1);
            }
        }
    }

    // Several addresses: there are not so many ports for one, when those of closed connections rest for a minute.
    private async Coroutine<(AsyncStreamReader, AsyncStreamWriter)> Open(int number)
    {
        using var _ = await _connecting.AcquireAsync();
        return await Aio.OpenConnection($"127.0.0.{1 + (number % 8)}", port);
    }

    private double Seconds(double most) => 0.5 + (_random.NextDouble() * most);
}
