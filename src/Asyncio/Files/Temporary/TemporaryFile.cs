namespace Asyncio.Files;

/// <summary>Files that go when they are closed: open to read and write, and readable by their owner only. The counterpart of <c>aiofiles.tempfile</c>.</summary>
/// <remarks><c>await using var file = await TemporaryFile.CreateAsync();</c>: gone at the end of the block, also if the task is cancelled.</remarks>
public static class TemporaryFile
{
    /// <summary>A file without a name; it is gone at the latest when the process ends. Asyncio: <c>aiofiles.tempfile.TemporaryFile()</c>.</summary>
    /// <param name="directory">Where; null is the system's directory for temporary files.</param>
    /// <exception cref="IOException">It could not be made.</exception>
    public static Coroutine<AsyncFile> CreateAsync(string? directory = null) => AsyncFile.OfThisLoop(InThread.Call(
        "TemporaryFile.CreateAsync",
        static directory => new AsyncFile(new HandleBackend(TemporaryNames.OpenUnnamed(directory), FileAccess.ReadWrite, TemporaryNames.Unnamed), TemporaryNames.Unnamed),
        directory));

    /// <summary>A file that others can open by its <see cref="AsyncFile.Name"/>. Asyncio: <c>aiofiles.tempfile.NamedTemporaryFile()</c>.</summary>
    /// <param name="directory">Where; null is the system's directory for temporary files.</param>
    /// <param name="prefix">What its name begins with; null is <c>tmp</c>.</param>
    /// <param name="suffix">What its name ends with, for example <c>.txt</c>.</param>
    /// <param name="deleteOnClose">False: it stays.</param>
    /// <exception cref="IOException">It could not be made.</exception>
    public static Coroutine<AsyncFile> CreateNamedAsync(string? directory = null, string? prefix = null, string? suffix = null, bool deleteOnClose = true) => AsyncFile.OfThisLoop(InThread.Call(
        "TemporaryFile.CreateNamedAsync",
        static call =>
        {
            var (handle, path) = TemporaryNames.Open(call.directory, call.prefix, call.suffix, call.deleteOnClose ? FileOptions.DeleteOnClose : FileOptions.None);
            return new AsyncFile(new HandleBackend(handle, FileAccess.ReadWrite, path), path);
        },
        (directory, prefix, suffix, deleteOnClose)));

    /// <summary>Memory that becomes a file without a name when it grows. Asyncio: <c>aiofiles.tempfile.SpooledTemporaryFile()</c>.</summary>
    /// <param name="maxSize">Up to how many bytes stay in memory; zero is none.</param>
    /// <param name="directory">Where the file is made; null is the system's directory for temporary files.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxSize"/> is negative.</exception>
    public static AsyncFile CreateSpooled(int maxSize, string? directory = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxSize);
        return new AsyncFile(new SpooledBackend(maxSize, directory), "a spooled temporary file", bufferSize: Math.Min(maxSize, AsyncFile.DefaultBufferSize));
    }
}
