namespace Asyncio.Redis;

/// <summary>
/// A reply is of another kind than expected. From a typed method it means that the server is none that this client knows, or that replies
/// and commands are out of step: the connection was discarded. From a member of <see cref="RedisReply"/> it concerns nobody else.
/// </summary>
/// <param name="message">What was expected and what came.</param>
public sealed class RedisReplyException(string message) : RedisException(message);
