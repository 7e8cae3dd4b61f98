// A job queue in Redis: jobs survive their workers, and all workers together keep to one rate, on however many machines they are.
//
//   dotnet run samples/redis-jobs.cs -- add "resize photo 1" "resize photo 2"     puts jobs into the queue
//   dotnet run samples/redis-jobs.cs -- work --rate 20 --workers 4                works until Ctrl-C
//   dotnet run samples/redis-jobs.cs -- watch                                     tells what is finished, as it happens
//   dotnet run samples/redis-jobs.cs -- status                                    what waits, who did how much
//   dotnet run samples/redis-jobs.cs -- --demo                                    all of it, with a server of its own
//
// --url says where Redis is (redis://localhost). A job is an entry of a stream, given to one worker of a group; it is acknowledged when
// it is done, so one whose worker died is taken over. The rate is a token bucket in a script, so that no two workers take one token.
// Who is ahead is a sorted set. Who watches listens to a channel.

#:project ../src/Asyncio
#:project ../src/Asyncio.Redis
#:package System.CommandLine
#:property PublishAot=false

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Asyncio;
using Asyncio.Redis;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var url = new Option<string>("--url") { Description = "Where Redis is.", DefaultValueFactory = _ => "redis://localhost", Recursive = true };
var demo = new Option<bool>("--demo") { Description = "Shows it with a server and workers of its own, and ends." };
var rate = new Option<double>("--rate") { Description = "Jobs a second, of all workers together.", DefaultValueFactory = _ => 10 };
var workers = new Option<int>("--workers") { Description = "Jobs at a time in this process.", DefaultValueFactory = _ => 4 };
var texts = new Argument<string[]>("job") { Description = "What is to be done.", Arity = ArgumentArity.OneOrMore };

var add = new Command("add", "Puts jobs into the queue.") { texts };
add.SetAction(parsed => Run(parsed, queue => queue.AddAsync(parsed.GetValue(texts)!)));
var work = new Command("work", "Works until Ctrl-C.") { rate, workers };
work.SetAction(parsed => Run(parsed, queue => UntilSignal(queue.WorkAsync(parsed.GetValue(workers), parsed.GetValue(rate)))));
var watch = new Command("watch", "Tells what is finished, until Ctrl-C.");
watch.SetAction(parsed => Run(parsed, queue => UntilSignal(queue.WatchAsync(count: int.MaxValue))));
var status = new Command("status", "What waits, and who did how much.");
status.SetAction(parsed => Run(parsed, queue => queue.PrintStatusAsync()));
var command = new RootCommand("A job queue in Redis.") { url, demo, add, work, watch, status };
command.SetAction(parsed =>
{
    if (parsed.GetValue(demo))
    {
        return Report(Demo.Run());
    }

    Console.Error.WriteLine("add, work, watch, status or --demo?\nTry --help.");
    return 2;
});
var commandLine = command.Parse(args);
if (commandLine.Errors.Count == 0)
{
    return commandLine.Invoke();
}

Console.Error.WriteLine($"{string.Join('\n', commandLine.Errors.Select(error => error.Message))}\nTry --help.");
return 2;

int Run(ParseResult parsed, Func<JobQueue, Coroutine> action)
{
    return Report(Body());

    async Coroutine Body()
    {
        await using var redis = new RedisClient(parsed.GetValue(url)!);
        await action(await JobQueue.Open(redis));
    }
}

static int Report(Coroutine main)
{
    try
    {
        Aio.Run(main);
        return 0;
    }
    catch (KeyboardInterruptException)
    {
        return 130;
    }
    catch (Exception e) when (e is RedisException or FileNotFoundException or ArgumentException)
    {
        Console.Error.WriteLine($"redis-jobs: {e.Message}");
        return 1;
    }
}

static async Coroutine UntilSignal(Coroutine body)
{
    await using var group = new TaskGroup();
    var task = group.CreateTask(body);
    _ = group.CreateTask(Stop());
    await group.JoinAsync();

    async Coroutine Stop()
    {
        await foreach (var signal in Aio.Signals(PosixSignal.SIGINT, PosixSignal.SIGTERM))
        {
            task.Cancel();
            break;
        }
    }
}

/// <summary>Jobs in a stream, workers in a group of it.</summary>
sealed class JobQueue
{
    private const string Stream = "jobs";
    private const string Group = "workers";
    private const string Scores = "jobs:done";
    private const string Channel = "jobs:finished";

    /// <summary>After this many seconds without a word, a worker's job is taken over.</summary>
    private const double Patience = 60;

    /// <summary>A bucket that fills at a rate; the answer is how many seconds to wait for the token that was taken. The clock is the server's.</summary>
    private static readonly RedisScript s_takeToken = new("""
        local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
        local time = redis.call('TIME')
        local now = time[1] + time[2] / 1e6
        local next = tonumber(redis.call('GET', KEYS[1]) or 0)
        next = math.max(next, now - burst / rate) + 1 / rate
        redis.call('SET', KEYS[1], string.format('%.6f', next), 'EX', 60)
        return string.format('%.6f', next - now)
        """);

    private readonly RedisClient _redis;

    private JobQueue(RedisClient redis) => _redis = redis;

    public static async Coroutine<JobQueue> Open(RedisClient redis)
    {
        try
        {
            await redis.XGroupCreateAsync(Stream, Group);
        }
        catch (RedisServerException e) when (e.Code == "BUSYGROUP")
        {
            // another process was here before
        }

        return new JobQueue(redis);
    }

    public async Coroutine AddAsync(string[] jobs)
    {
        // All at once: they share a connection, and one write.
        var ids = await Aio.GatherAll(jobs.Select(job => _redis.XAddAsync(Stream, [new("text", job)], maxLength: 100_000)));
        Console.WriteLine($"{ids.Length} jobs added");
    }

    /// <summary>Works without end.</summary>
    public async Coroutine WorkAsync(int workers, double rate)
    {
        var process = $"{Environment.MachineName}-{Environment.ProcessId}";
        await TaskGroup.Run(group =>
        {
            for (var i = 1; i <= workers; i++)
            {
                _ = group.CreateTask(WorkAsync($"{process}-{i}", rate, onDone: null));
            }

            _ = group.CreateTask(TakeOverAsync($"{process}-0", rate));
            return Coroutine.Completed;
        });
    }

    public async Coroutine WorkAsync(string name, double rate, Action<string>? onDone)
    {
        await foreach (var job in _redis.ReadGroupAsync(Stream, Group, name, count: 1))
        {
            await DoAsync(job, name, rate);
            onDone?.Invoke(job["text"].ToString());
        }
    }

    /// <summary>Does what somebody else has begun and not finished.</summary>
    public async Coroutine<int> TakeOverOnceAsync(string name, double rate, double patience)
    {
        var (_, jobs) = await _redis.XAutoClaimAsync(Stream, Group, name, patience);
        foreach (var job in jobs)
        {
            await DoAsync(job, name, rate);
        }

        return jobs.Length;
    }

    public async Coroutine WatchAsync(int count)
    {
        await using var finished = await _redis.SubscribeAsync(Channel);
        await foreach (var message in finished)
        {
            Console.WriteLine($"  finished: {message.Payload}");
            if (--count == 0)
            {
                return;
            }
        }
    }

    public async Coroutine PrintStatusAsync()
    {
        var (waiting, begun, done) = await Aio.Gather(_redis.XLenAsync(Stream), _redis.XPendingAsync(Stream, Group), _redis.ZRangeWithScoresAsync(Scores, reverse: true));
        Console.WriteLine($"{waiting} jobs in the queue, {begun.Length} of them begun");
        foreach (var (worker, count) in done)
        {
            Console.WriteLine($"{count,6} by {worker}");
        }
    }

    private async Coroutine TakeOverAsync(string name, double rate)
    {
        while (true)
        {
            await TakeOverOnceAsync(name, rate, Patience);
            await Aio.Sleep(Patience / 4);
        }
    }

    private async Coroutine DoAsync(RedisStreamEntry job, string name, double rate)
    {
        var wait = (await _redis.EvalAsync(s_takeToken, ["jobs:tokens"], rate, 5)).AsDouble();
        await Aio.Sleep(Math.Max(0, wait));
        // Here the work would be done.

        // Acknowledged, counted and told at once, or not at all.
        var transaction = _redis.CreateTransaction();
        transaction.Queue(redis => redis.XAckAsync(Stream, Group, job.Id));
        transaction.Queue(redis => redis.XDelAsync(Stream, job.Id));
        transaction.Queue(redis => redis.ZIncrByAsync(Scores, name));
        transaction.Queue(redis => redis.PublishAsync(Channel, $"{job["text"]}"));
        await transaction.ExecuteAsync();
    }
}

static class Demo
{
    private const int Jobs = 40;
    private const double Rate = 100;

    public static async Coroutine Run()
    {
        await using var server = await OwnServer.Start();
        Console.WriteLine("a redis-server of our own is ready");
        await using var redis = new RedisClient(server.Url);
        var queue = await JobQueue.Open(redis);
        await queue.AddAsync([.. Enumerable.Range(1, Jobs).Select(i => $"photo {i}")]);

        // Somebody begins a job and dies.
        var begun = await redis.XReadGroupAsync("jobs", "workers", "mortal", count: 1);
        Console.WriteLine($"mortal has begun {begun[0]["text"]}, and is gone");

        var watching = Aio.CreateTask(queue.WatchAsync(count: 3));
        while (await redis.PubSubNumSubAsync("jobs:finished") == 0)
        {
            await Aio.Sleep(0.01);
        }

        var start = Stopwatch.GetTimestamp();
        var done = 0;
        var working = new[] { "ada", "bob", "eve" }.Select(name => Aio.CreateTask(queue.WorkAsync(name, Rate, _ => done++))).ToArray();
        await Aio.Timeout(60, async () =>
        {
            while (done < Jobs - 1)
            {
                await Aio.Sleep(0.01);
            }
        });
        Console.WriteLine($"{done} jobs by 3 workers in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s: the rate is {Rate} a second, after a burst of 5");
        foreach (var worker in working)
        {
            worker.Cancel(); // each waits in the server; that is called off
        }

        await Aio.Wait(working);
        Console.WriteLine($"{await queue.TakeOverOnceAsync("ada", Rate, patience: 0)} job was taken over");
        await watching;
        await queue.PrintStatusAsync();
    }
}

/// <summary>A server for the demo, in a folder that is deleted afterwards.</summary>
sealed class OwnServer(Subprocess process, string folder, string url) : IAsyncDisposable
{
    public string Url => url;

    public static async Coroutine<OwnServer> Start()
    {
        var folder = Directory.CreateTempSubdirectory("redis-jobs-").FullName;
        var port = FreePort();
        try
        {
            var process = await Aio.CreateSubprocessExec(
                "redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--save", ""], stdout: StdioTarget.DevNull);
            var server = new OwnServer(process, folder, $"redis://127.0.0.1:{port}");
            await using var redis = new RedisClient(RedisOptions.Parse(server.Url) with { ConnectAttempts = 30 });
            await redis.ConnectAsync();
            return server;
        }
        catch (FileNotFoundException)
        {
            Directory.Delete(folder);
            throw new FileNotFoundException("The demo needs redis-server, for instance from apt-get install redis-server.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Terminate();
        await process.WaitAsync();
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
