using System.Runtime.InteropServices;
using Xunit;
using static Asyncio.IO.Tests.Signals.Signalling;

namespace Asyncio.IO.Tests.Signals;

/// <summary>Real programs, real signals: tests/Programs/Signalled, started and watched as a subprocess.</summary>
public class SignalProgramTests
{
    [Fact]
    public void A_program_that_enumerates_its_signals_ends_as_it_wants() => Run(async () =>
    {
        SkipIfIgnored(PosixSignal.SIGHUP, PosixSignal.SIGINT);
        await using var program = await Start("serve");
        foreach (var signal in new[] { PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGTERM })
        {
            program.SendSignal(signal);
            Assert.Equal($"{signal}", await program.Stdout!.ReadTextLineAsync());
        }

        Assert.Equal(5, await program.WaitAsync());
    });

    [Fact]
    public void A_handler_for_SIGINT_stands_in_for_the_runners_own_until_it_is_removed() => Run(async () =>
    {
        SkipIfIgnored(PosixSignal.SIGINT);
        await using var program = await Start("interrupts");
        for (var i = 1; i <= 3; i++)
        {
            program.SendSignal(PosixSignal.SIGINT); // the second one would have ended it
            Assert.Equal($"handled {i}", await program.Stdout!.ReadTextLineAsync());
        }

        Assert.Equal("removed", await program.Stdout!.ReadTextLineAsync());
        program.SendSignal(PosixSignal.SIGINT);
        Assert.Equal("cancelled", await program.Stdout!.ReadTextLineAsync());
        Assert.Equal(130, await program.WaitAsync());
    });

    [Fact]
    public void An_interrupt_that_a_handler_has_had_is_not_also_the_runners_when_the_handler_is_gone_by_then() => Run(async () =>
    {
        SkipIfIgnored(PosixSignal.SIGINT);
        await using var program = await Start("taken");
        program.SendSignal(PosixSignal.SIGINT);
        Assert.Equal("went on", await program.Stdout!.ReadTextLineAsync());
        program.SendSignal(PosixSignal.SIGINT);
        Assert.Equal("cancelled", await program.Stdout!.ReadTextLineAsync());
        Assert.Equal(130, await program.WaitAsync());
    });

    [Fact]
    public void After_the_handler_is_removed_the_signal_does_what_it_did() => Run(async () =>
    {
        await using var program = await Start("removed");
        program.Terminate();
        Assert.Equal("removed", await program.Stdout!.ReadTextLineAsync());
        program.Terminate();
        Assert.Contains(await program.WaitAsync(), new[] { -15, 143 }); // the signal's default action, or .NET's own shutdown for it
    });

    [Fact]
    public void After_the_loop_is_closed_the_signal_does_what_it_did() => Run(async () =>
    {
        await using var program = await Start("closed");
        program.Terminate();
        Assert.Contains(await program.WaitAsync(), new[] { -15, 143 });
    });

    private static async Coroutine<Subprocess> Start(string how)
    {
        var program = await Aio.CreateSubprocessExec("dotnet", [Path.Combine(AppContext.BaseDirectory, "Signalled.dll"), how], stdout: StdioTarget.Pipe);
        Assert.Equal("ready", await program.Stdout!.ReadTextLineAsync());
        return program;
    }
}
