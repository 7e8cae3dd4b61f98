namespace Asyncio.Redis.Connections;

/// <summary>Who takes what a server sends unasked.</summary>
internal interface IPushReceiver
{
    /// <exception cref="RedisReplyException">It is not of a kind that the server sends.</exception>
    void OnPush(in RedisReply push);

    void OnLost(RedisConnectionException reason);
}
