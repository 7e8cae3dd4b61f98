using Asyncio.Tests.Combinators;
using Xunit;
using static Asyncio.Tests.Combinators.Scenario;

namespace Asyncio.Tests.Groups;

/// <summary>The flat spelling: joined, and left without being joined.</summary>
public class FlatTaskGroupTests
{
    [Fact]
    public void Joined_it_gives_results_and_failures_like_the_exact_one() => Run(async s =>
    {
        await using (var group = new TaskGroup())
        {
            var a = group.CreateTask(Give(1, 2));
            await group.JoinAsync();
            await group.JoinAsync();
            Assert.Equal(1, a.Result());
            Assert.Throws<InvalidOperationException>(() => _ = group.CreateTask(Give(1)));
            Assert.Equal("<TaskGroup finished>", group.ToString());
        }

        s.Trace(await Attempt(Fails()));
        Assert.Equal("sibling: Cancelled, Group[Format]", s.Text);
        Assert.Equal(0, Requests);

        async Coroutine Fails()
        {
            await using var group = new TaskGroup(maxConcurrency: 2);
            _ = group.CreateTask(s.Hang("sibling"));
            _ = group.CreateTask(Throw(new FormatException(), 1));
            await group.JoinAsync();
            s.Trace("never");
        }
    });

    [Fact]
    public void Cancelled_while_joining_it_cancels_the_children() => Run(async s =>
    {
        var task = Aio.CreateTask(Body());
        await Spin(2);
        task.Cancel("outside");
        s.Trace(await Attempt(task));
        Assert.Equal("child: Cancelled, Cancelled(outside)", s.Text);

        async Coroutine Body()
        {
            await using var group = new TaskGroup();
            _ = group.CreateTask(s.Hang("child"));
            await group.JoinAsync();
        }
    });

    [Fact]
    public void Left_by_an_early_return_the_children_are_cancelled_and_that_is_reported()
    {
        var s = Run(async s =>
        {
            s.Trace(await Attempt(Body()));

            async Coroutine<int> Body()
            {
                await using var group = new TaskGroup();
                _ = group.CreateTask(s.Hang("child"));
                await Aio.Yield();
                return 5;
            }
        });
        Assert.Equal("child: Cancelled, result 5", s.Text);
        var report = Assert.Single(s.Reports);
        Assert.Contains("without JoinAsync", report.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Left_by_an_early_return_the_children_are_cancelled_and_that_is_reported), report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Left_with_nothing_running_it_is_silent()
    {
        var s = Run(async () =>
        {
            await using var group = new TaskGroup();
            await group.CreateTask(Give(1));
        });
        Assert.Empty(s.Reports);
    }

    [Fact]
    public void A_failing_body_passes_and_the_children_are_cancelled()
    {
        var s = Run(async s =>
        {
            s.Trace(await Attempt(Body()));
            Assert.Equal(0, Requests);

            async Coroutine Body()
            {
                await using var group = new TaskGroup();
                _ = group.CreateTask(s.Hang("child"));
                await Aio.Yield();
                throw new FormatException();
            }
        });
        Assert.Equal("child: Cancelled, Format", s.Text);
    }

    [Fact]
    public void A_child_that_failed_while_the_body_ran_makes_a_group_with_the_bodys_own_failure()
    {
        var s = Run(async s =>
        {
            s.Trace(await Attempt(Body(null)));
            s.Trace(await Attempt(Body(new DivideByZeroException())));
            Assert.Equal(0, Requests);

            async Coroutine Body(Exception? own)
            {
                await using var group = new TaskGroup();
                _ = group.CreateTask(s.Hang("sibling"));
                _ = group.CreateTask(Throw(new FormatException(), 1));
                try
                {
                    await Forever();
                }
                catch (CancelledException) when (own is not null)
                {
                    throw own;
                }

                await group.JoinAsync();
            }
        });
        Assert.Equal("sibling: Cancelled, Group[Format], sibling: Cancelled, Group[Format, DivideByZero]", s.Text);
        Assert.Empty(s.Reports);
    }

    [Fact]
    public void Failures_while_the_children_are_cancelled_are_reported()
    {
        var s = Run(async s =>
        {
            s.Trace(await Attempt(Body()));

            async Coroutine<int> Body()
            {
                await using var group = new TaskGroup();
                _ = group.CreateTask(Fails());
                await Aio.Yield();
                return 5;
            }

            static async Coroutine Fails()
            {
                try
                {
                    await Forever();
                }
                finally
                {
                    throw new FormatException();
                }
            }
        });
        Assert.Equal("result 5", s.Text);
        Assert.Equal(["Format", "none"], s.Reports.Select(r => Kind(r.Exception)));
    }

    [Fact]
    public void A_cancellation_from_outside_outranks_the_failures_which_are_reported()
    {
        var s = Run(async s =>
        {
            var task = Aio.CreateTask(Body());
            await Aio.Yield();
            task.Cancel("outside");
            s.Trace(await Attempt(task));
            Assert.Equal(1, task.Cancelling());

            async Coroutine Body()
            {
                await using var group = new TaskGroup();
                _ = group.CreateTask(Fails());
                await Forever();
                await group.JoinAsync();
            }

            static async Coroutine Fails()
            {
                await Aio.Yield();
                try
                {
                    await Forever();
                }
                finally
                {
                    throw new FormatException();
                }
            }
        });
        Assert.Equal("Cancelled(outside)", s.Text);
    }

    [Fact]
    public void It_is_left_by_the_task_that_made_it_and_joined_only_in_this_spelling() => Run(async () =>
    {
        await using var group = new TaskGroup();
        _ = group.CreateTask(Give(1, 3));
        Assert.Equal("InvalidOperation", await Attempt(Aio.CreateTask(group.JoinAsync())));
        await group.JoinAsync();
        await TaskGroup.Run(static async g =>
        {
            Assert.Throws<InvalidOperationException>(() => g.JoinAsync());
        });
    });

    [Fact]
    public void It_can_be_used_in_code_of_NET() => Run(async () =>
    {
        Assert.Equal(3, await Foreign());

        static async Task<int> Foreign()
        {
            await using var group = new TaskGroup();
            var a = group.CreateTask(Give(1, 2));
            var b = group.CreateTask(Give(2));
            await group.JoinAsync();
            return a.Result() + b.Result();
        }
    });
}
