namespace Asyncio.Redis;

/// <summary>All connections of the pool were in use for as long as <see cref="RedisOptions.PoolTimeout"/>.</summary>
/// <param name="message">What was wrong.</param>
public sealed class RedisPoolException(string message) : RedisException(message);
