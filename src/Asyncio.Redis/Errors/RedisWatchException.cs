namespace Asyncio.Redis;

/// <summary>A watched key was changed by somebody else, so that the transaction did not run. To be read and tried again.</summary>
/// <param name="message">What was tried.</param>
public sealed class RedisWatchException(string message) : RedisException(message);
