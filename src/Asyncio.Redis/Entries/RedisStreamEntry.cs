namespace Asyncio.Redis;

/// <summary>An entry of a stream.</summary>
public sealed class RedisStreamEntry
{
    internal RedisStreamEntry(string id, KeyValuePair<string, RedisValue>[] fields)
    {
        Id = id;
        Fields = fields;
    }

    /// <summary>Its number, which is greater than those of all entries before: <c>milliseconds-counter</c>.</summary>
    public string Id { get; }

    /// <summary>Names and values in the order in which they were given. None if the entry was deleted while it was pending in a group.</summary>
    public IReadOnlyList<KeyValuePair<string, RedisValue>> Fields { get; }

    /// <summary>The value of a field; null if there is none.</summary>
    public RedisValue this[string field]
    {
        get
        {
            foreach (var (name, value) in Fields)
            {
                if (name == field)
                {
                    return value;
                }
            }

            return default;
        }
    }

    /// <summary>The id and the fields.</summary>
    public override string ToString() => $"{Id} {{{string.Join(", ", Fields.Select(field => $"{field.Key}={RedisText.Shorten(field.Value.ToString())}"))}}}";

    internal static RedisStreamEntry Of(RedisReply reply)
    {
        var parts = Reply.Exactly(reply, 2);
        var words = parts[1].AsItems();
        if (words.Length % 2 != 0)
        {
            throw reply.IsNot("an entry of a stream");
        }

        var fields = new KeyValuePair<string, RedisValue>[words.Length / 2];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = new(Reply.SomeText(words[2 * i]), words[(2 * i) + 1].AsValue());
        }

        return new RedisStreamEntry(Reply.SomeText(parts[0]), fields);
    }

    internal static readonly Func<RedisReply, RedisStreamEntry[]> Several = static reply => Reply.Each(reply, Of);

    /// <summary>Of several streams, by their keys; those without new entries are not there.</summary>
    internal static readonly Func<RedisReply, Dictionary<string, RedisStreamEntry[]>> OfStreams = static reply => Reply.Map(reply, Several);

    /// <summary>Of the one stream that was asked.</summary>
    internal static readonly Func<RedisReply, RedisStreamEntry[]> OfStream = static reply => reply.IsNull ? [] : Several(Single(reply));

    private static RedisReply Single(in RedisReply reply) => Reply.Exactly(reply, 2)[1];
}
