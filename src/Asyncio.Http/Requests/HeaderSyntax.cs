using System.Buffers;

namespace Asyncio.Http;

/// <summary>What may be written into a head. A line break in a value would let whoever gave it write headers, or whole requests, of his own.</summary>
internal static class HeaderSyntax
{
    private static readonly SearchValues<char> s_token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> s_value = SearchValues.Create(['\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(s_token);

    public static void Check(string name, string value, string method, Uri url)
    {
        if (!IsToken(name))
        {
            throw new InvalidHeaderException($"{Show(name)} cannot be the name of a header ({method} {url}).") { Method = method, Url = url };
        }

        var position = value.AsSpan().IndexOfAnyExcept(s_value);
        if (position >= 0)
        {
            throw new InvalidHeaderException(
                $"The value of the header {name} holds the character U+{(int)value[position]:X4} at {position}; only visible ASCII, spaces and tabs can be sent ({method} {url}).")
            {
                Method = method,
                Url = url,
            };
        }
    }

    /// <summary>A cookie is a name and a value between <c>=</c> and <c>;</c>.</summary>
    public static void CheckCookie(string name, string value, string method, Uri url)
    {
        if (!IsToken(name) || value.AsSpan().ContainsAny(';', ','))
        {
            throw new InvalidHeaderException($"{Show(name)}={Show(value)} cannot be a cookie ({method} {url}).") { Method = method, Url = url };
        }
    }

    private static string Show(string text) => $"'{text.ReplaceLineEndings("␍␊")}'";
}
