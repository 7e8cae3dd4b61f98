// 20,000 small GETs, a hundred at a time, from a local Kestrel: ClientSession against HttpClient and aiohttp, interleaved. See README.md.
//
//   dotnet run bench/http.cs
//   dotnet run bench/http.cs -- --rounds 5 --requests 20000 --concurrency 100
//
// It runs itself for each part: `serve` is the server, the others are clients that print requests a second.

#:sdk Microsoft.NET.Sdk.Web
#:project ../src/Asyncio.Http
#:property PublishAot=false

using System.Diagnostics;
using System.Globalization;
using System.Text;
using Asyncio;
using Asyncio.Http;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["serve"]:
        await Server.Run();
        return 0;
    case [var client, var url, var requests, var concurrency] when !client.StartsWith('-'):
        await new Load(new Uri(url), int.Parse(requests), int.Parse(concurrency)).Run(client);
        return 0;
    default:
        return Options.TryParse(args, out var options) ? Aio.Run(Comparison.Run(options)) : 2;
}

/// <summary>What the command line asks for.</summary>
sealed record Options(int Rounds, int Requests, int Concurrency)
{
    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options(Rounds: 5, Requests: 20_000, Concurrency: 100);
        for (var i = 0; i < args.Length; i += 2)
        {
            var parsed = (args[i], int.TryParse(args.ElementAtOrDefault(i + 1), out var number) && number > 0) switch
            {
                ("--rounds", true) => options with { Rounds = number },
                ("--requests", true) => options with { Requests = number },
                ("--concurrency", true) => options with { Concurrency = number },
                _ => null,
            };
            if (parsed is null)
            {
                Console.Error.WriteLine("Usage: dotnet run bench/http.cs -- [--rounds N] [--requests N] [--concurrency N]");
                return false;
            }

            options = parsed;
        }

        return true;
    }
}

static class Comparison
{
    private const string Ours = "session";

    private static readonly (string Name, string Shown)[] s_clients =
    [
        (Ours, "ClientSession"),
        ("httpclient", "HttpClient, on the thread pool"),
        ("aiohttp", "aiohttp"),
        ("sockets", "the handler in coroutines, over .NET's sockets"),
        ("streams", "the handler in coroutines, over the loop's streams"),
    ];

    public static async Coroutine<int> Run(Options options)
    {
        await using var server = await Aio.CreateSubprocessExec(Pinned(0), [.. Arguments(0), Environment.ProcessPath!, "serve"], stdout: StdioTarget.Pipe);
        var url = (await server.Stdout!.ReadTextLineAsync())!;
        var results = s_clients.ToDictionary(client => client.Name, _ => new List<Result>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var (name, _) in s_clients)
            {
                var result = await Measure(name, url, options);
                results[name].Add(result);
                Console.Error.WriteLine($"round {round}: {name} {result}");
            }
        }

        server.Terminate();
        await server.WaitAsync();
        Console.WriteLine("| client | requests/s | processor time, µs a request | ClientSession: requests/s, times as many | processor time, times as little |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var (name, shown) in s_clients)
        {
            var theirs = results[name];
            var pairs = results[Ours].Zip(theirs).ToArray();
            Console.WriteLine(theirs.Any(result => double.IsNaN(result.PerSecond))
                ? $"| {shown} | not there | | | |"
                : $"| {shown} | {Median(theirs.Select(result => result.PerSecond)):N0} | {Median(theirs.Select(result => result.Processor)):0.0} "
                    + $"| {Median(pairs.Select(pair => pair.First.PerSecond / pair.Second.PerSecond)):0.00} | {Median(pairs.Select(pair => pair.Second.Processor / pair.First.Processor)):0.00} |");
        }

        return 0;
    }

    // NaN if the client is not there.
    private static async Coroutine<Result> Measure(string name, string url, Options options)
    {
        var python = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "http_aiohttp.py");
        string[] program = name == "aiohttp" ? ["/usr/bin/python3", python] : [Environment.ProcessPath!, name];
        await using var client = await Aio.CreateSubprocessExec(
            Pinned(1), [.. Arguments(1), .. program, url, $"{options.Requests}", $"{options.Concurrency}"], stdout: StdioTarget.Pipe);
        var (output, _) = await client.CommunicateAsync();
        return client.ReturnCode == 0 ? Result.Parse(Encoding.UTF8.GetString(output!)) : new Result(double.NaN, double.NaN);
    }

    // One core for the server, one for the client; on a single one, they share it.
    private static string Pinned(int core) => Arguments(core).Length > 0 ? "taskset" : "env";

    private static string[] Arguments(int core) => Environment.ProcessorCount > 1 ? ["-c", $"{core}", "env", "DOTNET_TC_DelaySingleProcMultiplier=1"] : [];

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>What was measured of one client: requests a second, and microseconds of its processor time a request.</summary>
readonly record struct Result(double PerSecond, double Processor)
{
    public static Result Parse(string line) => line.Split(' ') is [var perSecond, var processor]
        ? new(double.Parse(perSecond), double.Parse(processor))
        : throw new FormatException($"The client printed no figures, but {line}.");

    public override string ToString() => $"{PerSecond:N0}/s, {Processor:0.0} µs";
}

/// <summary>All requests, several times; the last runs count.</summary>
sealed class Load(Uri url, int requests, int concurrency)
{
    private const int Warmups = 4;
    private const int Runs = 5;

    public async Task Run(string client)
    {
        switch (client)
        {
            case "session":
                Aio.Run(Session());
                break;
            case "sockets":
                Aio.Run(Handler(overStreams: false));
                break;
            case "streams":
                Aio.Run(Handler(overStreams: true));
                break;
            case "httpclient":
                await HttpClient();
                break;
            default:
                throw new ArgumentException($"There is no client '{client}'.");
        }
    }

    private async Coroutine Session()
    {
        await using var session = new ClientSession();
        await Repeat(async () =>
        {
            await using var response = await session.GetAsync(url);
            await response.ReadAsync();
        });
    }

    private async Coroutine Handler(bool overStreams)
    {
        var loop = Aio.GetRunningLoop();
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (overStreams)
        {
            handler.ConnectCallback = async (context, token) =>
                (await Aio.RunCoroutineThreadsafe(Aio.OpenConnection(context.DnsEndPoint.Host, context.DnsEndPoint.Port), loop, token)).Writer.AsStream();
        }

        using var invoker = new HttpMessageInvoker(handler);
        await Repeat(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            using var response = await invoker.SendAsync(request, Aio.CancellationToken);
            await response.Content.ReadAsByteArrayAsync(Aio.CancellationToken);
        });
    }

    private async Coroutine Repeat(Func<Coroutine> request)
    {
        var times = new List<(double, double)>();
        for (var run = 0; run < Warmups + Runs; run++)
        {
            var left = requests;
            var start = Start();
            await Aio.GatherAll(Enumerable.Range(0, concurrency).Select(_ => Work()));
            times.Add(Since(start));

            async Coroutine Work()
            {
                while (left-- > 0)
                {
                    await request();
                }
            }
        }

        Print(times);
    }

    private async Task HttpClient()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var times = new List<(double, double)>();
        for (var run = 0; run < Warmups + Runs; run++)
        {
            var left = requests;
            var start = Start();
            await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(Work)));
            times.Add(Since(start));

            async Task Work()
            {
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
                    await response.Content.ReadAsByteArrayAsync();
                }
            }
        }

        Print(times);
    }

    private static (long Time, TimeSpan Processor) Start() => (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    private static (double Time, double Processor) Since((long Time, TimeSpan Processor) start) =>
        (Stopwatch.GetElapsedTime(start.Time).TotalSeconds, (Environment.CpuUsage.TotalTime - start.Processor).TotalSeconds);

    private void Print(List<(double Time, double Processor)> runs)
    {
        var counted = runs.Skip(Warmups).ToArray();
        Console.WriteLine($"{requests / counted.Select(run => run.Time).Order().ElementAt(Runs / 2)} {counted.Select(run => run.Processor).Order().ElementAt(Runs / 2) / requests * 1e6}");
    }
}

static class Server
{
    /// <summary>Prints its URL, and answers until it is ended.</summary>
    public static async Task Run()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var body = "hello, world"u8.ToArray();
        app.Run(async context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        });
        await app.StartAsync();
        Console.WriteLine($"{app.Urls.First()}/");
        await app.WaitForShutdownAsync();
    }
}
