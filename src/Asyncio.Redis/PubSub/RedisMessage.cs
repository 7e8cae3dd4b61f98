namespace Asyncio.Redis;

/// <summary>A message that was sent to a channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Payload">What was sent.</param>
/// <param name="Pattern">The pattern by which it came here; null if the channel itself was subscribed to.</param>
public readonly record struct RedisMessage(string Channel, RedisValue Payload, string? Pattern);
