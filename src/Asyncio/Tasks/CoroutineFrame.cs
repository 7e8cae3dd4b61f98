namespace Asyncio;

/// <summary>One frame of a suspended task: a coroutine that waits for the next one.</summary>
/// <param name="Name">The method, <c>Type.Method</c>.</param>
/// <param name="MachineType">The compiler's state machine; null for a wait of this library.</param>
/// <param name="State">The number of the await at which it stands, from 0; −1 where unknown.</param>
public sealed record CoroutineFrame(string Name, Type? MachineType, int State)
{
    /// <summary>The method's name.</summary>
    public override string ToString() => State >= 0 ? $"{Name} (await {State})" : Name;
}
