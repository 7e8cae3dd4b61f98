using System.Diagnostics;
using Xunit;

namespace Asyncio.IO.Tests.Files;

/// <summary>Real processes with real pipes. The program is tests/Programs/StandardStreams.</summary>
public class StandardStreamTests
{
    [Fact]
    public void Lines_come_and_go_as_they_are_typed()
    {
        using var program = Start("echo");
        foreach (var line in new[] { "one", "", "zwei €", "three" })
        {
            program.StandardInput.WriteLine(line);
            Assert.Equal(line, program.StandardOutput.ReadLine());
            Assert.Equal(line.ToUpperInvariant(), program.StandardError.ReadLine());
        }

        program.StandardInput.Close();
        Assert.Equal((0, ""), End(program));
    }

    [Fact]
    public void Bytes_go_through_unchanged()
    {
        using var program = Start("copy");
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(n => $"{n}\r\n"));
        var output = program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        program.StandardInput.Write(text);
        program.StandardInput.Close();
        Assert.True(program.WaitForExit(Hang.Limit));
        Assert.Equal(text, output.Result);
    }

    [Fact]
    public void A_cancelled_read_loses_nothing()
    {
        using var program = Start("cancel");
        for (var n = 0; n < 50; n++)
        {
            program.StandardInput.Write($"begin {n}, ");
            program.StandardInput.Flush();
            if (n == 0)
            {
                Assert.Equal("waits", program.StandardError.ReadLine()); // it has given up at least once
            }

            Thread.Sleep(n % 8);
            program.StandardInput.WriteLine("end");
            Assert.Equal($"begin {n}, end", program.StandardOutput.ReadLine());
        }

        program.StandardInput.Close();
        Assert.Equal((0, "end\n"), End(program));
    }

    [Fact]
    public void Waiting_for_input_keeps_no_process_from_ending()
    {
        using var program = Start("leave");
        Assert.Equal((0, "bye\n"), End(program)); // its input is still open
    }

    [Fact]
    public void What_one_run_has_read_ahead_is_the_next_ones()
    {
        using var program = Start("runs");
        program.StandardInput.Write("one\ntwo\n");
        program.StandardInput.Close();
        Assert.Equal((0, "one\ntwo\n"), End(program));
    }

    private static Process Start(string how) => Process.Start(
        new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "StandardStreams.dll"), how },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static (int ExitCode, string Output) End(Process program)
    {
        if (!program.WaitForExit(Hang.Limit))
        {
            program.Kill();
            Assert.Fail("The program did not end.");
        }

        return (program.ExitCode, program.StandardOutput.ReadToEnd().ReplaceLineEndings("\n"));
    }
}
