using System.Text;
using Asyncio.Files;

namespace Asyncio;

public static partial class Aio
{
    /// <summary>Opens a file of bytes with a mode as Python's. Asyncio: <c>aiofiles.open(path, "rb")</c>. .NET's words for it: <see cref="AsyncFile.OpenAsync"/>.</summary>
    /// <param name="path">Where.</param>
    /// <param name="mode"><c>rb</c>, <c>r+b</c>, <c>wb</c>, <c>w+b</c>, <c>ab</c>, <c>xb</c>, <c>x+b</c>; the <c>b</c> may be left out. As in Python, others may open the file at the same time.</param>
    /// <inheritdoc cref="AsyncFile.OpenAsync" path="/exception"/>
    /// <exception cref="ArgumentException">There is no such mode, or it is one for text.</exception>
    public static Coroutine<AsyncFile> OpenFile(string path, string mode = "rb")
    {
        var (fileMode, access) = FileModes.Parse(mode, binary: true);
        return AsyncFile.OpenAsync(path, fileMode, access, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Opens a file of text with a mode as Python's. Asyncio: <c>aiofiles.open(path)</c>. .NET's words for it: <see cref="AsyncTextFile.OpenAsync"/>.</summary>
    /// <param name="path">Where.</param>
    /// <param name="mode"><c>r</c>, <c>r+</c>, <c>w</c>, <c>w+</c>, <c>a</c>, <c>x</c>, <c>x+</c>. As in Python, others may open the file at the same time.</param>
    /// <param name="encoding">Null is UTF-8, see <see cref="AsyncTextFile.OpenAsync"/>.</param>
    /// <inheritdoc cref="AsyncFile.OpenAsync" path="/exception"/>
    /// <exception cref="ArgumentException">There is no such mode, or it is one for bytes.</exception>
    public static Coroutine<AsyncTextFile> OpenTextFile(string path, string mode = "r", Encoding? encoding = null)
    {
        var (fileMode, access) = FileModes.Parse(mode, binary: false);
        return AsyncTextFile.OpenAsync(path, fileMode, access, FileShare.ReadWrite | FileShare.Delete, encoding);
    }

    /// <summary>
    /// Standard input, as text; its bytes are its <see cref="AsyncTextFile.BaseFile"/>. Waiting for it does not keep the process from ending, and a
    /// cancelled read loses nothing. Nothing else, such as <see cref="Console"/>, should read it. Asyncio: <c>aiofiles.stdin</c>, <c>stdin_bytes</c>.
    /// </summary>
    public static AsyncTextFile Stdin => StandardStreams.Input;

    /// <summary>Standard output, as text; its bytes are its <see cref="AsyncTextFile.BaseFile"/>. Not buffered. Asyncio: <c>aiofiles.stdout</c>, <c>stdout_bytes</c>.</summary>
    public static AsyncTextFile Stdout => StandardStreams.Output;

    /// <summary>Standard error, as text; its bytes are its <see cref="AsyncTextFile.BaseFile"/>. Not buffered. Asyncio: <c>aiofiles.stderr</c>, <c>stderr_bytes</c>.</summary>
    public static AsyncTextFile Stderr => StandardStreams.Error;
}
