namespace Asyncio.Redis;

/// <summary>An entry that a consumer of a group was given and has not acknowledged.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Consumer">Who has it.</param>
/// <param name="Idle">For how many seconds.</param>
/// <param name="Deliveries">How many times it was given out.</param>
public readonly record struct RedisPendingEntry(string Id, string Consumer, double Idle, long Deliveries)
{
    internal static readonly Func<RedisReply, RedisPendingEntry[]> Several = static reply => Reply.Each(reply, static item =>
    {
        var parts = Reply.Exactly(item, 4);
        return new RedisPendingEntry(Reply.SomeText(parts[0]), Reply.SomeText(parts[1]), parts[2].AsInt64() / 1000.0, parts[3].AsInt64());
    });
}
