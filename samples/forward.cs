// Forwards TCP connections to another host: both directions at once, and where one side ends its direction, so does the other.
//
//   dotnet run samples/forward.cs -- 8080 example.com:80
//   dotnet run samples/forward.cs -- 127.0.0.1:8080 example.com:80 --connections 50 --idle 60
//   dotnet run samples/forward.cs -- --demo          to a little server of its own, with clients of its own
//
// Prints a line for each connection when it has ended. Ctrl-C ends the forwarder: connections have a few seconds to end by themselves.

#:project ../src/Asyncio
#:package System.CommandLine
#:property PublishAot=false

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Asyncio;
using Asyncio.LowLevel;

if (Settings.Parse(args, out var exitCode) is not { } settings)
{
    return exitCode;
}

try
{
    if (settings.Target is null)
    {
        Aio.Run(Demo.Run(settings));
        return 0;
    }

    var forwarder = new Forwarder(settings.Target, settings);
    Aio.Run(Serve(forwarder, settings.Listen!)); // at its end it cancels what still runs, and waits for it
    forwarder.PrintSum();
    return 0;
}
catch (KeyboardInterruptException)
{
    return 130;
}
catch (SocketException e)
{
    Console.Error.WriteLine($"forward: {e.Message}");
    return 1;
}

static async Coroutine Serve(Forwarder forwarder, Address listen)
{
    const double Patience = 3; // seconds
    var server = await Aio.StartServer(forwarder.Forward, listen.Host, listen.Port);
    Console.WriteLine($"{string.Join(", ", server.Sockets.Select(socket => socket.LocalEndPoint))} -> {forwarder.Target}; Ctrl-C ends it");
    await foreach (var signal in Aio.Signals(PosixSignal.SIGINT, PosixSignal.SIGTERM))
    {
        break; // from here on Ctrl-C is the system's again: a second one ends all at once
    }

    Console.WriteLine($"closing; still open: {forwarder.Active}, for at most {Patience} seconds");
    await server.CloseAsync(Patience);
}

/// <param name="Host">A name or an address; to listen on, nothing is all.</param>
sealed record Address(string Host, int Port)
{
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>Forwards connections to one target, and counts.</summary>
sealed class Forwarder(Address target, Settings settings)
{
    private readonly AsyncSemaphore _slots = new(settings.Connections);
    private int _total;
    private long _sent;
    private long _received;

    public Address Target => target;

    public int Active { get; private set; }

    public async Coroutine Forward(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        var connection = new Connection($"#{++_total} {writer.GetExtraInfo("peername")}");
        await using var client = writer;
        using var slot = await _slots.AcquireAsync(); // more than so many wait here; what they send waits, too
        Active++;
        try
        {
            connection.End = await Connect(connection, reader, writer);
        }
        finally
        {
            Active--;
            _sent += connection.Sent;
            _received += connection.Received;
            Console.WriteLine(connection);
        }
    }

    public void PrintSum() => Console.WriteLine($"{_total:N0} connections: {_sent:N0} bytes sent, {_received:N0} received");

    private async Coroutine<string> Connect(Connection connection, AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        AsyncStreamReader targetReader;
        AsyncStreamWriter targetWriter;
        try
        {
            (targetReader, targetWriter) = await Aio.WaitFor(Aio.OpenConnection(target.Host, target.Port), settings.ConnectTimeout);
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            Reset(writer);
            return e is TimeoutException ? "no answer from the target" : e.Message;
        }

        await using var _ = targetWriter;
        try
        {
            using var idle = new IdleLimit(settings.Idle, [writer, targetWriter]);
            await TaskGroup.Run(group =>
            {
                group.CreateTask(Copy(reader, targetWriter, count => connection.Sent += count, idle));
                group.CreateTask(Copy(targetReader, writer, count => connection.Received += count, idle));
            });
            await targetWriter.CloseAsync();
            await writer.CloseAsync();
            return idle.Struck ? $"idle for {settings.Idle} s" : "both sides have ended";
        }
        catch (ExceptionGroup e) when (e.Contains<SocketException>())
        {
            Reset(writer);
            Reset(targetWriter);
            return e.InnerException!.Message;
        }
    }

    /// <summary>Ends the connection so that the peer sees it: an orderly end would say that this was all.</summary>
    public static void Reset(AsyncStreamWriter writer)
    {
        if (!writer.IsClosing)
        {
            writer.GetExtraInfo<Socket>("socket")!.LingerState = new LingerOption(true, 0);
            writer.Transport.Abort();
        }
    }

    private static async Coroutine Copy(AsyncStreamReader from, AsyncStreamWriter to, Action<int> count, IdleLimit idle)
    {
        var buffer = new byte[32 * 1024];
        while (await from.ReadAsync(buffer.AsMemory()) is var length and > 0)
        {
            idle.Restart();
            to.Write(buffer.AsSpan(0, length));
            count(length);
            await to.DrainAsync();
        }

        to.WriteEof(); // the other direction goes on
    }
}

sealed class Connection(string name)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public long Sent { get; set; }
    public long Received { get; set; }
    public string End { get; set; } = "stopped";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{name}: {Sent:N0} bytes sent, {Received:N0} received in {Stopwatch.GetElapsedTime(_start).TotalSeconds:N1} s; {End}");
}

/// <summary>Ends connections through which nothing came for a time.</summary>
sealed class IdleLimit : IDisposable
{
    private readonly EventLoop _loop = Aio.GetRunningLoop();
    private readonly double _seconds;
    private readonly AsyncStreamWriter[] _writers;
    private TimerHandle _timer;
    private double _last;

    public IdleLimit(double seconds, AsyncStreamWriter[] writers)
    {
        _seconds = seconds;
        _writers = writers;
        _last = _loop.Time();
        _timer = _loop.CallAt(_last + seconds, Look);
    }

    public bool Struck { get; private set; }

    public void Restart() => _last = _loop.Time();

    public void Dispose() => _timer.Cancel();

    private void Look()
    {
        if (_loop.Time() < _last + _seconds)
        {
            _timer = _loop.CallAt(_last + _seconds, Look);
            return;
        }

        Struck = true;
        Array.ForEach(_writers, Forwarder.Reset);
    }
}

/// <summary>A server that answers when its client has ended its direction, which it hears of through the forwarder.</summary>
static class Demo
{
    public static async Coroutine Run(Settings settings)
    {
        await using var target = await Aio.StartServer(Answer, "127.0.0.1", 0);
        var forwarder = new Forwarder(AddressOf(target), settings with { Connections = 2, Idle = 2 });
        await using var server = await Aio.StartServer(forwarder.Forward, "127.0.0.1", 0);
        var address = AddressOf(server);

        Console.WriteLine("five clients, two at a time; each sends, ends its direction, and reads the answer:");
        await Aio.GatherAll(new[] { 5, 50_000, 500_000, 5_000_000, 0 }.Select(size => Ask(address, size)));

        Console.WriteLine("one that sends nothing and waits:");
        var (reader, writer) = await Aio.OpenConnection(address.Host, address.Port);
        await using var silent = writer;
        try
        {
            await reader.ReadAsync();
        }
        catch (SocketException e)
        {
            Console.WriteLine($"its client sees: {e.SocketErrorCode}");
        }

        Console.WriteLine("one when the target is gone:");
        target.Close();
        await AskInVain(address);
        forwarder.PrintSum();
    }

    private static async Coroutine Answer(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        await using var _ = writer;
        try
        {
            var all = await reader.ReadAsync();
            writer.Write($"{all.Length} ");
            writer.Write(all);
        }
        catch (SocketException)
        {
            // the forwarder has ended it
        }
    }

    private static async Coroutine Ask(Address address, int size)
    {
        var (reader, writer) = await Aio.OpenConnection(address.Host, address.Port);
        await using var _ = writer;
        var sent = new byte[size];
        new Random(size).NextBytes(sent);
        writer.Write(sent);
        writer.WriteEof();
        var answer = await reader.ReadAsync();
        var head = $"{size} ".Length;
        var isRight = answer.Length == head + size && answer.AsSpan(head).SequenceEqual(sent);
        Console.WriteLine($"client of {size:N0} bytes: {(isRight ? "got them back" : $"WRONG: got {answer.Length:N0}")}");
    }

    private static async Coroutine AskInVain(Address address)
    {
        try
        {
            await Ask(address, 3);
        }
        catch (SocketException e)
        {
            Console.WriteLine($"its client sees: {e.SocketErrorCode}");
        }
    }

    private static Address AddressOf(Server server)
    {
        var address = (IPEndPoint)server.Sockets[0].LocalEndPoint!;
        return new Address($"{address.Address}", address.Port);
    }
}

sealed record Settings(Address? Listen, Address? Target, int Connections, double Idle, double ConnectTimeout)
{
    /// <summary>What the command line asks for; null if that is nothing to do: help (exit code 0), or a mistake (2).</summary>
    public static Settings? Parse(string[] args, out int exitCode)
    {
        var listen = new Argument<string?>("listen") { Description = "Where to listen: PORT or ADDRESS:PORT.", Arity = ArgumentArity.ZeroOrOne };
        var target = new Argument<string?>("target") { Description = "Where to: HOST:PORT.", Arity = ArgumentArity.ZeroOrOne };
        var connections = new Option<int>("--connections") { Description = "How many at a time; others wait.", DefaultValueFactory = _ => 100 };
        var idle = new Option<double>("--idle") { Description = "Seconds after which a connection through which nothing comes is ended.", DefaultValueFactory = _ => 300 };
        var connect = new Option<double>("--connect-timeout") { Description = "Seconds that the target has to answer.", DefaultValueFactory = _ => 10 };
        var demo = new Option<bool>("--demo") { Description = "Forwards to a server of its own, for clients of its own, and ends." };
        var parsed = new RootCommand("Forwards TCP connections to another host.") { listen, target, connections, idle, connect, demo }.Parse(args);
        if (parsed is { Errors.Count: 0, Action: not null }) // --help, --version
        {
            exitCode = parsed.Invoke();
            return null;
        }

        try
        {
            Check(parsed.Errors.Count == 0, string.Join('\n', parsed.Errors.Select(error => error.Message)));
            var isDemo = parsed.GetValue(demo);
            var (from, to) = (parsed.GetValue(listen), parsed.GetValue(target));
            Check(isDemo ? from is null : to is not null, isDemo ? "--demo: no addresses." : "Where to listen, and where to? Two addresses.");
            var settings = new Settings(
                isDemo ? null : ToAddress(from!.Contains(':') ? from : $":{from}"),
                isDemo ? null : ToAddress(to!),
                parsed.GetValue(connections),
                parsed.GetValue(idle),
                parsed.GetValue(connect));
            Check(isDemo || settings.Target!.Host != "", $"'{to}': there is no host.");
            Check(settings.Connections > 0, "--connections: at least 1.");
            Check(settings.Idle is > 0 and < 1e9, "--idle: a number of seconds above 0.");
            Check(settings.ConnectTimeout is > 0 and < 1e9, "--connect-timeout: a number of seconds above 0.");
            exitCode = 0;
            return settings;
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"{e.Message}\nTry --help.");
            exitCode = 2;
            return null;
        }
    }

    private static Address ToAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        var port = -1;
        Check(colon >= 0 && int.TryParse(text[(colon + 1)..], CultureInfo.InvariantCulture, out port) && port is >= 0 and <= 65535, $"'{text.TrimStart(':')}' is neither HOST:PORT nor PORT.");
        var host = text[..colon].Trim('[', ']');
        return new Address(host, port);
    }

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new FormatException(message);
        }
    }
}
