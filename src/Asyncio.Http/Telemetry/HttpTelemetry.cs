using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Asyncio.Http;

/// <summary>
/// What can be watched, by the names of OpenTelemetry's conventions where there is one: a span a request (redirects and retries included; the handler's own spans of
/// each exchange are beneath it), and metrics.
/// </summary>
internal static class HttpTelemetry
{
    public const string Name = "Asyncio.Http";

    private static readonly ActivitySource s_spans = new(Name);
    private static readonly Meter s_meter = new(Name);

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>(
        "asyncio.http.request.duration", "s", "From the call to the head of the answer, retries and redirects included.");

    private static readonly UpDownCounter<long> s_active = s_meter.CreateUpDownCounter<long>(
        "asyncio.http.active_requests", "{request}", "Requests whose head has not come yet.");

    private static readonly Histogram<double> s_poolWait = s_meter.CreateHistogram<double>(
        "asyncio.http.pool.wait", "s", "Waits for others to end, where a limit of how many at a time was reached.");

    private static readonly Histogram<double> s_rateWait = s_meter.CreateHistogram<double>(
        "asyncio.http.rate_limit.wait", "s", "Waits for a rate limit.");

    private static readonly Counter<long> s_retries = s_meter.CreateCounter<long>("asyncio.http.retries", "{retry}", "Repetitions.");

    /// <summary>False: nobody looks, and nothing need be measured.</summary>
    public static bool IsWatched => s_spans.HasListeners() || s_duration.Enabled || s_active.Enabled;

    public static async Coroutine<ClientResponse> Watch(ClientRequest request, ClientHandler send, EventLoop loop)
    {
        var target = new TagList { { "http.request.method", request.Method }, { "server.address", request.Url.Host }, { "server.port", request.Url.Port } };
        var tags = target;
        using var span = s_spans.StartActivity(request.Method, ActivityKind.Client);
        span?.SetTag("http.request.method", request.Method).SetTag("url.full", Shown(request.Url))
            .SetTag("server.address", request.Url.Host).SetTag("server.port", request.Url.Port);
        var start = loop.Time();
        s_active.Add(1, target);
        string? failure = null;
        try
        {
            var response = await send(request);
            failure = response.Status >= 400 ? response.Status.ToString(CultureInfo.InvariantCulture) : null;
            span?.SetTag("http.response.status_code", response.Status).SetTag("network.protocol.version", response.HttpVersion.ToString());
            tags.Add("http.response.status_code", response.Status);
            return response;
        }
        catch (Exception e)
        {
            failure = e.GetType().FullName;
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            s_active.Add(-1, target);
            if (failure is not null)
            {
                span?.SetTag("error.type", failure);
                tags.Add("error.type", failure);
            }

            if (request.Attempt > 1)
            {
                span?.SetTag("http.request.resend_count", request.Attempt - 1);
            }

            s_duration.Record(loop.Time() - start, tags);
        }
    }

    public static void PoolWait(ClientRequest request, double seconds) => s_poolWait.Record(seconds, new KeyValuePair<string, object?>("server.address", request.Url.Host));

    public static void RateLimitWait(ClientRequest request, double seconds) => s_rateWait.Record(seconds, new KeyValuePair<string, object?>("server.address", request.Url.Host));

    public static void Retry(ClientRequest request, TimeSpan delay, Exception? error)
    {
        s_retries.Add(1, new KeyValuePair<string, object?>("server.address", request.Url.Host));
        Activity.Current?.AddEvent(new ActivityEvent("retry", tags: new ActivityTagsCollection
        {
            { "attempt", request.Attempt },
            { "delay", delay.TotalSeconds },
            { "error.type", error?.GetType().FullName },
        }));
    }

    // Neither password nor query: keys and tokens stand there.
    private static string Shown(Uri url) => RequestUrl.WithoutUser(url).GetLeftPart(UriPartial.Path) + (url.Query.Length > 0 ? "?*" : "");
}
