using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>
/// The buffers that the kernel receives into, shared by all channels of a reactor: it takes one only when there is something to put into
/// it, so that an idle channel holds none.
/// </summary>
/// <remarks>
/// The kernel takes them in turn, so that each is touched sooner or later. Hence it begins with few, and gets more when they did not
/// suffice for what came at once: a loop with one connection stays small.
/// </remarks>
internal sealed unsafe class ReceiveBuffers : IDisposable
{
    internal const int BufferLength = 16 * 1024;
    internal const ushort Group = 0;

    private const int MaxCount = 256;
    private const int FirstCount = 8;
    private const nuint PageLength = 4096;

    private readonly ProvidedBuffer* _ring;
    private readonly byte* _memory;
    private int _count = FirstCount;
    private ushort _tail;

    internal ReceiveBuffers()
    {
        _ring = (ProvidedBuffer*)NativeMemory.AlignedAlloc(MaxCount * (nuint)sizeof(ProvidedBuffer), PageLength);

        // Pages that are never touched are never committed: this reserves addresses.
        _memory = (byte*)NativeMemory.AlignedAlloc(MaxCount * BufferLength, PageLength);
    }

    /// <summary>Makes them known to a ring, in which no operation may be under way. Zero, or a negative errno.</summary>
    internal int Register(Ring ring)
    {
        var registration = new BufferRingRegistration { Address = (ulong)_ring, Entries = MaxCount, Group = Group };
        _tail = 0;
        _ring->Tail = 0;
        var result = UringNative.RegisterBufferRing(ring.Descriptor, &registration);
        for (var id = 0; id < _count && result >= 0; id++)
        {
            GiveBack((ushort)id);
        }

        return result;
    }

    internal ReadOnlySpan<byte> Content(ushort id, int length) => new(_memory + id * BufferLength, length);

    /// <summary>The kernel may use it again.</summary>
    internal void GiveBack(ushort id)
    {
        // The entries' last field is the tail in the first of them and unused in the others: it must not be written with the rest.
        ref var entry = ref _ring[_tail & (MaxCount - 1)];
        entry.Address = (ulong)(_memory + id * BufferLength);
        entry.Length = BufferLength;
        entry.Id = id;
        Volatile.Write(ref _ring->Tail, ++_tail);
    }

    /// <summary>The kernel has run out of them.</summary>
    internal void Grow()
    {
        for (var count = Math.Min(2 * _count, MaxCount); _count < count; _count++)
        {
            GiveBack((ushort)_count);
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_ring);
        NativeMemory.AlignedFree(_memory);
    }
}
