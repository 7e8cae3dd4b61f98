namespace Asyncio.Redis;

/// <summary>The server does not know a script by its hash. <see cref="RedisCommands.EvalAsync"/> does not let this out: it sends the script.</summary>
/// <param name="serverMessage">What the server said.</param>
/// <param name="command">The command and its first argument.</param>
public sealed class RedisNoScriptException(string serverMessage, string? command = null) : RedisServerException(serverMessage, command);
