namespace Asyncio.Http;

// One method a verb.
public sealed partial class ClientSession
{
    /// <summary>Asks for what is at a URL. Aiohttp: <c>session.get()</c>.</summary>
    /// <inheritdoc cref="RequestAsync(string, string, RequestContent?, RequestOptions?)"/>
    public Coroutine<ClientResponse> GetAsync(string url, RequestOptions? options = null) => RequestAsync("GET", url, null, options);

    /// <inheritdoc cref="GetAsync(string, RequestOptions?)"/>
    public Coroutine<ClientResponse> GetAsync(Uri url, RequestOptions? options = null) => RequestAsync("GET", url, null, options);

    /// <summary>Asks for the head alone. Aiohttp: <c>session.head()</c>.</summary>
    /// <inheritdoc cref="RequestAsync(string, string, RequestContent?, RequestOptions?)"/>
    public Coroutine<ClientResponse> HeadAsync(string url, RequestOptions? options = null) => RequestAsync("HEAD", url, null, options);

    /// <summary>Asks what can be done with a URL. Aiohttp: <c>session.options()</c>.</summary>
    /// <inheritdoc cref="RequestAsync(string, string, RequestContent?, RequestOptions?)"/>
    public Coroutine<ClientResponse> OptionsAsync(string url, RequestOptions? options = null) => RequestAsync("OPTIONS", url, null, options);

    /// <summary>Sends a body: to be taken in, to make something new. Aiohttp: <c>session.post()</c>.</summary>
    /// <inheritdoc cref="RequestAsync(string, string, RequestContent?, RequestOptions?)"/>
    public Coroutine<ClientResponse> PostAsync(string url, RequestContent? content = null, RequestOptions? options = null) => RequestAsync("POST", url, content, options);

    /// <inheritdoc cref="PostAsync(string, RequestContent?, RequestOptions?)"/>
    public Coroutine<ClientResponse> PostAsync(Uri url, RequestContent? content = null, RequestOptions? options = null) => RequestAsync("POST", url, content, options);

    /// <summary>Sends a body that takes the place of what is there. Aiohttp: <c>session.put()</c>.</summary>
    /// <inheritdoc cref="RequestAsync(string, string, RequestContent?, RequestOptions?)"/>
    public Coroutine<ClientResponse> PutAsync(string url, RequestContent? content = null, RequestOptions? options = null) => RequestAsync("PUT", url, content, options);

    /// <summary>Sends a body that changes what is there. Aiohttp: <c>session.patch()</c>.</summary>
    /// <inheritdoc cref="RequestAsync(string, string, RequestContent?, RequestOptions?)"/>
    public Coroutine<ClientResponse> PatchAsync(string url, RequestContent? content = null, RequestOptions? options = null) => RequestAsync("PATCH", url, content, options);

    /// <summary>Asks to take away what is there. Aiohttp: <c>session.delete()</c>.</summary>
    /// <inheritdoc cref="RequestAsync(string, string, RequestContent?, RequestOptions?)"/>
    public Coroutine<ClientResponse> DeleteAsync(string url, RequestOptions? options = null) => RequestAsync("DELETE", url, null, options);

    /// <summary>Makes a request. Aiohttp: <c>session.request()</c>.</summary>
    /// <param name="method">The method: GET, or any other token.</param>
    /// <param name="url">Where: absolute, or relative to <see cref="ClientSessionOptions.BaseAddress"/>. A user and password in it become an <c>Authorization</c> header.</param>
    /// <param name="content">The body; null for none.</param>
    /// <param name="options">What is to be otherwise than in the session.</param>
    /// <returns>The answer when its head has come. It is to be disposed of, or read to its end.</returns>
    /// <exception cref="InvalidUrlException">The URL, or that of a redirect, is none.</exception>
    /// <exception cref="InvalidHeaderException">A header cannot be sent.</exception>
    /// <exception cref="ClientConnectionException">No connection could be made, or it was lost.</exception>
    /// <exception cref="InvalidResponseException">The answer is not HTTP.</exception>
    /// <exception cref="ClientTimeoutException">A limit of <see cref="ClientTimeout"/> struck.</exception>
    /// <exception cref="TooManyRedirectsException">There were more redirects than allowed.</exception>
    /// <exception cref="ClientResponseException">The status was 400 or more, and <see cref="RequestOptions.RaiseForStatus"/> asked for this.</exception>
    /// <exception cref="ClientException">The body cannot be sent twice, and was sent.</exception>
    /// <exception cref="InvalidOperationException">The session is closed, or is another loop's.</exception>
    /// <remarks>Suspends until the head is there. Cancelling it aborts the request and closes its connection.</remarks>
    public Coroutine<ClientResponse> RequestAsync(string method, string url, RequestContent? content = null, RequestOptions? options = null)
    {
        var verb = Verb(method);
        return RunAsync(verb, RequestUrl.Parse(url, verb, Options.BaseAddress), content, options ?? RequestOptions.None);
    }

    /// <inheritdoc cref="RequestAsync(string, string, RequestContent?, RequestOptions?)"/>
    public Coroutine<ClientResponse> RequestAsync(string method, Uri url, RequestContent? content = null, RequestOptions? options = null)
    {
        var verb = Verb(method);
        return RunAsync(verb, RequestUrl.Resolve(url, verb, Options.BaseAddress), content, options ?? RequestOptions.None);
    }

    private static string Verb(string method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return HeaderSyntax.IsToken(method) ? method.ToUpperInvariant() : throw new ArgumentException($"'{method}' is not an HTTP method.", nameof(method));
    }
}
