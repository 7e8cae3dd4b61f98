using Asyncio.Redis.Connections;

namespace Asyncio.Redis.PubSub;

/// <summary>A change of subscriptions, which in RESP3 has no reply unless it is refused.</summary>
internal sealed class ChangeReply(string command) : IPendingReply
{
    public string Command => command;

    /// <summary>Why it was refused.</summary>
    public string? Refusal { get; private set; }

    public void Complete(in RedisReply reply) => Refusal = reply.ErrorMessage;

    // The command after it says so to who waits.
    public void Fail(RedisConnectionException reason, bool mayHaveRun)
    {
    }
}
