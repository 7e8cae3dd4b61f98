using System.Globalization;

namespace Asyncio.Redis;

/// <summary>Floating-point numbers as Redis writes them.</summary>
internal static class RedisNumbers
{
    public static int Format(double number, Span<byte> destination)
    {
        if (double.IsInfinity(number))
        {
            var name = number > 0 ? "inf"u8 : "-inf"u8;
            name.CopyTo(destination);
            return name.Length;
        }

        // "R" gives the shortest digits that read back as the same number, at most 24 characters. NaN is what .NET calls it too.
        number.TryFormat(destination, out var written, "R", CultureInfo.InvariantCulture);
        return written;
    }

    public static bool TryParseDouble(ReadOnlySpan<char> text, out double number)
    {
        switch (text)
        {
            case "inf" or "+inf":
                number = double.PositiveInfinity;
                return true;
            case "-inf":
                number = double.NegativeInfinity;
                return true;
            case "nan" or "-nan":
                number = double.NaN;
                return true;
            default:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        }
    }
}
