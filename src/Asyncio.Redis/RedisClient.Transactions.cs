namespace Asyncio.Redis;

// Reading, thinking, writing, as if nobody else were there.
public sealed partial class RedisClient
{
    /// <summary>
    /// Reads keys and writes according to what they hold; if somebody changes one of them meanwhile, it begins anew. The counterpart of redis-py's
    /// <c>transaction(func, *watches)</c>. Redis: <c>WATCH</c>, <c>MULTI</c>, <c>EXEC</c>.
    /// </summary>
    /// <param name="keys">The keys to watch.</param>
    /// <param name="body">Reads with the connection, and queues what is to be written. It may be called several times.</param>
    /// <param name="attempts">How many times at most.</param>
    /// <exception cref="RedisWatchException">Each time, somebody changed a key.</exception>
    /// <remarks>Suspends. Cancelled before the end of <paramref name="body"/>, nothing has been written.</remarks>
    public async Coroutine TransactionAsync(RedisValue[] keys, Func<RedisConnection, RedisTransaction, Coroutine> body, int attempts = 10)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        await using var connection = await AcquireAsync();
        while (true)
        {
            await connection.WatchAsync(keys);
            var transaction = connection.CreateTransaction();
            await body(connection, transaction);
            try
            {
                await transaction.ExecuteAsync();
                if (transaction.Count == 0)
                {
                    await connection.UnwatchAsync();
                }

                return;
            }
            catch (RedisWatchException) when (--attempts > 0)
            {
                // anew
            }
        }
    }
}
