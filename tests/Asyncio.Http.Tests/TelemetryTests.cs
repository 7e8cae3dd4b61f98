using System.Diagnostics;
using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>Spans and metrics.</summary>
public class TelemetryTests
{
    [Fact]
    public void A_request_is_a_span_and_is_measured() => Stage.Run(async () =>
    {
        using var watch = new TelemetryWatch();
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Retry = new RetryOptions { Attempts = 2, Delay = 0.01 } });
        Assert.Null(Activity.Current);
        await using var response = await session.GetAsync($"{server.Url}status/503?key=secret");
        Assert.Null(Activity.Current); // what it set is taken back
        var span = Assert.Single(watch.Spans);
        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Equal($"{server.Url}status/503?*", span.GetTagItem("url.full"));
        Assert.Equal((503, 1, "503"), (span.GetTagItem("http.response.status_code"), span.GetTagItem("http.request.resend_count"), span.GetTagItem("error.type")));
        Assert.Equal("retry", Assert.Single(span.Events).Name);

        var duration = Assert.Single(watch.Measurements, measurement => measurement.Name == "asyncio.http.request.duration");
        Assert.Equal(("GET", 503), (duration.Tags["http.request.method"], duration.Tags["http.response.status_code"]));
        Assert.Equal((0, 1), (watch.Sum("asyncio.http.active_requests"), watch.Sum("asyncio.http.retries")));
    });

    [Fact]
    public void An_error_is_told_by_its_type() => Stage.Run(async () =>
    {
        using var watch = new TelemetryWatch();
        await using var session = new ClientSession();
        await Stage.Throws<ClientConnectorException>(() => session.GetAsync("http://ada:pw@127.0.0.1:1/"));
        var span = Assert.Single(watch.Spans);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal(typeof(ClientConnectorException).FullName, span.GetTagItem("error.type"));
        Assert.DoesNotContain("pw", span.GetTagItem("url.full")!.ToString());
    });

    [Fact]
    public void Waits_are_measured() => Stage.Run(async () =>
    {
        using var watch = new TelemetryWatch();
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1, RateLimit = RateLimit.TokenBucket(100) });
        await Aio.GatherAll(Enumerable.Range(0, 3).Select(_ => Fetch()));
        Assert.Contains(watch.Measurements, measurement => measurement.Name == "asyncio.http.rate_limit.wait" && measurement.Value > 0);

        async Coroutine Fetch()
        {
            await using var response = await session.GetAsync($"{server.Url}hello");
            await response.ReadAsync();
        }
    });
}
