namespace Asyncio.Http;

/// <summary>What a redirect makes of a request.</summary>
internal static class Redirect
{
    /// <summary>Where the answer leads; null if it does not.</summary>
    public static string? LocationOf(ClientResponse response) => response.Status is 301 or 302 or 303 or 307 or 308 ? response.Headers["Location"] : null;

    public static ClientRequest Follow(ClientRequest request, int status, Uri url)
    {
        var next = request.Hop();
        next.Url = url;
        if ((status == 303 && request.Method != "HEAD") || (status is 301 or 302 && request.Method == "POST"))
        {
            next.Method = "GET";
            next.Content = null;
            next.Headers.Remove("Content-Type");
            next.Headers.Remove("Content-Length");
        }

        // What is meant for one server is not told another.
        if (!RequestUrl.IsSameOrigin(request.Url, url))
        {
            next.Headers.Remove("Authorization");
            next.Headers.Remove("Cookie");
            next.Headers.Remove("Proxy-Authorization");
            next.Cookies = [];
        }
        else if (request.Url.UserInfo.Length > 0 && url.UserInfo.Length == 0)
        {
            next.Url = new UriBuilder(url) { UserName = request.Url.UserInfo.Split(':', 2)[0], Password = request.Url.UserInfo.Split(':', 2).ElementAtOrDefault(1) ?? "" }.Uri;
        }

        return next;
    }
}
