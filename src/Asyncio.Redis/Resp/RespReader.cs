using System.Text;

namespace Asyncio.Redis.Resp;

/// <summary>
/// Makes replies of bytes that come in pieces of any size. It never looks at a byte twice but for the header that a piece cuts, and copies
/// what it keeps exactly once.
/// </summary>
/// <remarks>
/// Nothing is believed before it is there: memory grows with what has come, never with what was announced. All lengths of one reply are
/// drawn from one budget, which therefore also bounds the number of elements: each takes three bytes at least.
/// </remarks>
internal sealed partial class RespReader
{
    private const int MaxLine = 64 * 1024; // errors and simple strings; the server's own are shorter than 1 KiB
    private const int LeastElement = 3; // "_\r\n"

    private byte[] _line = new byte[64]; // of a header that was cut
    private int _lineLength;
    private readonly long _maxLength;
    private readonly int _maxDepth;
    private long _budget;

    public RespReader(long maxLength, int maxDepth)
    {
        _budget = _maxLength = maxLength;
        _maxDepth = maxDepth;
    }

    /// <summary>True between two replies.</summary>
    public bool IsIdle => _depth == 0 && _lineLength == 0 && _bulk is null && !_attributed;

    /// <summary>Takes one reply from the front of the input.</summary>
    /// <param name="input">What has come; shortened by what was taken.</param>
    /// <param name="reply">The reply.</param>
    /// <returns>False: all input was taken, and there is more to come before the next reply is complete.</returns>
    /// <exception cref="RespFormatException">It is no RESP3. The reader is of no use after that.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> input, out RedisReply reply)
    {
        while (true)
        {
            if (_bulk is not null)
            {
                if (!FillBulk(ref input, out reply))
                {
                    return false;
                }
            }
            else
            {
                if (!TryTakeLine(ref input, out var line))
                {
                    reply = default;
                    return false;
                }

                if (!Begin(line, ref input, out reply))
                {
                    continue;
                }
            }

            if (Attach(ref reply))
            {
                _budget = _maxLength;
                return true;
            }
        }
    }

    /// <summary>Reads a header. True if it was a whole value, or one whose body is in the input as well.</summary>
    private bool Begin(scoped ReadOnlySpan<byte> line, ref ReadOnlySpan<byte> input, out RedisReply reply)
    {
        Spend(line.Length + 2);
        var rest = line[1..];
        switch (line[0])
        {
            case (byte)'+':
                reply = rest.SequenceEqual("OK"u8) ? RedisReply.Ok : new RedisReply(RedisReplyKind.SimpleString, Encoding.UTF8.GetString(rest));
                return true;
            case (byte)':':
                reply = new RedisReply(RedisReplyKind.Integer, null, Integer(rest, line));
                return true;
            case (byte)'$':
                return BeginBulk(RedisReplyKind.BulkString, rest, line, ref input, out reply);
            case (byte)'=':
                return BeginBulk(RedisReplyKind.VerbatimString, rest, line, ref input, out reply);
            case (byte)'!':
                return BeginBulk(RedisReplyKind.Error, rest, line, ref input, out reply);
            case (byte)'-':
                reply = new RedisReply(RedisReplyKind.Error, Encoding.UTF8.GetString(rest));
                return true;
            case (byte)'_' when rest.IsEmpty:
                reply = default;
                return true;
            case (byte)'#' when rest is [(byte)'t' or (byte)'f']:
                reply = new RedisReply(RedisReplyKind.Boolean, null, rest[0] == 't' ? 1 : 0);
                return true;
            case (byte)',' when RedisNumbers.TryParseDouble(Encoding.Latin1.GetString(rest), out var number):
                reply = new RedisReply(RedisReplyKind.Double, null, BitConverter.DoubleToInt64Bits(number));
                return true;
            case (byte)'(' when IsInteger(rest):
                reply = new RedisReply(RedisReplyKind.BigNumber, Encoding.Latin1.GetString(rest));
                return true;
            case (byte)'*':
                return BeginAggregate(RedisReplyKind.Array, 1, rest, line, out reply);
            case (byte)'~':
                return BeginAggregate(RedisReplyKind.Set, 1, rest, line, out reply);
            case (byte)'>':
                return BeginAggregate(RedisReplyKind.Push, 1, rest, line, out reply);
            case (byte)'%':
                return BeginAggregate(RedisReplyKind.Map, 2, rest, line, out reply);
            case (byte)'|':
                return BeginAggregate(Attribute, 2, rest, line, out reply);
            default:
                throw Malformed(line);
        }
    }

    /// <summary>A line without its end. It stands in the input or in <see cref="_line"/>, and is to be used at once.</summary>
    private bool TryTakeLine(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> line)
    {
        if (_lineLength == 0 && !input.IsEmpty && !IsType(input[0]))
        {
            throw Malformed(input); // at once: the end of such a line may never come
        }

        var end = input.IndexOf((byte)'\n');
        var taken = end < 0 ? input.Length : end + 1;
        if (_lineLength + taken > MaxLine)
        {
            throw new RespFormatException($"A line is longer than {MaxLine} bytes.");
        }

        if (end >= 0 && _lineLength == 0)
        {
            line = input[..taken];
            input = input[taken..];
        }
        else
        {
            Keep(input[..taken]);
            input = input[taken..];
            line = _line.AsSpan(0, _lineLength);
            if (end < 0)
            {
                return false;
            }

            _lineLength = 0;
        }

        line = line is [.. var body, (byte)'\r', (byte)'\n'] && body.Length > 0 ? body : throw Malformed(line);
        return true;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_lineLength + part.Length > _line.Length)
        {
            Array.Resize(ref _line, Math.Max(_lineLength + part.Length, 2 * _line.Length));
        }

        part.CopyTo(_line.AsSpan(_lineLength));
        _lineLength += part.Length;
    }

    private void Spend(long bytes)
    {
        _budget -= bytes;
        if (_budget < 0)
        {
            throw TooLong();
        }
    }

    private RespFormatException TooLong() => new($"A reply is longer than {nameof(RedisOptions)}.{nameof(RedisOptions.MaxReplyLength)}, {_maxLength} bytes.");

    private static bool IsType(byte first) => "+:$-*%_#,(~>=!|"u8.Contains(first);

    private static bool IsInteger(ReadOnlySpan<byte> digits)
    {
        var unsigned = digits is [(byte)'-' or (byte)'+', ..] ? digits[1..] : digits;
        return !unsigned.IsEmpty && !unsigned.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Strict: a sign, digits, nothing else, within 64 bits.</summary>
    private static long Integer(ReadOnlySpan<byte> text, ReadOnlySpan<byte> line)
    {
        var negative = text is [(byte)'-', ..];
        var digits = negative || text is [(byte)'+', ..] ? text[1..] : text;
        if (digits.IsEmpty || digits.Length > 19)
        {
            throw Malformed(line);
        }

        var value = 0UL;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                throw Malformed(line);
            }

            value = (value * 10) + digit - '0';
        }

        return value <= long.MaxValue ? (negative ? -(long)value : (long)value)
            : negative && value == 1UL << 63 ? long.MinValue
            : throw Malformed(line);
    }

    private static RespFormatException Malformed(ReadOnlySpan<byte> line) => new($"This is no RESP3: \"{RedisText.Shorten(line)}\".");
}
