using System.Buffers;
using System.Text;

namespace Asyncio.Files;

/// <summary>
/// Characters that were read ahead. Taken out only when all that an operation asks for are there, so that a cancelled one loses none. Lines
/// end with <c>\n</c>, <c>\r\n</c> or <c>\r</c>.
/// </summary>
internal sealed class TextBuffer
{
    private readonly Encoding _encoding;
    private readonly bool _detect;
    private Decoder _decoder;
    private char[] _chars = [];
    private int _start;
    private int _end;
    private byte[] _head = []; // the first bytes, as long as they may be the begin of a byte order mark
    private bool _begun;
    private bool _skipLineFeed; // the last line ended with \r; waiting to see whether \n follows would keep it back

    /// <param name="detect">True: a byte order mark of another encoding decides.</param>
    internal TextBuffer(Encoding encoding, bool detect)
    {
        _encoding = encoding;
        _detect = detect;
        _decoder = encoding.GetDecoder();
    }

    internal ReadOnlySpan<char> Unread => _chars.AsSpan(_start, _end - _start);

    /// <summary>The file stands somewhere else.</summary>
    /// <param name="atStart">True: there may be a byte order mark.</param>
    internal void Reset(bool atStart)
    {
        _decoder.Reset();
        _begun = !atStart;
        _head = [];
        _start = 0;
        _end = 0;
        _skipLineFeed = false;
    }

    /// <summary>Takes bytes in; none means that the file has ended.</summary>
    /// <returns>False: nothing has come of it, and nothing will.</returns>
    internal bool Decode(ReadOnlySpan<byte> bytes)
    {
        var ended = bytes.IsEmpty;
        if (!_begun)
        {
            bytes = _head = [.. _head, .. bytes];
            if (!ended && MayBecomeMark(bytes))
            {
                return true;
            }

            _begun = true;
            _head = [];
            bytes = bytes[SkipMark(bytes)..];
        }

        var before = _end - _start;
        var room = MakeRoom(_encoding.GetMaxCharCount(bytes.Length) + 1);
        _end += _decoder.GetChars(bytes, room, flush: ended);
        return !ended || _end - _start > before;
    }

    internal string Take(int count)
    {
        SkipLineFeed();
        count = Math.Min(count, _end - _start);
        var text = new string(_chars, _start, count);
        _start += count;
        return text;
    }

    /// <param name="searched">How many characters are known to hold no end of a line; afterwards that many more.</param>
    internal string? TakeLine(ref int searched)
    {
        SkipLineFeed();
        var unread = Unread;
        var end = unread[searched..].IndexOfAny('\r', '\n');
        if (end < 0)
        {
            searched = unread.Length;
            return null;
        }

        end += searched;
        var line = new string(unread[..end]);
        _start += end + 1;
        _skipLineFeed = unread[end] == '\r';
        return line;
    }

    internal void SkipLineFeed()
    {
        if (_skipLineFeed && _end > _start)
        {
            _skipLineFeed = false;
            if (_chars[_start] == '\n')
            {
                _start++;
            }
        }
    }

    internal void Free()
    {
        if (_chars.Length > 0)
        {
            ArrayPool<char>.Shared.Return(_chars);
        }

        _chars = [];
        _start = 0;
        _end = 0;
    }

    /// <summary>Whose marks are looked for, the longest first: that of UTF-16 is the begin of that of UTF-32.</summary>
    private Encoding[] Marked => _detect ? [Encoding.UTF32, Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode] : [_encoding];

    private bool MayBecomeMark(ReadOnlySpan<byte> bytes)
    {
        foreach (var encoding in Marked)
        {
            if (encoding.Preamble.Length > bytes.Length && encoding.Preamble.StartsWith(bytes))
            {
                return true;
            }
        }

        return false;
    }

    private int SkipMark(ReadOnlySpan<byte> bytes)
    {
        foreach (var encoding in Marked)
        {
            var mark = encoding.Preamble;
            if (mark.Length > 0 && bytes.StartsWith(mark))
            {
                if (!ReferenceEquals(encoding, _encoding))
                {
                    _decoder = encoding.GetDecoder();
                }

                return mark.Length;
            }
        }

        return 0;
    }

    private Span<char> MakeRoom(int count)
    {
        var unread = Unread;
        if (_chars.Length - unread.Length < count)
        {
            var larger = ArrayPool<char>.Shared.Rent(Math.Max(unread.Length + count, Math.Min(_chars.Length * 2, Array.MaxLength / 2)));
            unread.CopyTo(larger);
            var length = unread.Length;
            Free();
            _chars = larger;
            _end = length;
        }
        else if (_chars.Length - _end < count)
        {
            unread.CopyTo(_chars);
            _end -= _start;
            _start = 0;
        }

        return _chars.AsSpan(_end);
    }
}
