using System.Numerics;

namespace Asyncio;

/// <summary>The buffers of a loop's transports, which rent one only while they have something in it: an idle connection has none.</summary>
/// <remarks>They are pinned, so that handing one to the kernel costs nothing. Sizes are powers of two.</remarks>
internal sealed class BufferPool
{
    private const int SmallestBits = 12;
    private const int LargestBits = 20;

    /// <summary>How much is kept of each size; what is above is left to the garbage collector.</summary>
    private const int KeptBytes = 8 * 1024 * 1024;

    private readonly Stack<byte[]>?[] _free = new Stack<byte[]>?[LargestBits - SmallestBits + 1];

    internal byte[] Rent(int size)
    {
        var bits = BitsFor(size);
        if (bits > LargestBits)
        {
            return GC.AllocateUninitializedArray<byte>(size, pinned: true);
        }

        return _free[bits - SmallestBits] is { Count: > 0 } free ? free.Pop() : GC.AllocateUninitializedArray<byte>(1 << bits, pinned: true);
    }

    internal void Return(byte[] buffer)
    {
        var bits = BitsFor(buffer.Length);
        if (bits > LargestBits)
        {
            return;
        }

        var free = _free[bits - SmallestBits] ??= new Stack<byte[]>();
        if (free.Count < KeptBytes >> bits)
        {
            free.Push(buffer);
        }
    }

    private static int BitsFor(int size) => Math.Max(SmallestBits, BitOperations.Log2((uint)Math.Max(size, 1) - 1) + 1);
}
