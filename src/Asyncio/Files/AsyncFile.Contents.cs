using System.Text;

namespace Asyncio.Files;

// Whole files. Each is one call in a thread: cancelled before it has begun it does nothing, afterwards it is carried out.
public sealed partial class AsyncFile
{
    /// <summary>The bytes of a file. Asyncio: <c>open(path, "rb")</c> and <c>read()</c>.</summary>
    /// <exception cref="IOException">What <see cref="File"/> throws: also <see cref="FileNotFoundException"/>, <see cref="UnauthorizedAccessException"/> and others.</exception>
    public static Coroutine<byte[]> ReadAllBytesAsync(string path) => InThread.Call("AsyncFile.ReadAllBytesAsync", File.ReadAllBytes, Checked(path));

    /// <summary>The text of a file. Asyncio: <c>open(path)</c> and <c>read()</c>.</summary>
    /// <param name="path">Where.</param>
    /// <param name="encoding">Null is UTF-8. A byte order mark in the file decides before it.</param>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine<string> ReadAllTextAsync(string path, Encoding? encoding = null) => InThread.Call(
        "AsyncFile.ReadAllTextAsync",
        static call => File.ReadAllText(call.path, call.encoding),
        (path: Checked(path), encoding: encoding ?? Encoding.UTF8));

    /// <summary>The lines of a file, at once. Asyncio: <c>readlines()</c>.</summary>
    /// <inheritdoc cref="ReadAllTextAsync"/>
    public static Coroutine<string[]> ReadAllLinesAsync(string path, Encoding? encoding = null) => InThread.Call(
        "AsyncFile.ReadAllLinesAsync",
        static call => File.ReadAllLines(call.path, call.encoding),
        (path: Checked(path), encoding: encoding ?? Encoding.UTF8));

    /// <summary>The lines of a file, read as they are asked for; it is opened by the first <c>MoveNextAsync</c> and closed at the end. Asyncio: <c>async for line in file</c>.</summary>
    /// <inheritdoc cref="ReadAllTextAsync"/>
    public static FileEnumerable<string> ReadLinesAsync(string path, Encoding? encoding = null)
    {
        Checked(path);
        return new FileEnumerable<string>(() => new PathLineCursor(path, encoding));
    }

    /// <summary>Makes or replaces a file. Asyncio: <c>open(path, "wb")</c> and <c>write()</c>.</summary>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine WriteAllBytesAsync(string path, ReadOnlyMemory<byte> bytes) => InThread.Call(
        "AsyncFile.WriteAllBytesAsync",
        static call => File.WriteAllBytes(call.path, call.bytes.Span),
        (path: Checked(path), bytes));

    /// <summary>Makes or replaces a file. Asyncio: <c>open(path, "w")</c> and <c>write()</c>.</summary>
    /// <param name="path">Where.</param>
    /// <param name="text">What it holds afterwards; null is nothing.</param>
    /// <param name="encoding">Null is UTF-8 without a byte order mark.</param>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine WriteAllTextAsync(string path, string? text, Encoding? encoding = null) => InThread.Call(
        "AsyncFile.WriteAllTextAsync",
        static call => File.WriteAllText(call.path, call.text, call.encoding),
        (path: Checked(path), text, encoding: encoding ?? AsyncTextFile.DefaultEncoding));

    /// <summary>Makes or replaces a file, a line for each item. Asyncio: <c>writelines()</c>, which adds no line ends.</summary>
    /// <param name="path">Where.</param>
    /// <param name="lines">The lines; enumerated in another thread.</param>
    /// <param name="encoding">Null is UTF-8 without a byte order mark.</param>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine WriteAllLinesAsync(string path, IEnumerable<string> lines, Encoding? encoding = null) => InThread.Call(
        "AsyncFile.WriteAllLinesAsync",
        static call => File.WriteAllLines(call.path, call.lines, call.encoding),
        (path: Checked(path), lines, encoding: encoding ?? AsyncTextFile.DefaultEncoding));

    /// <summary>
    /// Adds to the end of a file, which is made if it is not there; on Linux nothing that others append meanwhile is written over, or comes in between.
    /// Asyncio: <c>open(path, "ab")</c> and <c>write()</c>.
    /// </summary>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine AppendAllBytesAsync(string path, ReadOnlyMemory<byte> bytes) => InThread.Call(
        "AsyncFile.AppendAllBytesAsync",
        static call => AppendingHandle.AppendAll(call.path, call.bytes.Span),
        (path: Checked(path), bytes));

    /// <summary>Adds to the end of a file as <see cref="AppendAllBytesAsync"/> does. Asyncio: <c>open(path, "a")</c> and <c>write()</c>.</summary>
    /// <inheritdoc cref="WriteAllTextAsync"/>
    /// <param name="text">What is added.</param>
    public static Coroutine AppendAllTextAsync(string path, string? text, Encoding? encoding = null) => InThread.Call(
        "AsyncFile.AppendAllTextAsync",
        static call => AppendingHandle.AppendAll(call.path, call.text, call.encoding),
        (path: Checked(path), text, encoding: encoding ?? AsyncTextFile.DefaultEncoding));

    /// <summary>Adds lines to the end of a file as <see cref="AppendAllBytesAsync"/> does. Asyncio: <c>open(path, "a")</c> and <c>writelines()</c>.</summary>
    /// <inheritdoc cref="WriteAllLinesAsync"/>
    public static Coroutine AppendAllLinesAsync(string path, IEnumerable<string> lines, Encoding? encoding = null) => InThread.Call(
        "AsyncFile.AppendAllLinesAsync",
        static call => AppendingHandle.AppendAll(call.path, string.Concat(call.lines.SelectMany(line => new[] { line, Environment.NewLine })), call.encoding),
        (path: Checked(path), lines, encoding: encoding ?? AsyncTextFile.DefaultEncoding));

    private static string Checked(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return path;
    }
}
