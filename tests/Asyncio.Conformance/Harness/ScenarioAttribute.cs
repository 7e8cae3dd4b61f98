namespace Asyncio.Conformance;

/// <summary>
/// Marks a twin: the method's name is the Python scenario's in PascalCase, its one parameter a <see cref="Trace"/>, its result a
/// <see cref="Coroutine"/>, or nothing where the scenario makes a loop of its own.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScenarioAttribute : Attribute
{
    /// <summary>What reaches the loop's exception handler is traced; otherwise it fails the scenario.</summary>
    public bool Handler { get; init; }

    /// <summary>What reaches the loop's logger is traced; otherwise it fails the scenario.</summary>
    public bool Log { get; init; }

    /// <summary>
    /// On a clock on which time passes only where the loop waits and in <see cref="Neutral.Work"/>: for scenarios that are about several
    /// deadlines, or about how long a step takes, and whose trace a real clock on a busy machine would change.
    /// </summary>
    public bool OwnClock { get; init; }
}
