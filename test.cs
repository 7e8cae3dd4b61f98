// Builds and runs every test project, in Debug and then in Release, and closes with the sum: N passed, N failed, N skipped.
//
//   dotnet run test.cs
//   dotnet run test.cs -- --configuration Release --filter Queue
//
// What fails as a whole (a build, a crash, a project without a test) counts as one failed test, so a red run never sums up to 0 failed.

#:property PublishAot=false

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

if (!Options.TryParse(args, out var options))
{
    return 2;
}

var root = (string)AppContext.GetData("EntryPointFileDirectoryPath")!; // the folder of this file
string[] projects =
[
    .. Directory.EnumerateDirectories(Path.Combine(root, "tests"))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
        .Order(StringComparer.Ordinal),
];
var total = new Results();

foreach (var configuration in options.Configurations)
{
    foreach (var project in projects)
    {
        total.Add(new ProjectRun(project, configuration, options).Execute());
    }
}

total.Print(options);
return total.Failed.Count == 0 ? 0 : 1;

/// <summary>What the command line asks for.</summary>
sealed record Options(string[] Configurations, string? Filter, TimeSpan Timeout)
{
    private const string Usage = """
        Usage: dotnet run test.cs -- [--configuration Debug|Release] [--filter TEXT] [--timeout MINUTES]
          --configuration  one configuration instead of both
          --filter         tests whose full name (namespace, class, method) contains TEXT; a TEXT with * or a leading / is a pattern of xunit's
          --timeout        minutes after which a project's run is stopped and counts as failed (default: 20)
        """;

#if DEBUG
    private static readonly string[] DefaultConfigurations = ["Debug", "Release"];
#else
    // Without the `--`, dotnet keeps `--configuration Release` for itself and builds this very file so.
    private static readonly string[] DefaultConfigurations = ["Release"];
#endif

    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options(DefaultConfigurations, Filter: null, TimeSpan.FromMinutes(20));
        for (var i = 0; i < args.Length; i += 2)
        {
            var parsed = (args[i], args.ElementAtOrDefault(i + 1)) switch
            {
                ("--configuration" or "-c", { } name) => options with { Configurations = [name] },
                ("--filter", { } text) => options with { Filter = text },
                ("--timeout", { } text) when double.TryParse(text, out var minutes) => options with { Timeout = TimeSpan.FromMinutes(minutes) },
                _ => null,
            };

            if (parsed is null)
            {
                Console.Error.WriteLine(Usage);
                return false;
            }

            options = parsed;
        }

        return true;
    }

    /// <summary>The filter as the options of xunit's own runner.</summary>
    public string[] RunnerFilter => Filter switch
    {
        null => [],
        ['/', ..] => ["-filter", Filter],
        _ => ["-method", Filter.Contains('*') ? Filter : $"*{Filter}*"],
    };
}

/// <summary>One test project in one configuration: built, run, counted.</summary>
sealed class ProjectRun(string project, string configuration, Options options)
{
    private static readonly string[] FrameworkFrames = ["at Xunit.", "at System.Reflection.Method"];

    private readonly string _name = Path.GetFileNameWithoutExtension(project);
    private readonly Results _results = new();
    private readonly Dictionary<string, string> _running = []; // the names of the tests that have started and not ended, by id
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private TimeSpan _lastProgress;
    private bool _finished;

    public Results Execute()
    {
        Console.WriteLine($"{configuration} {_name}");
        if (Build())
        {
            Run();
        }

        Console.WriteLine($"  {_results.Sum} in {_time.Elapsed.TotalSeconds:0.0} s");
        return _results;
    }

    private bool Build()
    {
        // No node stays behind holding our output open after the build has ended.
        var output = new List<string>();
        string[] quietly = ["--nologo", "-verbosity:quiet", "-terminalLogger:off", "-nodeReuse:false", "-consoleLoggerParameters:NoSummary"];
        var exitCode = Dotnet(["build", project, "--configuration", configuration, .. quietly], output.Add);
        if (exitCode == 0)
        {
            return true;
        }

        output.ForEach(Console.WriteLine);
        Fail("the build failed");
        return false;
    }

    private void Run()
    {
        string[] runner = ["-reporter", "json", "-noColor", "-noAutoReporters", .. options.RunnerFilter];
        var exitCode = Dotnet(["run", "--no-build", "--project", project, "--configuration", configuration, "--", .. runner], Read);

        if (exitCode is null)
        {
            Fail($"stopped after {options.Timeout.TotalMinutes} minutes{StillRunning()}");
        }
        else if (!_finished)
        {
            Fail($"ended with exit code {exitCode} before all tests had{StillRunning()}");
        }
        else if (exitCode != 0 && _results.Failed.Count == 0)
        {
            Fail($"ended with exit code {exitCode}, though no test failed");
        }
        else if (_results.Passed + _results.Failed.Count == 0 && options.Filter is null)
        {
            Fail("ran no test");
        }
    }

    private string StillRunning() => _running.Count > 0 ? $"; then running: {string.Join(", ", _running.Values)}" : "";

    private void Fail(string what)
    {
        Console.WriteLine($"  FAILED {_name}: {what}");
        _results.Failed.Add(($"{_name}: {what}", configuration));
    }

    /// <summary>Takes one line of the run: a message of xunit's JSON reporter, or what a test wrote, or the one behind the other.</summary>
    private void Read(string line)
    {
        var start = line.IndexOf("""{"$type":""", StringComparison.Ordinal);
        if (start < 0 || !TryParse(line[start..], out var message))
        {
            Console.WriteLine($"  | {line}");
            return;
        }

        if (start > 0)
        {
            Console.WriteLine($"  | {line[..start]}");
        }

        using (message)
        {
            Count(message.RootElement);
        }
    }

    private void Count(JsonElement message)
    {
        var type = message.GetProperty("$type").GetString()!;
        switch (type)
        {
            case "test-starting":
                _running[Text(message, "TestUniqueID")] = Text(message, "TestDisplayName");
                break;
            case "test-finished":
                _running.Remove(Text(message, "TestUniqueID"));
                break;
            case "test-passed":
                _results.Passed++;
                ShowProgress();
                break;
            case "test-failed":
                FailedTest(NameOf(message), message);
                break;
            case "test-skipped":
                _results.Skipped.Add(($"{NameOf(message)}: {Text(message, "Reason")}", configuration));
                break;
            case "test-assembly-finished":
                _finished = true;
                break;
            case "error-message":
            case var _ when type.EndsWith("-cleanup-failure", StringComparison.Ordinal):
                FailedTest($"{_name}: {type}", message);
                break;
        }
    }

    private void FailedTest(string name, JsonElement message)
    {
        _results.Failed.Add((name, configuration));
        Console.WriteLine($"  FAILED {name}");
        var lines = Texts(message, "Messages").Concat(Texts(message, "StackTraces")).SelectMany(text => text.Split('\n'));
        foreach (var line in lines.Where(line => !IsOfTheFramework(line)))
        {
            Console.WriteLine($"    {line.TrimEnd()}");
        }
    }

    // The frames below and above the test itself.
    private static bool IsOfTheFramework(string line) =>
        FrameworkFrames.Any(frame => line.TrimStart().StartsWith(frame, StringComparison.Ordinal));

    // A long run says now and then that it is alive.
    private void ShowProgress()
    {
        if (_time.Elapsed - _lastProgress > TimeSpan.FromSeconds(15))
        {
            _lastProgress = _time.Elapsed;
            Console.WriteLine($"  … {_results.Sum}");
        }
    }

    private string NameOf(JsonElement message) => _running.GetValueOrDefault(Text(message, "TestUniqueID"), "(a test without a name)");

    private static string Text(JsonElement message, string name) => message.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static IEnumerable<string> Texts(JsonElement message, string name) =>
        message.TryGetProperty(name, out var values) ? values.EnumerateArray().Select(value => value.GetString() ?? "") : [];

    private static bool TryParse(string json, out JsonDocument message)
    {
        try
        {
            message = JsonDocument.Parse(json);
            return true;
        }
        catch (JsonException)
        {
            message = null!;
            return false;
        }
    }

    /// <summary>Runs <c>dotnet</c> and hands over its output line by line; the exit code, or null if it had to be stopped.</summary>
    private int? Dotnet(string[] command, Action<string> line)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, command) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = new Process { StartInfo = start };
        var gate = new Lock();
        DataReceivedEventHandler take = (_, received) =>
        {
            lock (gate)
            {
                if (received.Data is { Length: > 0 } text)
                {
                    line(text);
                }
            }
        };
        process.OutputDataReceived += take;
        process.ErrorDataReceived += take;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        if (!process.WaitForExit(options.Timeout))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return null;
        }

        process.WaitForExit(); // until the output has been read to its end, which the call above does not promise
        return process.ExitCode;
    }
}

/// <summary>Counts, and the tests that need naming, each with its configuration.</summary>
sealed class Results
{
    public int Passed { get; set; }

    public List<(string Name, string Configuration)> Failed { get; } = [];

    public List<(string Name, string Configuration)> Skipped { get; } = [];

    public string Sum => $"{Passed} passed, {Failed.Count} failed, {Skipped.Count} skipped";

    public void Add(Results other)
    {
        Passed += other.Passed;
        Failed.AddRange(other.Failed);
        Skipped.AddRange(other.Skipped);
    }

    public void Print(Options options)
    {
        if (Passed + Failed.Count == 0)
        {
            Failed.Add((options.Filter is null ? "no test project" : $"no test matches {options.Filter}", string.Join(", ", options.Configurations)));
        }

        PrintNames("Failed:", Failed);
        PrintNames("Skipped:", Skipped);
        Console.WriteLine($"\n{Sum}");
    }

    private static void PrintNames(string headline, List<(string Name, string Configuration)> tests)
    {
        if (tests.Count == 0)
        {
            return;
        }

        Console.WriteLine($"\n{headline}");
        foreach (var test in tests.GroupBy(test => test.Name, test => test.Configuration).OrderBy(test => test.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"  {test.Key} ({string.Join(", ", test.Distinct())})");
        }
    }
}
