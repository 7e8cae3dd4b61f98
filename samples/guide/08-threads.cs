// Section 8 of the guide: async against threads, and what to do with code that blocks.
//
//   dotnet run samples/guide/08-threads.cs
//   dotnet run samples/guide/08-threads.cs -- --scale 1     as slow as the guide; otherwise a fifth of that
//
// The guide's third, processes, is not here: there is no ProcessPoolExecutor yet. Threads stand in for it, which in .NET compute at the same time: no lock
// of the interpreter keeps them from it.

#:project Guide
#:property PublishAot=false

using Asyncio;
using Asyncio.Http;
using Guide;

return Example.Run(args, "Async against threads.", async server =>
{
    Example.Heading("10 requests, async: one thread");
    await OnTheLoop(server);
    Example.Heading("10 requests, blocking: 10 threads");
    await OnThreads(server);
    Example.Heading("a blocking call in an executor: the loop goes on");
    await InExecutor(server);
    Example.Heading("computing: threads, for want of a ProcessPoolExecutor");
    await Computing();
});

static async Coroutine OnTheLoop(DemoServer server)
{
    await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address });
    await using (await session.GetAsync("ping"))
    {
        // The first request is slower, since its code is compiled; it is not to count.
    }

    var timeline = new Timeline();
    var threads = new HashSet<int>();
    await Aio.GatherAll(Enumerable.Range(0, 10).Select(AsyncIoTask));
    timeline.Print();
    Console.WriteLine($"  {threads.Count} thread");

    async Coroutine<string> AsyncIoTask(int i)
    {
        using var _ = timeline.Begin($"async {i}");
        await using var response = await session.GetAsync("ping?delay=1");
        var text = await response.TextAsync();
        threads.Add(Environment.CurrentManagedThreadId); // after the awaits
        return text;
    }
}

static async Coroutine OnThreads(DemoServer server)
{
    using var executor = new ThreadPoolExecutor(maxWorkers: 10);
    var timeline = new Timeline();
    var loop = Aio.GetRunningLoop();
    var threads = await Aio.GatherAll(Enumerable.Range(0, 10).Select(SyncIoTask));
    timeline.Print();
    Console.WriteLine($"  {threads.Distinct().Count()} threads");

    async Coroutine<int> SyncIoTask(int i)
    {
        using var _ = timeline.Begin($"thread {i}");
        return await loop.RunInExecutor(executor, () =>
        {
            server.GetBlocking("ping?delay=1");
            return Environment.CurrentManagedThreadId;
        });
    }
}

static async Coroutine InExecutor(DemoServer server)
{
    var loop = Aio.GetRunningLoop();
    using var executor = new ThreadPoolExecutor();
    var ticks = 0;
    var ticking = Aio.CreateTask(Tick());
    Console.WriteLine(await loop.RunInExecutor(executor, BlockingOperation));
    var ticksOfOwn = ticks;
    Console.WriteLine(await Aio.ToThread(BlockingOperation)); // the same, with the loop's own executor
    Console.WriteLine($"the loop {(ticksOfOwn > 0 && ticks > ticksOfOwn ? "ticked" : "stood still")} meanwhile");
    ticking.Cancel();
    await Aio.Wait([ticking]);

    string BlockingOperation()
    {
        server.GetBlocking("ping?delay=2");
        return "a blocking call has ended";
    }

    async Coroutine Tick()
    {
        for (; ; ticks++)
        {
            await Aio.Sleep(Pace.Scaled(0.1));
        }
    }
}

static async Coroutine Computing()
{
    const int Count = 200_000_000;
    var loop = Aio.GetRunningLoop();
    using var pool = new ThreadPoolExecutor(maxWorkers: 4);
    var timeline = new Timeline();
    var start = loop.Time();
    List<ulong> alone = [];
    for (var i = 0; i < 4; i++)
    {
        alone.Add(await Compute($"alone {i}"));
    }

    var middle = loop.Time();
    ulong[] together = await Aio.GatherAll(Enumerable.Range(0, 4).Select(i => Compute($"together {i}")));
    var end = loop.Time();
    timeline.Print(overlapIsGain: false); // threads that share a processor take longer each
    Console.WriteLine($"  one after the other {middle - start:0.00} s, together {end - middle:0.00} s, on {Environment.ProcessorCount} processors");
    Console.WriteLine(alone.SequenceEqual(together) ? "equal results" : "different results");

    async Coroutine<ulong> Compute(string name)
    {
        using var _ = timeline.Begin(name);
        return await loop.RunInExecutor(pool, () => SumOfSquares(Count));
    }

    static ulong SumOfSquares(uint count)
    {
        var sum = 0UL;
        for (var i = 0UL; i < count; i++)
        {
            sum += i * i;
        }

        return sum;
    }
}
