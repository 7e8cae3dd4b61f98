using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>What .NET's own asynchronous code sees of the loop.</summary>
public class SynchronizationContextTests
{
    [Fact]
    public void Post_from_another_thread_runs_on_the_loops_thread_in_order()
    {
        using var loop = new EventLoop();
        var log = new List<(int, Thread)>();
        var context = loop.SynchronizationContext;
        loop.CallSoon(() => new Thread(() =>
        {
            for (var i = 0; i < 3; i++)
            {
                context.Post(state => log.Add(((int)state!, Thread.CurrentThread)), i);
            }

            context.Post(_ => loop.Stop(), null);
        }).Start());
        loop.RunForever();
        Assert.Equal([(0, Thread.CurrentThread), (1, Thread.CurrentThread), (2, Thread.CurrentThread)], log);
    }

    [Fact]
    public void Send_waits_for_the_loop_and_runs_inline_on_its_thread()
    {
        using var loop = new EventLoop();
        var log = new List<string>();
        Exception? error = null;
        loop.CallSoon(() =>
        {
            loop.SynchronizationContext.Send(_ => log.Add("inline"), null);
            log.Add("after inline");
            new Thread(() =>
            {
                loop.SynchronizationContext.Send(_ => log.Add("sent"), null);
                log.Add("after sent");
                error = Record.Exception(() => loop.SynchronizationContext.Send(_ => throw new FormatException(), null));
                loop.CallSoonThreadsafe(loop.Stop);
            }).Start();
        });
        loop.RunForever();
        Assert.Equal(["inline", "after inline", "sent", "after sent"], log);
        Assert.IsType<FormatException>(error);
    }

    [Fact]
    public void Each_task_has_a_context_of_its_own_that_equals_no_other() => Aio.Run(async () =>
    {
        var mine = SynchronizationContext.Current!;
        await Aio.Sleep(0);
        Assert.Same(mine, SynchronizationContext.Current);
        var other = await Aio.CreateTask(Current());
        Assert.NotSame(mine, other);
        Assert.NotEqual(mine, other);
        Assert.Same(mine, mine.CreateCopy());
        Assert.Same(mine, await Current()); // awaited, a coroutine is part of the task

        static async Coroutine<SynchronizationContext?> Current()
        {
            await Aio.Sleep(0);
            return SynchronizationContext.Current;
        }
    });

    [Fact]
    public void The_thread_gets_its_own_context_back()
    {
        var before = new SynchronizationContext();
        SynchronizationContext.SetSynchronizationContext(before);
        try
        {
            Aio.Run(async () => await Aio.Sleep(0));
            Assert.Same(before, SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    [Fact]
    public void A_helper_of_one_task_that_another_completes_does_not_run_inside_the_others_step() => Aio.Run(async () =>
    {
        var source = new TaskCompletionSource();
        var log = new List<string>();
        var waiter = Aio.CreateTask(Wait(), "waiter");
        var completer = Aio.CreateTask(Complete(), "completer");
        await waiter;
        await completer;
        Assert.Equal(["before", "after", "helper as waiter", "waiter goes on"], log);

        async Coroutine Wait()
        {
            await Helper();
            log.Add("waiter goes on");
        }

        async Task Helper()
        {
            await source.Task;
            log.Add("helper as " + Aio.CurrentTask()!.Name);
        }

        async Coroutine Complete()
        {
            await Aio.Sleep(0);
            log.Add("before");
            source.SetResult();
            log.Add("after");
        }
    });

    [Fact]
    public void Foreign_code_of_a_task_runs_as_that_task_on_the_loops_thread() => Aio.Run(async () =>
    {
        var thread = Thread.CurrentThread;
        var task = Aio.CurrentTask();
        await Helper();
        Assert.Same(thread, Thread.CurrentThread);

        async Task Helper()
        {
            await Task.Run(() => Thread.Sleep(1));
            Assert.Same(thread, Thread.CurrentThread);
            Assert.Same(task, Aio.CurrentTask());
            await Aio.Sleep(0.001);
            Assert.Same(task, Aio.CurrentTask());
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            Assert.NotSame(thread, Thread.CurrentThread); // as it asked for
        }
    });

    [Fact]
    public void A_coroutine_comes_home_whatever_it_awaits() => Aio.Run(async () =>
    {
        var thread = Thread.CurrentThread;
        await Task.Run(() => { }).ConfigureAwait(false);
        Assert.Same(thread, Thread.CurrentThread);
        await Task.Delay(1).ConfigureAwait(false);
        Assert.Same(thread, Thread.CurrentThread);
        await Task.Yield();
        Assert.Same(thread, Thread.CurrentThread);
    });

    [Fact]
    public void An_error_in_code_that_was_posted_is_reported()
    {
        var reports = new List<ExceptionContext>();
        Aio.Run(async () =>
        {
            var loop = Aio.GetRunningLoop();
            loop.SetExceptionHandler((_, context) => reports.Add(context));
            AsyncVoid();
            loop.SynchronizationContext.Post(_ => throw new InvalidDataException(), null);
            await OnLoop.Until(() => reports.Count == 2);
        });
        Assert.Equal([typeof(FormatException), typeof(InvalidDataException)], reports.Select(r => r.Exception!.GetType()).OrderBy(t => t.Name));

        static async void AsyncVoid()
        {
            await Task.Yield();
            throw new FormatException();
        }
    }

    [Fact]
    public void The_loops_task_scheduler_runs_tasks_on_its_thread() => Aio.Run(async () =>
    {
        var loop = Aio.GetRunningLoop();
        var scheduler = loop.TaskScheduler;
        var thread = Thread.CurrentThread;
        Assert.Same(scheduler, loop.TaskScheduler);
        Assert.Equal(1, scheduler.MaximumConcurrencyLevel);
        var ran = await Task.Factory.StartNew(() => Thread.CurrentThread, CancellationToken.None, TaskCreationOptions.None, scheduler);
        Assert.Same(thread, ran);
        var fromElsewhere = await Task.Run(() => Task.Factory.StartNew(() => Thread.CurrentThread, CancellationToken.None, TaskCreationOptions.None, scheduler));
        Assert.Same(thread, fromElsewhere);
    });
}
