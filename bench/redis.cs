// SET and GET from 100 tasks on one connection, against redis-py's asyncio client and redis-benchmark; in turn. See README.md.
//
//   dotnet run bench/redis.cs
//   dotnet run bench/redis.cs -- --rounds 40 --seconds 0.25
//
// Needs redis-server, redis-benchmark and, for redis-py, a python3 that has it: apt-get install redis-server python3-redis

#:project ../src/Asyncio
#:property PublishAot=false
#:property Optimize=true

using System.Collections;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Asyncio;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (!Options.TryParse(args, out var options))
{
    return 2;
}

var bench = (string)AppContext.GetData("EntryPointFileDirectoryPath")!; // the folder of this file
return Aio.Run(Compare());

async Coroutine<int> Compare()
{
    await using var build = await Aio.CreateSubprocessExec("dotnet", ["build", Path.Combine(bench, "RedisLoad"), "-c", "Release", "-v", "quiet", "--nologo"]);
    if (await build.WaitAsync() != 0)
    {
        return 1;
    }

    await using var server = await RedisServer.Start();
    await using var ours = await Load.Start("Asyncio.Redis", Path.Combine(bench, "RedisLoad/bin/Release/net10.0/redisload"), server.Port, options, []);
    var python = Path.Combine(bench, "RedisPeer/peer.py");
    List<ILoad> peers = [new RedisBenchmark(server.Port, options)];
    foreach (var (name, how) in new[] { ("redis-py, 100 tasks, one connection", "one"), ("redis-py, 100 tasks, 100 connections", "pool"), ("redis-py, pipelines of 100", "pipeline") })
    {
        peers.Add(await Load.Start(name, options.Python, server.Port, options, [python, how]));
    }

    foreach (var command in new[] { "set", "get", "set", "get" })
    {
        await ours.Measure(command); // warm
    }

    foreach (var command in new[] { "set", "get" })
    {
        Console.WriteLine($"{command.ToUpperInvariant(),-40} {"/s",12} {"ours/s",12} {"ours:peer",10}");
        foreach (var peer in peers.Where(peer => peer.Name.Contains(options.Only, StringComparison.Ordinal)))
        {
            var pairs = new List<(double Ours, double Theirs)>();
            for (var round = 0; round < options.Rounds; round++)
            {
                pairs.Add((await ours.Measure(command), await peer.Measure(command)));
            }

            var ratio = Median(pairs.Select(pair => pair.Ours / pair.Theirs));
            Console.WriteLine($"{peer.Name,-40} {Median(pairs.Select(pair => pair.Theirs)),12:N0} {Median(pairs.Select(pair => pair.Ours)),12:N0} {ratio,10:F2}");
        }
    }

    foreach (var peer in peers)
    {
        await peer.DisposeAsync();
    }

    return 0;
}

static double Median(IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } sorted ? sorted[sorted.Length / 2] : double.NaN;

/// <summary>What the command line asks for.</summary>
sealed record Options(int Rounds, double Seconds, int Tasks, string Python, string Only)
{
    private const string Usage = """
        Usage: dotnet run bench/redis.cs -- [--rounds N] [--seconds N] [--tasks N] [--python PATH] [--only NAME]
          --rounds   how often ours and a peer are measured in turn; the table shows medians (default: 20)
          --seconds  how long each is measured in a round (default: 0.25)
          --tasks    how many tasks, and how many commands redis-benchmark has under way (default: 100)
          --python   a Python that has redis-py (default: /usr/bin/python3)
          --only     the peers whose names contain this
        """;

    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options(Rounds: 20, Seconds: 0.25, Tasks: 100, Python: "/usr/bin/python3", Only: "");
        for (var i = 0; i < args.Length; i += 2)
        {
            var parsed = (args[i], args.ElementAtOrDefault(i + 1)) switch
            {
                ("--rounds", { } text) when int.TryParse(text, out var rounds) && rounds > 0 => options with { Rounds = rounds },
                ("--seconds", { } text) when double.TryParse(text, out var seconds) && seconds > 0 => options with { Seconds = seconds },
                ("--tasks", { } text) when int.TryParse(text, out var tasks) && tasks > 0 => options with { Tasks = tasks },
                ("--only", { } name) => options with { Only = name },
                ("--python", { } path) => options with { Python = path },
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

interface ILoad : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Commands a second.</summary>
    Coroutine<double> Measure(string command);
}

/// <summary>A program that measures when it is told to, so that nothing but the measurement lies between two.</summary>
sealed class Load(string name, Subprocess process) : ILoad
{
    public string Name => name;

    public static async Coroutine<Load> Start(string name, string program, int port, Options options, string[] before)
    {
        // On one core the runtime would wait ten times longer before it optimises.
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");
        environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1";
        return new Load(name, await Aio.CreateSubprocessExec(
            "taskset", ["-c", "1", program, .. before, $"{port}", $"{options.Tasks}", $"{options.Seconds}"], stdin: StdioTarget.Pipe, stdout: StdioTarget.Pipe, environment: environment));
    }

    public async Coroutine<double> Measure(string command)
    {
        process.Stdin!.Write(command + "\n");
        await process.Stdin.DrainAsync();
        return double.TryParse(await process.Stdout!.ReadTextLineAsync(), out var perSecond) ? perSecond : throw new InvalidOperationException($"{name} printed no figure.");
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.DisposeAsync();
    }
}

/// <summary>The server's own benchmark, in C: a new process each time, which is asked for about as many commands as fit the time.</summary>
sealed class RedisBenchmark(int port, Options options) : ILoad
{
    private double _expected = 500_000;

    public string Name => $"redis-benchmark -c 1 -P {options.Tasks}";

    public async Coroutine<double> Measure(string command)
    {
        await using var process = await Aio.CreateSubprocessExec(
            "taskset", ["-c", "1", "redis-benchmark", "-p", $"{port}", "-c", "1", "-P", $"{options.Tasks}", "-t", command, "-n", $"{_expected * options.Seconds:F0}", "--csv"], stdout: StdioTarget.Pipe);
        var (output, _) = await process.CommunicateAsync();
        var figures = Encoding.UTF8.GetString(output!).Split('\n')[1].Split(',');
        return _expected = double.Parse(figures[1].Trim('"'));
    }

    public ValueTask DisposeAsync() => default;
}

/// <summary>A server on a core of its own, in a folder of its own.</summary>
sealed class RedisServer(Subprocess process, string folder, int port) : IAsyncDisposable
{
    public int Port => port;

    public static async Coroutine<RedisServer> Start()
    {
        var port = FreePort();
        var folder = Directory.CreateTempSubdirectory("asyncio-redis-").FullName;
        var process = await Aio.CreateSubprocessExec(
            "taskset", ["-c", "0", "redis-server", "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"], stdout: StdioTarget.DevNull);
        await Aio.Timeout(30, async () =>
        {
            while (!await Answers(port))
            {
                await Aio.Sleep(0.05);
            }
        });
        return new RedisServer(process, folder, port);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Coroutine<bool> Answers(int port)
    {
        try
        {
            var (reader, writer) = await Aio.OpenConnection("127.0.0.1", port);
            await using var _ = writer;
            writer.Write("PING\r\n");
            return await reader.ReadTextLineAsync() == "+PONG";
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
