using System.Globalization;
using System.Text;

namespace Asyncio.Redis;

/// <summary>A reply of the server as it came, of any shape; what <see cref="RedisCommands.ExecuteAsync"/> gives.</summary>
/// <remarks>
/// A small struct that never changes; any thread may use it. The members beginning with <c>As</c> say what is expected and throw
/// <see cref="RedisReplyException"/> if it is something else.
/// </remarks>
public readonly struct RedisReply
{
    private static readonly string s_ok = "OK";

    private readonly object? _object; // a byte[], a string, or the elements
    private readonly long _bits; // a number

    internal RedisReply(RedisReplyKind kind, object? value, long bits = 0)
    {
        Kind = kind;
        _object = value;
        _bits = bits;
    }

    /// <summary>What it is.</summary>
    public RedisReplyKind Kind { get; }

    /// <summary>True if the server says that there is nothing.</summary>
    public bool IsNull => Kind == RedisReplyKind.Null;

    /// <summary>True if it has elements, or could have.</summary>
    public bool IsAggregate => Kind is RedisReplyKind.Array or RedisReplyKind.Set or RedisReplyKind.Map or RedisReplyKind.Push;

    /// <summary>The number of elements, of a map twice the number of its pairs; 0 for what has none.</summary>
    public int Count => IsAggregate ? Elements.Length : 0;

    /// <summary>An element; of a map key, value, key, value.</summary>
    /// <exception cref="IndexOutOfRangeException">There is none of that index.</exception>
    public RedisReply this[int index] => Items[index];

    /// <summary>The elements; empty for what has none.</summary>
    public ReadOnlySpan<RedisReply> Items => IsAggregate ? Elements : [];

    /// <summary>The message of an element that is an error; null of anything else.</summary>
    public string? ErrorMessage => Kind == RedisReplyKind.Error ? (string)_object! : null;

    /// <summary>A scalar.</summary>
    /// <exception cref="RedisReplyException">It has elements, or is an error.</exception>
    public RedisValue AsValue() => Kind switch
    {
        RedisReplyKind.Null => default,
        RedisReplyKind.BulkString or RedisReplyKind.VerbatimString => (byte[])_object!,
        RedisReplyKind.SimpleString or RedisReplyKind.BigNumber => (string)_object!,
        RedisReplyKind.Integer or RedisReplyKind.Boolean => _bits,
        RedisReplyKind.Double => BitConverter.Int64BitsToDouble(_bits),
        _ => throw IsNot("a scalar"),
    };

    /// <summary>A text, or a number as text; null if there is nothing.</summary>
    /// <inheritdoc cref="AsValue"/>
    public string? AsString() => AsValue();

    /// <summary>Bytes, not a copy; null if there is nothing.</summary>
    /// <inheritdoc cref="AsValue"/>
    public byte[]? AsBytes() => AsValue();

    /// <summary>A whole number, also one that is written as text.</summary>
    /// <exception cref="RedisReplyException">It is none.</exception>
    public long AsInt64() =>
        Kind == RedisReplyKind.Integer ? _bits
        : !IsAggregate && Kind != RedisReplyKind.Error && AsValue().TryGetInt64(out var number) ? number
        : throw IsNot("a whole number");

    /// <summary>A number, also one that is written as text.</summary>
    /// <exception cref="RedisReplyException">It is none.</exception>
    public double AsDouble() =>
        !IsAggregate && Kind != RedisReplyKind.Error && AsValue().TryGetDouble(out var number) ? number : throw IsNot("a number");

    /// <summary>True or false, or 1 or 0.</summary>
    /// <exception cref="RedisReplyException">It is neither.</exception>
    public bool AsBoolean() => AsInt64() switch
    {
        0 => false,
        1 => true,
        _ => throw IsNot("true or false"),
    };

    /// <summary>The elements.</summary>
    /// <exception cref="RedisReplyException">It is a scalar. Nothing counts as no elements.</exception>
    public ReadOnlySpan<RedisReply> AsItems() => IsAggregate || IsNull ? Items : throw IsNot("a list of elements");

    /// <summary>What it says, for people: nested, and cut where it is long.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Describe(text, depth: 0);
        return text.ToString();
    }

    internal static RedisReply Ok => new(RedisReplyKind.SimpleString, s_ok);

    internal bool IsOk => ReferenceEquals(_object, s_ok) || Says("OK"u8);

    internal bool IsPush => Kind == RedisReplyKind.Push;

    internal bool IsError => Kind == RedisReplyKind.Error;

    /// <summary>Compares a text in ASCII that came as a simple or a bulk string, without making one.</summary>
    internal bool Says(ReadOnlySpan<byte> text) => _object switch
    {
        byte[] bytes => bytes.AsSpan().SequenceEqual(text),
        string said => Ascii.Equals(text, said),
        _ => false,
    };

    internal RedisReplyException IsNot(string what) => new($"The reply is not {what} but {Kind}: {this}");

    private RedisReply[] Elements => (RedisReply[])_object!;

    private void Describe(StringBuilder text, int depth)
    {
        const int MaxItems = 8;
        const int MaxDepth = 3;
        if (!IsAggregate)
        {
            text.Append(Kind switch
            {
                RedisReplyKind.Null => "(null)",
                RedisReplyKind.Error => $"(error) {RedisText.Shorten(ErrorMessage!)}",
                RedisReplyKind.Integer or RedisReplyKind.Double or RedisReplyKind.BigNumber => AsString(),
                RedisReplyKind.Boolean => _bits == 1 ? "true" : "false",
                _ => $"\"{RedisText.Shorten(AsValue().ToString())}\"",
            });
            return;
        }

        text.Append('[');
        for (var i = 0; i < Math.Min(Count, MaxItems) && depth < MaxDepth; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Elements[i].Describe(text, depth + 1);
        }

        var shown = depth < MaxDepth ? Math.Min(Count, MaxItems) : 0;
        text.Append(shown < Count ? string.Create(CultureInfo.InvariantCulture, $" …{Count - shown} more]") : "]");
    }
}
