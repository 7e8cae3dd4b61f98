namespace Asyncio.Redis;

/// <summary>A member of a sorted set.</summary>
/// <param name="Member">The member.</param>
/// <param name="Score">Its score.</param>
public readonly record struct RedisScoredMember(RedisValue Member, double Score);
