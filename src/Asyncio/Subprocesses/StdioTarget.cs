using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>Where one of a child's standard streams leads. <c>default</c> is <see cref="Inherit"/>. The counterpart of asyncio's <c>PIPE</c>, <c>DEVNULL</c> and <c>STDOUT</c>.</summary>
public readonly struct StdioTarget
{
    private StdioTarget(StdioKind kind, object? source = null, bool append = false)
    {
        Kind = kind;
        Source = source;
        Append = append;
    }

    /// <summary>The same as this process's. Asyncio: <c>None</c>.</summary>
    public static StdioTarget Inherit => default;

    /// <summary>A pipe to this process. Asyncio: <c>PIPE</c>.</summary>
    public static StdioTarget Pipe => new(StdioKind.Pipe);

    /// <summary>Nothing comes, what is written vanishes. Asyncio: <c>DEVNULL</c>.</summary>
    public static StdioTarget DevNull => new(StdioKind.DevNull);

    /// <summary>For the standard error: where the standard output leads. Asyncio: <c>STDOUT</c>.</summary>
    public static StdioTarget Stdout => new(StdioKind.Stdout);

    internal StdioKind Kind { get; }

    internal object? Source { get; }

    internal bool Append { get; }

    /// <summary>An open file, or one end of a pipe. It stays the caller's, who may close it as soon as the child is started. Asyncio: a file object.</summary>
    public static StdioTarget FromHandle(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new(StdioKind.Handle, handle);
    }

    /// <summary>A file, opened when the child is started: for reading as its standard input, else made anew or emptied.</summary>
    /// <param name="path">Which; relative to the directory of this process.</param>
    /// <param name="append">What the child writes goes behind what is there already.</param>
    public static StdioTarget FromFile(string path, bool append = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(StdioKind.File, path, append);
    }

    /// <inheritdoc cref="FromHandle(SafeHandle)"/>
    public static implicit operator StdioTarget(SafeHandle handle) => FromHandle(handle);
}

/// <summary>What a <see cref="StdioTarget"/> is.</summary>
internal enum StdioKind : byte
{
    Inherit,
    Pipe,
    DevNull,
    Stdout,
    Handle,
    File,
}
