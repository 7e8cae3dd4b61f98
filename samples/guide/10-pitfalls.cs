// Section 10 of the guide: the four pitfalls. Each wrong program really runs; what the library says about it stands behind a bar.
//
//   dotnet run samples/guide/10-pitfalls.cs
//   dotnet run samples/guide/10-pitfalls.cs -- --scale 1     as slow as the guide; otherwise a fifth of that
//
// Debug mode is on, as it is for every program with the environment variable ASYNCIO_DEBUG=1.

#:project Guide
#:property PublishAot=false

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Asyncio;
using Asyncio.Files;
using Asyncio.Http;
using Guide;

return Example.RunPlain(args, "The four pitfalls: what goes wrong, what the library reports, and how it is right.", server =>
{
    using var reports = Reports.Show();

    Example.Heading("pitfall 1, wrong: a coroutine without await");
    Aio.Run(WithoutAwait(reports), debug: true);
    Example.Heading("pitfall 1, right");
    Aio.Run(WithAwait(), debug: true);

    Example.Heading("pitfall 2, wrong: a blocking request in a coroutine");
    Aio.Run(Blocking(server), debug: true);
    Example.Heading("pitfall 2, right: an async client");
    Aio.Run(NotBlocking(server), debug: true);

    Example.Heading("pitfall 3, wrong: a task that nobody awaits");
    Aio.Run(TaskLeftBehind(), debug: true);
    Console.WriteLine("the program is over");
    Example.Heading("pitfall 3, wrong, on a loop made by hand: nobody cancels it");
    LoopByHand();
    Example.Heading("pitfall 3, right");
    Aio.Run(TaskAwaited(), debug: true);

    Example.Heading("pitfall 4, wrong: a cancellation and no clean-up");
    Aio.Run(Cancelled(WithoutCleanUp), debug: true);
    Example.Heading("pitfall 4, right");
    Aio.Run(Cancelled(WithCleanUp), debug: true);
});

// ---- 1

static async Coroutine WithoutAwait(Reports reports)
{
    Forget();
    await Aio.Sleep(Pace.Scaled(0.1));
    await reports.Collected("never awaited"); // a garbage collection finds it: sooner or later there is one

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Forget()
    {
        var result = SomeCoroutine(); // missing await
        Console.WriteLine($"result is no string but a {result.GetType().Name}");
    }
}

static async Coroutine WithAwait()
{
    var result = await SomeCoroutine();
    Console.WriteLine($"result is '{result}'");
}

static async Coroutine<string> SomeCoroutine()
{
    await Aio.Yield();
    return "data";
}

// ---- 2

static async Coroutine Blocking(DemoServer server)
{
    var heart = new Heart();
    server.GetBlocking("users/1?delay=2");
    Console.WriteLine($"heartbeats meanwhile: {heart.Beats}");
    await heart.Stop();
}

static async Coroutine NotBlocking(DemoServer server)
{
    await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address });
    var heart = new Heart();
    await using var response = await session.GetAsync("users/1?delay=2");
    Console.WriteLine($"heartbeats meanwhile: {(heart.Beats > 0 ? "several" : "none")}");
    await heart.Stop();
}

// ---- 3

static async Coroutine TaskLeftBehind()
{
    _ = Aio.CreateTask(BackgroundWork(), name: "background");
    await Aio.Sleep(Pace.Scaled(0.5));
    Console.WriteLine("main returns, and has not waited for the task");
}

static async Coroutine TaskAwaited()
{
    var task = Aio.CreateTask(BackgroundWork(), name: "background");
    await Aio.Sleep(Pace.Scaled(0.5)); // other things
    await task;
}

static void LoopByHand()
{
    using var loop = Aio.NewEventLoop(new EventLoopOptions { Debug = true });
    loop.RunUntilComplete(TaskLeftBehind());
}

static async Coroutine BackgroundWork()
{
    try
    {
        await Aio.Sleep(Pace.Scaled(2));
        Console.WriteLine("the background work is done");
    }
    catch (CancelledException)
    {
        Console.WriteLine("the background work was cancelled");
        throw;
    }
}

// ---- 4

static async Coroutine Cancelled(Func<string, Coroutine> work)
{
    await using var directory = await TemporaryDirectory.CreateAsync();
    var lockFile = Path.Combine(directory.Path, "work.lock");
    var task = Aio.CreateTask(work(lockFile));
    await Aio.Sleep(Pace.Scaled(0.5));
    task.Cancel();
    await Aio.Wait([task]);
    Console.WriteLine($"cancelled: {task.IsCanceled}; the lock file is {(File.Exists(lockFile) ? "still there: it leaked" : "gone")}");
}

static async Coroutine WithoutCleanUp(string lockFile)
{
    await AsyncFile.WriteAllTextAsync(lockFile, "mine");
    await Aio.Sleep(Pace.Scaled(10)); // cancelled here
    await AsyncFile.DeleteAsync(lockFile);
}

static async Coroutine WithCleanUp(string lockFile)
{
    await AsyncFile.WriteAllTextAsync(lockFile, "mine");
    try
    {
        await Aio.Sleep(Pace.Scaled(10));
    }
    finally
    {
        // However it ended. (The guide gives back in `except CancelledError` and in `finally`: twice, if it is cancelled.)
        await AsyncFile.DeleteAsync(lockFile);
    }
}

/// <summary>Beats while the loop is free.</summary>
sealed class Heart
{
    private readonly AsyncTask _task;

    public Heart() => _task = Aio.CreateTask(Beat(), name: "heart");

    public int Beats { get; private set; }

    public async Coroutine Stop()
    {
        _task.Cancel();
        await Aio.Wait([_task]);
    }

    private async Coroutine Beat()
    {
        while (true)
        {
            await Aio.Sleep(Pace.Scaled(0.2));
            Beats++;
        }
    }
}

/// <summary>Standard error, where the library reports to, shown between the other lines.</summary>
sealed class Reports : StringWriter
{
    private readonly TextWriter _before = Console.Error;
    private readonly ConcurrentQueue<string> _seen = [];

    public static Reports Show()
    {
        var reports = new Reports();
        Console.SetError(TextWriter.Synchronized(reports)); // finalizers report from a thread of their own
        return reports;
    }

    public override void WriteLine(string? value)
    {
        foreach (var line in (value ?? "").Replace(Environment.CurrentDirectory + Path.DirectorySeparatorChar, "").ReplaceLineEndings("\n").Split('\n'))
        {
            var rest = line;
            while (rest.Length > 90 && rest.LastIndexOf(' ', 90) is var end and > 10)
            {
                Console.WriteLine($"  | {rest[..end]}");
                rest = $"    {rest[(end + 1)..]}";
            }

            Console.WriteLine($"  | {rest}");
        }

        _seen.Enqueue(value ?? "");
    }

    /// <summary>Collects garbage until such a report comes.</summary>
    public async Coroutine Collected(string text)
    {
        while (!_seen.Any(report => report.Contains(text)))
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Aio.Sleep(0.01);
        }
    }

    protected override void Dispose(bool disposing)
    {
        Console.SetError(_before);
        base.Dispose(disposing);
    }
}
