// workloads <letter> [repeats]     runs one group of workloads on Asyncio and prints a line for each
// workloads probe                  prints how fast the machine is just now
using System.Globalization;
using Asyncio;
using Asyncio.Workloads;
using Harness;

var groups = new Dictionary<string, Func<Coroutine>>
{
    ["a"] = Scheduling.SpawnAndJoin,
    ["b"] = Scheduling.Yields,
    ["c"] = Calls.AwaitedCalls,
    ["d"] = HandOver.Queues,
    ["e"] = HandOver.Lock,
    ["f"] = HandOver.Semaphore,
    ["g1"] = Timers.Fire,
    ["g2"] = Timers.NeverFire,
    ["h"] = Timers.MillionParked,
    ["i"] = Cancelling.CancelAndJoin,
    ["l"] = Threads.Executor,
    ["m"] = Calls.Exceptions,
    ["n"] = Sockets.YieldsBeside,
};

if (args is ["probe"])
{
    SpeedProbe.Write();
    return 0;
}

if (args.Length is 0 or > 2 || !groups.TryGetValue(args[0], out var group))
{
    Console.Error.WriteLine($"usage: workloads {string.Join('|', groups.Keys)}|probe [repeats]");
    return 2;
}

Report.Peer = Environment.GetEnvironmentVariable("PEER") ?? "asyncio-net";
if (args.Length == 2)
{
    Series.Repeats = int.Parse(args[1], CultureInfo.InvariantCulture);
}

Aio.Run(group());
return 0;
