namespace Asyncio.Redis;

/// <summary>The server did not let this client in: wrong user or password, or none where one is needed.</summary>
/// <param name="message">What was wrong.</param>
/// <param name="innerException">What it came from.</param>
public sealed class RedisAuthenticationException(string message, Exception? innerException = null) : RedisConnectionException(message, innerException)
{
    internal override RedisConnectionException For(string command, bool mayHaveRun) =>
        new RedisAuthenticationException(Text(command, mayHaveRun), this) { Command = command, MayHaveRun = mayHaveRun };
}
