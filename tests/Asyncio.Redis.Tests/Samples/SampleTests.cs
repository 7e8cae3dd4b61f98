// Once is enough: a sample is always built in Release.
#if !DEBUG
using System.Text;
using Asyncio.Redis.Tests.Servers;
using Xunit;

namespace Asyncio.Redis.Tests.Samples;

/// <summary>Runs the demo of the sample, as a person would.</summary>
public class SampleTests
{
    private const double Limit = 180; // seconds; it is built first

    [Fact]
    public void Jobs_are_done_at_the_rate_and_taken_over()
    {
        _ = RedisServer.Shared; // skipped without one
        var (exitCode, output, errors) = Aio.Run(Aio.WaitFor(RunDemo(), Limit));
        Assert.Equal(("", 0), (errors, exitCode));
        var position = 0;
        foreach (var text in new[]
        {
            "a redis-server of our own is ready",
            "40 jobs added",
            "mortal has begun photo 1, and is gone",
            "  finished: photo ",
            "39 jobs by 3 workers in ",
            "1 job was taken over",
            "0 jobs in the queue, 0 of them begun",
        })
        {
            var found = output.IndexOf(text, position, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{text}' is not there, or not in this order, in:\n{output}");
            position = found + text.Length;
        }

        // The bucket's rate: 34 of them after the burst, at 100 a second. More time is no mistake.
        var seconds = double.Parse(output.Split("3 workers in ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(seconds >= 0.3, output);
    }

    private static async Coroutine<(int ExitCode, string Output, string Errors)> RunDemo()
    {
        await using var program = await Aio.CreateSubprocessExec(
            "dotnet", ["run", PathOf("redis-jobs"), "--", "--demo"], stdin: StdioTarget.DevNull, stdout: StdioTarget.Pipe, stderr: StdioTarget.Pipe);
        var (output, errors) = await program.CommunicateAsync();
        return (program.ReturnCode!.Value, Encoding.UTF8.GetString(output!), Encoding.UTF8.GetString(errors!));
    }

    private static string PathOf(string sample)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Asyncio.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("These tests run inside a checkout.");
        }

        return Path.Combine(folder, "samples", $"{sample}.cs");
    }
}
#endif
