using System.Diagnostics;
using System.Text;

namespace Asyncio.Files;

/// <summary>
/// An open file of text. The counterpart of aiofiles' text files, with the spellings of <see cref="StreamReader"/> and
/// <see cref="StreamWriter"/>. What <see cref="AsyncFile"/> says about order, cancellation and the buffer holds here too.
/// </summary>
/// <remarks>
/// <para><c>await foreach (var line in file) { … }</c> reads its lines.</para>
/// <para>
/// It reads ahead: one that is read and written needs a <see cref="SeekAsync"/> between the two, unless it was read to its end.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class AsyncTextFile : IAsyncDisposable, IAsyncEnumerable<string>
{
    /// <summary>UTF-8 without a byte order mark.</summary>
    internal static readonly UTF8Encoding DefaultEncoding = new(encoderShouldEmitUTF8Identifier: false);

    private readonly AsyncFile _file;
    private readonly FileTurns _turns;
    private readonly TextBuffer _text;

    internal AsyncTextFile(AsyncFile file, Encoding? encoding)
    {
        _file = file;
        _turns = new FileTurns(this);
        Encoding = encoding ?? DefaultEncoding;
        _text = new TextBuffer(Encoding, detect: encoding is null);
        _text.Reset(atStart: file.Position == 0);
    }

    /// <summary>Opens a file. Asyncio: <c>aiofiles.open(path)</c>; for the modes of Python's <c>open()</c> see <see cref="Aio.OpenTextFile"/>.</summary>
    /// <param name="encoding">
    /// Null is UTF-8, written without a byte order mark; read, the mark of UTF-8, UTF-16 or UTF-32 decides. The mark of an encoding that is given
    /// is written at the start of a new file, and skipped there.
    /// </param>
    /// <inheritdoc cref="AsyncFile.OpenAsync"/>
    public static async Coroutine<AsyncTextFile> OpenAsync(
        string path,
        FileMode mode = FileMode.Open,
        FileAccess? access = null,
        FileShare share = FileShare.Read,
        Encoding? encoding = null,
        FileOptions options = FileOptions.None,
        int bufferSize = AsyncFile.DefaultBufferSize) =>
        new(await AsyncFile.OpenAsync(path, mode, access, share, options, bufferSize), encoding);

    /// <summary>Makes a text file of a file of bytes, which is closed with it. Python: <c>io.TextIOWrapper</c>.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    public static AsyncTextFile Wrap(AsyncFile file, Encoding? encoding = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new AsyncTextFile(file, encoding);
    }

    /// <summary>The bytes below. What this has read ahead, that has read. Asyncio: <c>file.buffer</c>.</summary>
    public AsyncFile BaseFile => _file;

    /// <summary>How characters are written; read, unless a byte order mark said otherwise. Asyncio: <c>file.encoding</c>.</summary>
    public Encoding Encoding { get; }

    /// <summary>What ends a line that is written. Asyncio: <c>newline</c> of <c>open()</c>.</summary>
    public string NewLine { get; init; } = Environment.NewLine;

    /// <inheritdoc cref="AsyncFile.Name"/>
    public string Name => _file.Name;

    /// <inheritdoc cref="AsyncFile.IsClosed"/>
    public bool IsClosed => _file.IsClosed;

    /// <summary>Reads a line, without what ends it: <c>\n</c>, <c>\r\n</c> or <c>\r</c>. Asyncio: <c>readline()</c>.</summary>
    /// <returns>The line; null at the end of the file.</returns>
    /// <inheritdoc cref="AsyncFile.ReadAsync(Memory{byte})" path="/exception"/>
    public async Coroutine<string?> ReadLineAsync()
    {
        using var turn = await _turns.EnterAsync();
        var searched = 0;
        while (true)
        {
            if (_text.TakeLine(ref searched) is { } line)
            {
                return line;
            }

            if (!await Fill())
            {
                return _text.Unread.Length > 0 ? _text.Take(int.MaxValue) : null;
            }
        }
    }

    /// <summary>Reads the lines that are left, without what ends them: all of them, or none if it is cancelled. Asyncio: <c>readlines()</c>.</summary>
    /// <inheritdoc cref="AsyncFile.ReadAsync(Memory{byte})" path="/exception"/>
    public async Coroutine<List<string>> ReadAllLinesAsync()
    {
        using var turn = await _turns.EnterAsync();
        while (await Fill())
        {
        }

        var lines = new List<string>();
        var searched = 0;
        while (_text.TakeLine(ref searched) is { } line)
        {
            lines.Add(line);
            searched = 0;
        }

        if (_text.Unread.Length > 0)
        {
            lines.Add(_text.Take(int.MaxValue));
        }

        return lines;
    }

    /// <summary>Reads to the end of the file. Asyncio: <c>read()</c>.</summary>
    /// <inheritdoc cref="AsyncFile.ReadAsync(Memory{byte})" path="/exception"/>
    public async Coroutine<string> ReadToEndAsync()
    {
        using var turn = await _turns.EnterAsync();
        while (await Fill())
        {
        }

        return _text.Take(int.MaxValue);
    }

    /// <summary>Reads <paramref name="count"/> characters, fewer only if the file ends before. Asyncio: <c>read(n)</c>.</summary>
    /// <param name="count">How many at most: UTF-16 units, as everywhere in .NET.</param>
    /// <returns>The text; empty at the end of the file.</returns>
    /// <inheritdoc cref="AsyncFile.ReadAsync(Memory{byte})" path="/exception"/>
    public async Coroutine<string> ReadAsync(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using var turn = await _turns.EnterAsync();
        _text.SkipLineFeed();
        while (_text.Unread.Length < count && await Fill())
        {
            _text.SkipLineFeed();
        }

        return _text.Take(count);
    }

    /// <summary>The lines that are left, for <c>await foreach</c>.</summary>
    /// <param name="cancellationToken">Ends the enumeration before the next line.</param>
    public FileEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new(new LineCursor(this), cancellationToken);

    IAsyncEnumerator<string> IAsyncEnumerable<string>.GetAsyncEnumerator(CancellationToken cancellationToken) => GetAsyncEnumerator(cancellationToken);

    /// <inheritdoc cref="AsyncFile.CloseAsync"/>
    public async Coroutine CloseAsync()
    {
        using (await _turns.EnterAsync(patient: true))
        {
            _text.Free();
            await _file.CloseAsync();
        }
    }

    /// <inheritdoc cref="CloseAsync"/>
    public Coroutine DisposeAsync() => CloseAsync();

    async ValueTask IAsyncDisposable.DisposeAsync() => await CloseAsync();

    /// <summary><c>&lt;AsyncTextFile 'name' open&gt;</c>.</summary>
    public override string ToString() => $"<AsyncTextFile '{Name}' {(IsClosed ? "closed" : "open")}>";

    /// <summary>Reads ahead. False: the file has ended.</summary>
    private Coroutine<bool> Fill() => _file.ReadInto(_text);
}
