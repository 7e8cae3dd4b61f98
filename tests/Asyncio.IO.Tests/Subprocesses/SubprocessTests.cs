using System.Runtime.InteropServices;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Subprocesses.Scene;

namespace Asyncio.IO.Tests.Subprocesses;

public class SubprocessTests
{
    public static TheoryData<ReactorKind> Kinds => Scene.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public void Exit_codes_and_signals_are_told_apart(ReactorKind kind) => Run(kind, async () =>
    {
        Assert.Equal(0, await (await Aio.CreateSubprocessExec("true")).WaitAsync());
        Assert.Equal(7, await (await Shell("exit 7")).WaitAsync());
        Assert.Equal(137, await (await Shell("exit 137")).WaitAsync());
        Assert.Equal(-9, await (await Shell("kill -KILL $$")).WaitAsync());
        Assert.Equal(-15, await (await Shell("kill -TERM $$")).WaitAsync());
    });

    [Theory, MemberData(nameof(Kinds))]
    public void The_return_code_is_null_while_it_runs(ReactorKind kind) => Run(kind, async () =>
    {
        var process = await Aio.CreateSubprocessExec("sleep", "100");
        Assert.Null(process.ReturnCode);
        Assert.True(Runs(process.Pid));
        process.Terminate();
        Assert.Equal(-15, await process.WaitAsync());
        Assert.Equal(-15, process.ReturnCode);
        Assert.Equal(-15, await process.WaitAsync());
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Ten_waits_get_the_same_code_and_one_of_them_may_be_cancelled(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Shell("read line; exit 5", stdin: Pipe);
        var waits = Enumerable.Range(0, 10).Select(_ => Aio.CreateTask(process.WaitAsync())).ToArray();
        await Aio.Sleep(0);
        waits[3].Cancel();
        await Assert.ThrowsAnyAsync<CancelledException>(async () => await waits[3]);
        process.Stdin!.Write("go\n"u8);
        foreach (var wait in waits.Where((_, index) => index != 3))
        {
            Assert.Equal(5, await wait);
        }
    });

    [Theory, MemberData(nameof(Kinds))]
    public void It_can_be_talked_with(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Shell("while read line; do echo \"<$line>\"; done; echo bye", Pipe, Pipe);
        for (var i = 0; i < 50; i++)
        {
            process.Stdin!.Write($"line {i}\n");
            await process.Stdin.DrainAsync();
            Assert.Equal($"<line {i}>", await process.Stdout!.ReadTextLineAsync());
        }

        process.Stdin!.Close();
        Assert.Equal("bye", await process.Stdout!.ReadTextLineAsync());
        Assert.Null(await process.Stdout.ReadTextLineAsync());
        Assert.Equal(0, await process.WaitAsync());
    });

    [Theory, MemberData(nameof(Kinds))]
    public void One_that_is_killed_from_outside_is_noticed(ReactorKind kind) => Run(kind, async () =>
    {
        var process = await Aio.CreateSubprocessExec("sleep", "100");
        await (await Aio.CreateSubprocessExec("kill", "-USR1", $"{process.Pid}")).WaitAsync();
        Assert.Equal(-10, await process.WaitAsync());
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Signals_are_sent_by_name_and_by_number(ReactorKind kind) => Run(kind, async () =>
    {
        Signals.Signalling.SkipIfIgnored(PosixSignal.SIGHUP); // a shell does not trap one that it was started without
        await using var process = await Shell("trap 'echo hup' HUP; trap 'echo usr2' USR2; echo ready; while :; do sleep 0.05; done", stdout: Pipe);
        Assert.Equal("ready", await process.Stdout!.ReadTextLineAsync());
        process.SendSignal(PosixSignal.SIGHUP);
        Assert.Equal("hup", await process.Stdout.ReadTextLineAsync());
        process.SendSignal((PosixSignal)12);
        Assert.Equal("usr2", await process.Stdout.ReadTextLineAsync());
        Assert.Throws<ArgumentOutOfRangeException>(() => process.SendSignal((PosixSignal)(-99)));
    });

    [Theory, MemberData(nameof(Kinds))]
    public void One_that_has_ended_cannot_be_signalled(ReactorKind kind) => Run(kind, async () =>
    {
        var process = await Aio.CreateSubprocessExec("true");
        await process.WaitAsync();
        await Aio.Sleep(0.01); // its protocol is told
        Assert.Contains("has ended", Assert.Throws<InvalidOperationException>(process.Kill).Message);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void A_grandchild_that_holds_the_pipes_holds_up_communicating_but_not_waiting(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Shell("sleep 1000 & echo $!; exit 3", stdout: Pipe);
        var grandchild = await process.Stdout!.ReadTextLineAsync();
        Assert.Equal(3, await process.WaitAsync());
        var communicating = Aio.CreateTask(process.CommunicateAsync());
        await Aio.Sleep(0.1);
        Assert.False(communicating.IsCompleted);
        await (await Aio.CreateSubprocessExec("kill", grandchild!)).WaitAsync();
        Assert.Empty((await communicating).Stdout!);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void One_that_closes_its_pipes_lives_on(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Shell("exec <&- >&- 2>&-; while [ ! -e \"$0\" ]; do sleep 0.02; done; exit 4".Replace("$0", Gate(out var gate)), Pipe, Pipe, Pipe);
        Assert.Empty(await process.Stdout!.ReadAsync());
        Assert.Empty(await process.Stderr!.ReadAsync());
        Assert.Null(process.ReturnCode);
        File.WriteAllText(gate, "");
        Assert.Equal(4, await process.WaitAsync());
        File.Delete(gate);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void One_whose_status_somebody_else_has_taken_counts_as_255(ReactorKind kind) => Run(kind, async () =>
    {
        var process = await Aio.CreateSubprocessExec("sleep", "1000");
        process.Kill();
        Assert.Equal(process.Pid, Reap(process.Pid)); // before the loop has looked
        Assert.Equal(255, await process.WaitAsync());

        static unsafe int Reap(int pid)
        {
            int status;
            return ProcessCalls.WaitPid(pid, &status, 0);
        }
    });

    [Theory, MemberData(nameof(Kinds))]
    public void What_it_wrote_before_its_end_can_be_read_after_it(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Shell("echo one; echo two >&2", stdout: Pipe, stderr: Pipe);
        await process.WaitAsync();
        await Aio.Sleep(0.05);
        Assert.Equal("one\n", Text(await process.Stdout!.ReadAsync()));
        Assert.Equal("two\n", Text(await process.Stderr!.ReadAsync()));
    });

    [Theory, MemberData(nameof(Kinds))]
    public void One_that_writes_more_than_is_read_is_held_up(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Aio.CreateSubprocessExec("yes", [], stdout: Pipe, limit: 1024);
        await Eventually(() => process.Stdout!.ToString().Contains("paused", StringComparison.Ordinal), "paused");
        Assert.Equal("y\ny\n", Text(await process.Stdout!.ReadExactlyAsync(4)));
        Assert.Equal(1_000_000, (await process.Stdout.ReadExactlyAsync(1_000_000)).Length);
    });

    private static string Gate(out string path) => path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
}
