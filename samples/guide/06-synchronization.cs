// Section 6 of the guide: Lock, Semaphore, Event, Queue.
//
//   dotnet run samples/guide/06-synchronization.cs
//   dotnet run samples/guide/06-synchronization.cs -- --scale 1    as slow as the guide; otherwise a fifth of that

#:project Guide
#:property PublishAot=false

using Asyncio;
using Asyncio.Http;
using Guide;

return Example.Run(args, "Lock, Semaphore, Event, Queue.", async server =>
{
    await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address });

    Example.Heading("AsyncLock: an account that asks the server before it books");
    await Accounts(session);
    Example.Heading("AsyncSemaphore: 10 requests, 3 at a time");
    await Limited(session, server);
    Example.Heading("AsyncEvent: three wait for one signal");
    await Signal();
    Example.Heading("AsyncQueue: two produce, three consume");
    await Line(session);
});

static async Coroutine Accounts(ClientSession session)
{
    var account = new BankAccount(session, 100);
    double[] balances = await Aio.GatherAll(account.Deposit(50), account.Withdraw(30), account.Deposit(20), account.Withdraw(40));
    Console.WriteLine($"balances on the way: {string.Join(", ", balances)}");
    Console.WriteLine($"Final balance: {account.Balance}");

    // Nothing else runs between two awaits; here the others do, at the await between the check and the booking.
    var unguarded = new BankAccount(session, 100, guarded: false);
    var both = await Aio.GatherOutcomes(unguarded.Withdraw(80), unguarded.Withdraw(80));
    Console.WriteLine($"80 from 100, twice, without the lock: {both.Count(outcome => outcome.IsSuccess)} went through, balance {unguarded.Balance}");

    var guarded = new BankAccount(session, 100);
    both = await Aio.GatherOutcomes(guarded.Withdraw(80), guarded.Withdraw(80));
    Console.WriteLine($"with the lock: {both.Count(outcome => outcome.IsSuccess)} went through ({both[1].Error!.Message}), balance {guarded.Balance}");
}

static async Coroutine Limited(ClientSession session, DemoServer server)
{
    var timeline = new Timeline();
    var semaphore = new AsyncSemaphore(3);
    var running = 0;
    var most = 0;
    server.Forget();
    var results = await Aio.GatherAll(Enumerable.Range(0, 10).Select(FetchWithLimit));
    Console.WriteLine($"Fetched {results.Length} URLs; at most {most} at a time, the server saw at most {server.MostAtOnce}");
    timeline.Print();

    async Coroutine<string> FetchWithLimit(int i)
    {
        using var permit = await semaphore.AcquireAsync(); // given back at the end of this method
        using var _ = timeline.Begin($"{i}");
        Console.WriteLine($"Fetching sites/{i}...");
        most = Math.Max(most, ++running);
        var text = await GetText(session, $"sites/{i}?delay=1");
        running--;
        Console.WriteLine($"Done: sites/{i}");
        return text;
    }
}

static async Coroutine Signal()
{
    var signal = new AsyncEvent();
    await Aio.GatherAll([Waiter("Worker1"), Waiter("Worker2"), Waiter("Worker3"), Setter()]);

    async Coroutine Waiter(string name)
    {
        Console.WriteLine($"{name}: Waiting for signal...");
        await signal.WaitAsync();
        Console.WriteLine($"{name}: Got signal! Proceeding...");
    }

    async Coroutine Setter()
    {
        Console.WriteLine("Setter: Preparing...");
        await Aio.Sleep(Pace.Scaled(2));
        Console.WriteLine("Setter: Sending signal!");
        signal.Set();
    }
}

static async Coroutine Line(ClientSession session)
{
    var timeline = new Timeline();
    var random = new Random(1);
    var queue = new AsyncQueue<string>(maxSize: 5); // who puts in more than that waits
    AsyncTask[] producers = [.. Enumerable.Range(0, 2).Select(i => Aio.CreateTask(Producer($"Producer{i}")))];
    AsyncTask[] consumers = [.. Enumerable.Range(0, 3).Select(i => Aio.CreateTask(Consumer($"Consumer{i}")))];
    foreach (var producer in producers)
    {
        await producer;
    }

    await queue.JoinAsync(); // until TaskDone was called for each item
    Console.WriteLine("All items are done");
    foreach (var consumer in consumers)
    {
        consumer.Cancel(); // they are endless loops
    }

    await Aio.Wait(consumers);
    Console.WriteLine($"{consumers.Count(consumer => consumer.IsCanceled)} consumers cancelled");
    timeline.Print();

    async Coroutine Producer(string name)
    {
        for (var i = 0; i < 5; i++)
        {
            var item = $"{name}-item-{i}";
            await GetText(session, FormattableString.Invariant($"feed/{item}?delay={0.1 + 0.4 * random.NextDouble():0.00}"));
            await queue.PutAsync(item);
            Console.WriteLine($"Produced: {item}");
        }
    }

    async Coroutine Consumer(string name)
    {
        while (true)
        {
            var item = await queue.GetAsync();
            using var _ = timeline.Begin($"{name} {item["Producer".Length]}-{item[^1]}");
            Console.WriteLine($"{name} processing: {item}");
            await GetText(session, $"feed/{item}?delay=0.3");
            Console.WriteLine($"{name} done with: {item}");
            queue.TaskDone();
        }
    }
}

static async Coroutine<string> GetText(ClientSession session, string url)
{
    await using var response = await session.GetAsync(url);
    return await response.JsonAsync<string>();
}

/// <summary>Each booking waits for the server's word; the lock keeps the others out meanwhile.</summary>
sealed class BankAccount(ClientSession session, double balance, bool guarded = true)
{
    private readonly AsyncLock _lock = new();

    public double Balance { get; private set; } = balance;

    public Coroutine<double> Deposit(double amount) => Book(amount, () => Balance += amount);

    public Coroutine<double> Withdraw(double amount) => Book(-amount, () => Balance -= amount);

    private async Coroutine<double> Book(double change, Func<double> book)
    {
        if (!guarded)
        {
            return await CheckAndBook(change, book);
        }

        using (await _lock.AcquireAsync())
        {
            return await CheckAndBook(change, book);
        }
    }

    private async Coroutine<double> CheckAndBook(double change, Func<double> book)
    {
        if (Balance + change < 0)
        {
            throw new InvalidOperationException("Insufficient funds");
        }

        await using var response = await session.GetAsync($"approve/{change}?delay=0.1");
        response.RaiseForStatus();
        return book();
    }
}
