namespace Asyncio.Redis;

/// <summary>The server has not answered in time, or connecting took too long. The connection was discarded.</summary>
/// <param name="message">What was wrong.</param>
/// <param name="innerException">What it came from.</param>
public sealed class RedisTimeoutException(string message, Exception? innerException = null) : RedisConnectionException(message, innerException)
{
    internal override RedisConnectionException For(string command, bool mayHaveRun) =>
        new RedisTimeoutException(Text(command, mayHaveRun), this) { Command = command, MayHaveRun = mayHaveRun };
}
