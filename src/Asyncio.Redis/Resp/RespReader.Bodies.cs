using System.Text;

namespace Asyncio.Redis.Resp;

// Values that go over several lines: strings with a length, and what has elements.
internal sealed partial class RespReader
{
    private const RedisReplyKind Attribute = (RedisReplyKind)(-1); // read and dropped
    private const int FirstBulk = 64 * 1024;
    private const int FirstItems = 64;

    private byte[]? _bulk; // a string that was cut
    private int _bulkFilled; // with its line end, which is not stored
    private int _bulkLength;
    private RedisReplyKind _bulkKind;

    private Aggregate[] _open = new Aggregate[4];
    private int _depth;
    private bool _attributed; // the value of an attribute at the top is to come

    private bool BeginBulk(RedisReplyKind kind, scoped ReadOnlySpan<byte> length, scoped ReadOnlySpan<byte> line, ref ReadOnlySpan<byte> input, out RedisReply reply)
    {
        if (!TryReadLength(length, line, 1, out var count))
        {
            reply = default; // a null in the manner of RESP2
            return true;
        }

        Spend((long)count + 2);
        if (count <= input.Length - 2)
        {
            reply = ToReply(kind, count == 0 ? [] : input[..count].ToArray());
            CheckLineEnd(input.Slice(count, 2));
            input = input[(count + 2)..];
            return true;
        }

        _bulk = GC.AllocateUninitializedArray<byte>(Math.Min(count, FirstBulk));
        _bulkFilled = 0;
        _bulkLength = count;
        _bulkKind = kind;
        reply = default;
        return false;
    }

    private bool FillBulk(ref ReadOnlySpan<byte> input, out RedisReply reply)
    {
        var body = input[..Math.Min(input.Length, Math.Max(0, _bulkLength - _bulkFilled))];
        if (_bulkFilled + body.Length > _bulk!.Length && _bulkFilled < _bulkLength)
        {
            var size = Math.Min(_bulkLength, Math.Max(2L * _bulk.Length, _bulkFilled + body.Length));
            Array.Resize(ref _bulk, (int)size);
        }

        body.CopyTo(_bulk.AsSpan(Math.Min(_bulkFilled, _bulk.Length)));
        _bulkFilled += body.Length;
        input = input[body.Length..];
        while (_bulkFilled >= _bulkLength && _bulkFilled < _bulkLength + 2 && !input.IsEmpty)
        {
            CheckLineEnd(input[..1], _bulkFilled - _bulkLength);
            input = input[1..];
            _bulkFilled++;
        }

        if (_bulkFilled < _bulkLength + 2)
        {
            reply = default;
            return false;
        }

        reply = ToReply(_bulkKind, _bulk);
        _bulk = null;
        return true;
    }

    private static RedisReply ToReply(RedisReplyKind kind, byte[] bytes) => kind switch
    {
        RedisReplyKind.Error => new RedisReply(kind, Encoding.UTF8.GetString(bytes)),
        RedisReplyKind.VerbatimString => bytes is [_, _, _, (byte)':', .. var text]
            ? new RedisReply(kind, text)
            : throw new RespFormatException("A verbatim string has no format."),
        _ => new RedisReply(kind, bytes),
    };

    private static void CheckLineEnd(ReadOnlySpan<byte> end, int from = 0)
    {
        if (!end.SequenceEqual("\r\n"u8.Slice(from, end.Length)))
        {
            throw new RespFormatException("A string is longer than the length before it.");
        }
    }

    /// <summary>False for what has elements to come.</summary>
    private bool BeginAggregate(RedisReplyKind kind, int width, scoped ReadOnlySpan<byte> length, scoped ReadOnlySpan<byte> line, out RedisReply reply)
    {
        reply = default;
        if (!TryReadLength(length, line, width * LeastElement, out var count))
        {
            return true;
        }

        if (kind == RedisReplyKind.Push && _depth > 0)
        {
            throw Malformed(line);
        }

        count *= width;
        if (count == 0 && kind != Attribute)
        {
            reply = new RedisReply(kind, Array.Empty<RedisReply>());
            return true;
        }

        if (count == 0)
        {
            _attributed |= _depth == 0;
            return false;
        }

        if (_depth == _maxDepth)
        {
            throw new RespFormatException($"A reply is nested deeper than {nameof(RedisOptions)}.{nameof(RedisOptions.MaxReplyDepth)}, {_maxDepth}.");
        }

        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, 2 * _depth);
        }

        _open[_depth++] = new Aggregate(kind, count, new RedisReply[Math.Min(count, FirstItems)]);
        return false;
    }

    /// <summary>Puts a value where it belongs. True if that completes a reply, which it becomes.</summary>
    private bool Attach(ref RedisReply value)
    {
        while (_depth > 0)
        {
            ref var parent = ref _open[_depth - 1];
            if (!parent.Add(value))
            {
                return false;
            }

            var (kind, items) = (parent.Kind, parent.Items);
            parent = default;
            _depth--;
            if (kind == Attribute)
            {
                _attributed |= _depth == 0;
                return false; // the value it belongs to comes next
            }

            value = new RedisReply(kind, items);
        }

        _attributed = false;
        return true;
    }

    /// <summary>False for a null: the length -1 of RESP2.</summary>
    private bool TryReadLength(scoped ReadOnlySpan<byte> text, scoped ReadOnlySpan<byte> line, int unit, out int count)
    {
        var length = Integer(text, line);
        count = 0;
        if (length < 0)
        {
            return length == -1 && line[0] is (byte)'$' or (byte)'*' ? false : throw Malformed(line);
        }

        if (length > _budget / unit || length > Array.MaxLength / unit)
        {
            throw TooLong();
        }

        count = (int)length;
        return true;
    }

    /// <summary>One whose elements are not all there.</summary>
    private struct Aggregate(RedisReplyKind kind, int count, RedisReply[] items)
    {
        private int _filled;

        public readonly RedisReplyKind Kind => kind;

        public RedisReply[] Items => items;

        /// <summary>True if it was the last.</summary>
        public bool Add(in RedisReply item)
        {
            if (_filled == items.Length)
            {
                Array.Resize(ref items, (int)Math.Min(count, 2L * _filled));
            }

            items[_filled++] = item;
            return _filled == count;
        }
    }
}
