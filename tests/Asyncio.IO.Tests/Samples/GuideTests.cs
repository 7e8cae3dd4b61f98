#if !DEBUG
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Asyncio.IO.Tests.Samples;

/// <summary>
/// The examples of the guide print what it promises, in its order; how long that takes is checked only where no stall can make it wrong.
/// </summary>
[Collection(SampleProgram.Collection)]
public partial class GuideTests
{
    [Fact]
    public void Section_1_waits_one_after_the_other_and_all_at_once() => Check("guide/01-problem", output =>
    {
        string[] fetching = ["Fetching users...", "Fetching posts...", "Fetching comments..."];
        Assert.Equal(fetching, Lines(Part(output, "one after the other: each request blocks the thread")));
        Assert.Equal([.. fetching], Lines(Part(output, "all at once: one thread waits for all of them")));
        Assert.DoesNotContain("one after the other: ", Part(output, "one after the other: each request blocks the thread"));
        Assert.Equal(1, CountConcurrent(output));
        Assert.Contains("3 answers, in the order of the calls: 532 characters, 79 characters, 31 characters", output);
    });

    [Fact]
    public void Section_2_has_coroutines_await_and_the_loop() => Check("guide/02-core-concepts", output =>
    {
        Assert.Equal(["a Coroutine`1 named Program.SayHello; nothing was printed by it yet", "(now it runs)", "Hello, Alice!"], Lines(Part(output, "a coroutine")));
        Assert.Equal(["Starting...", "Processing Ada...", "Done!"], Lines(Part(output, "await")));
        Assert.Equal(["a1", "b1", "a2", "b2", "a3", "b3"], Lines(Part(output, "the event loop")).Skip(1));
    });

    [Fact]
    public void Section_3_has_tasks_Gather_Wait_and_AsCompleted() => Check("guide/03-tasks", output =>
    {
        string[] starting = ["Starting download: file1.txt", "Starting download: file2.txt", "Starting download: file3.txt"];
        string[] finished = ["Other work done!", "Finished download: file1.txt", "Finished download: file2.txt", "Finished download: file3.txt"];
        const string Started = "Downloads started, doing other work...";
        Assert.Equal([Started, .. starting, .. finished], Lines(Part(output, "tasks, lazily started")));
        Assert.Equal([.. starting, Started, .. finished], Lines(Part(output, "tasks, eagerly started"))); // what the guide has
        Assert.Equal(["user: Grace; posts: Post 1, Post 2; comments: Great post!"], Lines(Part(output, "Gather")));
        Assert.Equal(
            ["Success: 10", "Error: Operation 2 failed!", "Success: 30", "0 pending", "first: 10; 1 is cancelled"],
            Lines(Part(output, "Wait")));
        Assert.Equal(["Got: Data from fast", "Got: Data from medium", "Got: Data from slow"], Lines(Part(output, "AsCompleted")));
        Assert.Equal(5, CountConcurrent(output));
    });

    [Fact]
    public void Section_4_has_context_managers_iterators_and_generators()
    {
        var output = SampleProgram.Run("guide/04-contexts-and-iterators");
        var timer = Lines(Part(output, "a context manager from an iterator"));
        Assert.Equal(["[fetch] Starting...", "Fetching data... 200"], timer[..2]);
        Assert.Matches(@"^\[fetch\] Completed in [0-9.]+s$", Assert.Single(timer[2..]));
        Assert.Equal(["enter first", "enter second", "enter third", "leave third", "leave second", "leave first"], Lines(Part(output, "several")));
        Assert.Equal(["Got number: 0", "Got number: 1", "Got number: 2", "Got number: 3", "Got number: 4"], Lines(Part(output, "an async iterator")));
        Assert.Equal(
            [
                "Processing page 1: item_1_0, item_1_1, item_1_2",
                "Processing page 2: item_2_0, item_2_1, item_2_2",
                "Processing page 3: item_3_0, item_3_1, item_3_2",
                "(the generator has ended)",
                "Only page 1",
                "(the generator has ended)",
            ],
            Lines(Part(output, "an async generator")));

        var database = Lines(Part(output, "a context manager: a database"));
        Assert.SkipWhen(database is [['S', 'k', 'i', 'p', 'p', 'e', 'd', ..]], "The database part needs PostgreSQL; the others were checked.");
        Assert.Equal(
            [
                "Connecting...", "Connected!", "Results: 1 Ada, 2 Grace, 3 Barbara", "Disconnecting...", "Disconnected!",
                "Connecting...", "Connected!", "Disconnecting after TimeoutException...", "Disconnected!", "A query of 10 minutes timed out.",
            ],
            database);
    }

    [Fact]
    public void Section_5_has_errors_outcomes_cancellation_and_timeouts() => Check("guide/05-errors", output =>
    {
        Assert.Equal(["Caught error: status 500", "Success!"], Lines(Part(output, "try and catch")));
        Assert.Equal(
            [
                "Task 0 succeeded: Content of api1",
                "Task 1 failed: ClientConnectorException",
                "Task 2 succeeded: Content of api3",
                "GatherAll threw the first error: ClientConnectorException",
                "a TaskGroup cancels the others and throws a group of 1",
            ],
            Lines(Part(output, "Gather")));
        Assert.Equal(["MyTask: Starting...", "MyTask: Cancelled! Cleaning up...", "Task was cancelled"], Lines(Part(output, "a task is cancelled")));
        Assert.Equal(["Timeout: operation timed out!", "WaitFor: operation timed out!"], Lines(Part(output, "timeouts")));
    });

    [Fact]
    public void Section_6_has_lock_semaphore_event_and_queue() => Check("guide/06-synchronization", output =>
    {
        Assert.Equal(
            [
                "balances on the way: 150, 120, 140, 100",
                "Final balance: 100",
                "80 from 100, twice, without the lock: 2 went through, balance -60",
                "with the lock: 1 went through (Insufficient funds), balance 20",
            ],
            Lines(Part(output, "AsyncLock")));

        var limited = Part(output, "AsyncSemaphore");
        Assert.Equal(["Fetching sites/0...", "Fetching sites/1...", "Fetching sites/2..."], Lines(limited)[..3]);
        Assert.Matches("Fetched 10 URLs; at most 3 at a time, the server saw at most [1-3]\n", limited);
        Assert.Equal(1, CountConcurrent(limited));

        Assert.Equal(
            [
                .. Workers("Waiting for signal..."),
                "Setter: Preparing...",
                "Setter: Sending signal!",
                .. Workers("Got signal! Proceeding..."),
            ],
            Lines(Part(output, "AsyncEvent")));

        var queue = Lines(Part(output, "AsyncQueue"));
        for (var i = 0; i < 10; i++)
        {
            var item = $"Producer{i / 5}-item-{i % 5}";
            var consumer = Assert.Single(queue, line => line.EndsWith($"processing: {item}", StringComparison.Ordinal))[..^$" processing: {item}".Length];
            Assert.Contains($"Produced: {item}", queue);
            Assert.True(Array.IndexOf(queue, $"{consumer} processing: {item}") < Array.IndexOf(queue, $"{consumer} done with: {item}"), item);
        }

        Assert.Equal(["All items are done", "3 consumers cancelled"], queue[^2..]);

        static IEnumerable<string> Workers(string says) => Enumerable.Range(1, 3).Select(i => $"Worker{i}: {says}");
    });

    [Fact]
    public void Section_7_has_an_http_client_and_one_that_keeps_to_its_rate() => Check("guide/07-http-client", output =>
    {
        Assert.Equal(
            [
                "Left out: status 404",
                "User: Ada (ada@example.com)",
                "User: Grace (grace@example.com)",
                "User: Edsger (edsger@example.com)",
                "User: Barbara (barbara@example.com)",
                "User: Donald (donald@example.com)",
            ],
            Lines(Part(output, "all users at once")));
        Assert.Equal(1, CountConcurrent(output));
        Assert.Equal(2, Rates(Part(output, "5 requests a second: the guide's client")).Length);

        // 20 requests at 5 a second: 19 pauses of a fifth of a second, whose length is a fifth of the guide's.
        Assert.All(Rates(Part(output, "5 requests a second: a session")), took => Assert.InRange(took, (19 * 0.2 * 0.2) - 0.01, double.MaxValue));

        static double[] Rates(string part) => [.. FetchedIn().Matches(part).Select(match => Number(match.Groups[1]))];
    });

    [Fact]
    public void Section_8_has_async_and_threads() => Check("guide/08-threads", output =>
    {
        Assert.Contains("  1 thread\n", Part(output, "10 requests, async"));
        Assert.Contains("  10 threads\n", Part(output, "10 requests, blocking"));
        Assert.Equal(
            ["a blocking call has ended", "a blocking call has ended", "the loop ticked meanwhile"],
            Lines(Part(output, "a blocking call in an executor")));
        Assert.Equal(["equal results"], Lines(Part(output, "computing")));
        Assert.Equal(2, CountConcurrent(output));
    });

    [Fact]
    public void Section_9_has_dos_and_donts() => Check("guide/09-dos-and-donts", output =>
    {
        Assert.Equal(
            ["gathered: 151 characters", "handled: ClientResponseException", "in time: \"pong\"", "with a permit: \"pong\"", "timed out; cancelled: True"],
            Lines(Part(output, "do ---")));
        Assert.Equal(["Thread.Sleep: the other coroutine had 0 turns", "Aio.Sleep: it had many"], Lines(Part(output, "don't: Thread.Sleep")));
        Assert.Equal(["not awaited, it ran: False", "awaited, it ran: True"], Lines(Part(output, "don't: forget an await")));
        Assert.Equal(["refused: Aio.Run() cannot be called from a running event loop."], Lines(Part(output, "don't: Aio.Run inside")));
        Assert.Equal(["a blocking function has run, and blocked nobody"], Lines(Part(output, "do: an executor")));
    });

    [Fact]
    public void Section_10_has_the_pitfalls_and_what_is_reported() => Check("guide/10-pitfalls", output =>
    {
        Assert.Contains(
            "  | Warning: the coroutine Program.SomeCoroutine was never awaited: its body did not run.\n  |     Await it, or start it with Aio.CreateTask.\n  | Created at:\n",
            Part(output, "pitfall 1, wrong"));
        Assert.Equal(["result is 'data'"], Lines(Part(output, "pitfall 1, right")));

        Assert.Equal(["heartbeats meanwhile: 0"], Lines(Part(output, "pitfall 2, wrong")));
        Assert.Matches(@"  \| Executing <Task Task-1 .*> took [0-9.]+ seconds\n", Part(output, "pitfall 2, wrong"));
        Assert.Equal(["heartbeats meanwhile: several"], Lines(Part(output, "pitfall 2, right")));

        const string Returns = "main returns, and has not waited for the task";
        Assert.Equal([Returns, "the background work was cancelled", "the program is over"], Lines(Part(output, "pitfall 3, wrong: a task")));
        Assert.Equal([Returns], Lines(Part(output, "pitfall 3, wrong, on a loop")));
        Assert.Contains("  | Task was destroyed but it is pending!\n  | task: <Task background pending>\n", Part(output, "pitfall 3, wrong, on a loop"));
        Assert.Equal(["the background work is done"], Lines(Part(output, "pitfall 3, right")));

        Assert.Equal(["cancelled: True; the lock file is still there: it leaked"], Lines(Part(output, "pitfall 4, wrong")));
        Assert.Equal(["cancelled: True; the lock file is gone"], Lines(Part(output, "pitfall 4, right")));
    });

    [Fact]
    public void All_runs_them_and_sums_up()
    {
        var output = SampleProgram.Run("guide/all", "1", "2");
        SampleProgram.AssertInOrder(
            output,
            "=== Section 1: waiting one after the other, and all at once (01-problem.cs) ===",
            "3 answers, in the order of the calls",
            "=== Section 2: what a coroutine is",
            "Hello, Alice!",
            "=== What ran concurrently");
        var gain = Regex.Match(output, @"  1\. .* ([0-9.]+) s instead of +([0-9.]+) s\n");
        Assert.True(Number(gain.Groups[1]) < Number(gain.Groups[2]), output);

        var (exitCode, _, errors) = SampleProgram.Try("guide/all", "14");
        Assert.Equal((2, "There is no section 14; there are 1 to 10.\nTry --help.\n"), (exitCode, errors));
    }

    [Fact]
    public void Every_example_stands_in_the_table()
    {
        var table = File.ReadAllText(SampleProgram.PathOf("docs/guide/README.md"));
        string[] examples = [.. Directory.EnumerateFiles(SampleProgram.PathOf("samples/guide"), "*.cs").Select(path => Path.GetFileName(path))];
        Assert.Equal(11, examples.Length);
        Assert.All(examples, example => Assert.Contains($"samples/guide/{example}", table));
    }

    /// <summary>
    /// The order of answers is that of a server's clock: a machine that stalls for longer than lies between two of them may mix them up. Then the guide's own
    /// pace decides, which is five times as slow.
    /// </summary>
    private static void Check(string sample, Action<string> check) => SampleProgram.Check(sample, check, [], ["--scale", "1"]);

    /// <summary>What is printed beneath the heading that begins so.</summary>
    private static string Part(string output, string heading)
    {
        var part = output.Split("\n--- ").SingleOrDefault(part => part.StartsWith(heading, StringComparison.Ordinal));
        Assert.True(part is not null, $"There is no part '{heading}' in:\n{output}");
        return part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    /// <summary>The lines of the example itself: those of timelines and reports are set in.</summary>
    private static string[] Lines(string part) => [.. part.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("  ", StringComparison.Ordinal))];

    /// <summary>How many timelines there are in which things overlap; each took less time than they did one after the other.</summary>
    private static int CountConcurrent(string output)
    {
        var times = TimesIn().Matches(output);
        Assert.All(times, match => Assert.True(Number(match.Groups[1]) < Number(match.Groups[2]), match.Value));
        return times.Count;
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("took ([0-9.]+) s; one after the other: ([0-9.]+) s")]
    private static partial Regex TimesIn();

    [GeneratedRegex("fetched 20 posts in ([0-9.]+) s")]
    private static partial Regex FetchedIn();
}
#endif
