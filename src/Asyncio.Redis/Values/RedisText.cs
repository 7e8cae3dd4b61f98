using System.Text;

namespace Asyncio.Redis;

/// <summary>Texts for messages: never long, never with control characters.</summary>
internal static class RedisText
{
    private const int MaxShown = 60;

    public static string Shorten(string text)
    {
        var shown = text.Length <= MaxShown ? text : text[..MaxShown];
        var result = new StringBuilder(shown.Length + 1);
        foreach (var c in shown)
        {
            result.Append(char.IsControl(c) ? '·' : c);
        }

        return text.Length <= MaxShown ? result.ToString() : result.Append('…').ToString();
    }

    public static string Shorten(ReadOnlySpan<byte> bytes) => Shorten(Encoding.Latin1.GetString(bytes.Length <= MaxShown ? bytes : bytes[..(MaxShown + 1)]));
}
