using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks.Foreign;

public class AsyncLocalTests
{
    private static readonly AsyncLocal<string?> s_local = new();

    [Fact]
    public void A_childs_writes_are_seen_by_its_parent() => OnLoop.Run(async () =>
    {
        s_local.Value = "parent";
        await Write("at once", suspend: false);
        Assert.Equal("at once", s_local.Value);
        await Write("later", suspend: true);
        Assert.Equal("later", s_local.Value);
    });

    [Fact]
    public void Tasks_have_copies() => OnLoop.Run(async () =>
    {
        s_local.Value = "creator";
        var task = Aio.CreateTask(Report());
        s_local.Value = "changed";
        Assert.Equal("creator/task", await task);
        Assert.Equal("changed", s_local.Value);

        static async Coroutine<string> Report()
        {
            var seen = s_local.Value;
            s_local.Value = "task";
            await Aio.Sleep(0.001);
            await Task.Yield();
            return $"{seen}/{s_local.Value}";
        }
    });

    [Fact]
    public void Those_of_a_dotnet_helper_do_not_leak_but_reach_what_it_calls() => OnLoop.Run(async () =>
    {
        s_local.Value = "task";
        await Helper();
        Assert.Equal("task", s_local.Value);

        static async Task Helper()
        {
            s_local.Value = "helper";
            await Check("helper");
            Assert.Equal("helper", s_local.Value);
            await Task.Delay(1);
            await Check("helper");
            await Write("written by the coroutine", suspend: true);
            Assert.Equal("helper", s_local.Value);
        }

        static async Coroutine Check(string expected)
        {
            Assert.Equal(expected, s_local.Value);
            await Aio.Sleep(0.001);
            Assert.Equal(expected, s_local.Value);
            s_local.Value = "coroutine";
            await Aio.Yield();
            Assert.Equal("coroutine", s_local.Value);
        }
    });

    [Fact]
    public void A_given_context_is_shared() => OnLoop.Run(async () =>
    {
        s_local.Value = "before";
        var context = Context.CopyCurrent();
        await Aio.CreateTask(Write("one", suspend: true), context: context);
        Assert.Equal("before", s_local.Value);
        Assert.Equal("one", context.Run(() => s_local.Value));
        await Aio.CreateTask(Write("two", suspend: true), context: context);
        Assert.Equal("two", context.Run(() => s_local.Value));
        Assert.Equal("two", context.Copy().Run(() => s_local.Value));
    });

    [Fact]
    public void A_foreign_await_keeps_it() => OnLoop.Run(async () =>
    {
        s_local.Value = "mine";
        await Task.Run(() => s_local.Value = "pool");
        Assert.Equal("mine", s_local.Value);
        await Task.Delay(1).ConfigureAwait(false);
        Assert.Equal("mine", s_local.Value);
        await Task.Yield();
        Assert.Equal("mine", s_local.Value);
    });

    [Fact]
    public void A_suppressed_flow_is_legal() => OnLoop.Run(async () =>
    {
        AsyncTask task;
        using (ExecutionContext.SuppressFlow())
        {
            task = Aio.CreateTask(Aio.Sleep(0.001));
        }

        await task;
    });

    private static async Coroutine Write(string value, bool suspend)
    {
        if (suspend)
        {
            await Aio.Yield();
        }

        s_local.Value = value;
    }
}
