using System.Diagnostics;
using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>How programs end: a real process, real signals. The program is tests/Programs/Interrupted.</summary>
public class CtrlCTests
{
    [Theory]
    [InlineData("sleep", 130, "cleaned up")]
    [InlineData("catch", 3, "cleaned up,caught: Interrupted by Ctrl-C.")]
    [InlineData("swallow", 4, "cleaned up,went on")]
    [InlineData("task", 130, "")]
    [InlineData("leftover", 130, "cleaned up,leftover ended")]
    public void The_first_cancels_main(string how, int exitCode, string output)
    {
        SkipWhereInterruptsAreIgnored();
        using var program = Start(how);
        Assert.Equal("ready", program.StandardOutput.ReadLine());
        Interrupt(program);
        var (lines, errors) = ReadToEnd(program);
        Assert.Equal((exitCode, output, ""), (program.ExitCode, lines, errors)); // no message of the runtime's, no dump
    }

    [Fact]
    public void The_second_ends_the_process_even_if_the_loop_is_stuck()
    {
        SkipWhereInterruptsAreIgnored();
        using var program = Start("stuck");
        Assert.Equal("ready", program.StandardOutput.ReadLine());
        Interrupt(program);
        Assert.Equal("interrupted", program.StandardOutput.ReadLine()); // two that are pending at the same time are one
        Assert.False(program.WaitForExit(100));
        Interrupt(program);
        ReadToEnd(program);
        Assert.Equal(130, program.ExitCode); // 128 + SIGINT: ended by the signal itself
    }

    [Fact]
    public void An_exception_that_nobody_catches_ends_the_process_as_any_other_after_the_tasks_were_cancelled()
    {
        using var program = Start("fail");
        var (lines, errors) = ReadToEnd(program);
        Assert.Equal("leftover ended", lines);
        Assert.Contains("Unhandled exception. System.IO.InvalidDataException: nobody catches this", errors);
        Assert.Contains("Fail", errors);
        Assert.NotEqual(0, program.ExitCode);
        Assert.NotEqual(130, program.ExitCode);
    }

    private static Process Start(string how)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no kill -INT; there Ctrl-C goes to a whole console.");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } dotnet && Path.GetFileNameWithoutExtension(dotnet) == "dotnet" ? dotnet : "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Interrupted.dll"), how },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>A background job of a shell is started so, and what it starts inherits it.</summary>
    private static void SkipWhereInterruptsAreIgnored()
    {
        const string Line = "SigIgn:";
        const ulong Interrupt = 1 << 1; // SIGINT is 2, and they are counted from 1
        var ignored = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/status").First(line => line.StartsWith(Line, StringComparison.Ordinal)) : Line + "0";
        Assert.SkipWhen((Convert.ToUInt64(ignored[Line.Length..].Trim(), 16) & Interrupt) != 0, "SIGINT is ignored in this process.");
    }

    private static void Interrupt(Process program)
    {
        using var kill = Process.Start("kill", ["-INT", program.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private static (string Output, string Errors) ReadToEnd(Process program)
    {
        var errors = program.StandardError.ReadToEndAsync();
        var output = program.StandardOutput.ReadToEndAsync();
        if (!program.WaitForExit(OnLoop.Hang))
        {
            program.Kill();
            Assert.Fail("The program does not end.");
        }

        return (string.Join(',', output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)), errors.Result);
    }
}
