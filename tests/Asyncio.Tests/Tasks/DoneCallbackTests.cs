using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks;

public class DoneCallbackTests
{
    private static readonly AsyncLocal<string?> s_local = new();

    [Fact]
    public void They_run_through_the_loop_in_order_with_the_future() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        var future = new Future<int>();
        future.AddDoneCallback(done => log.Add("a" + ReferenceEquals(done, future)));
        var waiter = Aio.CreateTask(Wait());
        await Aio.Yield();
        future.AddDoneCallback(_ => log.Add("b"));
        future.SetResult(1);
        Assert.Empty(log);
        await Aio.Yield();
        Assert.Equal(["aTrue", "waiter", "b"], log);
        await waiter;

        async Coroutine Wait()
        {
            await future;
            log.Add("waiter");
        }
    });

    [Fact]
    public void One_added_to_a_done_future_runs_in_the_next_iteration() => OnLoop.Run(async () =>
    {
        var future = new Future<int>();
        future.Cancel();
        var ran = false;
        future.AddDoneCallback(_ => ran = true);
        Assert.False(ran);
        await Aio.Yield();
        Assert.True(ran);
    });

    [Fact]
    public void Removal_takes_all_equal_ones_that_are_not_queued_yet() => OnLoop.Run(async () =>
    {
        var count = 0;
        Action<Future> callback = _ => count++;
        Action<Future> other = _ => count += 100;
        var future = new Future<int>();
        Assert.Equal(0, future.RemoveDoneCallback(callback));
        future.AddDoneCallback(callback);
        Assert.Equal(1, future.RemoveDoneCallback(callback));
        future.AddDoneCallback(callback);
        future.AddDoneCallback(other);
        future.AddDoneCallback(callback);
        Assert.Equal(2, future.RemoveDoneCallback(callback));
        future.AddDoneCallback(callback);
        future.SetResult(0);
        Assert.Equal(0, future.RemoveDoneCallback(callback));
        await Aio.Yield();
        Assert.Equal(101, count);
    });

    [Fact]
    public void They_run_in_the_context_of_their_registration_or_the_given_one() => OnLoop.Run(async () =>
    {
        s_local.Value = "registered";
        var future = new Future<int>();
        string? seen = null;
        string? given = null;
        var context = Context.CopyCurrent();
        context.Run(() => s_local.Value = "given");
        future.AddDoneCallback(_ => seen = s_local.Value);
        future.AddDoneCallback(
            _ =>
            {
                given = s_local.Value;
                s_local.Value = "written";
            },
            context);
        s_local.Value = "later";
        future.SetResult(0);
        await Aio.Yield();
        Assert.Equal("registered", seen);
        Assert.Equal("given", given);
        Assert.Equal("later", s_local.Value);
        Assert.Equal("written", context.Run(() => s_local.Value));
    });

    [Fact]
    public void No_task_is_current_in_one() => OnLoop.Run(async () =>
    {
        var future = new Future<int>();
        IAsyncTask? current = Aio.CurrentTask();
        Assert.NotNull(current);
        future.AddDoneCallback(_ => current = Aio.CurrentTask());
        future.SetResult(0);
        await Aio.Yield();
        Assert.Null(current);
    });

    [Fact]
    public void An_exception_in_one_is_reported_and_the_others_run()
    {
        var ran = false;
        var reports = OnLoop.RunReporting(async _ =>
        {
            var future = new Future<int>();
            future.AddDoneCallback((Action<Future>)(_ => throw new FormatException("callback")));
            future.AddDoneCallback(_ => ran = true);
            future.SetResult(0);
            await Aio.Yield();
        });
        var report = Assert.Single(reports);
        Assert.StartsWith("Exception in callback", report.Message, StringComparison.Ordinal);
        Assert.Equal("callback", report.Exception!.Message);
        Assert.True(ran);
    }
}
