// An echo server on Asyncio's streams and on its protocols, on each reactor, against other servers; interleaved. See README.md.
//
//   dotnet run bench/echo.cs
//   dotnet run bench/echo.cs -- --peers FOLDER --rounds 5 --sizes 64,1024,16384

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
    foreach (var project in new[] { "EchoServer", "EchoLoad" })
    {
        await using var build = await Aio.CreateSubprocessExec("dotnet", ["build", Path.Combine(bench, project), "-c", "Release", "-v", "quiet", "--nologo"]);
        if (await build.WaitAsync() != 0)
        {
            return 1;
        }
    }

    var servers = Servers.Find(bench, options);
    if (servers.Count < 2)
    {
        Console.Error.WriteLine("There is nothing to compare.");
        return 1;
    }

    var reference = servers.Find(server => server.Name.StartsWith("C ", StringComparison.Ordinal)) ?? servers[0];
    var results = new List<Pair>();
    for (var round = 0; round < options.Rounds; round++)
    {
        foreach (var size in options.Sizes)
        {
            foreach (var rate in new[] { 0, options.Rate })
            {
                foreach (var server in servers.Where(server => server != reference))
                {
                    var pair = await new Run(bench, options).Measure(server, reference, size, rate);
                    Console.Error.WriteLine($"round {round + 1}: {pair}");
                    results.Add(pair);
                }
            }
        }
    }

    Table.Print(results, servers, reference, options);
    return 0;
}

/// <summary>What the command line asks for.</summary>
sealed record Options(string? Peers, int Rounds, int[] Sizes, int Rate, double Seconds, string Only)
{
    private const string Usage = """
        Usage: dotnet run bench/echo.cs -- [--peers FOLDER] [--rounds N] [--sizes 64,1024,16384] [--rate N] [--seconds N] [--only NAME]
          --peers    a folder whose bin/ holds built peers: echo_epoll, echo_uring, net_echo/echo, uvloop_echo
          --rounds   how often all of it is run; the table shows medians of the rounds (default: 5)
          --rate     requests a second of the runs that compare processor time (default: 100000)
          --seconds  how long each server is measured in a run (default: 2)
          --only     the servers whose names contain this, and the one that all are compared with
        """;

    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options(null, Rounds: 5, [64, 1024, 16384], Rate: 100_000, Seconds: 2, Only: "");
        for (var i = 0; i < args.Length; i += 2)
        {
            var parsed = (args[i], args.ElementAtOrDefault(i + 1)) switch
            {
                ("--peers", { } folder) when Directory.Exists(folder) => options with { Peers = folder },
                ("--rounds", { } text) when int.TryParse(text, out var rounds) && rounds > 0 => options with { Rounds = rounds },
                ("--only", { } name) => options with { Only = name },
                ("--rate", { } text) when int.TryParse(text, out var rate) && rate > 0 => options with { Rate = rate },
                ("--seconds", { } text) when double.TryParse(text, out var seconds) && seconds > 0 => options with { Seconds = seconds },
                ("--sizes", { } text) when text.Split(',').All(size => int.TryParse(size, out var bytes) && bytes > 0) =>
                    options with { Sizes = [.. text.Split(',').Select(int.Parse)] },
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

/// <summary>One of the compared servers; PORT among its arguments is replaced.</summary>
sealed record EchoServer(string Name, string Path, string[] Arguments, params (string Name, string Value)[] Environment);

static class Servers
{
    /// <summary>Ours, and those of the peers that are there; what is missing is named.</summary>
    public static List<EchoServer> Find(string bench, Options options)
    {
        var ours = Path.Combine(bench, "EchoServer/bin/Release/net10.0/echo");
        var found = new List<EchoServer>();
        foreach (var reactor in new[] { "io_uring", "epoll", "portable" })
        {
            found.Add(new($"streams {reactor}", ours, ["streams", "PORT"], ("ASYNCIO_REACTOR", reactor)));
        }

        found.Add(new("protocol io_uring", ours, ["protocol", "PORT"], ("ASYNCIO_REACTOR", "io_uring")));
        found.Add(new("protocol epoll", ours, ["protocol", "PORT"], ("ASYNCIO_REACTOR", "epoll")));
        foreach (var (name, path, arguments) in new[]
        {
            ("C epoll", "bin/echo_epoll", new[] { "PORT" }), ("C io_uring", "bin/echo_uring", ["PORT"]), (".NET sockets", "bin/net_echo/echo", ["tp", "PORT"]),
            ("uvloop streams", "bin/uvloop_echo", ["streams", "PORT"]),
        })
        {
            var file = Path.Combine(options.Peers ?? "", path);
            if (options.Peers is not null && File.Exists(file))
            {
                found.Add(new(name, Path.GetFullPath(file), arguments));
            }
            else
            {
                Console.Error.WriteLine($"{name} is missing: it needs --peers FOLDER with {path}.");
            }
        }

        return found.FindAll(server => server.Name.Contains(options.Only, StringComparison.Ordinal) || server.Name == "C epoll");
    }
}

/// <summary>What was measured of one server: requests a second, how long one took in microseconds (the median, and what one in a hundred exceeds), and its processor time.</summary>
readonly record struct Result(double PerSecond, double Median, double Slow, double Processor)
{
    public static Result Parse(string line) => line.Split(' ').Select(double.Parse).ToArray() is [var perSecond, var median, var slow, var processor]
        ? new(perSecond, median, slow, processor)
        : throw new FormatException($"The load printed no figures, but {line}.");
}

/// <summary>A server and the one that all are compared with, loaded in turn.</summary>
sealed record Pair(string Server, int Size, int Rate, Result Own, Result Reference)
{
    public override string ToString() =>
        $"{Server}, {Size} B{(Rate > 0 ? $" at {Rate:N0}/s" : "")}: {Own.PerSecond:N0}/s ({Own.PerSecond / Reference.PerSecond:F2}), "
        + $"{Own.Median:F0} µs, 1 % above {Own.Slow:F0} µs, {Own.Processor:F2} µs of processor each ({Own.Processor / Reference.Processor:F2})";
}

/// <summary>Starts two servers on one core and the load on another.</summary>
sealed class Run(string bench, Options options)
{
    private const double WarmUp = 1.5;

    public async Coroutine<Pair> Measure(EchoServer server, EchoServer reference, int size, int rate)
    {
        var ports = new[] { FreePort(), FreePort() };
        await using var first = await Start(server, ports[0]);
        await using var second = await Start(reference, ports[1]);
        await using var loading = await Aio.CreateSubprocessExec(
            "taskset",
            ["-c", "1", Path.Combine(bench, "EchoLoad/bin/Release/net10.0/echoload"), "64", $"{size}", $"{rate}", $"{WarmUp}", $"{options.Seconds}", $"{ports[0]}:{first.Pid}", $"{ports[1]}:{second.Pid}"],
            stdout: StdioTarget.Pipe);
        var printed = await loading.CommunicateAsync();
        return Encoding.UTF8.GetString(printed.Stdout!).Split('\n') is [var own, var other, ""]
            ? new Pair(server.Name, size, rate, Result.Parse(own), Result.Parse(other))
            : throw new InvalidOperationException($"The load on {server.Name} printed no figures.");
    }

    private static async Coroutine<Subprocess> Start(EchoServer server, int port)
    {
        // On one core the runtime would wait ten times longer before it optimises.
        var environment = Inherited();
        environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1";
        foreach (var (name, value) in server.Environment)
        {
            environment[name] = value;
        }

        return await Aio.CreateSubprocessExec(
            "taskset", ["-c", "0", server.Path, .. server.Arguments.Select(argument => argument == "PORT" ? $"{port}" : argument)],
            stdout: StdioTarget.DevNull, environment: environment);
    }

    private static Dictionary<string, string> Inherited() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

static class Table
{
    /// <summary>Medians, and in brackets the median of the ratios to the reference, taken within a run: the machine's speed changes between them.</summary>
    public static void Print(List<Pair> results, List<EchoServer> servers, EchoServer reference, Options options)
    {
        Console.WriteLine($"| server | {string.Join(" | ", options.Sizes.SelectMany(size => new[] { $"{size} B: requests/s", $"µs of processor, full load; at {options.Rate:N0}/s" }))} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", 2 * options.Sizes.Length))}");
        foreach (var server in servers)
        {
            var cells = options.Sizes.SelectMany(size =>
            {
                var (full, fixedRate) = (Of(size, 0), Of(size, options.Rate));
                return new[]
                {
                    Cell(full, result => result.PerSecond, "N0"),
                    $"{Cell(full, result => result.Processor, "F2")}; {Cell(fixedRate, result => result.Processor, "F2")}",
                };
            });
            Console.WriteLine($"| {server.Name} | {string.Join(" | ", cells)} |");

            List<(Result Own, Result Reference)> Of(int size, int rate) => server == reference
                ? [.. results.FindAll(pair => pair.Size == size && pair.Rate == rate).Select(pair => (pair.Reference, pair.Reference))]
                : [.. results.FindAll(pair => pair.Server == server.Name && pair.Size == size && pair.Rate == rate).Select(pair => (pair.Own, pair.Reference))];
        }

        static string Cell(List<(Result Own, Result Reference)> pairs, Func<Result, double> value, string format) =>
            $"{Median(pairs.Select(pair => value(pair.Own))).ToString(format)} ({Median(pairs.Select(pair => value(pair.Own) / value(pair.Reference))):F2})";
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
