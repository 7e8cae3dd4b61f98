using System.Diagnostics;

namespace Asyncio.Files;

/// <summary>A directory that is removed, with all that is in it, when it is disposed of. The counterpart of <c>aiofiles.tempfile.TemporaryDirectory</c>.</summary>
/// <remarks><c>await using var directory = await TemporaryDirectory.CreateAsync();</c></remarks>
[DebuggerDisplay("{Path,nq}")]
public sealed class TemporaryDirectory : IAsyncDisposable
{
    private bool _disposed;

    private TemporaryDirectory(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes one, open to its owner only.</summary>
    /// <param name="parent">Where; null is the system's directory for temporary files.</param>
    /// <param name="prefix">What its name begins with; null is <c>tmp</c>.</param>
    /// <exception cref="IOException">It could not be made.</exception>
    public static Coroutine<TemporaryDirectory> CreateAsync(string? parent = null, string? prefix = null) => InThread.Call(
        "TemporaryDirectory.CreateAsync",
        static call => new TemporaryDirectory(Create(TemporaryNames.In(call.parent, call.prefix, null))),
        (parent, prefix));

    /// <summary>Removes it; cannot be cancelled. One that is gone is no error. Asyncio: <c>cleanup()</c>.</summary>
    /// <exception cref="IOException">Something in it could not be removed.</exception>
    public async Coroutine DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await InThread.Call("TemporaryDirectory.DisposeAsync", Remove, Path, mustRun: true);
        }
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    /// <summary>Its path.</summary>
    public override string ToString() => Path;

    private static string Create(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path).FullName
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody was faster.
        }
    }
}
