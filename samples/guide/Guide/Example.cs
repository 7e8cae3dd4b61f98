using System.CommandLine;
using System.Globalization;
using Asyncio;

namespace Guide;

/// <summary>What every example of the guide begins with: its command line, the demo server, an exit code.</summary>
public static class Example
{
    /// <summary>Runs a coroutine that may talk with a server of its own.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="description">What <c>--help</c> says.</param>
    /// <param name="main">The example.</param>
    /// <param name="more">Options beside <c>--scale</c>.</param>
    public static int Run(string[] args, string description, Func<DemoServer, ParseResult, Coroutine> main, params Option[] more) =>
        Parse(args, description, parsed => Aio.Run(MainAsync(main, parsed)), more);

    /// <inheritdoc cref="Run(string[], string, Func{DemoServer, ParseResult, Coroutine}, Option[])"/>
    public static int Run(string[] args, string description, Func<DemoServer, Coroutine> main) => Run(args, description, (server, _) => main(server));

    /// <summary>For an example that calls <see cref="Aio.Run(Coroutine, bool?, Func{EventLoop}?, CancellationToken)"/> itself.</summary>
    public static int RunPlain(string[] args, string description, Action<DemoServer> main) => Parse(args, description, _ =>
    {
        using var server = DemoServer.Start();
        main(server);
    });

    /// <summary>Says what comes next.</summary>
    public static void Heading(string text) => Console.WriteLine($"\n--- {text} ---");

    private static async Coroutine MainAsync(Func<DemoServer, ParseResult, Coroutine> main, ParseResult parsed)
    {
        // Started inside, so that Ctrl-C finds this runner first: it cancels the example, which cleans up.
        using var server = DemoServer.Start();
        await main(server, parsed);
    }

    private static int Parse(string[] args, string description, Action<ParseResult> main, params Option[] more)
    {
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        var scale = new Option<double>("--scale") { Description = "How long a second of the guide is here.", DefaultValueFactory = _ => Pace.Default };
        var command = new RootCommand(description) { scale };
        foreach (var option in more)
        {
            command.Add(option);
        }

        var exitCode = 0;
        command.SetAction(parsed =>
        {
            Pace.Scale = parsed.GetValue(scale);
            exitCode = Pace.Scale is > 0 and <= 100 ? RunGuarded(() => main(parsed)) : Complain("--scale: a number above 0.");
        });
        var parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Complain(string.Join('\n', parsed.Errors.Select(error => error.Message)));
        }

        parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        return exitCode;
    }

    private static int RunGuarded(Action main)
    {
        try
        {
            main();
            return 0;
        }
        catch (KeyboardInterruptException)
        {
            return 130;
        }
        catch (ExampleException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static int Complain(string message)
    {
        Console.Error.WriteLine($"{message}\nTry --help.");
        return 2;
    }
}
