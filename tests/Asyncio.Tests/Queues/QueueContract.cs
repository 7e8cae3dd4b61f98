using Asyncio.Tests.Synchronization;
using Xunit;
using static Asyncio.Tests.Synchronization.Turns;

namespace Asyncio.Tests.Queues;

/// <summary>What holds for every kind of queue.</summary>
public abstract class QueueContract
{
    protected abstract AsyncQueue<int> Create(int maxSize = 0);

    [Fact]
    public void Putting_and_getting_do_not_suspend_while_there_is_room_and_something_in_it() => Run(async () =>
    {
        var queue = Create(2);
        var ran = false;
        Aio.GetRunningLoop().CallSoon(() => ran = true);
        await queue.PutAsync(1);
        await queue.PutAsync(2);
        Assert.True(queue.IsFull);
        Assert.Equal(2, queue.QSize());
        var sum = await queue.GetAsync() + await queue.GetAsync();
        Assert.Equal(3, sum);
        Assert.True(queue.IsEmpty);
        Assert.False(ran);
    });

    [Fact]
    public void Nothing_happens_before_the_await() => Run(async () =>
    {
        var queue = Create(1);
        var put = queue.PutAsync(1);
        var get = queue.GetAsync();
        Assert.Equal(0, queue.Count);
        queue.PutNowait(2); // in between: what was possible at the call must wait now
        var putter = Aio.CreateTask(put);
        await Pass();
        Assert.Equal(1, queue.Statistics.Putters);
        Assert.Equal(2, await get);
        await putter;
        Assert.Equal(1, await queue.GetAsync());
        queue.PutAsync(3).Close();
        queue.GetAsync().Close();
        Assert.Equal(0, queue.Count);
    });

    [Fact]
    public void Without_waiting_it_throws_or_says_no()
    {
        var queue = Create(1);
        Assert.Throws<QueueEmptyException>(() => queue.GetNowait());
        Assert.False(queue.TryGet(out _));
        queue.PutNowait(1);
        Assert.Throws<QueueFullException>(() => queue.PutNowait(2));
        Assert.False(queue.TryPut(2));
        Assert.Equal(1, queue.GetNowait());
        Assert.True(queue.TryPut(3));
        Assert.True(queue.TryGet(out var item));
        Assert.Equal(3, item);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Zero_and_less_is_without_limit(int maxSize)
    {
        var queue = Create(maxSize);
        Assert.Equal(maxSize, queue.MaxSize);
        for (var i = 0; i < 1000; i++)
        {
            queue.PutNowait(i);
        }

        Assert.False(queue.IsFull);
        Assert.Equal(1000, queue.Count);
    }

    [Fact]
    public void Getters_are_woken_in_order() => Run(async () =>
    {
        var queue = Create();
        var trace = new List<(string, int)>();
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Get(queue, name, trace))).ToArray();
        await Pass();
        Assert.Equal(3, queue.Statistics.Getters);
        for (var i = 1; i <= 3; i++)
        {
            queue.PutNowait(i);
            await Pass();
        }

        await All(tasks);
        Assert.Equal([("a", 1), ("b", 2), ("c", 3)], trace);
    });

    [Fact]
    public void Putters_are_woken_in_order() => Run(async () =>
    {
        var queue = Create(1);
        queue.PutNowait(0);
        var tasks = Enumerable.Range(1, 3).Select(i => Aio.CreateTask(Put(queue, i))).ToArray();
        await Pass();
        Assert.Equal(3, queue.Statistics.Putters);
        for (var i = 0; i <= 3; i++)
        {
            Assert.Equal(i, queue.GetNowait());
            await Pass();
        }

        await All(tasks);
    });

    [Fact]
    public void One_who_does_not_wait_may_be_faster_than_one_who_was_woken() => Run(async () =>
    {
        var queue = Create();
        var trace = new List<(string, int)>();
        var a = Aio.CreateTask(Get(queue, "a", trace));
        var b = Aio.CreateTask(Get(queue, "b", trace));
        await Pass();
        queue.PutNowait(1);
        Assert.Equal(1, queue.GetNowait()); // a was woken for it, and goes to the end of the line
        await Pass();
        queue.PutNowait(2);
        await Pass();
        queue.PutNowait(3);
        await All([a, b]);
        Assert.Equal([("b", 2), ("a", 3)], trace);
    });

    [Fact]
    public void A_putter_that_was_woken_looks_again() => Run(async () =>
    {
        var queue = Create(1);
        queue.PutNowait(0);
        var putter = Aio.CreateTask(Put(queue, 1));
        await Pass();
        Assert.Equal(0, queue.GetNowait());
        queue.PutNowait(2);
        await Pass(2);
        Assert.False(putter.IsCompleted);
        Assert.Equal(2, queue.GetNowait());
        await putter;
        Assert.Equal(1, queue.GetNowait());
    });

    [Fact]
    public void A_getter_cancelled_while_waiting_is_passed_over() => Run(async () =>
    {
        var queue = Create();
        var trace = new List<(string, int)>();
        var a = Aio.CreateTask(Get(queue, "a", trace));
        var b = Aio.CreateTask(Get(queue, "b", trace));
        await Pass();
        a.Cancel();
        queue.PutNowait(1);
        await All([a, b]);
        Assert.True(a.IsCanceled);
        Assert.Equal([("b", 1)], trace);
    });

    [Fact]
    public void A_getter_cancelled_between_wake_and_turn_wakes_the_next() => Run(async () =>
    {
        var queue = Create();
        var trace = new List<(string, int)>();
        var a = Aio.CreateTask(Get(queue, "a", trace));
        var b = Aio.CreateTask(Get(queue, "b", trace));
        await Pass();
        queue.PutNowait(1);
        a.Cancel();
        await All([a, b]);
        Assert.True(a.IsCanceled);
        Assert.Equal([("b", 1)], trace);

        var c = Aio.CreateTask(Get(queue, "c", trace));
        await Pass();
        queue.PutNowait(2);
        c.Cancel();
        await Outcome(c);
        Assert.Equal(2, queue.GetNowait()); // nobody waits: it stays
    });

    [Fact]
    public void A_putter_cancelled_between_wake_and_turn_wakes_the_next() => Run(async () =>
    {
        var queue = Create(1);
        queue.PutNowait(0);
        var a = Aio.CreateTask(Put(queue, 1));
        var b = Aio.CreateTask(Put(queue, 2));
        var c = Aio.CreateTask(Put(queue, 3));
        await Pass();
        c.Cancel();
        Assert.Equal(0, queue.GetNowait());
        a.Cancel();
        await All([a, b, c]);
        Assert.True(a.IsCanceled && c.IsCanceled && b.IsCompletedSuccessfully);
        Assert.Equal(2, queue.GetNowait());
        Assert.True(queue.IsEmpty);
    });

    [Fact]
    public void Join_waits_until_all_that_was_put_is_done() => Run(async () =>
    {
        var queue = Create();
        await queue.JoinAsync();
        queue.PutNowait(1);
        queue.PutNowait(2);
        var join = Aio.CreateTask(queue.JoinAsync());
        queue.GetNowait();
        queue.TaskDone();
        queue.GetNowait();
        await Pass(2);
        Assert.False(join.IsCompleted);
        Assert.Equal(1, queue.Statistics.Unfinished);
        queue.TaskDone();
        queue.PutNowait(3); // does not hold those who were woken
        await join;
        Assert.Equal("task_done() called too many times", Assert.Throws<InvalidOperationException>(() =>
        {
            queue.TaskDone();
            queue.TaskDone();
        }).Message);
    });

    [Fact]
    public void Shut_down_it_takes_nothing_more_and_gives_what_is_left() => Run(async () =>
    {
        var queue = Create(1);
        queue.PutNowait(1);
        var putter = Aio.CreateTask(PutRefused(queue, 2));
        await Pass();
        queue.Shutdown();
        Assert.True(queue.IsShutDown);
        await putter;
        Assert.Throws<QueueShutDownException>(() => queue.PutNowait(3));
        Assert.False(queue.TryPut(3));
        await PutRefused(queue, 3);
        Assert.Equal(1, await queue.GetAsync());
        await PutRefused(queue, 3);
        Assert.Throws<QueueShutDownException>(() => queue.GetNowait());
        Assert.False(queue.TryGet(out _));
        await Error<QueueShutDownException, int>(queue.GetAsync());
        var join = Aio.CreateTask(queue.JoinAsync());
        await Pass(2);
        Assert.False(join.IsCompleted); // what was taken is still to be reported
        queue.TaskDone();
        await join;
    });

    [Fact]
    public void Shut_down_it_releases_all_who_wait_for_an_item() => Run(async () =>
    {
        var queue = Create();
        var getters = Enumerable.Range(0, 3).Select(_ => Aio.CreateTask(GetRefused(queue))).ToArray();
        await Pass();
        queue.Shutdown();
        queue.Shutdown();
        await Pass(2);
        Assert.All(getters, getter => Assert.True(getter.IsCompletedSuccessfully));
    });

    [Fact]
    public void Shut_down_immediately_it_drops_what_is_in_it() => Run(async () =>
    {
        var queue = Create();
        queue.PutNowait(1);
        queue.PutNowait(2);
        var join = Aio.CreateTask(queue.JoinAsync());
        await Pass();
        queue.Shutdown();
        queue.Shutdown(immediate: true);
        await join;
        Assert.True(queue.IsEmpty);
        Assert.Throws<QueueShutDownException>(() => queue.GetNowait());
        Assert.Throws<InvalidOperationException>(queue.TaskDone);
    });

    [Fact]
    public void Shut_down_immediately_join_waits_for_what_was_taken() => Run(async () =>
    {
        var queue = Create();
        queue.PutNowait(1);
        queue.PutNowait(2);
        queue.GetNowait();
        var join = Aio.CreateTask(queue.JoinAsync());
        await Pass();
        queue.Shutdown(immediate: true);
        await Pass(2);
        Assert.False(join.IsCompleted);
        Assert.Equal(new AsyncQueueStatistics(0, 0, 0, 0, 1, true), queue.Statistics);
        queue.TaskDone();
        await join;
    });

    [Fact]
    public void It_can_be_read_until_it_is_shut_down() => Run(async () =>
    {
        var queue = Create(2);
        var seen = new List<int>();
        var reader = Aio.CreateTask(Read());
        for (var i = 0; i < 10; i++)
        {
            await queue.PutAsync(i);
            await Pass(i % 3);
        }

        queue.Shutdown();
        await reader;
        Assert.Equal(Enumerable.Range(0, 10), seen.Order());
        await foreach (var item in queue.ReadAllAsync())
        {
            Assert.Fail($"{item} after the end");
        }

        async Coroutine Read()
        {
            await foreach (var item in queue.ReadAllAsync())
            {
                seen.Add(item);
            }
        }
    });

    [Fact]
    public void Code_that_asks_for_the_interface_reads_it_too() => Run(async () =>
    {
        var queue = Create();
        queue.PutNowait(1);
        queue.PutNowait(2);
        var reader = Aio.CreateTask(AwaitForeign());
        await Pass(5);
        queue.PutNowait(3);
        queue.Shutdown();
        Assert.Equal(6, await reader);

        async Coroutine<int> AwaitForeign() => await Sum(queue.ReadAllAsync());

        static async Task<int> Sum(IAsyncEnumerable<int> items)
        {
            var sum = 0;
            await foreach (var item in items)
            {
                sum += item;
            }

            return sum;
        }
    });

    [Fact]
    public void Foreign_code_uses_it_too() => Run(async () =>
    {
        var queue = Create(1);
        var producer = Aio.CreateTask(Await(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                await queue.PutAsync(i);
            }
        }));
        var sum = 0;
        await Await(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                sum += await queue.GetAsync();
            }
        });
        await producer;
        Assert.Equal(10, sum);

        static async Coroutine Await(Func<Task> start) => await start();
    });

    [Fact]
    public void A_coroutine_made_on_another_thread_is_run_by_the_loop() => Run(async () =>
    {
        var queue = Create();
        for (var i = 0; i < 3; i++)
        {
            queue.PutNowait(i);
            await queue.GetAsync();
        }

        var loop = Aio.GetRunningLoop();
        var get = default(Coroutine<int>);
        var thread = new Thread(() =>
        {
            get = queue.GetAsync();
            loop.CallSoonThreadsafe(() => loop.CreateTask(queue.PutAsync(7)));
        });
        thread.Start();
        thread.Join();
        Assert.Equal(7, await get);
    });

    [Fact]
    public void Outside_any_task_an_await_is_an_error()
    {
        var queue = Create(1);
        queue.PutNowait(1);
        Assert.Contains("no task of an event loop", Assert.Throws<InvalidOperationException>(() => Get().GetAwaiter().GetResult()).Message, StringComparison.Ordinal);
        Assert.Equal(1, queue.GetNowait());
        Assert.Throws<InvalidOperationException>(() => Put().GetAwaiter().GetResult());
        Assert.True(queue.IsEmpty);

        async Task Get() => await queue.GetAsync();

        async Task Put() => await queue.PutAsync(2);
    }

    [Fact]
    public void It_belongs_to_the_loop_on_which_a_task_first_waited() => AssertBoundTo(Create().GetAsync, Create().ToString().Split(' ')[0][1..]);

    [Fact]
    public void Ten_thousand_cancelled_waits_leave_nothing() => Run(async () =>
    {
        var queue = Create(1);
        var getters = await AsyncLockTests.CancelMany(() => GetRefused(queue));
        queue.PutNowait(1);
        var putters = await AsyncLockTests.CancelMany(() => Put(queue, 2));
        Collect();
        Assert.All(getters.Concat(putters), w => Assert.False(w.IsAlive));
        Assert.Equal(new AsyncQueueStatistics(1, 1, 0, 0, 1, false), queue.Statistics);
    });

    [Fact]
    public void In_any_order_no_item_is_lost_or_doubled() => RandomScheduleTests.ForEachSeed((random, chaos) =>
    {
        var queue = Create(random.Next(4));
        var put = new List<int>();
        var got = new List<int>();
        var next = 0;
        return chaos.Start(8, async id =>
        {
            try
            {
                for (var i = 0; i < 6; i++)
                {
                    await Pass(random.Next(2));
                    if (id % 2 == 0)
                    {
                        var item = next++;
                        await queue.PutAsync(item);
                        put.Add(item);
                    }
                    else
                    {
                        got.Add(await queue.GetAsync());
                    }
                }
            }
            catch (QueueShutDownException)
            {
            }
            finally
            {
                // The last of either kind ends it for the others, who could wait for ever.
                if (random.Next(6) == 0)
                {
                    queue.Shutdown();
                }
            }
        }, () =>
        {
            while (queue.TryGet(out var item))
            {
                got.Add(item);
            }

            Assert.Equal(put.Order(), got.Order());
            Assert.Equal(0, queue.Statistics.Getters + queue.Statistics.Putters);
        }, whenStuck: () => queue.Shutdown());
    });

    private static async Coroutine Get(AsyncQueue<int> queue, string name, List<(string, int)> trace) => trace.Add((name, await queue.GetAsync()));

    private static async Coroutine Put(AsyncQueue<int> queue, int item) => await queue.PutAsync(item);

    private static async Coroutine GetRefused(AsyncQueue<int> queue) => await Error<QueueShutDownException, int>(queue.GetAsync());

    private static async Coroutine PutRefused(AsyncQueue<int> queue, int item)
    {
        try
        {
            await queue.PutAsync(item);
        }
        catch (QueueShutDownException)
        {
            return;
        }

        Assert.Fail("The queue took an item after it was shut down.");
    }
}
