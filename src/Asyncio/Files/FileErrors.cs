using System.Runtime.InteropServices;

namespace Asyncio.Files;

/// <summary>The exception for an error of the system: the one, and with the text, that .NET's own calls throw.</summary>
internal static class FileErrors
{
    /// <param name="error">The errno.</param>
    /// <param name="path">The file.</param>
    /// <param name="target">Of what concerns two: the other.</param>
    internal static Exception Of(int error, string path, string? target = null)
    {
        var text = $"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'{(target is null ? "" : $" -> '{target}'")}";
        return error switch
        {
            Errno.ENOENT => new FileNotFoundException(text, path),
            Errno.ENOTDIR => new DirectoryNotFoundException(text),
            Errno.EACCES or Errno.EPERM or Errno.EBADF => new UnauthorizedAccessException($"Access to the path '{path}' is denied.", new IOException(text, error)),
            _ => new IOException(text, error),
        };
    }
}
