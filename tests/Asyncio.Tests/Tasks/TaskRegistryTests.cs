using System.Runtime.CompilerServices;
using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks;

public class TaskRegistryTests
{
    [Fact]
    public void CurrentTask_is_the_one_whose_step_runs() => OnLoop.Run(async () =>
    {
        var main = Aio.CurrentTask();
        var child = Aio.CreateTask(Child());
        Assert.Same(child, await child);
        Assert.Same(main, Aio.CurrentTask());
        Assert.Same(main, await Child());
        Assert.Same(main, await Foreign());

        static async Coroutine<IAsyncTask?> Child()
        {
            var before = Aio.CurrentTask();
            await Aio.Yield();
            Assert.Same(before, Aio.CurrentTask());
            return before;
        }

        static async Task<IAsyncTask?> Foreign()
        {
            var before = Aio.CurrentTask();
            await Task.Delay(1);
            Assert.Same(before, Aio.CurrentTask());
            await Aio.Sleep(0.001);
            Assert.Same(before, Aio.CurrentTask());
            return await Child();
        }
    });

    [Fact]
    public void AllTasks_are_those_that_have_not_ended() => OnLoop.Run(async () =>
    {
        var main = Aio.CurrentTask()!;
        var one = Aio.CreateTask(Aio.Sleep(1_000));
        var two = Aio.CreateTask(Coroutine.Completed);
        Assert.True(Aio.AllTasks().SetEquals([main, one, two]));
        await two;
        Assert.True(Aio.AllTasks().SetEquals([main, one]));
        one.Cancel();
        await OnLoop.Iterations(2);
        Assert.True(Aio.AllTasks().SetEquals([main]));
    });

    [Fact]
    public void A_suspended_task_that_nobody_refers_to_goes_on() => OnLoop.Run(async () =>
    {
        var done = new List<int>();
        Start(done);
        await Aio.Yield();
        OnLoop.CollectGarbage();
        await OnLoop.Until(() => done.Count == 3);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Start(List<int> done)
        {
            var wait = new TaskCompletionSource();
            _ = Aio.CreateTask(OnFuture(done));
            _ = Aio.CreateTask(OnSleep(done));
            _ = Aio.CreateTask(OnTask(done, wait.Task));
            ThreadPool.QueueUserWorkItem(_ =>
            {
                Thread.Sleep(20);
                wait.SetResult();
            });
        }

        static async Coroutine OnFuture(List<int> done)
        {
            var future = new Future<int>();
            Aio.GetRunningLoop().CallLater(0.02, () => future.SetResult(1));
            done.Add(await future);
        }

        static async Coroutine OnSleep(List<int> done)
        {
            await Aio.Sleep(0.02);
            done.Add(2);
        }

        static async Coroutine OnTask(List<int> done, Task task)
        {
            await task;
            done.Add(3);
        }
    });

    [Fact]
    public void An_ended_task_is_not_kept() => OnLoop.Run(async () =>
    {
        var weak = await Ended();
        await Aio.Yield();
        OnLoop.CollectGarbage();
        Assert.False(weak.IsAlive);

        static async Coroutine<WeakReference> Ended()
        {
            var task = Aio.CreateTask(Aio.Sleep(0.001));
            await task;
            return new WeakReference(task);
        }
    });
}
