// A chat server for `nc` and `telnet`. A client that reads too slowly is dropped, and told why; it never holds up the others.
//
//   dotnet run samples/chat.cs                       listens on port 7777: nc localhost 7777
//   dotnet run samples/chat.cs -- 9000 --host 127.0.0.1
//   dotnet run samples/chat.cs -- --demo             three scripted clients talk with each other
//
// Clients: /who tells who is there, /quit leaves. Ctrl-C ends the server: everybody is told, and has some seconds to take it in.

#:project ../src/Asyncio
#:package System.CommandLine
#:property PublishAot=false

using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Asyncio;

var port = new Argument<int>("port") { Description = "Where to listen; 0 chooses a free one.", DefaultValueFactory = _ => 7777 };
var host = new Option<string?>("--host") { Description = "The address to listen on. [default: all]" };
var demo = new Option<bool>("--demo") { Description = "Lets three scripted clients talk, and ends." };
var command = new RootCommand("A chat server for nc and telnet.") { port, host, demo };
command.SetAction(parsed =>
{
    if (parsed.GetValue(port) is < 0 or > 65535)
    {
        Console.Error.WriteLine("The port is a number from 0 to 65535.\nTry --help.");
        return 2;
    }

    try
    {
        Aio.Run(parsed.GetValue(demo) ? Demo.Run() : Serve(parsed.GetValue(host), parsed.GetValue(port)));
        return 0;
    }
    catch (KeyboardInterruptException)
    {
        return 130;
    }
    catch (SocketException e)
    {
        Console.Error.WriteLine($"chat: {e.Message}");
        return 1;
    }
});
var commandLine = command.Parse(args);
return commandLine.Errors.Count == 0 ? commandLine.Invoke() : Usage.Complain(commandLine);

static async Coroutine Serve(string? host, int port)
{
    var room = new Room();
    var server = await Aio.StartServer(room.Welcome, host, port, limit: Room.LongestLine);
    Console.WriteLine($"listening on {string.Join(", ", server.Sockets.Select(socket => socket.LocalEndPoint))}; Ctrl-C ends it");
    await foreach (var signal in Aio.Signals(PosixSignal.SIGINT, PosixSignal.SIGTERM))
    {
        Console.WriteLine($"closing, {room.Count} here");
        break; // from here on Ctrl-C is the system's again: a second one ends all at once
    }

    room.Close("the server is closing");
    await server.CloseAsync(Client.Patience);
}

/// <summary>Who is there. No locks: all of this runs on one thread.</summary>
sealed class Room
{
    public const int LongestLine = 4096; // bytes

    private readonly SortedDictionary<string, Client> _clients = new(StringComparer.OrdinalIgnoreCase);
    private string? _closedBecause;

    public int Count => _clients.Count;

    public bool Has(string name) => _clients.TryGetValue(name, out var client) && !client.HasLeft;

    /// <summary>A client's whole life; one task for each.</summary>
    public async Coroutine Welcome(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        var client = new Client(writer);
        await TaskGroup.Run(async group =>
        {
            _ = group.CreateTask(client.SendAll());
            try
            {
                if (await ChooseName(client, reader))
                {
                    await Talk(client, reader);
                }
            }
            catch (SocketException)
            {
                client.Leave("connection lost");
            }
            finally
            {
                client.Leave();
                if (_clients.Remove(client.Name))
                {
                    Tell($"* {client.Name} left{(client.Reason is null ? "" : $" ({client.Reason})")}");
                }
            }
        });
    }

    public void Close(string reason)
    {
        _closedBecause = reason;
        foreach (var client in _clients.Values)
        {
            client.Leave(reason);
        }
    }

    private async Coroutine<bool> ChooseName(Client client, AsyncStreamReader reader)
    {
        client.Tell("* your name?");
        while (await ReadLine(client, reader) is { } name)
        {
            if (name.Length is 0 or > 20 || !name.All(char.IsLetterOrDigit))
            {
                client.Tell("* 1 to 20 letters and digits, please");
            }
            else if (!_clients.TryAdd(name, client))
            {
                client.Tell($"* {name} is taken; another one?");
            }
            else
            {
                client.Name = name;
                Tell($"* {name} joined");
                return true;
            }
        }

        return false;
    }

    private async Coroutine Talk(Client client, AsyncStreamReader reader)
    {
        while (await ReadLine(client, reader) is { } line and not "/quit")
        {
            switch (line)
            {
                case "":
                    break;

                case "/who":
                    client.Tell($"* here: {string.Join(", ", _clients.Keys)}");
                    break;

                case ['/', ..]:
                    client.Tell($"* there is no {line.Split(' ')[0]}; there are /who and /quit");
                    break;

                default:
                    Tell($"{client.Name}: {line}", except: client);
                    break;
            }

            await Aio.Yield(); // reading what has come already does not wait: who sends much at once must not keep the others from their turn
        }
    }

    private void Tell(string line, Client? except = null)
    {
        foreach (var client in _clients.Values)
        {
            if (client != except)
            {
                client.Tell(line);
            }
        }
    }

    /// <summary>Null at the end, also if the client was told to leave.</summary>
    private async Coroutine<string?> ReadLine(Client client, AsyncStreamReader reader)
    {
        if (_closedBecause is not null)
        {
            client.Leave(_closedBecause);
        }

        try
        {
            // What telnet says to itself is no text; nor is what would move another's cursor.
            return !client.HasLeft && await reader.ReadTextLineAsync() is { } line
                ? string.Concat(line.Where(c => !char.IsControl(c) && c != '\uFFFD')).Trim()
                : null;
        }
        catch (LimitOverrunException)
        {
            client.Leave("that line was too long"); // what comes next may be the rest of it
            return null;
        }
    }
}

/// <summary>What a client is to be sent: so many lines may wait for it, no more.</summary>
sealed class Client
{
    /// <summary>Seconds that one who leaves has to take in what was sent last.</summary>
    public const double Patience = 5;

    private const int SystemBuffer = 16 * 1024; // bytes; what the system keeps for a client is not to be many megabytes

    private readonly AsyncQueue<string> _outbox = new(maxSize: 100);
    private readonly AsyncStreamWriter _writer;

    public Client(AsyncStreamWriter writer)
    {
        _writer = writer;
        writer.GetExtraInfo<Socket>("socket")!.SendBufferSize = SystemBuffer;
    }

    public string Name { get; set; } = "";

    public string? Reason { get; private set; }

    public bool HasLeft => _outbox.IsShutDown;

    public void Tell(string line)
    {
        if (!HasLeft && !_outbox.TryPut(line))
        {
            Leave("reads too slowly");
        }
    }

    /// <summary>With a reason, that is the next thing it is told; without, it first gets what is waiting for it.</summary>
    public void Leave(string? reason = null)
    {
        if (HasLeft)
        {
            return;
        }

        if (reason is not null)
        {
            Reason = reason;
            while (_outbox.TryGet(out _))
            {
                // makes room
            }

            _outbox.PutNowait($"* goodbye ({reason})");
        }

        _outbox.Shutdown();
        Aio.GetRunningLoop().CallLater(Patience, _writer.Transport.Abort); // does nothing if it is closed by then
    }

    /// <summary>Ends when the client has left and was sent everything, or has not taken it in time.</summary>
    public async Coroutine SendAll()
    {
        try
        {
            await foreach (var line in _outbox.ReadAllAsync())
            {
                _writer.Write(line + "\n");
                await _writer.DrainAsync();
            }

            await _writer.CloseAsync();
        }
        catch (SocketException)
        {
            Leave("connection lost");
        }
    }
}

/// <summary>Three clients. What each of them reads is printed.</summary>
static class Demo
{
    public static async Coroutine Run()
    {
        var room = new Room();
        var server = await Aio.StartServer(room.Welcome, "127.0.0.1", 0, limit: Room.LongestLine);
        var address = (IPEndPoint)server.Sockets[0].LocalEndPoint!;

        await using var ada = await Person.Join("ada", address);
        await using var bob = await Person.Join("Bob", address);
        await ada.Sees("* Bob joined");
        ada.Says("hello, Bob");
        await bob.Sees("ada: hello, Bob");
        bob.Says("/who");
        await bob.Sees("* here: ada, Bob");

        await using var dozer = await Person.Join("dozer", address, bufferSize: 4096);
        await ada.Sees("* dozer joined");
        await bob.Sees("* dozer joined");
        var told = await TalkUntilDropped(ada, bob, room);
        Console.WriteLine($"      (Bob has read {(told > 100 ? "more than 100" : "fewer than 100")} long lines of ada's; dozer slept, and was dropped)");
        await dozer.Sees("* goodbye (reads too slowly)", skipping: true);
        await dozer.SeesTheEnd();
        await ada.Sees("* dozer left (reads too slowly)");
        await bob.Sees("* dozer left (reads too slowly)");

        bob.Says("/quit");
        await bob.SeesTheEnd();
        await ada.Sees("* Bob left");

        room.Close("the server is closing");
        var closing = Aio.CreateTask(server.CloseAsync(Client.Patience));
        await ada.Sees("* goodbye (the server is closing)");
        await ada.SeesTheEnd();
        await closing;
        Console.WriteLine("      (the server is closed)");
    }

    // Each line is sent when the one before was read: it is not Bob who is slow.
    private static async Coroutine<int> TalkUntilDropped(Person ada, Person bob, Room room)
    {
        var line = new string('x', 2000);
        for (var told = 0; ; told++)
        {
            if (!room.Has("dozer"))
            {
                return told;
            }

            ada.Says(line, quietly: true);
            await bob.Sees($"ada: {line}", quietly: true);
        }
    }
}

sealed class Person(string name, AsyncStreamReader reader, AsyncStreamWriter writer) : IAsyncDisposable
{
    public static async Coroutine<Person> Join(string name, IPEndPoint server, int bufferSize = AsyncStreamReader.DefaultLimit)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = bufferSize };
        await Aio.GetRunningLoop().SockConnect(socket, server);
        var (reader, writer) = await Aio.OpenConnection(socket, limit: bufferSize);
        var person = new Person(name, reader, writer);
        await person.Sees("* your name?");
        person.Says(name);
        await person.Sees($"* {name} joined");
        return person;
    }

    public void Says(string line, bool quietly = false)
    {
        if (!quietly)
        {
            Console.WriteLine($"{name,5} > {line}");
        }

        writer.Write(line + "\n");
    }

    public async Coroutine Sees(string expected, bool quietly = false, bool skipping = false)
    {
        using (Aio.Timeout(30))
        {
            string? line;
            do
            {
                line = await reader.ReadTextLineAsync();
            }
            while (skipping && line is not null && line != expected);

            if (line != expected)
            {
                throw new InvalidOperationException($"{name} was to see '{expected}' and saw {(line is null ? "the end" : $"'{line}'")}.");
            }
        }

        if (!quietly)
        {
            Console.WriteLine($"{name,5} < {expected}");
        }
    }

    public async Coroutine SeesTheEnd()
    {
        using (Aio.Timeout(30))
        {
            if (await reader.ReadTextLineAsync() is { } line)
            {
                throw new InvalidOperationException($"{name} was to see the end and saw '{line}'.");
            }
        }
    }

    public async ValueTask DisposeAsync() => await writer.DisposeAsync();
}

static class Usage
{
    public static int Complain(ParseResult parsed)
    {
        Console.Error.WriteLine($"{string.Join('\n', parsed.Errors.Select(error => error.Message))}\nTry --help.");
        return 2;
    }
}
