using System.Runtime.CompilerServices;
using Asyncio.Tests.Coroutines;
using Asyncio.Tests.Runtime;
using Xunit;

namespace Asyncio.Tests.Tasks;

public class UnretrievedTests
{
    [Fact]
    public void A_failure_that_nobody_looked_at_is_reported_when_the_task_is_collected() => Report(() => Fail(), "Task", atEnd: false);

    [Fact]
    public void So_is_that_of_a_future() => Report(FailFuture, "Future", atEnd: false);

    [Fact]
    public void What_is_still_referred_to_is_reported_when_the_loop_closes()
    {
        AsyncTask? kept = null;
        Report(() => kept = Fail(), "Task", atEnd: true);
        GC.KeepAlive(kept);
    }

    [Fact]
    public void Also_what_is_collected_after_the_last_run()
    {
        var reports = new List<ExceptionContext>();
        OnLoop.InThread(() =>
        {
            var loop = new EventLoop();
            loop.SetExceptionHandler((_, report) => reports.Add(report));
            Lose(loop);
            OnLoop.CollectGarbage();
            loop.Close();
        });
        Assert.Equal("Task exception was never retrieved", Assert.Single(reports).Message);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Lose(EventLoop loop) => loop.RunUntilComplete(Main());

        static async Coroutine Main()
        {
            _ = Fail();
            await OnLoop.Iterations(3);
        }
    }

    [Fact]
    public void Looking_at_it_in_any_way_is_enough() => OnLoop.Run(async () =>
    {
        Action<AsyncTask>[] looks = [task => task.Exception(), task => Assert.Throws<FormatException>(() => task.Result()), task => task.Cancel()];
        foreach (var look in looks)
        {
            var task = Fail();
            await OnLoop.Iterations(3);
            look(task);
        }

        await OnLoop.Throws<FormatException>(async () => await Fail());
        var mirrored = Fail();
        await OnLoop.Throws<FormatException>(async () => await mirrored.AsTask());
        var passed = Aio.CreateTask(Pass());
        await OnLoop.Throws<FormatException>(async () => await passed);
        OnLoop.CollectGarbage();
        await Aio.Yield();

        static async Coroutine Pass() => await Fail();
    });

    [Fact]
    public void A_token_that_is_tripped_later_is_no_look()
    {
        var reports = OnLoop.RunReporting(async _ =>
        {
            using var source = new CancellationTokenSource();
            var task = Aio.CreateTask(Failing(), cancellationToken: source.Token);
            Aio.GetRunningLoop().CallSoon(() => source.Cancel()); // queues its request behind the failure
            await OnLoop.Iterations(5);
            GC.KeepAlive(task);

            async Coroutine Failing()
            {
                await Aio.Yield();
                throw new FormatException();
            }
        });
        Assert.True(reports.Count <= 1);
    }

    [Fact]
    public void A_cancelled_task_is_not_reported() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Aio.Sleep(1_000));
        await Aio.Yield();
        task.Cancel();
        await OnLoop.Iterations(3);
        Assert.True(task.IsCanceled);
    });

    [Fact]
    public void A_handler_that_fails_is_itself_reported_and_the_loop_lives()
    {
        var said = 0;
        using var logs = new RecordingLogs();
        OnLoop.InThread(() =>
        {
            using var loop = new EventLoop(new EventLoopOptions { LoggerFactory = logs });
            loop.SetExceptionHandler((Action<EventLoop, ExceptionContext>)((_, _) =>
            {
                said++;
                throw new FormatException("handler");
            }));
            loop.RunUntilComplete(Main());
        });
        Assert.Equal(2, said);
        Assert.Equal(2, logs.Entries.Count);

        static async Coroutine Main()
        {
            var loop = Aio.GetRunningLoop();
            loop.CallSoon((Action)(static () => throw new FormatException("callback")));
            loop.CallSoon((Action)(static () => throw new FormatException("callback")));
            await OnLoop.Iterations(2);
        }
    }

    private static void Report(Action fail, string kind, bool atEnd)
    {
        var early = 0;
        var reports = OnLoop.RunReporting(async so =>
        {
            Start(fail);
            await OnLoop.Iterations(3);
            OnLoop.CollectGarbage();
            await OnLoop.Iterations(3);
            early = so.Count;
        });
        var report = Assert.Single(reports);
        Assert.Equal(atEnd ? 0 : 1, early);
        Assert.Equal(kind + " exception was never retrieved", report.Message);
        Assert.IsType<FormatException>(report.Exception);
        Assert.NotNull(report.Future);
        Assert.Equal(kind == "Task", report.Task is not null);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Start(Action fail) => fail();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AsyncTask Fail()
    {
        return Aio.CreateTask(Body());

        static async Coroutine Body()
        {
            await Aio.Yield();
            throw new FormatException();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FailFuture() => new Future<int>().SetException(new FormatException());
}
