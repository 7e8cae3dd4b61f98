namespace Asyncio.Redis;

/// <summary>The root of everything that goes wrong between this client and a server.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><see cref="RedisServerException"/>: the server refused the command; its code, such as <c>WRONGTYPE</c>, says why. Of it
/// <see cref="RedisNoScriptException"/> (it does not know a script) and <see cref="RedisTransactionException"/> (it refused a command of a transaction).</item>
/// <item><see cref="RedisConnectionException"/>: there is no connection, or it was lost; <see cref="RedisConnectionException.MayHaveRun"/>. Of it
/// <see cref="RedisTimeoutException"/> (nothing came in time), <see cref="RedisProtocolException"/> (what came is no RESP3, or too much) and
/// <see cref="RedisAuthenticationException"/> (the server did not let this client in).</item>
/// <item><see cref="RedisPoolException"/>: no connection of the pool became free in time.</item>
/// <item><see cref="RedisReplyException"/>: a reply is of another kind than expected.</item>
/// <item><see cref="RedisWatchException"/>: a watched key was changed, so that the transaction did not run.</item>
/// <item><see cref="RedisUrlException"/>: a URL names no server.</item>
/// </list>
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
