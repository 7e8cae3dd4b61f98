// SET and GET from many tasks on one connection, as fast as it goes: redisload PORT TASKS SECONDS
// Each line of the input, "set" or "get", is one measurement of so many seconds; its answer is the commands a second.

using System.Globalization;
using Asyncio;
using Asyncio.Redis;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (port, tasks, seconds) = (int.Parse(args[0]), int.Parse(args[1]), double.Parse(args[2]));
Aio.Run(Main());

async Coroutine Main()
{
    await using var redis = new RedisClient(new RedisOptions { Host = "127.0.0.1", Port = port });
    var loop = Aio.GetRunningLoop();
    await foreach (var command in Aio.Stdin)
    {
        Console.WriteLine($"{await Measure(command.Trim() == "set" ? Set : Get):F0}");
    }

    async Coroutine<double> Measure(Func<Counter, Coroutine> work)
    {
        var counter = new Counter();
        var start = loop.Time();
        loop.CallLater(seconds, () => counter.Over = true);
        await Aio.GatherAll(Enumerable.Range(0, tasks).Select(_ => Aio.CreateTask(work(counter))));
        return counter.Commands / (loop.Time() - start);
    }

    async Coroutine Set(Counter counter)
    {
        while (!counter.Over)
        {
            await redis.SetAsync("key:__rand_int__", "xxx");
            counter.Commands++;
        }
    }

    async Coroutine Get(Counter counter)
    {
        while (!counter.Over)
        {
            if ((await redis.GetAsync("key:__rand_int__")).IsNull)
            {
                throw new InvalidOperationException("The key is gone.");
            }

            counter.Commands++;
        }
    }
}

/// <summary>What all tasks of a measurement share.</summary>
sealed class Counter
{
    public long Commands { get; set; }

    public bool Over { get; set; }
}
