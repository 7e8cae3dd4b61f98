// Runs the workloads on Asyncio and on its peers, interleaved, and prints one table of ratios. See README.md.
//
//   dotnet run bench/compare.cs
//   dotnet run bench/compare.cs -- --peers ../shared/bench --rounds 5
//   dotnet run bench/compare.cs -- --only a,b,i --rounds 1

#:property PublishAot=false

using System.Diagnostics;
using System.Globalization;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

if (!Options.TryParse(args, out var options))
{
    return 2;
}

var bench = (string)AppContext.GetData("EntryPointFileDirectoryPath")!; // the folder of this file
var machine = new Machine(options.Core);
if (!machine.Build(Path.Combine(bench, "Workloads")) || !machine.Build(Path.Combine(bench, "TaskPeer")))
{
    return 1;
}

var programs = Peers.Find(bench, options.Peers);
var results = new Results(Path.Combine(bench, "../artifacts/bench", $"{DateTime.Now:yyyyMMdd-HHmmss}.tsv"));
for (var round = 0; round < options.Rounds; round++)
{
    foreach (var group in options.Groups)
    {
        // Another one begins in each round, or a machine that slows down would always favour the same one.
        var taking = programs.Where(program => program.Runs(group)).ToArray();
        for (var i = 0; i < taking.Length; i++)
        {
            var program = taking[(i + round) % taking.Length];
            Progress.Show($"round {round + 1} of {options.Rounds}: {group} on {program.Name}");
            results.Add(round, machine.Measure(program, group, options.Repeats, probe: programs[0]));
        }
    }
}

Progress.Show("");
new Table(results, options.Groups).Print(programs);
return 0;

/// <summary>What the command line asks for.</summary>
sealed record Options(string? Peers, int Rounds, int Repeats, string[] Groups, int Core)
{
    private static readonly string[] All = ["a", "b", "c", "d", "e", "f", "g1", "g2", "h", "i", "l", "m"];

    private static readonly string Usage = $"""
        Usage: dotnet run bench/compare.cs -- [--peers FOLDER] [--rounds N] [--repeats N] [--only {string.Join(',', All)}] [--core N]
          --peers    a folder whose bin/ holds built peers (default: the environment variable ASYNCIO_BENCH_PEERS, else none)
          --rounds   how often all of it is run; the table shows the median of the rounds' ratios (default: 5)
          --repeats  how often each program times each workload in a round (default: 3)
          --only     some groups of workloads
          --core     the core that single-threaded programs are pinned to (default: 0)
        """;

    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options(Environment.GetEnvironmentVariable("ASYNCIO_BENCH_PEERS"), Rounds: 5, Repeats: 3, All, Core: 0);
        for (var i = 0; i < args.Length; i += 2)
        {
            var parsed = (args[i], args.ElementAtOrDefault(i + 1)) switch
            {
                ("--peers", { } folder) when Directory.Exists(folder) => options with { Peers = folder },
                ("--rounds", { } text) when int.TryParse(text, out var rounds) && rounds > 0 => options with { Rounds = rounds },
                ("--repeats", { } text) when int.TryParse(text, out var repeats) && repeats > 0 => options with { Repeats = repeats },
                ("--only", { } text) when text.Split(',').All(All.Contains) => options with { Groups = text.Split(',') },
                ("--core", { } text) when int.TryParse(text, out var core) && core >= 0 => options with { Core = core },
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

/// <summary>One line that is written over, where there is a screen.</summary>
static class Progress
{
    public static void Show(string text)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{text,-60}\r");
        }
    }
}

/// <summary>One of the compared programs: how it is called, and which groups of workloads it is asked for.</summary>
sealed record Peer(string Name, string Path, string Groups, Func<string, string, string[]> Arguments, params (string Name, string Value)[] Environment)
{
    public bool Runs(string group) => Groups.Split(' ').Contains(group);
}

static class Peers
{
    /// <summary>Those that are there; what is missing is named.</summary>
    public static Peer[] Find(string bench, string? peers)
    {
        var ours = Path.Combine(bench, "TaskPeer/bin/Release/net10.0/taskpeer");
        var shared = peers is null ? null : Existing(Path.Combine(peers, "bin/net_micro/micro"));
        var found = new List<Peer>
        {
            new("asyncio", Path.Combine(bench, "Workloads/bin/Release/net10.0/workloads"), "a b c d e f g1 g2 h i l m", Plain),

            // Rows that the shared peer lacks are measured with ours, which is the same thing otherwise.
            new("task", ours, shared is null ? "a b c d e f g1 g2 h i l m" : "i m", Plain),
        };
        if (shared is not null)
        {
            found.Add(new("net-sc", shared, "a b c d e f g1 g2 h i l", (group, repeats) => ["sc", group, repeats], ("PEER", "net-sc")));
        }

        var tokio = Existing(Path.Combine(bench, "TokioPeer/target/release/tokio-peer"));
        var sharedTokio = peers is null ? null : Existing(Path.Combine(peers, "bin/tokio_micro"));
        if (sharedTokio is not null)
        {
            found.Add(new("tokio", sharedTokio, "a b c d e f g1 g2 h i l", (group, repeats) => ["st", group, repeats]));
        }
        else if (tokio is not null)
        {
            found.Add(new("tokio", tokio, "a b c d e f g1 g2 i", Plain));
        }
        else
        {
            Console.Error.WriteLine("tokio is missing: build bench/TokioPeer to see it in the table.");
        }

        if (peers is not null && Existing(Path.Combine(peers, "bin/go_micro")) is { } go)
        {
            found.Add(new("go", go, "a b c d e f g1 g2 h i l", (group, repeats) => ["go-1p", group, repeats], ("GOMAXPROCS", "1")));
        }
        else
        {
            Console.Error.WriteLine("Go is missing: it needs --peers FOLDER with bin/go_micro.");
        }

        return [.. found];
    }

    private static string[] Plain(string group, string repeats) => [group, repeats];

    private static string? Existing(string path) => File.Exists(path) ? Path.GetFullPath(path) : null;
}

/// <summary>What the machine was like during a run: nanoseconds of the probe's parts, and the share of the core that others used.</summary>
sealed record Conditions(double Clock, double Core, double Memory, double Others)
{
    public bool Disturbed => Others > 0.05;

    /// <summary>Runs may be compared if nobody disturbed them and neither the clock nor what the core gets done has changed in between.</summary>
    public bool AgreesWith(Conditions other) =>
        !Disturbed && !other.Disturbed && Close(Clock, other.Clock) && Close(Core, other.Core);

    private static bool Close(double left, double right) => Math.Max(left, right) <= 1.1 * Math.Min(left, right);
}

/// <summary>One run of one program.</summary>
sealed record Measurement(Peer Peer, Conditions Conditions, string Output);

/// <summary>Starts programs: pinned, with what .NET needs to optimise on one core.</summary>
sealed class Machine(int core)
{
    private const int Attempts = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Probes the machine, then runs a program; again, if others were busy on its core.</summary>
    public Measurement Measure(Peer program, string group, int repeats, Peer probe)
    {
        for (var attempt = 1; ; attempt++)
        {
            var fields = Wait(Pinned(probe.Path, ["probe"])).Output.Split('\t');
            var (start, busy, own) = (Stopwatch.GetTimestamp(), BusyTicks(), TicksOfChildren());
            var output = Run(program, group, repeats);
            var others = (BusyTicks() - busy - (TicksOfChildren() - own)) / 100.0 / Stopwatch.GetElapsedTime(start).TotalSeconds;
            var conditions = new Conditions(double.Parse(fields[1]), double.Parse(fields[2]), double.Parse(fields[3]), Math.Round(others, 3));
            if (!conditions.Disturbed || attempt == Attempts)
            {
                return new Measurement(program, conditions, output);
            }
        }
    }

    public bool Build(string project)
    {
        Console.Error.WriteLine($"building {Path.GetFileName(project)}");
        var start = Start("dotnet", ["build", project, "-c", "Release", "-nodeReuse:false", "-v", "quiet", "-terminalLogger:off", "--nologo"]);
        var (exitCode, output) = Wait(start);
        if (exitCode != 0)
        {
            Console.Error.WriteLine(output);
        }

        return exitCode == 0;
    }

    private string Run(Peer program, string group, int repeats)
    {
        var arguments = program.Arguments(group, repeats.ToString());
        var start = group == "l" ? Start(program.Path, arguments) : Pinned(program.Path, arguments); // l needs a second core: it is about another thread
        foreach (var (name, value) in program.Environment)
        {
            start.Environment[name] = value;
        }

        // On one core the runtime waits ten times longer before it optimises, which is longer than the warm-up.
        start.Environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1";
        var (exitCode, output) = Wait(start);
        if (exitCode != 0)
        {
            Console.Error.WriteLine($"\n{program.Name} {group} ended with exit code {exitCode}\n{output}");
        }

        return output;
    }

    /// <summary>Hundredths of a second that the core was not idle.</summary>
    private long BusyTicks()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var fields = File.ReadLines("/proc/stat").First(line => line.StartsWith($"cpu{core} ", StringComparison.Ordinal)).Split(' ');
        return new[] { 1, 2, 3, 6, 7, 8 }.Sum(i => long.Parse(fields[i])); // user, nice, system, interrupts, stolen by the host
    }

    /// <summary>Hundredths of a second of processor time that the programs started here have used.</summary>
    private static long TicksOfChildren()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var fields = File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[13]) + long.Parse(fields[14]);
    }

    private ProcessStartInfo Pinned(string path, string[] arguments) =>
        OperatingSystem.IsLinux() ? Start("taskset", ["-c", core.ToString(), path, .. arguments]) : Start(path, arguments);

    private static ProcessStartInfo Start(string path, string[] arguments) => new(path, arguments) { RedirectStandardOutput = true };

    private static (int ExitCode, string Output) Wait(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        using var kill = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}

/// <summary>One figure that one program gave in one round.</summary>
sealed record Result(int Round, string Peer, Conditions Conditions, string Workload, double Value, string Unit, double? Bytes);

/// <summary>All figures; also written to a file, as they come.</summary>
sealed class Results
{
    private readonly List<Result> _results = [];
    private readonly string _file;

    public Results(string file)
    {
        _file = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        Console.Error.WriteLine($"writing to {Path.GetRelativePath(Environment.CurrentDirectory, _file)}");
    }

    public IEnumerable<string> Workloads => _results.Where(result => result.Peer == "asyncio").Select(result => result.Workload).Distinct();

    public void Add(int round, Measurement measurement)
    {
        var (peer, conditions, output) = measurement;
        File.AppendAllText(_file, $"C\t{round}\t{peer.Name}\t{conditions.Clock}\t{conditions.Core}\t{conditions.Memory}\t{conditions.Others}\n{output}");
        foreach (var line in output.Split('\n').Where(line => line.StartsWith("R\t", StringComparison.Ordinal)))
        {
            var fields = line.Split('\t');
            _results.Add(new Result(round, peer.Name, conditions, fields[2], double.Parse(fields[3]), fields[4], Bytes(fields[5])));
        }
    }

    public Result[] Of(string workload, string program) =>
        [.. _results.Where(result => result.Workload == workload && result.Peer == program)];

    /// <summary>The ratios of Asyncio to a peer, round by round, where conditions were the same for both; all, if they never were.</summary>
    public (double[] Values, bool Steady) Ratios(string workload, string peer)
    {
        var pairs = Of(workload, "asyncio").Join(Of(workload, peer), left => left.Round, right => right.Round, (left, right) => (left, right)).ToArray();
        var steady = pairs.Where(pair => pair.left.Conditions.AgreesWith(pair.right.Conditions)).ToArray();
        return ([.. (steady.Length > 0 ? steady : pairs).Select(pair => pair.left.Value / pair.right.Value).Order()], steady.Length > 0);
    }

    private static double? Bytes(string extra) =>
        extra.Split(' ').FirstOrDefault(part => part.StartsWith("alloc_B=", StringComparison.Ordinal)) is { } found ? double.Parse(found[8..]) : null;
}

/// <summary>What is to be reached: ratios to <c>Task</c>, tokio and Go, bytes an operation, or a figure as such.</summary>
sealed record Target(double? Task = null, double? Tokio = null, double? Go = null, double? Bytes = null, double? Value = null)
{
    public static readonly Dictionary<string, Target> Of = new()
    {
        ["a.spawn_join"] = new(Task: 0.6, Tokio: 0.35, Bytes: 224),
        ["b.yield_2x1M"] = new(Task: 0.67, Tokio: 0.35, Bytes: 0),
        ["b.yield_1000x1000"] = new(Task: 0.67, Tokio: 0.35, Bytes: 0),
        ["c.depth100_yield"] = new(Task: 0.33, Bytes: 0),
        ["c.depth100_nosuspend"] = new(Task: 2.0, Bytes: 0),
        ["d.queue_cap1"] = new(Task: 0.7, Go: 1, Bytes: 0),
        ["d.queue_cap128"] = new(Task: 0.6, Go: 1, Bytes: 0),
        ["e.lock_handoff"] = new(Task: 0.6, Bytes: 0),
        ["f.semaphore"] = new(Task: 0.5), // its bytes are those of the task that is created for each
        ["g.timers_1M_cpu"] = new(Task: 0.55, Tokio: 1),
        ["g.timer_create_cancel"] = new(Task: 0.6),
        ["g.timer_kept"] = new(Value: 0.5),
        ["g.timeout_wrap_yield"] = new(Task: 0.5),
        ["h.million_bytes_per_task"] = new(Value: 340),
        ["i.cancel_join"] = new(Task: 0.1, Tokio: 1),
        ["m.exception_depth100"] = new(Task: 0.1),
        ["m.exception_depth100_nosuspend"] = new(Task: 0.1),
    };
}

sealed class Table(Results results, string[] groups)
{
    private static readonly string[] Head = ["workload", "Asyncio", "Task", "ratio", "range", "to reach", "met", "B/op", "to tokio", "to Go"];

    public void Print(Peer[] programs)
    {
        var rows = new List<string[]> { Head };
        rows.AddRange(results.Workloads.Order(StringComparer.Ordinal).Select(Row));
        var widths = Head.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        for (var i = 0; i < rows.Count; i++)
        {
            Console.WriteLine($"| {string.Join(" | ", rows[i].Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))} |");
            if (i == 0)
            {
                Console.WriteLine($"| {string.Join(" | ", widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ":"))} |");
            }
        }

        Console.WriteLine($"""

            Medians over rounds; nanoseconds, but g.timer_kept and h: bytes. Ratios are those of one round: Asyncio divided by the peer, below 1 is faster.
            "of N": rounds in which the machine was equally fast for both and nobody else used the core; "unsteady": none was, so the ratio means little.
            Task: {(programs.Any(program => program.Name == "net-sc") ? "the shared peer net-sc, and bench/TaskPeer for what that lacks" : "bench/TaskPeer")}. Groups: {string.Join(' ', groups)}.
            """);
    }

    private string[] Row(string workload)
    {
        var target = Target.Of.GetValueOrDefault(workload) ?? new Target();
        var peer = results.Of(workload, "net-sc").Length > 0 ? "net-sc" : "task";
        var own = results.Of(workload, "asyncio");
        var value = Median(own.Select(result => result.Value)) ?? 0;
        var bytes = Median(own.Where(result => result.Bytes is not null).Select(result => result.Bytes!.Value));
        var (ratios, steady) = results.Ratios(workload, peer);
        var (task, tokio, go) = (Median(ratios), Median(results.Ratios(workload, "tokio").Values), Median(results.Ratios(workload, "go").Values));

        // Bytes: the few that the tasks of a workload cost are spread over its operations.
        (double? Limit, double? Figure, double Slack, string Name)[] conditions =
        [
            (target.Value, value, 0, "figure"),
            (target.Task, task, 0, "ratio"),
            (target.Bytes, bytes, 0.5, "bytes"),
            (target.Tokio, tokio, 0, "tokio"),
            (target.Go, go, 0, "Go"),
        ];
        var asked = conditions.Where(condition => condition is { Limit: not null, Figure: not null }).ToArray();
        var failed = asked.Where(condition => condition.Figure > condition.Limit + condition.Slack).Select(condition => condition.Name).ToArray();
        return
        [
            workload,
            Figure(value),
            Figure(Median(results.Of(workload, peer).Select(result => result.Value))),
            Ratio(task),
            ratios.Length == 0 ? "" : $"{ratios[0]:0.00}–{ratios[^1]:0.00} {(steady ? $"of {ratios.Length}" : "unsteady")}",
            target.Value is { } limit ? $"≤ {limit:0.##}" : target.Task is { } ratio ? $"≤ {ratio:0.00}" : "",
            asked.Length == 0 ? "" : failed.Length == 0 ? "yes" : $"NO: {string.Join(", ", failed)}",
            Against(Figure(bytes), target.Bytes),
            Against(Ratio(tokio), target.Tokio),
            Against(Ratio(go), target.Go),
        ];
    }

    private static string Against(string figure, double? limit) => figure == "" || limit is null ? figure : $"{figure} (≤ {limit:0.##})";

    private static string Ratio(double? ratio) => ratio is null ? "" : ratio < 0.1 ? $"{ratio:0.000}" : $"{ratio:0.00}";

    private static string Figure(double? value) => value switch { null => "", < 100 => $"{value:0.0}", _ => $"{value:#,0}" };

    private static double? Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
