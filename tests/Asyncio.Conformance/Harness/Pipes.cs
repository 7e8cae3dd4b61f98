using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Asyncio.Conformance;

/// <summary>Pipes of the system's.</summary>
internal static unsafe partial class Pipes
{
    private const int CloseOnExec = 0x80000;

    public static (SafeFileHandle Reading, SafeFileHandle Writing) Open()
    {
        var ends = stackalloc int[2];
        return Pipe(ends, CloseOnExec) == 0
            ? (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true))
            : throw new IOException("There are no pipes to be had.");
    }

    /// <exception cref="IOException">Nobody has the other end.</exception>
    public static void Write(this SafeFileHandle pipe, string data)
    {
        fixed (byte* start = Bytes(data))
        {
            if (Write((int)pipe.DangerousGetHandle(), start, data.Length) != data.Length)
            {
                throw new IOException("The pipe was not written to.");
            }
        }
    }

    /// <summary>What is there, at most a hundred bytes; none at the end.</summary>
    public static byte[] Read(this SafeFileHandle pipe)
    {
        var buffer = new byte[100];
        fixed (byte* start = buffer)
        {
            var count = Read((int)pipe.DangerousGetHandle(), start, buffer.Length);
            return count >= 0 ? buffer[..(int)count] : throw new IOException("The pipe was not read from.");
        }
    }

    [LibraryImport("libc", EntryPoint = "pipe2")]
    private static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte* buffer, nint count);
}
