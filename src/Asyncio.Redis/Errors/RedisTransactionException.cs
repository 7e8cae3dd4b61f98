namespace Asyncio.Redis;

/// <summary>The server refused a command of a transaction when it was queued (wrong number of arguments, no memory), so that nothing of it ran.</summary>
/// <param name="serverMessage">What the server said.</param>
/// <param name="command">The command that was refused, or <c>EXEC</c>.</param>
public sealed class RedisTransactionException(string serverMessage, string? command = null) : RedisServerException(serverMessage, command);
