// A key-value server with a line for each request: SET, GET, DEL, KEYS, TTL, QUIT. Values can expire.
//
//   dotnet run samples/keyvalue.cs                   listens on port 7379, on this machine only: nc localhost 7379
//   dotnet run samples/keyvalue.cs -- 9000 --host 0.0.0.0
//   dotnet run samples/keyvalue.cs -- --demo         a scripted client, then many at once
//
//   SET name value…          OK
//   SET name value… EX 2.5   OK; gone after 2.5 seconds
//   GET name                 the value, or a lone `-`
//   DEL name                 1, or 0 if there was none
//   TTL name                 the seconds left, -1 for ever, -2 if there is none
//   KEYS                     the number of keys, then each on a line
//   QUIT                     BYE
//
// Ctrl-C ends it.

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

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var port = new Argument<int>("port") { Description = "Where to listen; 0 chooses a free one.", DefaultValueFactory = _ => 7379 };
var host = new Option<string>("--host") { Description = "The address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
var demo = new Option<bool>("--demo") { Description = "Shows it with clients of its own, and ends." };
var command = new RootCommand("A key-value server with a line for each request.") { port, host, demo };
command.SetAction(parsed =>
{
    if (parsed.GetValue(port) is < 0 or > 65535)
    {
        Console.Error.WriteLine("The port is a number from 0 to 65535.\nTry --help.");
        return 2;
    }

    try
    {
        Aio.Run(parsed.GetValue(demo) ? Demo.Run() : Serve(parsed.GetValue(host)!, parsed.GetValue(port)));
        return 0;
    }
    catch (KeyboardInterruptException)
    {
        return 130;
    }
    catch (SocketException e)
    {
        Console.Error.WriteLine($"keyvalue: {e.Message}");
        return 1;
    }
});
var commandLine = command.Parse(args);
if (commandLine.Errors.Count == 0)
{
    return commandLine.Invoke();
}

Console.Error.WriteLine($"{string.Join('\n', commandLine.Errors.Select(error => error.Message))}\nTry --help.");
return 2;

static async Coroutine Serve(string host, int port)
{
    using var store = new Store();
    var service = new Service(store);
    var server = await Aio.StartServer(service.Serve, host, port);
    Console.WriteLine($"listening on {string.Join(", ", server.Sockets.Select(socket => socket.LocalEndPoint))}; Ctrl-C ends it");
    await foreach (var signal in Aio.Signals(PosixSignal.SIGINT, PosixSignal.SIGTERM))
    {
        break;
    }

    server.CloseClients(); // answers under way are still sent
    await server.CloseAsync(2);
    Console.WriteLine($"{service.Requests:N0} requests answered; {store.Keys.Count:N0} keys forgotten");
}

/// <summary>Keys and values, and a timer for each key that expires.</summary>
sealed class Store : IDisposable
{
    private readonly EventLoop _loop = Aio.GetRunningLoop();
    private readonly SortedDictionary<string, (string Value, TimerHandle? Expiry)> _entries = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Keys => _entries.Keys;

    public string? Get(string key) => _entries.TryGetValue(key, out var entry) ? entry.Value : null;

    public void Set(string key, string value, double? seconds)
    {
        Remove(key); // and its timer
        _entries.Add(key, (value, seconds is { } some ? _loop.CallLater(some, () => _entries.Remove(key)) : null));
    }

    public bool Remove(string key)
    {
        if (!_entries.Remove(key, out var entry))
        {
            return false;
        }

        entry.Expiry?.Cancel();
        return true;
    }

    /// <summary>Infinite if it does not expire; null if there is none.</summary>
    public double? SecondsLeft(string key) => _entries.TryGetValue(key, out var entry)
        ? entry.Expiry is { } timer ? Math.Max(0, timer.When() - _loop.Time()) : double.PositiveInfinity
        : null;

    public void Dispose()
    {
        foreach (var (_, expiry) in _entries.Values)
        {
            expiry?.Cancel();
        }
    }
}

/// <summary>The protocol.</summary>
sealed class Service(Store store)
{
    public long Requests { get; private set; }

    public async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        await using var _ = writer;
        try
        {
            await foreach (var request in reader.ReadTextLinesAsync())
            {
                Requests++;
                writer.Write(Answer(request.Split(' ', StringSplitOptions.RemoveEmptyEntries)) + "\n");
                if (request == "QUIT")
                {
                    return;
                }

                await writer.DrainAsync(); // who does not read the answers gets no more of them
                if (Requests % 100 == 0)
                {
                    await Aio.Yield(); // many requests that came at once are answered without a wait: the others have their turn
                }
            }
        }
        catch (LimitOverrunException)
        {
            writer.Write("ERROR that line is too long\n");
        }
        catch (SocketException)
        {
            // the client is gone
        }
    }

    private string Answer(string[] words) => words switch
    {
        ["SET", var key, .. var value, "EX", var time] when value.Length > 0 => ToSeconds(time) is { } seconds
            ? Set(key, value, seconds)
            : "ERROR EX: a number of seconds above 0",
        ["SET", var key, .. var value] when value.Length > 0 => Set(key, value, null),
        ["GET", var key] => store.Get(key) ?? "-",
        ["DEL", var key] => store.Remove(key) ? "1" : "0",
        ["TTL", var key] => store.SecondsLeft(key) switch
        {
            null => "-2",
            double.PositiveInfinity => "-1",
            var seconds => $"{seconds:0.0}",
        },
        ["KEYS"] => string.Join('\n', store.Keys.Prepend($"{store.Keys.Count}")),
        ["QUIT"] => "BYE",
        _ => "ERROR one of: SET name value [EX seconds], GET name, DEL name, TTL name, KEYS, QUIT",
    };

    private string Set(string key, string[] value, double? seconds)
    {
        store.Set(key, string.Join(' ', value), seconds);
        return "OK";
    }

    private static double? ToSeconds(string text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e9 ? seconds : null;
}

static class Demo
{
    public static async Coroutine Run()
    {
        using var store = new Store();
        await using var server = await Aio.StartServer(new Service(store).Serve, "127.0.0.1", 0);
        var address = (IPEndPoint)server.Sockets[0].LocalEndPoint!;
        await Script(address);
        await Crowd(address, clients: 100, requests: 100);
    }

    private static async Coroutine Script(IPEndPoint address)
    {
        var (reader, writer) = await Aio.OpenConnection($"{address.Address}", address.Port);
        await using var _ = writer;
        await Ask("SET colour dark green");
        await Ask("GET colour");
        await Ask("SET colour red EX 0.2");
        await Ask("SET size 3");
        await Ask("KEYS", answerLines: 3);
        await Ask("TTL size");
        await Aio.Sleep(0.4);
        await Ask("GET colour");
        await Ask("TTL colour");
        await Ask("DEL size");
        await Ask("DEL size");
        await Ask("PUT size 4");
        await Ask("QUIT");
        Console.WriteLine(await reader.ReadTextLineAsync() is null ? "(the end)" : "(there is more?)");

        async Coroutine Ask(string request, int answerLines = 1)
        {
            Console.WriteLine($"> {request}");
            writer.Write(request + "\n");
            for (var i = 0; i < answerLines; i++)
            {
                Console.WriteLine(await Aio.WaitFor(reader.ReadTextLineAsync(), 30));
            }
        }
    }

    // Each sends all its requests at once, and reads the answers afterwards.
    private static async Coroutine Crowd(IPEndPoint address, int clients, int requests)
    {
        var start = Stopwatch.GetTimestamp();
        var right = await Aio.GatherAll(Enumerable.Range(0, clients).Select(Client));
        Console.WriteLine($"{right.Sum():N0} of {clients * requests:N0} answers to {clients} clients are right");
        Console.WriteLine($"{clients * requests / Stopwatch.GetElapsedTime(start).TotalSeconds:N0} requests/s");

        async Coroutine<int> Client(int id)
        {
            var (reader, writer) = await Aio.OpenConnection($"{address.Address}", address.Port);
            await using var _ = writer;
            for (var i = 0; i < requests / 2; i++)
            {
                writer.Write($"SET {id}.{i} {id * i} EX 60\nGET {id}.{i}\n");
            }

            var right = 0;
            for (var i = 0; i < requests / 2; i++)
            {
                right += await reader.ReadTextLineAsync() == "OK" ? 1 : 0;
                right += await reader.ReadTextLineAsync() == $"{id * i}" ? 1 : 0;
            }

            return right;
        }
    }
}
