using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Asyncio.Redis;

// From and to .NET's types. What cannot fail needs no cast.
public readonly partial struct RedisValue
{
    /// <summary>A text; null is <see cref="Null"/>.</summary>
    public static implicit operator RedisValue(string? text) => new(text, 0);

    /// <summary>Bytes; null is <see cref="Null"/>.</summary>
    public static implicit operator RedisValue(byte[]? bytes) => bytes is null ? default : new(bytes, (uint)bytes.Length);

    /// <summary>Bytes.</summary>
    public static implicit operator RedisValue(ReadOnlyMemory<byte> bytes) => OfMemory(bytes);

    /// <summary>A number.</summary>
    public static implicit operator RedisValue(int number) => new(s_integer, number);

    /// <summary>A number.</summary>
    public static implicit operator RedisValue(long number) => new(s_integer, number);

    /// <summary>A number, with as many digits as it takes to read the same number again.</summary>
    public static implicit operator RedisValue(double number) => OfNumber(number);

    /// <summary>1 or 0.</summary>
    public static implicit operator RedisValue(bool flag) => new(s_integer, flag ? 1 : 0);

    /// <summary>The text; null if there is no value.</summary>
    public static implicit operator string?(RedisValue value) => value._object switch
    {
        null => null,
        string text => text,
        _ => Encoding.UTF8.GetString(value.Memory.Span),
    };

    /// <summary>The bytes, not a copy where they fill their array; null if there is no value.</summary>
    public static implicit operator byte[]?(RedisValue value) => value._object switch
    {
        null => null,
        byte[] bytes when value._bits == (uint)bytes.Length => bytes,
        _ => value.Memory.ToArray(),
    };

    /// <summary>The value as a number.</summary>
    /// <exception cref="InvalidCastException">It is null or no whole number of 64 bits.</exception>
    public static explicit operator long(RedisValue value) => value.TryGetInt64(out var number) ? number : throw value.NotA("a whole number of 64 bits");

    /// <summary>The value as a number.</summary>
    /// <exception cref="InvalidCastException">It is null or no whole number of 32 bits.</exception>
    public static explicit operator int(RedisValue value) =>
        value.TryGetInt64(out var number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : throw value.NotA("a whole number of 32 bits");

    /// <summary>The value as a number.</summary>
    /// <exception cref="InvalidCastException">It is null or no number.</exception>
    public static explicit operator double(RedisValue value) => value.TryGetDouble(out var number) ? number : throw value.NotA("a number");

    /// <summary>True for 1, false for 0.</summary>
    /// <exception cref="InvalidCastException">It is neither.</exception>
    public static explicit operator bool(RedisValue value) =>
        value.TryGetInt64(out var number) && number is 0 or 1 ? number == 1 : throw value.NotA("1 or 0");

    [SuppressMessage("Globalization", "CA1305", Justification = "A text.")]
    private InvalidCastException NotA(string what)
    {
        var text = IsNull ? "Null" : $"\"{RedisText.Shorten(ToString())}\"";
        return new InvalidCastException($"{text} is not {what}.");
    }
}
