using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>Whether somebody sits at it.</summary>
internal static partial class Terminals
{
    internal static bool Has(SafeFileHandle handle) => OperatingSystem.IsWindows() ? GetConsoleMode(handle, out _) != 0 : IsTerminal(handle) == 1;

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminal(SafeFileHandle handle);

    [LibraryImport("kernel32", EntryPoint = "GetConsoleMode")]
    private static partial int GetConsoleMode(SafeFileHandle handle, out uint mode);
}
