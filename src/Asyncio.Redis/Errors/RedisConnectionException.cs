namespace Asyncio.Redis;

/// <summary>There is no connection to the server, or it was lost before the answer. The next command connects again.</summary>
public class RedisConnectionException : RedisException
{
    /// <summary>An error with a message.</summary>
    public RedisConnectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// True if the command was on its way when the connection was lost: the server may or may not have run it. False: it was never sent, and
    /// sending it again does no harm.
    /// </summary>
    public bool MayHaveRun { get; internal init; }

    /// <summary>True if another attempt would end the same way.</summary>
    internal bool IsFinal { get; init; }

    /// <summary>The same news for another command. Each is thrown once, so each is an object of its own.</summary>
    internal virtual RedisConnectionException For(string command, bool mayHaveRun) =>
        new(Text(command, mayHaveRun), this) { Command = command, MayHaveRun = mayHaveRun };

    private protected string Text(string command, bool mayHaveRun) =>
        $"{Message} (command: {command}; {(mayHaveRun ? "it was sent and may have run" : "it was not sent")})";
}
