// taskpeer <letter> [repeats]     runs one group of workloads on plain Task, single-threaded, and prints a line for each
using System.Globalization;
using Harness;
using TaskPeer;

var groups = new Dictionary<string, Func<Task>>
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
};

if (args.Length is 0 or > 2 || !groups.TryGetValue(args[0], out var group))
{
    Console.Error.WriteLine($"usage: taskpeer {string.Join('|', groups.Keys)} [repeats]");
    return 2;
}

Report.Peer = Environment.GetEnvironmentVariable("PEER") ?? "net-task";
if (args.Length == 2)
{
    Series.Repeats = int.Parse(args[1], CultureInfo.InvariantCulture);
}

new SingleThreadContext().Run(group);
return 0;
