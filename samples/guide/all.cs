// All examples of the guide, in its order, and at the end what was gained by waiting for many things at once.
//
//   dotnet run samples/guide/all.cs
//   dotnet run samples/guide/all.cs -- 3 6                  some of its sections
//   dotnet run samples/guide/all.cs -- --scale 1            as slow as the guide; otherwise a fifth of that
//
// Each is a program of its own, which is built first: the first time that takes some seconds for each. They run as subprocesses, which need
// Linux; by itself each runs anywhere.

#:project ../../src/Asyncio
#:package System.CommandLine
#:property PublishAot=false

using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Asyncio;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var sections = new Argument<int[]>("sections") { Description = "Numbers of sections. [default: all]" };
var scale = new Option<double>("--scale") { Description = "How long a second of the guide is here.", DefaultValueFactory = _ => 0.2 };
var command = new RootCommand("All examples of the guide, in its order.") { sections, scale };
var exitCode = 0;
command.SetAction(parsed => exitCode = Runs.All(parsed.GetValue(sections)!, parsed.GetValue(scale)));
var commandLine = command.Parse(args);
if (commandLine.Errors.Count > 0)
{
    Console.Error.WriteLine($"{string.Join('\n', commandLine.Errors.Select(error => error.Message))}\nTry --help.");
    return 2;
}

commandLine.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
return exitCode;

static class Runs
{
    public static int All(int[] sections, double scale)
    {
        var examples = Example.FindAll();
        if (sections.Except(examples.Select(example => example.Section)).ToArray() is [var unknown, ..])
        {
            Console.Error.WriteLine($"There is no section {unknown}; there are 1 to {examples.Length}.\nTry --help.");
            return 2;
        }

        try
        {
            return Aio.Run(RunAll([.. examples.Where(example => sections.Length == 0 || sections.Contains(example.Section))], scale));
        }
        catch (KeyboardInterruptException)
        {
            return 130;
        }
    }

    private static async Coroutine<int> RunAll(Example[] examples, double scale)
    {
        foreach (var example in examples)
        {
            await example.Run(scale);
        }

        Console.WriteLine("\n=== What ran concurrently: seconds, and what they had been one after the other ===\n");
        foreach (var example in examples)
        {
            var gain = example.Took > 0 ? $"{example.Took,7:0.00} s instead of {example.OneAfterTheOther,6:0.00} s" : "";
            Console.WriteLine($"{$"  {example.Section,2}. {example.Title}",-62}{(example.ExitCode == 0 ? gain : $" failed: exit code {example.ExitCode}")}");
        }

        return examples.All(example => example.ExitCode == 0) ? 0 : 1;
    }
}

/// <summary>One of the programs beside this one.</summary>
sealed partial class Example
{
    private readonly string _path;

    private Example(string path)
    {
        _path = path;
        var title = File.ReadLines(path).First();
        Section = int.Parse(Path.GetFileName(path)[..2]);
        Title = title[(title.IndexOf(':') + 2)..].Split(". ")[0].TrimEnd('.');
    }

    public int Section { get; }
    public string Title { get; }
    public int ExitCode { get; private set; }
    public double Took { get; private set; } // seconds
    public double OneAfterTheOther { get; private set; }

    public static Example[] FindAll()
    {
        var folder = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
        return [.. Directory.EnumerateFiles(folder, "??-*.cs").Order(StringComparer.Ordinal).Select(path => new Example(path))];
    }

    public async Coroutine Run(double scale)
    {
        Console.WriteLine($"\n=== Section {Section}: {Title} ({Path.GetFileName(_path)}) ===");

        // What the example prints comes through a pipe. It may use colours all the same, if this here goes to a terminal.
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value!);
        environment["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = Console.IsOutputRedirected ? "0" : "1";
        await using var process = await Aio.CreateSubprocessExec(
            "dotnet", ["run", _path, "--", "--scale", $"{scale}"], stdin: StdioTarget.DevNull, stdout: StdioTarget.Pipe, environment: environment);
        await foreach (var line in process.Stdout!.ReadTextLinesAsync())
        {
            Console.WriteLine(line);
            if (TimesIn().Match(line) is { Success: true } times)
            {
                Took += double.Parse(times.Groups[1].Value);
                OneAfterTheOther += double.Parse(times.Groups[2].Value);
            }
        }

        ExitCode = await process.WaitAsync();
    }

    [GeneratedRegex(@"took ([0-9.]+) s; one after the other: ([0-9.]+) s")]
    private static partial Regex TimesIn();
}
