namespace Asyncio.Http;

/// <summary>A request on its way through the middlewares, which may change it.</summary>
public sealed class ClientRequest
{
    internal ClientRequest(ClientSession session, string method, Uri url, RequestContent? content, RequestOptions options)
    {
        Session = session;
        Method = method;
        Url = url;
        Content = content;
        Options = options;
        Headers = new RequestHeaders(session.Options.Headers);
        foreach (var header in options.Headers.List)
        {
            Headers.Remove(header.Key);
        }

        Headers.List.AddRange(options.Headers.List);
        Cookies = options.Cookies;
    }

    private ClientRequest(ClientRequest original)
    {
        Session = original.Session;
        Method = original.Method;
        Url = original.Url;
        Content = original.Content;
        Options = original.Options;
        Headers = new RequestHeaders(original.Headers);
        Cookies = original.Cookies;
        Attempt = original.Attempt;
        Deadline = original.Deadline;
    }

    /// <summary>Whose request it is.</summary>
    public ClientSession Session { get; }

    /// <summary>The method, in capitals.</summary>
    public string Method { get; set; }

    /// <summary>Where it goes: absolute, the query included.</summary>
    public Uri Url { get; set; }

    /// <summary>The session's headers and the request's own.</summary>
    public RequestHeaders Headers { get; }

    /// <summary>The body; null for none.</summary>
    public RequestContent? Content { get; set; }

    /// <summary>What was asked for otherwise than in the session.</summary>
    public RequestOptions Options { get; }

    /// <summary>The attempt that is made: 1 for the first. The time limits of it, whether it is repeated and how, are the options' and the session's.</summary>
    public int Attempt { get; internal set; } = 1;

    internal FieldList Cookies { get; set; }

    internal ClientTimeout Timeout => Options.Timeout ?? Session.Options.Timeout;

    /// <summary>In the loop's seconds.</summary>
    internal double Deadline { get; set; }

    /// <summary>A copy that a redirect may change.</summary>
    internal ClientRequest Hop() => new(this);

    /// <summary>For messages: method and URL.</summary>
    public override string ToString() => ClientErrors.Describe(this);
}
