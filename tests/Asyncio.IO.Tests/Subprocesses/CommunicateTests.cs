using System.Security.Cryptography;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Subprocesses.Scene;

namespace Asyncio.IO.Tests.Subprocesses;

public class CommunicateTests
{
    private const int TenMegabytes = 10_000_000;

    public static TheoryData<ReactorKind> Kinds => Scene.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public void Ten_megabytes_go_both_ways_without_a_deadlock(ReactorKind kind) => Run(kind, async () =>
    {
        var input = RandomNumberGenerator.GetBytes(TenMegabytes);
        await using var process = await Aio.CreateSubprocessExec("cat", [], Pipe, Pipe, Pipe);
        var (output, errors) = await process.CommunicateAsync(input);
        Assert.True(input.AsSpan().SequenceEqual(output), "cat gives what it got");
        Assert.Empty(errors!);
        Assert.Equal(0, process.ReturnCode);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void One_that_fills_its_standard_error_is_read_to_the_end(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Shell($"head -c {TenMegabytes} /dev/zero >&2; echo done", stdout: Pipe, stderr: Pipe);
        var (output, errors) = await process.CommunicateAsync();
        Assert.Equal("done\n", Text(output));
        Assert.Equal(TenMegabytes, errors!.Length);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Without_input_the_standard_input_is_closed(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Aio.CreateSubprocessExec("cat", [], Pipe, Pipe);
        var (output, errors) = await process.CommunicateAsync();
        Assert.Empty(output!);
        Assert.Null(errors);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void One_that_does_not_want_its_input_is_no_error(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Shell("exec <&-; echo no; exit 2", Pipe, Pipe);
        var (output, _) = await process.CommunicateAsync(new byte[TenMegabytes]);
        Assert.Equal("no\n", Text(output));
        Assert.Equal(2, process.ReturnCode);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Writing_to_one_that_has_ended_fails_at_the_drain(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Aio.CreateSubprocessExec("true", [], Pipe);
        await process.WaitAsync();
        var error = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                process.Stdin!.Write(new byte[100_000]);
                await process.Stdin.DrainAsync();
                await Aio.Sleep(0.001);
            }
        });
        Assert.True(error is System.Net.Sockets.SocketException or IOException, error.ToString());
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Two_hundred_at_once(ReactorKind kind) => Run(kind, async () =>
    {
        var outputs = await Aio.GatherAll(Enumerable.Range(0, 200).Select(static async Coroutine<string> (i) =>
        {
            await using var process = await Shell($"cat; echo {i}", Pipe, Pipe, Pipe);
            return Text((await process.CommunicateAsync("in "u8.ToArray())).Stdout);
        }));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"in {i}\n"), outputs);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void The_runtimes_own_processes_and_these_do_not_take_each_others_status(ReactorKind kind) => Run(kind, async () =>
    {
        EventLoop.Running!.AddSignalHandler((System.Runtime.InteropServices.PosixSignal)17, static () => { }); // SIGCHLD
        var ours = Aio.GatherAll(Enumerable.Range(1, 60).Select(static async Coroutine<int?> (i) => await (await Shell($"exit {i}")).WaitAsync()));
        for (var i = 1; i <= 60; i++)
        {
            using var theirs = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"exit {i}"]);
            await theirs.WaitForExitAsync();
            Assert.Equal(i, theirs.ExitCode);
        }

        Assert.Equal(Enumerable.Range(1, 60).Select(static i => (int?)i), await ours);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void No_child_inherits_an_end_of_anothers_pipe(ReactorKind kind) => Run(kind, async () =>
    {
        // If the second had the writing end of the first one's input, the first would not see its end.
        await using var first = await Aio.CreateSubprocessExec("cat", [], Pipe, Pipe);
        await using var second = await Aio.CreateSubprocessExec("sleep", ["1000"], Pipe, Pipe, Pipe);
        Assert.Equal("x", Text((await first.CommunicateAsync("x"u8.ToArray())).Stdout));
        Assert.Equal("0 1 2 ", await Output($"for fd in /proc/{second.Pid}/fd/*; do case $(readlink $fd) in pipe*|socket*|anon_inode*) printf '%s ' ${{fd##*/}};; esac; done"));
    });
}
