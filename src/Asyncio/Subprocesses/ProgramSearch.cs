using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>Finds programs, and says what was wrong where one cannot be started.</summary>
internal static class ProgramSearch
{
    private const int X_OK = 1;

    /// <summary>What to search where nothing says what: as the C library does.</summary>
    private const string DefaultPath = "/bin:/usr/bin";

    /// <summary>The path of the program. One with a slash is taken as it is, relative to the child's directory; else the child's PATH is searched.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="UnauthorizedAccessException">There is one, and it may not be executed.</exception>
    internal static string Resolve(SpawnRequest request)
    {
        var program = request.Program;
        if (program.Contains('/'))
        {
            return program;
        }

        string? forbidden = null;
        foreach (var directory in PathOf(request).Split(':'))
        {
            var path = Path.Combine(directory.Length == 0 ? "." : directory, program);
            if (!File.Exists(Path.Combine(request.WorkingDirectory ?? "", path)))
            {
                continue;
            }

            if (MayExecute(Path.Combine(request.WorkingDirectory ?? "", path)))
            {
                return path;
            }

            forbidden ??= path;
        }

        throw forbidden is null
            ? new FileNotFoundException($"No such program: \"{program}\" is in no directory of PATH.", program)
            : new UnauthorizedAccessException($"\"{forbidden}\" may not be executed.");
    }

    /// <summary>What the system's error means for the one who asked.</summary>
    internal static Exception ErrorFor(int errno, string path, SpawnRequest request)
    {
        var directory = request.WorkingDirectory;
        return errno switch
        {
            Errno.ENOENT or ProcessCalls.ENOTDIR or Errno.EACCES when directory is not null && !Directory.Exists(directory) =>
                new DirectoryNotFoundException($"No such directory: \"{directory}\", in which \"{request.Program}\" was to run."),
            Errno.ENOENT or ProcessCalls.ENOTDIR when File.Exists(Path.Combine(directory ?? "", path)) =>
                new FileNotFoundException($"\"{path}\" cannot be started: the interpreter that it names does not exist.", path),
            Errno.ENOENT or ProcessCalls.ENOTDIR => new FileNotFoundException($"No such program: \"{path}\".", path),
            Errno.EACCES or Errno.EPERM => new UnauthorizedAccessException($"\"{path}\" may not be executed."),
            _ => new IOException($"\"{path}\" cannot be started: {Marshal.GetPInvokeErrorMessage(errno)}.", errno),
        };
    }

    private static string PathOf(SpawnRequest request) =>
        (request.Environment is { } variables ? variables.GetValueOrDefault("PATH") : Environment.GetEnvironmentVariable("PATH")) ?? DefaultPath;

    private static unsafe bool MayExecute(string path)
    {
        fixed (byte* bytes = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
        {
            return ProcessCalls.Access(bytes, X_OK) == 0;
        }
    }
}
