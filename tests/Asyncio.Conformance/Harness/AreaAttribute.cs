namespace Asyncio.Conformance;

/// <summary>Marks a static class as the twins of one area.</summary>
/// <param name="name">As in <c>expected/NAME.txt</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AreaAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>Each twin runs on each kind of reactor: what it shows is input and output.</summary>
    public bool OnEachReactor { get; init; }

    /// <summary>What it shows is for Linux only, here at least.</summary>
    public bool NeedsLinux { get; init; }

    /// <summary>Not on the portable reactor, which knows sockets only.</summary>
    public bool NeedsPipes { get; init; }
}
