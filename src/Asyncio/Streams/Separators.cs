namespace Asyncio;

/// <summary>What ends a piece of a stream: one sequence of bytes, or several of which the one that ends first counts.</summary>
internal sealed class Separators
{
    internal static readonly Separators Newline = new("\n"u8);

    private readonly byte[][] _all; // the shortest first: of two that end at the same place it counts

    internal Separators(ReadOnlySpan<byte> only)
        : this([only.ToArray()])
    {
    }

    internal Separators(IEnumerable<byte[]> several)
    {
        _all = [.. several.OrderBy(static s => s.Length)];
        if (_all.Length == 0)
        {
            throw new ArgumentException("Separator should contain at least one element");
        }

        if (_all[0].Length == 0)
        {
            throw new ArgumentException("Separator should be at least one-byte string");
        }
    }

    internal int Shortest => _all[0].Length;

    internal int Longest => _all[^1].Length;

    internal bool Is(ReadOnlySpan<byte> only) => _all.Length == 1 && only.SequenceEqual(_all[0]);

    /// <summary>The match that ends first, from <paramref name="offset"/> on.</summary>
    internal bool TryFind(ReadOnlySpan<byte> data, int offset, out int start, out int end)
    {
        start = 0;
        end = int.MaxValue;
        foreach (var separator in _all)
        {
            // A later one must end before the best so far: no need to look further.
            var within = data[offset..Math.Min(data.Length, end)];
            var index = within.IndexOf(separator);
            if (index >= 0 && offset + index + separator.Length < end)
            {
                start = offset + index;
                end = start + separator.Length;
            }
        }

        return end != int.MaxValue;
    }
}
