using System.Text;

namespace Asyncio.Files;

/// <summary>The process's three streams, as files. One of each, for all loops: what was read ahead belongs to the process.</summary>
internal static class StandardStreams
{
    internal static readonly AsyncTextFile Input = new(new AsyncFile(StandardInput.Instance, "<stdin>"), Plain(Console.InputEncoding));
    internal static readonly AsyncTextFile Output = new(Unbuffered(Console.OpenStandardOutput(), "<stdout>", static () => !Console.IsOutputRedirected), Plain(Console.OutputEncoding));
    internal static readonly AsyncTextFile Error = new(Unbuffered(Console.OpenStandardError(), "<stderr>", static () => !Console.IsErrorRedirected), Plain(Console.OutputEncoding));

    /// <summary>What is written is seen at once, as with <see cref="Console"/>.</summary>
    private static AsyncFile Unbuffered(Stream stream, string name, Func<bool> isTerminal) =>
        new(new StreamBackend(stream, leaveOpen: true, isTerminal), name, bufferSize: 0);

    private static Encoding Plain(Encoding encoding) => encoding is UTF8Encoding ? AsyncTextFile.DefaultEncoding : encoding;
}
