using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Subprocesses.Scene;

namespace Asyncio.IO.Tests.Subprocesses;

public class CancellationTests
{
    public static TheoryData<ReactorKind> Kinds => Scene.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public void Cancelling_a_wait_leaves_the_process_alone(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Aio.CreateSubprocessExec("cat", [], Pipe, Pipe);
        await Cancelled(Aio.CreateTask(process.WaitAsync()));
        await Cancelled(Aio.CreateTask(process.Stdout!.ReadAsync()));
        Assert.True(Runs(process.Pid));
        Assert.Equal("still here", Text((await process.CommunicateAsync("still here"u8.ToArray())).Stdout));
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Cancelling_a_communication_leaves_the_process_alone_and_loses_nothing(ReactorKind kind) => Run(kind, async () =>
    {
        await using var process = await Shell("echo before; while :; do sleep 0.05; done", stdout: Pipe);
        var communicating = Aio.CreateTask(process.CommunicateAsync());
        await Aio.Sleep(0.2);
        await Cancelled(communicating);
        Assert.True(Runs(process.Pid));
        Assert.Equal("before\n", Text(await process.Stdout!.ReadLineAsync()));
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Leaving_the_scope_kills_and_reaps(ReactorKind kind) => Run(kind, async () =>
    {
        var pid = 0;
        var task = Aio.CreateTask(Use());
        await Eventually(() => pid != 0, "started");
        await Cancelled(task);
        Assert.False(Runs(pid));
        Assert.Equal(0, Zombies());

        async Coroutine<int> Use()
        {
            await using var process = await Aio.CreateSubprocessExec("sleep", ["1000"], Pipe, Pipe, Pipe);
            pid = process.Pid;
            return await process.WaitAsync();
        }
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Leaving_the_scope_does_not_wait_for_grandchildren(ReactorKind kind) => Run(kind, async () =>
    {
        string? grandchild;
        await using (var process = await Shell("sleep 1000 & echo $!; wait", Pipe, Pipe, Pipe))
        {
            grandchild = await process.Stdout!.ReadTextLineAsync();
        }

        Assert.True(Runs(int.Parse(grandchild!, System.Globalization.CultureInfo.InvariantCulture)));
        await (await Aio.CreateSubprocessExec("kill", grandchild!)).WaitAsync();
    });

    /// <summary>At every await of every operation, by count of steps: cancelled there, nothing may be left behind.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public void Cancelled_at_any_step_nothing_is_left_behind(ReactorKind kind) => Run(kind, async () =>
    {
        var completed = false;
        for (var steps = 0; steps < 40 || !completed; steps += steps < 60 ? 1 : steps) // a busy machine may take very many
        {
            var task = Aio.CreateTask(Use());
            for (var i = 0; i < steps; i++)
            {
                await Aio.Sleep(i < 15 ? 0 : 0.001);
            }

            task.Cancel();
            try
            {
                Assert.Equal("text", Text((await task).Stdout));
                completed = true;
            }
            catch (CancelledException)
            {
            }

            Assert.Equal(0, Zombies());
            Assert.Empty(EventLoop.Running!.Children);
        }

        static async Coroutine<(byte[]? Stdout, byte[]?)> Use()
        {
            await using var process = await Aio.CreateSubprocessExec("cat", [], Pipe, Pipe, Pipe);
            var result = await process.CommunicateAsync("text"u8.ToArray());
            Assert.Equal(0, await process.WaitAsync());
            return result;
        }
    });

    [Theory, MemberData(nameof(Kinds))]
    public void A_timeout_ends_it(ReactorKind kind) => Run(kind, async () =>
    {
        await Assert.ThrowsAsync<TimeoutException>(async () => await Aio.WaitFor(Use(), 0.2));
        Assert.Equal(0, Zombies());

        static async Coroutine<int> Use()
        {
            await using var process = await Shell("trap '' TERM; while :; do sleep 0.05; done");
            return await process.WaitAsync();
        }
    });

    [Theory, MemberData(nameof(Kinds))]
    public void One_that_runs_when_the_loop_closes_is_killed_and_reaped(ReactorKind kind)
    {
        var pid = 0;
        Run(kind, async () => pid = (await Aio.CreateSubprocessExec("sleep", ["1000"], Pipe, Pipe, Pipe)).Pid);
        Until(() => !Runs(pid), () => "it is gone"); // who reaps it then is a thread
    }

    private static async Coroutine Cancelled<T>(AsyncTask<T> task)
    {
        await Aio.Sleep(0);
        task.Cancel();
        try
        {
            await task;
        }
        catch (CancelledException)
        {
            return;
        }

        Assert.Fail("It was not cancelled.");
    }
}
