using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>
/// Room for what epoll tells in one call: which events, and for whom. The kernel's structure is packed on x86 (12 bytes) and aligned
/// everywhere else (16 bytes).
/// </summary>
internal sealed unsafe class EpollEvents : IDisposable
{
    internal const int Capacity = 256;

    private byte* _memory = (byte*)NativeMemory.Alloc(Capacity, (nuint)Size);

    private static bool IsPacked => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    /// <summary>Of one event, in bytes.</summary>
    internal static int Size => IsPacked ? sizeof(Packed) : sizeof(Aligned);

    internal byte* Memory => _memory;

    internal uint Read(int index, out ulong key)
    {
        var place = _memory + (index * Size);
        if (IsPacked)
        {
            key = ((Packed*)place)->Key;
            return ((Packed*)place)->Events;
        }

        key = ((Aligned*)place)->Key;
        return ((Aligned*)place)->Events;
    }

    /// <summary>-1 for an error, which is <see cref="Libc.LastError"/>.</summary>
    internal static int Control(int epoll, int operation, int descriptor, uint events, ulong key)
    {
        if (IsPacked)
        {
            var packed = new Packed { Events = events, Key = key };
            return Libc.EpollControl(epoll, operation, descriptor, (byte*)&packed);
        }

        var aligned = new Aligned { Events = events, Key = key };
        return Libc.EpollControl(epoll, operation, descriptor, (byte*)&aligned);
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal struct Packed
    {
        internal uint Events;
        internal ulong Key;
    }

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    internal struct Aligned
    {
        [FieldOffset(0)]
        internal uint Events;

        [FieldOffset(8)]
        internal ulong Key;
    }
}
