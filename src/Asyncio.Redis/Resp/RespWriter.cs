using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Asyncio.Redis.Resp;

/// <summary>Collects commands, written as RESP, until they are sent together.</summary>
internal sealed class RespWriter
{
    /// <summary>A string of this size and more is not collected but sent from where it is.</summary>
    public const int LargeString = 64 * 1024;

    private const int FirstSize = 4096;
    private const int KeptSize = 256 * 1024;
    private const int MaxHeader = 16;

    private byte[] _buffer = new byte[FirstSize];
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public int Length => _length;

    /// <summary>Forgets what was written; a buffer that one burst has made large is not kept.</summary>
    public void Clear()
    {
        _length = 0;
        if (_buffer.Length > KeptSize)
        {
            _buffer = new byte[FirstSize];
        }
    }

    /// <summary>The beginning of a command.</summary>
    public void WriteName(string name, int arguments)
    {
        var room = Reserve((2 * MaxHeader) + name.Length + 2);
        var at = Header(room, '*', arguments + 1);
        at += Header(room[at..], '$', name.Length);
        at += Encoding.ASCII.GetBytes(name, room[at..]);
        at += LineEnd(room[at..]);
        _length += at;
    }

    /// <summary>An argument.</summary>
    public void Write(in RedisValue value)
    {
        if (value.TryGetBytes(out var bytes))
        {
            Write(bytes);
        }
        else if (value.TextOrNull is { } text)
        {
            Write(text);
        }
        else
        {
            Span<byte> digits = stackalloc byte[RedisValue.MaxNumberLength];
            Write(digits[..value.Format(digits)]);
        }
    }

    /// <summary>The header of a string that is sent from elsewhere.</summary>
    public void WriteLength(int length) => _length += Header(Reserve(MaxHeader), '$', length);

    public void WriteLineEnd() => _length += LineEnd(Reserve(2));

    private void Write(ReadOnlySpan<byte> bytes)
    {
        var room = Reserve(MaxHeader + bytes.Length + 2);
        var at = Header(room, '$', bytes.Length);
        bytes.CopyTo(room[at..]);
        at += bytes.Length;
        at += LineEnd(room[at..]);
        _length += at;
    }

    // Nearly all texts are ASCII, whose length in bytes is known before they are encoded.
    private void Write(string text)
    {
        var room = Reserve(MaxHeader + text.Length + 2);
        var at = Header(room, '$', text.Length);
        if (Ascii.FromUtf16(text, room[at..], out var written) == OperationStatus.Done)
        {
            _length += at + written + LineEnd(room[(at + written)..]);
        }
        else
        {
            Write(Encoding.UTF8.GetBytes(text));
        }
    }

    private static int Header(Span<byte> room, char type, int number)
    {
        room[0] = (byte)type;
        if (number < 10)
        {
            room[1] = (byte)('0' + number);
            LineEnd(room[2..]);
            return 4;
        }

        Utf8Formatter.TryFormat(number, room[1..], out var digits);
        LineEnd(room[(digits + 1)..]);
        return digits + 3;
    }

    private static int LineEnd(Span<byte> room)
    {
        room[1] = (byte)'\n';
        room[0] = (byte)'\r';
        return 2;
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(2L * _buffer.Length, (long)_length + count)));
        }

        return _buffer.AsSpan(_length);
    }
}
