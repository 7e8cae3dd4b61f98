using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Asyncio.Redis;

/// <summary>
/// A scalar as Redis knows it: a key, an argument, a value that came back. It is made of a <see cref="string"/>, bytes or a number without
/// a word, and becomes one again when asked. Redis itself stores bytes: a text is UTF-8, a number its decimal digits.
/// </summary>
/// <remarks>
/// A small struct that never changes; any thread may use it. Bytes that are given in are not copied before the command is written: they must
/// not change until it has been awaited. Two are equal if Redis would store the same bytes for them.
/// </remarks>
public readonly partial struct RedisValue : IEquatable<RedisValue>
{
    private const int MaxFormattedNumber = 32;

    private static readonly object s_integer = new();
    private static readonly object s_double = new();

    private readonly object? _object; // null, a string, a byte[], or one of the two marks
    private readonly long _bits; // the number; of a byte[], offset and length

    private RedisValue(object? value, long bits)
    {
        _object = value;
        _bits = bits;
    }

    /// <summary>No value: the key was not there. Refused as an argument.</summary>
    public static RedisValue Null => default;

    /// <summary>True if there is no value.</summary>
    public bool IsNull => _object is null;

    /// <summary>True if there is no value or it has no bytes.</summary>
    public bool IsNullOrEmpty => _object switch
    {
        null => true,
        string text => text.Length == 0,
        byte[] => (int)_bits == 0,
        _ => false,
    };

    /// <summary>The value's bytes, not a copy where it has come from the server; empty if it is null.</summary>
    public ReadOnlyMemory<byte> Memory => _object switch
    {
        null => default,
        byte[] bytes => bytes.AsMemory((int)(_bits >> 32), (int)_bits),
        string text => Encoding.UTF8.GetBytes(text),
        _ => FormatNumber(),
    };

    /// <summary>The text, UTF-8; of bytes that are none, replacement characters. Empty if it is null.</summary>
    public override string ToString() => (string?)this ?? "";

    /// <summary>The value as a whole number, if it is one.</summary>
    public bool TryGetInt64(out long number)
    {
        switch (_object)
        {
            case null:
                number = 0;
                return false;
            case string text:
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
            case byte[]:
                var span = Memory.Span;
                return Utf8Parser.TryParse(span, out number, out var used) && used == span.Length;
            case var mark when ReferenceEquals(mark, s_integer):
                number = _bits;
                return true;
            default:
                var value = BitConverter.Int64BitsToDouble(_bits);
                number = value is >= -9.2233720368547758E+18 and < 9.2233720368547758E+18 ? (long)value : 0;
                return number == value;
        }
    }

    /// <summary>The value as a number, if it is one; <c>inf</c>, <c>-inf</c> and <c>nan</c> are.</summary>
    public bool TryGetDouble(out double number)
    {
        if (ReferenceEquals(_object, s_double))
        {
            number = BitConverter.Int64BitsToDouble(_bits);
            return true;
        }

        if (TryGetInt64(out var integer))
        {
            number = integer;
            return true;
        }

        return RedisNumbers.TryParseDouble((string?)this ?? "", out number);
    }

    /// <inheritdoc/>
    public bool Equals(RedisValue other)
    {
        if (IsNull || other.IsNull)
        {
            return IsNull && other.IsNull;
        }

        return (_object is string left && other._object is string right && left == right) || Memory.Span.SequenceEqual(other.Memory.Span);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RedisValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (IsNull)
        {
            return 0;
        }

        var hash = new HashCode();
        hash.AddBytes(Memory.Span);
        return hash.ToHashCode();
    }

    /// <summary>True if Redis would store the same bytes for both.</summary>
    public static bool operator ==(RedisValue left, RedisValue right) => left.Equals(right);

    /// <summary>False if Redis would store the same bytes for both.</summary>
    public static bool operator !=(RedisValue left, RedisValue right) => !left.Equals(right);

    internal static RedisValue OfNumber(double number) => new(s_double, BitConverter.DoubleToInt64Bits(number));

    /// <summary>The text if it is one that has not been encoded, so that the writer can do that in place.</summary>
    internal string? TextOrNull => _object as string;

    /// <summary>The bytes if it holds some.</summary>
    internal bool TryGetBytes(out ReadOnlySpan<byte> bytes)
    {
        if (_object is byte[] array)
        {
            bytes = array.AsSpan((int)(_bits >> 32), (int)_bits);
            return true;
        }

        bytes = default;
        return false;
    }

    /// <summary>Writes the digits of a number.</summary>
    /// <param name="destination">At least <see cref="MaxNumberLength"/> long.</param>
    internal int Format(Span<byte> destination)
    {
        if (ReferenceEquals(_object, s_integer))
        {
            Utf8Formatter.TryFormat(_bits, destination, out var written);
            return written;
        }

        return RedisNumbers.Format(BitConverter.Int64BitsToDouble(_bits), destination);
    }

    internal const int MaxNumberLength = MaxFormattedNumber;

    private byte[] FormatNumber()
    {
        Span<byte> digits = stackalloc byte[MaxFormattedNumber];
        return digits[..Format(digits)].ToArray();
    }

    private static RedisValue OfMemory(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment)
            ? new(segment.Array, ((long)segment.Offset << 32) | (uint)segment.Count)
            : (RedisValue)memory.ToArray();
}
