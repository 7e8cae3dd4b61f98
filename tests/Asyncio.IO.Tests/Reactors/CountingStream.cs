namespace Asyncio.IO.Tests.Reactors;

/// <summary>Bytes of which each tells its place, so that one that is lost, doubled or moved is seen.</summary>
internal static class CountingStream
{
    public static byte At(long place) => (byte)((place * 31) ^ (place >> 8) ^ (place >> 16));

    public static byte[] Take(long from, int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = At(from + i);
        }

        return bytes;
    }

    /// <summary>The first place that is wrong; -1 for none.</summary>
    public static long FirstWrong(ReadOnlySpan<byte> bytes, long from)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != At(from + i))
            {
                return from + i;
            }
        }

        return -1;
    }
}
