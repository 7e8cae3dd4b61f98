using Xunit;
using static Asyncio.Tests.Combinators.Scenario;

namespace Asyncio.Tests.Combinators;

public class GatherAllTests
{
    [Fact]
    public void Every_kind_of_list_is_taken() => Run(async () =>
    {
        Assert.Equal(new[] { 0, 1, 2 }, await Aio.GatherAll(Enumerable.Range(0, 3).Select(i => Give(i, 3 - i))));
        Assert.Equal(new[] { 1, 2 }, await Aio.GatherAll(new List<Coroutine<int>> { Give(1), Give(2) }));
        Assert.Equal(new[] { 1, 2 }, await Aio.GatherAll(new[] { Give(1), Give(2) }));
        Assert.Equal(new[] { 1, 2 }, await Aio.GatherAll(Give(1), Give(2)));
        Assert.Equal(new[] { 1 }, await Aio.GatherAll(Give(1)));
        Assert.Equal(new[] { 1, 2 }, await Aio.GatherAll(new List<AsyncTask<int>> { Aio.CreateTask(Give(1)), Aio.CreateTask(Give(2)) }));
        Assert.Equal(new[] { 1, 2 }, await Aio.GatherAll(new[] { Aio.CreateTask(Give(1)), Aio.CreateTask(Give(2)) }));
        Assert.Equal(new[] { 1, 2 }, await Aio.GatherAll(Aio.CreateTask(Give(1)), Aio.CreateTask(Give(2))));
        Assert.Equal(new[] { 1, 2 }, await Aio.GatherAll(new IAwaitable<int>[] { Give(1), Aio.CreateTask(Give(2)) }));
        await Aio.GatherAll(new List<Coroutine> { Aio.Yield(), Spin(2) });
        await Aio.GatherAll(new List<AsyncTask> { Aio.CreateTask(Spin(1)) });
        await Aio.GatherAll(Enumerable.Range(0, 3).Select(i => Aio.CreateTask(Spin(i))));
    });

    [Fact]
    public void Of_nothing_it_is_done() => Run(async () =>
    {
        var gathering = Aio.GatherAll(new List<Coroutine<int>>());
        Assert.True(gathering.Done());
        Assert.Empty(await gathering);
        Assert.Empty(await Aio.GatherOutcomes(new List<Coroutine<int>>()));
    });

    [Fact]
    public void Outcomes_are_values_and_errors_in_the_order_of_the_arguments() => Run(async () =>
    {
        var outcomes = await Aio.GatherOutcomes([Give(1, 2), Throw(new FormatException(), 1), Give(3)]);
        Assert.Equal([true, false, true], outcomes.Select(o => o.IsSuccess));
        var (value, error) = outcomes[0];
        Assert.Equal((1, null), (value, error));
        Assert.IsType<FormatException>(outcomes[1].Error);
        Assert.Throws<FormatException>(() => outcomes[1].Value);
        Assert.True(outcomes[1].IsFaulted);
        Assert.Equal(3, outcomes[2].Value);
        Assert.Equal(7, outcomes[1].ValueOr(7));
    });

    [Fact]
    public void Outcomes_contain_cancellations() => Run(async () =>
    {
        var victim = Aio.CreateTask(Give(1, 9));
        var gathering = Aio.GatherOutcomes([victim, Aio.CreateTask(Give(2, 2))]);
        await Aio.Yield();
        victim.Cancel("why");
        var outcomes = await gathering;
        Assert.True(outcomes[0].Cancelled());
        Assert.Equal("Cancelled(why)", Kind(outcomes[0].Error));
        Assert.Equal(2, outcomes[1].Value);
    });

    [Fact]
    public void Cancelling_a_gathering_of_outcomes_waits_for_all_and_raises()
    {
        var s = Run(async s =>
        {
            var gathering = Aio.GatherOutcomes([s.Hang("slow", 3), s.Hang("quick")]);
            await Aio.Yield();
            Assert.True(gathering.Cancel("why"));
            s.Trace(await Attempt(gathering));
            Assert.False(gathering.Cancelled());
        });
        Assert.Equal("quick: Cancelled(why), slow: Cancelled(why), Cancelled(why)", s.Text);
    }

    [Fact]
    public void Eager_children_complete_it_at_the_call() => Run(async () =>
    {
        var loop = Aio.GetRunningLoop();
        loop.SetTaskFactory(Aio.EagerTaskFactory);
        var gathering = Aio.GatherAll(Enumerable.Range(0, 3).Select(i => Give(i)));
        var failed = Aio.GatherAll(Give(1), Throw(new FormatException()), Throw(new DivideByZeroException()));
        loop.SetTaskFactory(null);
        Assert.Equal([0, 1, 2], gathering.Result());
        Assert.IsType<FormatException>(failed.Exception());
    });

    [Fact]
    public void A_thousand_children_allocate_tasks_and_two_arrays() => Run(async () =>
    {
        const int Count = 1000;
        var coroutines = new Coroutine<int>[Count];
        long before = 0, tasks = long.MaxValue, gathered = long.MaxValue; // the least of all rounds, which is what is always needed
        for (var round = 0; round < 50; round++)
        {
            Fill();
            before = GC.GetAllocatedBytesForCurrentThread();
            AsyncTask<int> last = null!;
            foreach (var coroutine in coroutines)
            {
                last = Aio.CreateTask(coroutine);
            }

            await last;
            tasks = Math.Min(tasks, GC.GetAllocatedBytesForCurrentThread() - before);
            Fill();
            before = GC.GetAllocatedBytesForCurrentThread();
            await Aio.GatherAll((IEnumerable<Coroutine<int>>)coroutines);
            gathered = Math.Min(gathered, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // Beside the tasks: an array of the children (8 bytes each), one of the results (4), and a few objects for all.
        Assert.InRange(gathered - tasks, 0, (Count * 12) + 1000);

        void Fill()
        {
            for (var i = 0; i < Count; i++)
            {
                coroutines[i] = Give(i);
            }
        }
    });
}
