// Fetches many URLs concurrently: so many at a time, so many a second, a time limit for each request, retries, a live progress bar, a summary.
//
//   dotnet run samples/fetch.cs                                            2,000 pages of a little server of its own
//   dotnet run samples/fetch.cs -- https://example.com https://example.org
//   dotnet run samples/fetch.cs -- --file urls.txt --concurrency 20 --timeout 5 --retries 3 --rate 10
//
// Ctrl-C ends it at any time; what was fetched by then is reported.

#:sdk Microsoft.NET.Sdk.Web
#:project ../src/Asyncio.Http
#:package Spectre.Console
#:package System.CommandLine
#:property PublishAot=false

using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using Asyncio;
using Asyncio.Http;
using Spectre.Console;

return Settings.Parse(args, out var exitCode) is { } settings ? Aio.Run(Main(settings)) : exitCode;

static async Coroutine<int> Main(Settings settings)
{
    await using var server = settings.Urls.Length == 0 ? await DemoServer.Start() : null;
    var urls = server is null ? settings.Urls : DemoServer.Pages(server);
    var report = new Report(urls.Length);
    try
    {
        await TaskGroup.Run(async group =>
        {
            if (!Console.IsOutputRedirected)
            {
                _ = group.CreateTask(ProgressBar(report));
            }

            await FetchAll(urls, settings, report);
        });
    }
    finally
    {
        report.Print(); // after Ctrl-C, too: that cancels this coroutine and all that it waits for
    }

    return report.Failures.Count == 0 || server is not null ? 0 : 1;
}

// Ends when the last task of the group has ended: none is ever left behind.
static async Coroutine FetchAll(Uri[] urls, Settings settings, Report report)
{
    await using var session = new ClientSession(new ClientSessionOptions
    {
        Timeout = new ClientTimeout { Connect = settings.Timeout, Read = settings.Timeout, Total = double.PositiveInfinity },
        Retry = new RetryOptions { Attempts = settings.Retries + 1, Delay = 0.1 },
        RateLimit = settings.Rate is { } rate ? RateLimit.TokenBucket(rate) : null,
        Limit = settings.Concurrency,
    });
    await using var group = new TaskGroup(maxConcurrency: settings.Concurrency);
    foreach (var url in urls)
    {
        _ = group.CreateTask(Fetch(url, session, report));
    }

    await group.JoinAsync();
}

static async Coroutine Fetch(Uri url, ClientSession session, Report report)
{
    var start = Stopwatch.GetTimestamp();
    var failure = await TryFetch(url, session, report);
    report.Add(failure, Stopwatch.GetElapsedTime(start)); // no lock: all coroutines run on one thread
}

// Null if it went well, else the cause. No token is handed down to here: Ctrl-C cancels whatever is awaited, and the request ends with it.
static async Coroutine<string?> TryFetch(Uri url, ClientSession session, Report report)
{
    try
    {
        await using var response = await session.GetAsync(url, new RequestOptions { Middlewares = [report.CountRetries] });
        report.Bytes += (await response.ReadAsync()).Length;
        return response.Ok ? null : $"HTTP {response.Status}";
    }
    catch (ClientTimeoutException e)
    {
        return $"timed out ({e.Phase})";
    }
    catch (ClientException e)
    {
        return e.GetType().Name;
    }
}

// Spectre.Console wants an `async Task` lambda. That may await coroutines all the same, and is part of the task that runs it.
static async Coroutine ProgressBar(Report report)
{
    ProgressColumn[] columns = [new TaskDescriptionColumn(), new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new ElapsedTimeColumn()];
    await AnsiConsole.Progress().AutoRefresh(false).Columns(columns).StartAsync(async screen =>
    {
        var bar = screen.AddTask("starting", maxValue: report.Total);
        while (!bar.IsFinished)
        {
            await Aio.Sleep(0.05);
            bar.Value = report.Done;
            bar.Description = $"[green]{report.Latencies.Count} ok[/] [red]{report.Done - report.Latencies.Count} failed[/] {report.Retries} retries";
            screen.Refresh();
        }
    });
}

sealed class Report(int total)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public int Total => total;
    public int Done => Latencies.Count + Failures.Values.Sum();
    public List<double> Latencies { get; } = []; // milliseconds, of what went well
    public SortedDictionary<string, int> Failures { get; } = [];
    public int Retries { get; private set; }
    public long Bytes { get; set; }

    /// <summary>Stands around each request, all of its attempts included.</summary>
    public async Coroutine<ClientResponse> CountRetries(ClientRequest request, ClientHandler next)
    {
        try
        {
            return await next(request);
        }
        finally
        {
            Retries += request.Attempt - 1;
        }
    }

    public void Add(string? failure, TimeSpan time)
    {
        if (failure is null)
        {
            Latencies.Add(time.TotalMilliseconds);
        }
        else
        {
            Failures[failure] = Failures.GetValueOrDefault(failure) + 1;
        }
    }

    public void Print()
    {
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        var latencies = Latencies.Order().ToArray();
        double Percentile(double share) => latencies[(int)(share * (latencies.Length - 1))];
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        table.AddRow("fetched", $"[green]{latencies.Length:N0}[/] of {total:N0}{(Done < total ? $" [yellow](stopped: {total - Done:N0} not done)[/]" : "")}");
        foreach (var (cause, count) in Failures)
        {
            table.AddRow("failed", $"[red]{count:N0}[/] {Markup.Escape(cause)}");
        }

        table.AddRow("retries", $"{Retries:N0}");
        table.AddRow("time", $"{seconds:N1} s: {latencies.Length / seconds:N0} pages/s, {Bytes / seconds / 1e6:N1} MB/s");
        if (latencies.Length > 0)
        {
            table.AddRow("latency", $"median {Percentile(0.5):N0} ms, 90 % {Percentile(0.9):N0}, 99 % {Percentile(0.99):N0}, longest {Percentile(1):N0}");
        }

        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }

        AnsiConsole.Write(table);
    }
}

/// <summary>2,000 pages on loopback that behave as pages do: most answer soon, some fail, some only at first, some never answer.</summary>
static class DemoServer
{
    public static Uri[] Pages(WebApplication server) => [.. Enumerable.Range(1, 2000).Select(page => new Uri($"{server.Urls.First()}/{page}"))];

    public static async Task<WebApplication> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var visits = new ConcurrentDictionary<int, int>(); // requests do run on many threads
        server.MapGet("/{page:int}", async (int page, CancellationToken aborted) =>
        {
            var isFirst = visits.AddOrUpdate(page, 1, (_, count) => count + 1) == 1;
            var hangs = page % 100 == 13 || (page % 100 == 37 && isFirst);
            await Task.Delay(hangs ? Timeout.Infinite : new Random(page).Next(5, 150), aborted);
            return (page % 100) switch
            {
                42 or 43 => Results.StatusCode(500),
                >= 50 and < 56 when isFirst => Results.StatusCode(503),
                _ => Results.Text(new string('.', 100 * (page % 100))),
            };
        });
        await server.StartAsync();
        return server;
    }

    /// <summary>Ctrl-C is the business of <see cref="Aio"/>.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

sealed record Settings(Uri[] Urls, int Concurrency, double Timeout, int Retries, double? Rate)
{
    /// <summary>What the command line asks for; null if that is nothing to do: help (exit code 0), or a mistake (2).</summary>
    public static Settings? Parse(string[] args, out int exitCode)
    {
        var urls = new Argument<string[]>("urls") { Description = "What to fetch. With none, and no file: 2,000 pages of a server of its own." };
        var file = new Option<string?>("--file") { Description = "A file with a URL on each line; blank lines and those with # are skipped." };
        var concurrency = new Option<int>("--concurrency") { Description = "How many at a time.", DefaultValueFactory = _ => 100 };
        var timeout = new Option<double?>("--timeout") { Description = "Seconds without anything from the server. [default: 10, for its own server 1]" };
        var retries = new Option<int>("--retries") { Description = "How often a failed request is repeated.", DefaultValueFactory = _ => 2 };
        var rate = new Option<double?>("--rate") { Description = "How many requests a second, retries included. [default: no limit]" };
        var parsed = new RootCommand("Fetches many URLs concurrently.") { urls, file, concurrency, timeout, retries, rate }.Parse(args);
        if (parsed is { Errors.Count: 0, Action: not null }) // --help, --version
        {
            exitCode = parsed.Invoke();
            return null;
        }

        try
        {
            Check(parsed.Errors.Count == 0, string.Join('\n', parsed.Errors.Select(error => error.Message)));
            var texts = parsed.GetValue(urls)!.Concat(parsed.GetValue(file) is { } name ? ReadLines(name) : []);
            Uri[] pages = [.. texts.Select(ToUrl)];
            var limit = parsed.GetValue(timeout) ?? (pages.Length == 0 ? 1 : 10);
            var settings = new Settings(pages, parsed.GetValue(concurrency), limit, parsed.GetValue(retries), parsed.GetValue(rate));
            Check(settings.Concurrency > 0, "--concurrency: at least 1.");
            Check(settings.Timeout is > 0 and < 1e6, "--timeout: a number of seconds above 0.");
            Check(settings.Retries >= 0, "--retries: 0 or more.");
            Check(settings.Rate is null or (> 0 and < 1e6), "--rate: a number above 0.");
            exitCode = 0;
            return settings;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{e.Message}\nTry --help.");
            exitCode = 2;
            return null;
        }
    }

    private static string[] ReadLines(string file)
    {
        string[] lines = [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line is not ("" or ['#', ..]))];
        Check(lines.Length > 0, $"--file: there is no URL in {file}.");
        return lines;
    }

    private static Uri ToUrl(string text)
    {
        Check(Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https", $"'{text}' is not a URL: it must begin with http:// or https://.");
        return url!;
    }

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new FormatException(message);
        }
    }
}
