using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks.Foreign;

public class ForeignAwaitTests
{
    [Fact]
    public void A_coroutine_goes_on_at_home_whatever_it_awaited() => OnLoop.Run(async () =>
    {
        var home = Environment.CurrentManagedThreadId;
        Func<Coroutine>[] awaits =
        [
            async () => await Task.Run(() => Thread.Sleep(2)),
            async () => await Task.Run(() => Thread.Sleep(2)).ConfigureAwait(false),
            async () => await Task.Delay(2).ConfigureAwait(ConfigureAwaitOptions.ForceYielding),
            async () => await Task.Yield(),
            async () => await new ValueTask(Task.Delay(2)).ConfigureAwait(false),
            async () => await Task.FromException(new FormatException()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing),
            async () => await new StructAwaitable(),
            async () => await new ClassAwaitable(),
            async () => await new PlainAwaitable(),
            async () => await new InlineAwaitable(),
            async () =>
            {
                var channel = Channel.CreateUnbounded<int>();
                ThreadPool.QueueUserWorkItem(_ => channel.Writer.TryWrite(7));
                Assert.Equal(7, await channel.Reader.ReadAsync());
            },
        ];
        foreach (var code in awaits)
        {
            for (var i = 0; i < 3; i++)
            {
                await code();
                Assert.Equal(home, Environment.CurrentManagedThreadId);
                Assert.NotNull(Aio.CurrentTask());
            }
        }
    });

    [Fact]
    public void Results_and_exceptions_come_through() => OnLoop.Run(async () =>
    {
        Assert.Equal(5, await Task.Run(() => 5));
        var error = new FormatException();
        Assert.Same(error, await OnLoop.Throws<FormatException>(async () => await Task.Run(() => throw error)));
        Assert.Same(error, await OnLoop.Throws<FormatException>(() => Transparent(error)));

        static async Coroutine Transparent(Exception error) => await Task.Run(() => throw error);
    });

    [Fact]
    public void Other_tasks_run_meanwhile() => OnLoop.Run(async () =>
    {
        var gate = new TaskCompletionSource();
        var waiter = Aio.CreateTask(Wait());
        await OnLoop.Iterations(3);
        Assert.False(waiter.Done());
        gate.SetResult();
        Assert.Equal(1, await waiter);

        async Coroutine<int> Wait()
        {
            await gate.Task;
            return 1;
        }
    });

    [Fact]
    public void Two_awaits_of_one_awaiter_type_and_a_local_of_it() => OnLoop.Run(async () =>
    {
        var never = new TaskCompletionSource();
        var stage = 0;
        var task = Aio.CreateTask(Body());
        await OnLoop.Until(() => stage == 2);
        task.Cancel();
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal(3, stage);

        async Coroutine Body()
        {
            var mine = Task.CompletedTask.GetAwaiter();
            await Task.Delay(1);
            stage = 1;
            await Task.Delay(1);
            try
            {
                stage = 2;
                await never.Task;
            }
            catch (CancelledException)
            {
                stage = 3;
                Assert.True(mine.IsCompleted); // the user's own was not touched
                mine.GetResult();
                throw;
            }
        }
    });

    [Fact]
    public void An_operation_that_calls_back_a_second_time_does_not_end_the_next_await() => OnLoop.Run(async () =>
    {
        var first = new ManualAwaitable();
        var second = new ManualAwaitable();
        var task = Aio.CreateTask(Both());
        await Aio.Sleep(0);
        first.Complete();
        await OnLoop.Iterations(3);
        first.Complete(); // once more, although nobody waits for it
        await OnLoop.Iterations(3);
        Assert.False(task.IsCompleted);
        second.Complete();
        await task;

        async Coroutine Both()
        {
            await first;
            await second;
        }
    });

    private sealed class ManualAwaitable : INotifyCompletion
    {
        private Action? _continuation;

        public bool IsCompleted => false;

        public ManualAwaitable GetAwaiter() => this;

        public void OnCompleted(Action continuation) => _continuation = continuation;

        public void GetResult()
        {
        }

        public void Complete() => _continuation!();
    }

    private readonly struct StructAwaitable : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public StructAwaitable GetAwaiter() => this;

        public int GetResult() => 1;

        public void OnCompleted(Action continuation) => throw new NotSupportedException();

        public void UnsafeOnCompleted(Action continuation) => new Thread(() => continuation()).Start();
    }

    private sealed class ClassAwaitable : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public ClassAwaitable GetAwaiter() => this;

        public void GetResult() => GC.KeepAlive(this);

        public void OnCompleted(Action continuation) => throw new NotSupportedException();

        public void UnsafeOnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(_ => continuation());
    }

    private sealed class PlainAwaitable : INotifyCompletion
    {
        public bool IsCompleted => false;

        public PlainAwaitable GetAwaiter() => this;

        public void GetResult() => GC.KeepAlive(this);

        public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(_ => continuation());
    }

    private readonly struct InlineAwaitable : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public InlineAwaitable GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => continuation();

        public void UnsafeOnCompleted(Action continuation) => continuation();
    }
}
