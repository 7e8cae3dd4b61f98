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

    var servers = Servers.Find(bench, options.Peers);
    var results = new List<Result>();
    for (var round = 0; round < options.Rounds; round++)
    {
        foreach (var size in options.Sizes)
        {
            foreach (var rate in new[] { 0, options.Rate })
            {
                for (var i = 0; i < servers.Count; i++)
                {
                    var server = servers[(i + round) % servers.Count];
                    var result = await new Run(bench, options).Measure(round, server, size, rate);
                    Console.Error.WriteLine($"round {round + 1}: {result}");
                    results.Add(result);
                }
            }
        }
    }

    Table.Print(results, servers, options);
    return 0;
}

/// <summary>What the command line asks for.</summary>
sealed record Options(string? Peers, int Rounds, int[] Sizes, int Rate, double Seconds)
{
    private const string Usage = """
        Usage: dotnet run bench/echo.cs -- [--peers FOLDER] [--rounds N] [--sizes 64,1024,16384] [--rate N] [--seconds N]
          --peers    a folder whose bin/ holds built peers: echo_epoll, echo_uring, net_echo/echo
          --rounds   how often all of it is run; the table shows medians of the rounds (default: 5)
          --rate     requests a second of the runs that compare processor time (default: 100000)
          --seconds  how long each run is measured (default: 2)
        """;

    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options(null, Rounds: 5, [64, 1024, 16384], Rate: 100_000, Seconds: 2);
        for (var i = 0; i < args.Length; i += 2)
        {
            var parsed = (args[i], args.ElementAtOrDefault(i + 1)) switch
            {
                ("--peers", { } folder) when Directory.Exists(folder) => options with { Peers = folder },
                ("--rounds", { } text) when int.TryParse(text, out var rounds) && rounds > 0 => options with { Rounds = rounds },
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
    public static List<EchoServer> Find(string bench, string? peers)
    {
        var ours = Path.Combine(bench, "EchoServer/bin/Release/net10.0/echo");
        var found = new List<EchoServer>();
        foreach (var reactor in new[] { "io_uring", "epoll", "portable" })
        {
            found.Add(new($"streams {reactor}", ours, ["streams", "PORT"], ("ASYNCIO_REACTOR", reactor)));
        }

        found.Add(new("protocol io_uring", ours, ["protocol", "PORT"], ("ASYNCIO_REACTOR", "io_uring")));
        foreach (var (name, path, arguments) in new[]
        {
            ("C epoll", "bin/echo_epoll", new[] { "PORT" }), ("C io_uring", "bin/echo_uring", ["PORT"]), (".NET sockets", "bin/net_echo/echo", ["tp", "PORT"]),
        })
        {
            var file = Path.Combine(peers ?? "", path);
            if (peers is not null && File.Exists(file))
            {
                found.Add(new(name, Path.GetFullPath(file), arguments));
            }
            else
            {
                Console.Error.WriteLine($"{name} is missing: it needs --peers FOLDER with {path}.");
            }
        }

        return found;
    }
}

/// <summary>One figure: requests a second, and what they cost the server's core.</summary>
sealed record Result(int Round, string Server, int Size, int Rate, double PerSecond, double Median, double Slow, double Processor)
{
    /// <summary>Microseconds of processor time for a request.</summary>
    public double Cost => Processor / PerSecond * 1e6;

    public override string ToString() =>
        $"{Server}, {Size} B{(Rate > 0 ? $" at {Rate:N0}/s" : "")}: {PerSecond:N0}/s, {Median:F0} µs, 1 % above {Slow:F0} µs, {Cost:F2} µs of processor each";
}

/// <summary>Starts a server on one core and the load on another.</summary>
sealed class Run(string bench, Options options)
{
    private const double WarmUp = 1.5;
    private const int TicksPerSecond = 100;

    public async Coroutine<Result> Measure(int round, EchoServer server, int size, int rate)
    {
        var port = FreePort().ToString();
        // On one core the runtime would wait ten times longer before it optimises.
        var environment = Inherited();
        environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1";
        foreach (var (name, value) in server.Environment)
        {
            environment[name] = value;
        }

        await using var serving = await Aio.CreateSubprocessExec(
            "taskset", ["-c", "0", server.Path, .. server.Arguments.Select(argument => argument == "PORT" ? port : argument)],
            stdout: StdioTarget.DevNull, environment: environment);
        await using var loading = await Aio.CreateSubprocessExec(
            "taskset", ["-c", "1", Path.Combine(bench, "EchoLoad/bin/Release/net10.0/echoload"), port, "64", $"{size}", $"{rate}", $"{WarmUp + 0.5}", $"{options.Seconds}"],
            stdout: StdioTarget.Pipe);
        var (printed, processor) = await Aio.Gather(loading.CommunicateAsync(), ProcessorShare(serving.Pid));
        var fields = Encoding.UTF8.GetString(printed.Stdout!).Split(' ');
        return fields is [var perSecond, var median, var slow]
            ? new Result(round, server.Name, size, rate, double.Parse(perSecond), double.Parse(median), double.Parse(slow), processor)
            : throw new InvalidOperationException($"The load on {server.Name} printed no figures.");
    }

    /// <summary>How much of its core the server uses while it is measured; the end is left out, where the load sums up.</summary>
    private async Coroutine<double> ProcessorShare(int pid)
    {
        await Aio.Sleep(WarmUp + 1);
        var (before, start) = (Ticks(pid), Aio.GetRunningLoop().Time());
        await Aio.Sleep(options.Seconds - 0.5);
        return (Ticks(pid) - before) / (double)TicksPerSecond / (Aio.GetRunningLoop().Time() - start);
    }

    private static Dictionary<string, string> Inherited() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");

    private static long Ticks(int pid)
    {
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[11]) + long.Parse(fields[12]);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

static class Table
{
    /// <summary>Medians, and in brackets the median of the ratios to the first peer within a round: the machine's speed changes between them.</summary>
    public static void Print(List<Result> results, List<EchoServer> servers, Options options)
    {
        var reference = servers.FirstOrDefault(server => server.Name.StartsWith("C ", StringComparison.Ordinal)) ?? servers[0];
        Console.WriteLine($"| server | {string.Join(" | ", options.Sizes.SelectMany(size => new[] { $"{size} B: requests/s", $"µs of processor at {options.Rate:N0}/s" }))} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", 2 * options.Sizes.Length))}");
        foreach (var server in servers)
        {
            var cells = options.Sizes.SelectMany(size => new[]
            {
                Cell(0, result => result.PerSecond, "N0"), Cell(options.Rate, result => result.Cost, "F2"),
            }.Select(cell => cell(size)));
            Console.WriteLine($"| {server.Name} | {string.Join(" | ", cells)} |");

            Func<int, string> Cell(int rate, Func<Result, double> value, string format) => size =>
            {
                var own = Of(server.Name);
                var ratios = own.Join(Of(reference.Name), left => left.Round, right => right.Round, (left, right) => value(left) / value(right));
                return $"{Median(own.Select(value)).ToString(format)} ({Median(ratios):F2})";

                List<Result> Of(string name) => results.FindAll(result => result.Server == name && result.Size == size && result.Rate == rate);
            };
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
