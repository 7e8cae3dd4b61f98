using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Asyncio;

/// <summary>
/// The system calls of io_uring. The C library has no functions for them, so they go through <c>syscall</c>, which is variadic: where
/// this is used, variadic arguments travel as fixed ones do. Each gives its result, or the negative errno.
/// </summary>
internal static unsafe partial class UringNative
{
    private const nint SetupNumber = 425;
    private const nint EnterNumber = 426;
    private const nint RegisterNumber = 427;

    private const int ProtectReadWrite = 0x1 | 0x2;
    private const int MapShared = 0x01;
    private const int MapPopulate = 0x8000;

    private const int EventNonBlocking = 0x800;
    private const int EventCloseOnExec = 0x80000;

    /// <summary>The numbers above are those of these processors.</summary>
    internal static bool IsSupportedHere =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    internal static int Setup(uint entries, UringParameters* parameters) =>
        Result(SystemCall(SetupNumber, (nint)entries, (nint)parameters, 0, 0, 0, 0));

    internal static int Enter(int ring, uint toSubmit, uint toWaitFor, EnterFlags flags, EnterArguments* arguments) =>
        Result(SystemCall(EnterNumber, ring, (nint)toSubmit, (nint)toWaitFor, (nint)(uint)flags, (nint)arguments, sizeof(EnterArguments)));

    internal static int RegisterBufferRing(int ring, BufferRingRegistration* registration) =>
        Result(SystemCall(RegisterNumber, ring, RegisterBufferRingCode, (nint)registration, 1, 0, 0));

    private const nint RegisterBufferRingCode = 22;

    /// <summary>Maps a part of the ring; -1 if that failed.</summary>
    internal static nint MapRing(int ring, nuint length, long offset) =>
        Map(0, length, ProtectReadWrite, MapShared | MapPopulate, ring, (nint)offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    internal static partial int Unmap(nint address, nuint length);

    /// <summary>A counter that other threads raise; negative errno if there is none to be had.</summary>
    internal static int CreateEvent() => Result(EventDescriptor(0, EventNonBlocking | EventCloseOnExec));

    [LibraryImport("libc", EntryPoint = "write")]
    internal static partial nint Write(SafeFileHandle descriptor, ulong* value, nuint length);

    private static int Result(nint value) => value < 0 ? -Marshal.GetLastPInvokeError() : (int)value;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventDescriptor(uint value, int flags);
}
