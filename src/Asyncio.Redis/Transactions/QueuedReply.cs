using Asyncio.Redis.Connections;

namespace Asyncio.Redis.Transactions;

/// <summary>What the server says to a command of a transaction before it runs: QUEUED, or why not.</summary>
internal sealed class QueuedReply(string command) : IPendingReply
{
    public string Command => command;

    /// <summary>Why it was refused.</summary>
    public string? Refusal { get; private set; }

    public void Complete(in RedisReply reply)
    {
        if (reply.IsError)
        {
            Refusal = reply.ErrorMessage;
        }
        else if (!reply.Says("QUEUED"u8) && !reply.Says("OK"u8))
        {
            throw reply.IsNot("QUEUED");
        }
    }

    // EXEC, which comes after it, says so to who waits.
    public void Fail(RedisConnectionException reason, bool mayHaveRun)
    {
    }
}
