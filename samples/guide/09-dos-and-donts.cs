// Section 9 of the guide: what to do and what not to do, each as a piece that runs.
//
//   dotnet run samples/guide/09-dos-and-donts.cs
//   dotnet run samples/guide/09-dos-and-donts.cs -- --scale 1     as slow as the guide; otherwise a fifth of that

#:project Guide
#:property PublishAot=false

using Asyncio;
using Asyncio.Http;
using Guide;

return Example.RunPlain(args, "What to do and what not to do.", server =>
{
    Example.Heading("do");
    Aio.Run(Dos(server)); // do: Aio.Run as the entry point

    Example.Heading("don't: Thread.Sleep");
    Aio.Run(SleepInTheWay());

    Example.Heading("don't: forget an await");
    Aio.Run(Forgotten());

    Example.Heading("don't: Aio.Run inside of a loop");
    Aio.Run(LoopInLoop());

    Example.Heading("do: an executor for what blocks");
    Console.WriteLine(Aio.Run(InExecutor()));
});

static async Coroutine Dos(DemoServer server)
{
    // Context managers for what must be given back.
    await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address });

    // Gather for what can go on at the same time.
    var (a, b, c) = await Aio.Gather(Get("users/1"), Get("users/2"), Get("users/3"));
    Console.WriteLine($"gathered: {a.Length + b.Length + c.Length} characters");

    // Exceptions handled where something can be done about them. The filter lets a cancellation pass, which Python's `except Exception` does by itself.
    try
    {
        await Get("nowhere");
    }
    catch (Exception e) when (e is not OperationCanceledException)
    {
        Console.WriteLine($"handled: {e.GetType().Name}");
    }

    // Time limits for what goes over a network.
    using (Aio.Timeout(30))
    {
        Console.WriteLine($"in time: {await Get("ping")}");
    }

    // Semaphores for how many at a time.
    var semaphore = new AsyncSemaphore(10);
    using (await semaphore.AcquireAsync())
    {
        Console.WriteLine($"with a permit: {await Get("ping")}");
    }

    // Tasks that are cancelled are awaited, too. (WaitFor has cancelled this one and waited for its end: there is nothing left to do.)
    var task = Aio.CreateTask(Get("ping?delay=50"));
    try
    {
        await Aio.WaitFor(task, Pace.Scaled(0.5));
    }
    catch (TimeoutException)
    {
        Console.WriteLine($"timed out; cancelled: {task.IsCanceled}");
    }

    async Coroutine<string> Get(string url)
    {
        await using var response = await session.GetAsync(url);
        response.RaiseForStatus();
        return await response.TextAsync();
    }
}

static async Coroutine SleepInTheWay()
{
    Console.WriteLine($"Thread.Sleep: the other coroutine had {await TicksDuring(Bad)} turns");
    Console.WriteLine($"Aio.Sleep: it had {(await TicksDuring(Good) > 0 ? "many" : "none")}");

    static Coroutine Bad()
    {
        Thread.Sleep(TimeSpan.FromSeconds(Pace.Scaled(1)));
        return Coroutine.Completed;
    }

    static async Coroutine Good()
    {
        await Aio.Yield();
        await Aio.Sleep(Pace.Scaled(1));
    }
}

static async Coroutine<int> TicksDuring(Func<Coroutine> what)
{
    var ticks = 0;
    var ticking = Aio.CreateTask(Tick());
    await what();
    var counted = ticks;
    ticking.Cancel();
    await Aio.Wait([ticking]);
    return counted;

    async Coroutine Tick()
    {
        while (true)
        {
            await Aio.Sleep(Pace.Scaled(0.05));
            ticks++;
        }
    }
}

static async Coroutine Forgotten()
{
    var ran = false;
    var forgotten = FetchData(); // without the variable the compiler warns: CS4014
    await Aio.Sleep(Pace.Scaled(0.1));
    Console.WriteLine($"not awaited, it ran: {ran}");
    await forgotten;
    Console.WriteLine($"awaited, it ran: {ran}");

    async Coroutine FetchData()
    {
        await Aio.Yield();
        ran = true;
    }
}

static async Coroutine LoopInLoop()
{
    await Aio.Yield();
    try
    {
        Aio.Run(Forgotten()); // a function that is not async, called from a coroutine, and wants a result of one
    }
    catch (InvalidOperationException e)
    {
        Console.WriteLine($"refused: {e.Message}");
    }
}

static async Coroutine<string> InExecutor()
{
    var loop = Aio.GetRunningLoop();
    return await loop.RunInExecutor(null, () =>
    {
        Thread.Sleep(TimeSpan.FromSeconds(Pace.Scaled(0.5)));
        return "a blocking function has run, and blocked nobody";
    });
}
