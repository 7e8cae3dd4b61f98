namespace Asyncio.Redis;

/// <summary>The server answered a command with an error. The connection goes on.</summary>
public class RedisServerException : RedisException
{
    /// <summary>An error as the server sent it.</summary>
    /// <param name="serverMessage">The code and what follows it.</param>
    /// <param name="command">The command and its first argument.</param>
    public RedisServerException(string serverMessage, string? command = null)
        : base(command is null ? serverMessage : $"{serverMessage} (command: {command})")
    {
        ServerMessage = serverMessage;
        Command = command;
    }

    /// <summary>What the server said, such as <c>ERR value is not an integer or out of range</c>.</summary>
    public string ServerMessage { get; }

    /// <summary>The first word of it: <c>ERR</c>, <c>WRONGTYPE</c>, <c>OOM</c>, <c>READONLY</c>, <c>LOADING</c> and so on.</summary>
    public string Code => ServerMessage.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? ServerMessage[..end] : ServerMessage;

    internal static RedisServerException Of(string serverMessage, string? command)
    {
        if (serverMessage.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return new RedisNoScriptException(serverMessage, command);
        }

        return serverMessage.StartsWith("EXECABORT", StringComparison.Ordinal)
            ? new RedisTransactionException(serverMessage, command)
            : new RedisServerException(serverMessage, command);
    }
}
