namespace Asyncio.Redis;

/// <summary>From replies to results. Each throws <see cref="RedisReplyException"/> for a kind that the command does not have.</summary>
internal static class Reply
{
    public static readonly Func<RedisReply, RedisReply> Raw = static reply => reply;
    public static readonly Func<RedisReply, RedisValue> Value = static reply => reply.AsValue();
    public static readonly Func<RedisReply, string?> Text = static reply => reply.AsString();
    public static readonly Func<RedisReply, string> SomeText = static reply => reply.AsString() ?? throw reply.IsNot("a text");
    public static readonly Func<RedisReply, long> Integer = static reply => reply.Kind == RedisReplyKind.Integer ? reply.AsInt64() : throw reply.IsNot("a whole number");
    public static readonly Func<RedisReply, long?> MaybeInteger = static reply => reply.IsNull ? null : reply.AsInt64();
    public static readonly Func<RedisReply, double> Number = static reply => reply.AsDouble();
    public static readonly Func<RedisReply, double?> MaybeNumber = static reply => reply.IsNull ? null : reply.AsDouble();
    public static readonly Func<RedisReply, bool> Flag = static reply => reply.AsBoolean();
    public static readonly Func<RedisReply, Unit> Ok = static reply => reply.IsOk ? default(Unit) : throw reply.IsNot("OK");

    /// <summary>OK, or null for a condition that did not hold.</summary>
    public static readonly Func<RedisReply, bool> OkOrNull = static reply => !reply.IsNull && (reply.IsOk ? true : throw reply.IsNot("OK or null"));

    public static readonly Func<RedisReply, RedisValue[]> Values = static reply => Each(reply, Value);
    public static readonly Func<RedisReply, string[]> Texts = static reply => Each(reply, SomeText);
    public static readonly Func<RedisReply, bool[]> Flags = static reply => Each(reply, Flag);
    public static readonly Func<RedisReply, long[]> Integers = static reply => Each(reply, Integer);
    public static readonly Func<RedisReply, double?[]> MaybeNumbers = static reply => Each(reply, MaybeNumber);
    public static readonly Func<RedisReply, Dictionary<string, RedisValue>> Fields = static reply => Map(reply, Value);
    public static readonly Func<RedisReply, RedisScoredMember[]> Scored = static reply => Each(reply, ScoredMember);

    /// <summary>Seconds of milliseconds; null for no key, infinity for no end.</summary>
    public static readonly Func<RedisReply, double?> Lifetime = static reply => Integer(reply) switch
    {
        -2 => null,
        -1 => double.PositiveInfinity,
        var milliseconds => milliseconds / 1000.0,
    };

    public static T[] Each<T>(RedisReply reply, Func<RedisReply, T> convert)
    {
        var items = reply.AsItems();
        if (items.IsEmpty)
        {
            return [];
        }

        var result = new T[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            result[i] = convert(items[i]);
        }

        return result;
    }

    /// <summary>Of a map, or of a list that holds keys and values in turn.</summary>
    public static Dictionary<string, T> Map<T>(RedisReply reply, Func<RedisReply, T> convert)
    {
        var items = reply.AsItems();
        if (items.Length % 2 != 0)
        {
            throw reply.IsNot("a list of pairs");
        }

        var result = new Dictionary<string, T>(items.Length / 2);
        for (var i = 0; i < items.Length; i += 2)
        {
            result[SomeText(items[i])] = convert(items[i + 1]);
        }

        return result;
    }

    public static Dictionary<string, RedisReply> Pairs(RedisReply reply) => Map(reply, Raw);

    /// <summary>A fixed number of elements.</summary>
    public static ReadOnlySpan<RedisReply> Exactly(in RedisReply reply, int count) =>
        reply.AsItems() is var items && items.Length == count ? items : throw reply.IsNot($"a list of {count} elements");

    private static RedisScoredMember ScoredMember(RedisReply reply)
    {
        var pair = Exactly(reply, 2);
        return new RedisScoredMember(pair[0].AsValue(), pair[1].AsDouble());
    }
}
