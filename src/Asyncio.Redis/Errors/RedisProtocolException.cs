namespace Asyncio.Redis;

/// <summary>What the server sent is no RESP3, or exceeds a limit of the options. The connection was discarded.</summary>
/// <param name="message">What was wrong.</param>
/// <param name="innerException">What it came from.</param>
public sealed class RedisProtocolException(string message, Exception? innerException = null) : RedisConnectionException(message, innerException)
{
    internal override RedisConnectionException For(string command, bool mayHaveRun) =>
        new RedisProtocolException(Text(command, mayHaveRun), this) { Command = command, MayHaveRun = mayHaveRun };
}
