using System.Text;

namespace Asyncio.Http;

/// <summary>From what the caller wrote to what is asked for.</summary>
internal static class RequestUrl
{
    public static Uri Parse(string? text, string method, Uri? baseAddress)
    {
        // On Unix a path is an absolute file URL to .NET.
        var isAbsolute = Uri.TryCreate(text, UriKind.Absolute, out var url) && !text!.StartsWith('/');
        if (!isAbsolute && (baseAddress is null || text is null || !Uri.TryCreate(baseAddress, text, out url)))
        {
            throw new InvalidUrlException($"'{text}' is not a URL that a {method} request can be made of: {(baseAddress is null ? "it must begin with http:// or https://, as the session has no base address" : "it cannot be joined with the base address")}.")
            {
                Method = method,
            };
        }

        return Checked(url!, method);
    }

    /// <summary>Makes it absolute.</summary>
    public static Uri Resolve(Uri url, string method, Uri? baseAddress)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.IsAbsoluteUri && !url.OriginalString.StartsWith('/') ? Checked(url, method) : Parse(url.OriginalString, method, baseAddress);
    }

    /// <summary>Where a redirect leads.</summary>
    public static Uri Follow(Uri from, string location, string method)
    {
        if (!Uri.TryCreate(from, location, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            throw new InvalidUrlException($"{method} {from} was redirected to '{location}', which is not an http or https URL.") { Method = method, Url = from };
        }

        if (from.Scheme == "https" && url.Scheme == "http")
        {
            throw new InvalidUrlException($"{method} {from} was redirected to {url}, which is not encrypted. Ask for it without AllowRedirects to follow by hand.") { Method = method, Url = from };
        }

        return url;
    }

    public static Uri AddQuery(Uri url, FieldList query)
    {
        if (query.Count == 0)
        {
            return url;
        }

        var text = new StringBuilder(url.Query.TrimStart('?'));
        foreach (var (name, value) in query)
        {
            text.Append(text.Length > 0 ? "&" : "").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return new UriBuilder(url) { Query = text.ToString() }.Uri;
    }

    /// <summary>Without user and password, which belong in no message and no trace.</summary>
    public static Uri WithoutUser(Uri url) => url.UserInfo.Length == 0 ? url : new UriBuilder(url) { UserName = "", Password = "" }.Uri;

    public static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && one.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);

    private static Uri Checked(Uri url, string method) => url.Scheme is "http" or "https" or "ws" or "wss" && url.Host.Length > 0
        ? url
        : throw new InvalidUrlException($"'{url}' is not a URL that a {method} request can be made of: it must begin with http:// or https://.") { Method = method };
}
