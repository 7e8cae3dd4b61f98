using System.Collections.Concurrent;
using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>The pool itself, without a loop.</summary>
public class ThreadPoolExecutorTests
{
    [Fact]
    public async Task Threads_are_bounded_and_named()
    {
        using var executor = new ThreadPoolExecutor(maxWorkers: 3, threadNamePrefix: "worker");
        using var all = new Barrier(3); // nobody goes on before three are there, so that all three have their share
        var names = new ConcurrentDictionary<string, int>();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => executor.Submit(() =>
        {
            Assert.True(all.SignalAndWait(OnLoop.Hang));
            return names.AddOrUpdate(Thread.CurrentThread.Name!, 1, (_, n) => n + 1);
        })));
        Assert.Equal(["worker_0", "worker_1", "worker_2"], names.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(60, names.Values.Sum());
    }

    [Fact]
    public async Task An_idle_thread_is_used_before_another_is_started()
    {
        using var executor = new ThreadPoolExecutor(maxWorkers: 8, threadNamePrefix: "worker");
        var threads = new HashSet<Thread>();
        for (var i = 0; i < 40; i++)
        {
            var worker = await executor.Submit(() => Thread.CurrentThread);
            threads.Add(worker);
            await Task.Delay(2, TestContext.Current.CancellationToken);

            // It is idle again a moment after the result is there: when it waits, and with nothing to do it waits for nothing else.
            Assert.True(SpinWait.SpinUntil(() => worker.ThreadState.HasFlag(ThreadState.WaitSleepJoin), OnLoop.Hang));
        }

        Assert.InRange(threads.Count, 1, 4); // one, as good as always
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void It_needs_a_worker(int maxWorkers) =>
        Assert.Contains("greater than 0", Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadPoolExecutor(maxWorkers)).Message);

    [Fact]
    public void Functions_begin_in_the_order_in_which_they_came()
    {
        var executor = new ThreadPoolExecutor(maxWorkers: 1);
        var log = new List<int>();
        for (var i = 0; i < 100; i++)
        {
            var number = i;
            executor.Submit(() =>
            {
                log.Add(number);
                return number;
            });
        }

        executor.Shutdown();
        Assert.Equal(Enumerable.Range(0, 100), log);
    }

    [Fact]
    public void A_shutdown_can_withdraw_what_has_not_begun()
    {
        using var executor = new ThreadPoolExecutor(maxWorkers: 1);
        using var began = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var running = executor.Submit(() =>
        {
            began.Set();
            return end.Wait(OnLoop.Hang);
        });
        began.Wait();
        var waiting = Enumerable.Range(0, 1000).Select(i => executor.Submit(() => i)).ToList();
        executor.Shutdown(wait: false, cancelFutures: true);
        Assert.All(waiting, task => Assert.True(task.IsCanceled));
        Assert.False(running.IsCompleted);
        end.Set();
        executor.Shutdown();
        Assert.True(running.Result);
    }

    [Fact]
    public void After_a_shutdown_it_takes_nothing()
    {
        var executor = new ThreadPoolExecutor();
        executor.Shutdown();
        executor.Shutdown();
        executor.Dispose();
        Action submit = () => executor.Submit(() => 1);
        Assert.Equal("Cannot schedule new work after shutdown.", Assert.Throws<InvalidOperationException>(submit).Message);
    }

    [Fact]
    public void A_token_withdraws_what_has_not_begun()
    {
        using var executor = new ThreadPoolExecutor(maxWorkers: 1);
        using var end = new ManualResetEventSlim();
        using var source = new CancellationTokenSource();
        executor.Submit(() => end.Wait(OnLoop.Hang));
        var called = false;
        var task = executor.Submit(() => called = true, source.Token);
        source.Cancel();
        Assert.True(task.IsCanceled);
        Assert.True(executor.Submit(() => 1, source.Token).IsCanceled);
        end.Set();
        executor.Shutdown();
        Assert.False(called);
    }

    [Fact]
    public async Task A_continuation_does_not_take_up_the_worker()
    {
        using var executor = new ThreadPoolExecutor(maxWorkers: 1);
        SynchronizationContext.SetSynchronizationContext(null);
        await executor.Submit(() => 1).ConfigureAwait(false);
        Assert.Equal(2, executor.Submit(() => 2).Result); // on the worker's thread this would wait for itself
    }

    [Fact]
    public void A_worker_cannot_wait_for_the_end_of_its_own_pool()
    {
        using var executor = new ThreadPoolExecutor();
        var task = executor.Submit(() => Record.Exception(() => executor.Shutdown()));
        Assert.IsType<InvalidOperationException>(task.Result);
    }

    [Fact]
    public void The_initializer_runs_first_in_each_thread()
    {
        var initialized = new ConcurrentBag<string?>();
        using var executor = new ThreadPoolExecutor(2, "worker", () => initialized.Add(Thread.CurrentThread.Name));
        Assert.True(executor.Submit(() => initialized.Contains(Thread.CurrentThread.Name)).Result);
    }

    [Fact]
    public void An_initializer_that_fails_breaks_the_pool()
    {
        using var executor = new ThreadPoolExecutor(1, initializer: Fail);
        var error = Assert.Throws<AggregateException>(() => executor.Submit(() => 1).Wait());
        Assert.IsType<FormatException>(Assert.IsType<BrokenExecutorException>(error.InnerException).InnerException);
        Action submit = () => executor.Submit(() => 1);
        Assert.Throws<BrokenExecutorException>(submit);

        static void Fail() => throw new FormatException();
    }
}
