namespace Asyncio.Redis;

/// <summary>A URL that names no Redis server; see <see cref="RedisOptions.Parse"/>.</summary>
/// <param name="message">The URL, without its password, and what is wrong with it.</param>
public sealed class RedisUrlException(string message) : RedisException(message);
