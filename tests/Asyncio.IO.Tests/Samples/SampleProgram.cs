// Once is enough: a sample is always built in Release.
#if !DEBUG
using System.Text;
using Xunit;
using Xunit.Sdk;

namespace Asyncio.IO.Tests.Samples;

/// <summary>Runs a sample, as a person would.</summary>
internal static class SampleProgram
{
    /// <summary>The collection of the tests that do: two builds of one project at a time get in each other's way.</summary>
    public const string Collection = "Samples";

    /// <summary>What a sample prints. It must succeed, and say nothing on standard error.</summary>
    public static string Run(string sample, params string[] arguments)
    {
        var (exitCode, output, errors) = Try(sample, arguments);
        Assert.Equal(("", 0), (errors, exitCode));
        return output;
    }

    public static (int ExitCode, string Output, string Errors) Try(string sample, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Subprocesses need Linux.");
        return Aio.Run(Aio.WaitFor(RunAsync(PathOf($"samples/{sample}.cs"), arguments), 2 * Hang.Limit));
    }

    /// <summary>Runs a sample until what it prints is right, once with each of some arguments.</summary>
    public static void Check(string sample, Action<string> check, params string[][] attempts)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                check(Run(sample, attempts[i]));
                return;
            }
            catch (XunitException) when (i + 1 < attempts.Length)
            {
                // once more
            }
        }
    }

    public static void AssertInOrder(string output, params string[] expected)
    {
        var position = 0;
        foreach (var text in expected)
        {
            var found = output.IndexOf(text, position, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{text}' is not there, or not in this order, in:\n{output}");
            position = found + text.Length;
        }
    }

    /// <summary>A file of the checkout.</summary>
    public static string PathOf(string relativePath)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Asyncio.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("These tests run inside a checkout.");
        }

        return Path.Combine(folder, relativePath);
    }

    private static async Coroutine<(int ExitCode, string Output, string Errors)> RunAsync(string path, string[] arguments)
    {
        await using var program = await Aio.CreateSubprocessExec(
            "dotnet", ["run", path, "--", .. arguments], stdin: StdioTarget.DevNull, stdout: StdioTarget.Pipe, stderr: StdioTarget.Pipe);
        var (output, errors) = await program.CommunicateAsync();
        return (program.ReturnCode!.Value, Encoding.UTF8.GetString(output!), Encoding.UTF8.GetString(errors!));
    }
}
#endif
