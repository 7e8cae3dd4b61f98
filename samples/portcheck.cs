// Tells which TCP ports answer, and how fast: `ping` for servers, many at a time, in rounds.
//
//   dotnet run samples/portcheck.cs -- example.com:80,443 example.org
//   dotnet run samples/portcheck.cs -- host1 host2 --ports 22,80,443,8000-8010 --rounds 5 --timeout 0.5
//   dotnet run samples/portcheck.cs -- --demo        against servers of its own
//
// A host without a port is asked for those of --ports. Ctrl-C ends it at any time; what is known by then is reported. The exit code is 0 if
// every port has always answered, else 1.

#:project ../src/Asyncio
#:package Spectre.Console
#:package System.CommandLine
#:property PublishAot=false

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Asyncio;
using Spectre.Console;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return Settings.Parse(args, out var exitCode) is not { } settings ? exitCode : Aio.Run(settings.IsDemo ? Demo.Run(settings) : Rounds.All(settings));

static class Rounds
{
    public static async Coroutine<int> All(Settings settings)
    {
        try
        {
            if (Console.IsOutputRedirected)
            {
                await Try(settings, () => { });
            }
            else
            {
                await AnsiConsole.Live(Report.Of(settings.Targets)).AutoClear(true).StartAsync(async screen =>
                    await Try(settings, () => screen.UpdateTarget(Report.Of(settings.Targets))));
            }
        }
        finally
        {
            Report.Print(settings.Targets); // after Ctrl-C, too
        }

        return settings.Targets.All(target => target is { Lost: 0, Tried: > 0 }) ? 0 : 1;
    }

    private static async Coroutine Try(Settings settings, Action show)
    {
        var loop = Aio.GetRunningLoop();
        for (var round = 0; round < settings.Rounds; round++)
        {
            var start = loop.Time();
            await TaskGroup.Run(
                group =>
                {
                    foreach (var target in settings.Targets)
                    {
                        group.CreateTask(Knock(target, settings.Timeout));
                    }
                },
                maxConcurrency: settings.Concurrency);
            show();
            if (round < settings.Rounds - 1)
            {
                await Aio.Sleep(start + settings.Interval - loop.Time());
            }
        }
    }

    private static async Coroutine Knock(Target target, double timeout)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var (_, writer) = await Aio.WaitFor(Aio.OpenConnection(target.Host, target.Port), timeout);
            target.Answered(Stopwatch.GetElapsedTime(start));
            writer.Transport.Abort(); // nothing was said, so there is nothing to wait for
        }
        catch (TimeoutException)
        {
            target.Failed("no answer");
        }
        catch (SocketException e)
        {
            target.Failed(e.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "refused",
                SocketError.HostNotFound or SocketError.TryAgain => "no such host",
                var other => $"{other}",
            });
        }
    }
}

/// <summary>A port, and what is known of it.</summary>
sealed class Target(string host, int port)
{
    private double _sum;

    public string Host => host;
    public int Port => port;
    public int Tried { get; private set; }
    public int Lost { get; private set; }
    public string LastFailure { get; private set; } = "";
    public double Min { get; private set; } = double.PositiveInfinity; // milliseconds
    public double Max { get; private set; }
    public double Average => _sum / (Tried - Lost);

    public void Answered(TimeSpan time)
    {
        Tried++;
        _sum += time.TotalMilliseconds;
        Min = Math.Min(Min, time.TotalMilliseconds);
        Max = Math.Max(Max, time.TotalMilliseconds);
    }

    public void Failed(string cause)
    {
        Tried++;
        Lost++;
        LastFailure = cause;
    }
}

static class Report
{
    public static void Print(Target[] targets)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }

        AnsiConsole.Write(Of(targets));
    }

    public static Table Of(Target[] targets)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("port");
        foreach (var heading in new[] { "tried", "lost", "min ms", "avg", "max" })
        {
            table.AddColumn(heading, column => column.RightAligned());
        }

        table.AddColumn("last failure");
        foreach (var target in targets)
        {
            var answered = target.Tried > target.Lost;
            string Time(double value) => answered ? $"{value:N1}" : "";
            table.AddRow(
                Markup.Escape(target.Host.Contains(':') ? $"[{target.Host}]:{target.Port}" : $"{target.Host}:{target.Port}"),
                $"{target.Tried}",
                target.Tried == 0 ? "" : $"[{(target.Lost == 0 ? "green" : "red")}]{100 * target.Lost / target.Tried} %[/]",
                Time(target.Min),
                Time(target.Average),
                Time(target.Max),
                target.LastFailure);
        }

        return table;
    }
}

/// <summary>Three ports: one answers, one refuses, one never answers.</summary>
static class Demo
{
    public static async Coroutine<int> Run(Settings settings)
    {
        await using var answering = await Aio.StartServer((_, writer) => writer.Close(), "127.0.0.1", 0);
        using var refusing = Bind();
        using var full = Bind();
        full.Listen(0); // nobody accepts there, and one may wait: the next ones get no answer
        using var waiting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Aio.GetRunningLoop().SockConnect(waiting, full.LocalEndPoint!);

        Target[] targets = [.. new[] { answering.Sockets[0], refusing, full }.Select(socket => new Target("127.0.0.1", ((IPEndPoint)socket.LocalEndPoint!).Port))];
        string[] expected = ["answers", "refuses", "does not answer"];
        await Rounds.All(settings with { Targets = targets, Interval = 0.1, Timeout = 1 });
        foreach (var (target, what) in targets.Zip(expected))
        {
            Console.WriteLine($"{target.Port} {what}: {target.Tried - target.Lost} of {target.Tried}");
        }

        return 0;
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}

sealed record Settings(Target[] Targets, int Rounds, double Interval, double Timeout, int Concurrency, bool IsDemo)
{
    /// <summary>What the command line asks for; null if that is nothing to do: help (exit code 0), or a mistake (2).</summary>
    public static Settings? Parse(string[] args, out int exitCode)
    {
        var hosts = new Argument<string[]>("hosts") { Description = "HOST, HOST:PORTS or [ADDRESS]:PORTS; ports as in --ports." };
        var ports = new Option<string>("--ports") { Description = "For hosts without: 80 or 80,443 or 8000-8010.", DefaultValueFactory = _ => "80,443" };
        var rounds = new Option<int>("--rounds") { Description = "How often each is tried.", DefaultValueFactory = _ => 4 };
        var interval = new Option<double>("--interval") { Description = "Seconds from the beginning of a round to that of the next.", DefaultValueFactory = _ => 1 };
        var timeout = new Option<double>("--timeout") { Description = "Seconds that each has to answer.", DefaultValueFactory = _ => 2 };
        var concurrency = new Option<int>("--concurrency") { Description = "How many at a time.", DefaultValueFactory = _ => 200 };
        var demo = new Option<bool>("--demo") { Description = "Tries servers of its own." };
        var parsed = new RootCommand("Tells which TCP ports answer, and how fast.") { hosts, ports, rounds, interval, timeout, concurrency, demo }.Parse(args);
        if (parsed is { Errors.Count: 0, Action: not null }) // --help, --version
        {
            exitCode = parsed.Invoke();
            return null;
        }

        try
        {
            Demand(parsed.Errors.Count == 0, string.Join('\n', parsed.Errors.Select(error => error.Message)));
            Target[] targets = [.. parsed.GetValue(hosts)!.SelectMany(host => ToTargets(host, parsed.GetValue(ports)!))];
            var settings = new Settings(
                targets, parsed.GetValue(rounds), parsed.GetValue(interval), parsed.GetValue(timeout), parsed.GetValue(concurrency), parsed.GetValue(demo));
            Demand(settings.IsDemo == (targets.Length == 0), settings.IsDemo ? "--demo: no hosts." : "Which hosts?");
            Demand(settings.Rounds > 0, "--rounds: at least 1.");
            Demand(settings.Interval is >= 0 and < 1e6, "--interval: a number of seconds.");
            Demand(settings.Timeout is > 0 and < 1e6, "--timeout: a number of seconds above 0.");
            Demand(settings.Concurrency > 0, "--concurrency: at least 1.");
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

    private static IEnumerable<Target> ToTargets(string text, string ports)
    {
        var host = text;
        var colon = text.LastIndexOf(':');
        var isAddress = IPAddress.TryParse(text, out _) && !text.StartsWith('['); // then its colons are not before a port
        if (colon > text.LastIndexOf(']') && !isAddress)
        {
            (host, ports) = (text[..colon], text[(colon + 1)..]);
        }

        host = host.Trim('[', ']');
        Demand(Uri.CheckHostName(host) != UriHostNameType.Unknown, $"'{text}' is no host.");
        return ToPorts(ports).Select(port => new Target(host, port));
    }

    private static IEnumerable<int> ToPorts(string text)
    {
        foreach (var part in text.Split(','))
        {
            var bounds = part.Split('-');
            var last = 0;
            var isRange = int.TryParse(bounds[0], out var first) && bounds.Length <= 2 && int.TryParse(bounds[^1], out last);
            Demand(isRange && first is > 0 && first <= last && last <= 65535, $"'{text}' is not a port, several (80,443) or a range (8000-8010).");
            for (var port = first; port <= last; port++)
            {
                yield return port;
            }
        }
    }

    private static void Demand(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new FormatException(message);
        }
    }
}
