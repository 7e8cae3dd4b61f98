namespace Asyncio.Conformance;

/// <summary>What a scenario writes to: <c>trace("a line")</c>.</summary>
public delegate void Trace(string line);
