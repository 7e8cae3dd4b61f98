using Asyncio.Tests.Coroutines;

namespace Asyncio.Tests.Combinators;

/// <summary>Small awaitables, and what a body traced; the traces expected in these tests are what CPython does.</summary>
internal sealed class Scenario
{
    private readonly List<string> _trace = [];

    internal List<ExceptionContext> Reports { get; private set; } = [];

    /// <summary>Runs the body on a loop; what reaches the loop's exception handler is kept in <see cref="Reports"/>.</summary>
    /// <param name="clock">Where several deadlines decide: one on which no time passes unasked.</param>
    internal static Scenario Run(Func<Scenario, Coroutine> body, TimeProvider? clock = null)
    {
        var scenario = new Scenario();
        scenario.Reports = OnLoop.RunReporting(
            reports =>
            {
                scenario.Reports = reports;
                return body(scenario);
            },
            clock: clock);
        return scenario;
    }

    internal static Scenario Run(Func<Coroutine> body, TimeProvider? clock = null) => Run(_ => body(), clock);

    internal void Trace(string text) => _trace.Add(text);

    internal string Text => string.Join(", ", _trace);

    /// <summary>How an await ended, in one word.</summary>
    internal static async Coroutine<string> Attempt<T>(IAwaitable<T> awaitable)
    {
        try
        {
            return $"result {await awaitable.AsCoroutine()}";
        }
        catch (Exception e)
        {
            return Kind(e);
        }
    }

    internal static string Kind(Exception? error) => error switch
    {
        null => "none",
        ExceptionGroup group => $"Group[{string.Join(", ", group.InnerExceptions.Select(Kind))}]",
        CancelledException cancelled => cancelled.CancelMessage is null ? "Cancelled" : $"Cancelled({cancelled.CancelMessage})",
        _ => error.GetType().Name.Replace("Exception", "", StringComparison.Ordinal),
    };

    internal static Future<int> Forever() => new();

    internal static async Coroutine Spin(int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            await Aio.Yield();
        }
    }

    internal static async Coroutine<T> Give<T>(T value, int turns = 0)
    {
        await Spin(turns);
        return value;
    }

    internal static async Coroutine<int> Throw(Exception error, int turns = 0)
    {
        await Spin(turns);
        throw error;
    }

    internal static int Requests => Aio.CurrentTask()!.Cancelling();

    internal async Coroutine Ticks(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            Trace($"tick {i}");
            await Aio.Yield();
        }
    }

    /// <summary>Waits until it is cancelled, and says so.</summary>
    internal async Coroutine<int> Hang(string name, int cleanup = 0)
    {
        try
        {
            return await Forever();
        }
        catch (CancelledException e)
        {
            await Spin(cleanup);
            Trace($"{name}: {Kind(e)}");
            throw;
        }
    }
}
