using System.Globalization;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Subprocesses;
using Asyncio.LowLevel;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Xunit.Sdk;

namespace Asyncio.IO.Tests.Faults;

/// <summary>Runs a scenario again and again, with something else going wrong each time, and looks after each run whether anything is left behind.</summary>
/// <remarks>
/// A failure says which run it was. <c>ASYNCIO_FAULT_AT=17</c> repeats that run alone; <c>ASYNCIO_FAULT_SEED=5</c> shifts the seeds, to look elsewhere.
/// </remarks>
internal sealed class Exploration(ReactorKind kind, Scenario scenario)
{
    /// <summary>In seconds of the fast clock: 30 of the machine's.</summary>
    private const double Limit = 1500;

    private static readonly int? s_only = Number("ASYNCIO_FAULT_AT");
    private static readonly int s_seed = Number("ASYNCIO_FAULT_SEED") ?? 0;

    /// <summary>What is seldom and legal changes nothing.</summary>
    public void Noise(int runs)
    {
        WarmUp();
        for (var i = 0; i < runs; i++)
        {
            if (s_only is null || i == s_only)
            {
                Run(i, new FaultPlan { Noise = s_seed + i }).AssertSucceeded();
            }
        }
    }

    /// <summary>Each operation fails once, in a run of its own.</summary>
    public void Errors()
    {
        WarmUp();
        for (var i = s_only ?? 0;; i++)
        {
            // A third of them with noise; what kinds of errors there are is spread over operations and reactors.
            var run = Run(i, new FaultPlan { Noise = i % 3 == 2 ? s_seed + i : null, ErrorAt = i, Variant = i + (int)kind + s_seed });
            run.AssertFailedAsExpected();
            if (!run.Plan.HasStruck || s_only is not null)
            {
                run.AssertSucceeded();
                return;
            }
        }
    }

    /// <summary>The program is cancelled after its first step, after its second, and so on.</summary>
    public void Cancellations()
    {
        WarmUp();
        for (var i = s_only ?? 0;; i++)
        {
            var run = Run(i, new FaultPlan { Noise = i % 2 == 1 ? s_seed + i : null }, new Canceller(i));
            run.AssertCancelled(i);
            if (run.Steps <= i || s_only is not null)
            {
                return;
            }
        }
    }

    /// <summary>All at once: noise, an error, a cancellation, and another one soon after it.</summary>
    public void Everything(int runs)
    {
        WarmUp();
        for (var i = 0; i < runs; i++)
        {
            if (s_only is null || i == s_only)
            {
                var random = new Random(s_seed + i);
                var (error, cancel) = (random.Next(40), random.Next(40));
                var plan = new FaultPlan { Noise = s_seed + i, ErrorAt = error, Variant = random.Next(4) };
                Run(i, plan, new Canceller(cancel, cancel + random.Next(1, 6))).AssertEndedAsExpected();
            }
        }
    }

    private void WarmUp()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        Assert.SkipWhen(scenario.NeedsPipes && kind == ReactorKind.Portable, "The portable reactor has no pipes.");
        using (new Rig(kind))
        {
            // Only asks whether it can be had.
        }

        Run(-1, new FaultPlan()).AssertSucceeded(); // what is made once stays
    }

    private Result Run(int index, FaultPlan plan, Canceller? canceller = null)
    {
        var before = Scene.Descriptors().Length;
        canceller ??= new Canceller(after: -1);
        var reports = new List<string>();
        var result = new Result(this, index, plan, canceller, reports);
        var options = new EventLoopOptions
        {
            TimeProvider = new FastClock(),
            LoggerFactory = NullLoggerFactory.Instance, // that something is written to a lost connection is no news here
            ReactorMaker = () => new FaultReactor(ReactorFactory.Create(kind), plan),
        };
        using (var loop = new EventLoop(options))
        {
            loop.SetExceptionHandler((_, context) => reports.Add($"{context.Message} {context.Exception}"));
            loop.Hooks = canceller;
            try
            {
                result.Outcome = loop.RunUntilComplete<Exception?>(Watched(loop, canceller));
            }
            catch (Exception e)
            {
                throw result.Failure(e.Message, e);
            }
        }

        result.AssertClean();
        Scene.Until(() => Scene.Descriptors().Length <= before, () => result.Describe($"{before} descriptors before, {Scene.Descriptors().Length} after"));
        return result;
    }

    private async Coroutine<Exception?> Watched(EventLoop loop, Canceller canceller)
    {
        var main = Aio.CreateTask(scenario.Main(), name: scenario.Name);
        canceller.Watch(main);
        await Aio.Wait([main], Limit);
        Assert.True(main.IsCompleted, $"It hangs:\n{Stacks()}");
        var end = loop.Time() + Limit;
        while (Aio.AllTasks().Count > 1 || loop.Reactor.Active > 0 || loop.Children.Count > 0)
        {
            Assert.True(loop.Time() < end, $"Left behind: {loop.Reactor.Active} operations, {loop.Children.Count} child processes, and\n{Stacks()}");
            await Aio.Sleep(0.05);
        }

        return main.IsCanceled || main.Strand.HasKeptValue ? new CancelledException() : main.Exception();
    }

    private static string Stacks()
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var task in Aio.AllTasks())
        {
            task.PrintStack(text);
        }

        return text.ToString();
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed class Result(Exploration exploration, int index, FaultPlan plan, Canceller canceller, List<string> reports)
    {
        public FaultPlan Plan => plan;

        public Exception? Outcome { get; set; }

        public int Steps => canceller.Steps;

        public string Describe(string what) =>
            $"{exploration.Scenario}, {exploration.Kind}, run {index} ({plan}{canceller}): {what}";

        public XunitException Failure(string what, Exception? inner = null) => new(Describe(what), inner);

        public void AssertSucceeded() => Check(Outcome is null, "it failed.");

        public void AssertFailedAsExpected() => Check(Outcome is null || IsExpected(Outcome), "that is no error a program would expect.");

        /// <summary>A request that came while it ran is never swallowed; but what an operation gave in the very last step stays.</summary>
        public void AssertCancelled(int after) => Check(Steps <= after ? Outcome is null : Outcome is CancelledException, "that is not what a cancellation leads to.");

        public void AssertEndedAsExpected() => Check(Outcome is null or CancelledException || IsExpected(Outcome), "that is no error a program would expect.");

        public void AssertClean()
        {
            Check(plan.Violations.Count == 0, string.Join(' ', plan.Violations));
            var unexpected = reports.FindAll(report => !IsToBeReported(report));
            Check(unexpected.Count == 0, $"reported: {string.Join('\n', unexpected)}");
        }

        private static bool IsExpected(Exception error) => Asyncio.IO.Tests.Faults.Scenario.IsExpected(error);

        private bool IsToBeReported(string report) =>
            plan.HasStruck && report.StartsWith("Accepting a connection has failed", StringComparison.Ordinal);

        private void Check(bool condition, string what)
        {
            if (!condition)
            {
                throw Failure(what, Outcome);
            }
        }
    }

    private ReactorKind Kind => kind;

    private Scenario Scenario => scenario;
}
