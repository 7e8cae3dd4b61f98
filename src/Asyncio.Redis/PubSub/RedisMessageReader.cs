namespace Asyncio.Redis;

/// <summary>Reads the messages of a <see cref="RedisSubscription"/>; used by <c>await foreach</c>.</summary>
public sealed class RedisMessageReader
{
    private readonly RedisSubscription _subscription;

    internal RedisMessageReader(RedisSubscription subscription) => _subscription = subscription;

    /// <summary>The message that the last <see cref="MoveNextAsync"/> took.</summary>
    public RedisMessage Current { get; private set; }

    /// <summary>Takes the next message, waiting for one if need be.</summary>
    /// <returns>False if the subscription was disposed of and no message waits.</returns>
    /// <exception cref="RedisConnectionException">The connection was lost for good.</exception>
    /// <remarks>Cancelled, it takes none.</remarks>
    public async Coroutine<bool> MoveNextAsync()
    {
        (var some, Current) = await _subscription.Next();
        return some;
    }
}
