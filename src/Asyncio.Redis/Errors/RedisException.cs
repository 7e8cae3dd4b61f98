namespace Asyncio.Redis;

/// <summary>The root of everything that goes wrong between this client and a server.</summary>
/// <remarks>
/// <code>
/// RedisException
/// ├─ RedisServerException            the server refused the command: Code, such as WRONGTYPE
/// │  ├─ RedisNoScriptException       EVALSHA of a script that it does not know
/// │  └─ RedisTransactionException    EXEC of a transaction with a command that it had refused
/// ├─ RedisConnectionException        no connection, or it was lost: MayHaveRun
/// │  ├─ RedisTimeoutException        nothing came in time
/// │  ├─ RedisProtocolException       what came is no RESP3, or too much
/// │  └─ RedisAuthenticationException the server let this client not in
/// ├─ RedisPoolException              no connection of the pool became free in time
/// ├─ RedisUrlException               a URL that names no server
/// ├─ RedisReplyException             a reply of another kind than expected
/// └─ RedisWatchException             a watched key was changed: the transaction did not run
/// </code>
/// A cancellation and a limit of <see cref="Aio.Timeout(double)"/> are not among them: they are what they are everywhere.
/// </remarks>
public class RedisException : Exception
{
    /// <summary>An error with a message.</summary>
    public RedisException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The command and its first argument; null where there was none. Also in the message.</summary>
    public string? Command { get; internal init; }
}
