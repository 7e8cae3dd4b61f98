namespace Asyncio.Redis.Connections;

/// <summary>A command whose reply is still to come.</summary>
internal interface IPendingReply
{
    /// <summary>The command and its first argument.</summary>
    string Command { get; }

    /// <summary>Its reply. Dropped if nobody waits any more: it was owed all the same, and is what keeps the connection in step.</summary>
    /// <exception cref="RedisReplyException">It is of another kind than the command has.</exception>
    void Complete(in RedisReply reply);

    /// <summary>No reply will come.</summary>
    void Fail(RedisConnectionException reason, bool mayHaveRun);
}
