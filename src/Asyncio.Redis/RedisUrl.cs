using System.Globalization;
using System.Net.Security;

namespace Asyncio.Redis;

/// <summary>Reads URLs into options.</summary>
internal static class RedisUrl
{
    private const string LocalHost = "localhost";

    public static RedisOptions Parse(string url)
    {
        if (!Uri.TryCreate(WithHost(url), UriKind.Absolute, out var uri))
        {
            throw Bad(url, "it is no absolute URL");
        }

        var options = uri.Scheme switch
        {
            "redis" => OfHost(url, uri),
            "rediss" => OfHost(url, uri) with { Ssl = new SslClientAuthenticationOptions() },
            "unix" => OfFile(url, uri),
            _ => throw Bad(url, "it must begin with redis://, rediss:// or unix://"),
        };
        options = WithUser(options, uri);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right)) : throw Bad(url, $"\"{pair}\" is no setting");
            options = WithSetting(options, url, name, value);
        }

        return options;
    }

    private static RedisOptions OfHost(string url, Uri uri)
    {
        if (uri.Fragment.Length > 0)
        {
            throw Bad(url, "it has a part after #");
        }

        var path = uri.AbsolutePath.Trim('/');
        return new RedisOptions
        {
            Host = uri.IdnHost is { Length: > 0 } host ? host.Trim('[', ']') : LocalHost,
            Port = uri.Port is > 0 and var port ? port : uri.IsDefaultPort ? 6379 : throw Bad(url, "the port must be from 1 to 65535"),
            Database = path.Length == 0 ? 0 : Number(url, "the database", path),
        };
    }

    private static RedisOptions OfFile(string url, Uri uri)
    {
        if (uri.Host is not ("" or LocalHost))
        {
            throw Bad(url, "a socket file needs three slashes: unix:///path");
        }

        return uri.AbsolutePath is { Length: > 1 } path
            ? new RedisOptions { UnixSocket = Uri.UnescapeDataString(path) }
            : throw Bad(url, "it names no file");
    }

    /// <summary>A user without a host, as in <c>unix://user@/path</c>, is no URL to .NET.</summary>
    private static string WithHost(string url)
    {
        const string Scheme = "unix://";
        if (!url.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return url;
        }

        var path = url.IndexOf('/', Scheme.Length);
        return path > 0 && url[path - 1] == '@' ? url.Insert(path, LocalHost) : url;
    }

    private static RedisOptions WithUser(RedisOptions options, Uri uri)
    {
        if (uri.UserInfo.Length == 0)
        {
            return options;
        }

        var (user, password) = uri.UserInfo.Split(':', 2) is [var left, var right] ? (left, right) : (uri.UserInfo, null);
        return options with
        {
            User = user.Length == 0 ? null : Uri.UnescapeDataString(user),
            Password = password is null ? null : Uri.UnescapeDataString(password),
        };
    }

    private static RedisOptions WithSetting(RedisOptions options, string url, string name, string value) => name switch
    {
        "db" => options with { Database = Number(url, name, value) },
        "client_name" => options with { ClientName = value },
        "connect_timeout" => options with { ConnectTimeout = Seconds(url, name, value) },
        "response_timeout" => options with { ResponseTimeout = Seconds(url, name, value) },
        "pool_timeout" => options with { PoolTimeout = Seconds(url, name, value) },
        "max_connections" => options with { MaxConnections = Number(url, name, value) is > 0 and var count ? count : throw Bad(url, $"{name} must be above 0") },
        _ => throw Bad(url, $"there is no setting \"{name}\""),
    };

    private static int Number(string url, string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Bad(url, $"{name} is no number: \"{text}\"");

    private static double Seconds(string url, string name, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? seconds
            : throw Bad(url, $"{name} is no number of seconds above 0: \"{text}\"");

    private static RedisUrlException Bad(string url, string why)
    {
        // A password must not get into a log, wherever the URL is malformed: nothing between the scheme and the last @ is shown.
        var at = url.LastIndexOf('@');
        var begin = url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var colon ? colon + 3 : 0;
        var shown = at > begin ? $"{url[..begin]}…{url[at..]}" : url;
        return new RedisUrlException($"This is no URL of a Redis server: \"{RedisText.Shorten(shown)}\": {why}.");
    }
}
