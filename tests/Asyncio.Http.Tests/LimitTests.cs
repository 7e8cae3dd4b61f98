using System.Diagnostics;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>How many at a time, and how many in a time; told by the server.</summary>
public class LimitTests
{
    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(0, 2, 4)]
    [InlineData(3, 2, 3)]
    public void No_more_are_under_way_than_allowed(int limit, int perHost, int most) => Stage.Run(async () =>
    {
        var (running, peak) = (0, 0);
        await using var one = await CountingAsync();
        await using var other = await CountingAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Limit = limit, LimitPerHost = perHost });
        await Aio.GatherAll(Enumerable.Range(0, 40).Select(i => Fetch(i % 2 == 0 ? one : other)));
        Assert.Equal(most, peak);

        Coroutine<HostileServer> CountingAsync() => HostileServer.AnswerAsync(async (_, writer) =>
        {
            peak = Math.Max(peak, ++running);
            await Aio.Sleep(0.02);
            running--;
            writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });

        async Coroutine Fetch(HostileServer server)
        {
            await using var response = await session.GetAsync(server.Url);
            await response.ReadAsync();
        }
    });

    /// <summary>Nothing here is late or early by a stall: nothing can arrive before it was allowed.</summary>
    [Fact]
    public void A_token_bucket_keeps_rate_and_burst_by_the_servers_clock_however_slow_the_answers() => Stage.Run(async () =>
    {
        const double Rate = 50;
        const int Burst = 10;
        const int Count = 100;
        await using var server = await ClockingAsync();
        await using var session = new ClientSession(new ClientSessionOptions { RateLimit = RateLimit.TokenBucket(Rate, Burst) });
        for (var round = 0; round < 2; round++) // the second begins after a pause in which the bucket has filled
        {
            server.Arrivals.Clear();
            var start = Stopwatch.GetTimestamp();
            await Aio.GatherAll(Enumerable.Range(0, Count).Select(i => Fetch(session, $"{server.Url}clock/{(i % 3) * 100}")));
            var times = server.TimesSince(start);
            Assert.Equal(Count, times.Length);
            for (var i = 0; i < Count; i++)
            {
                Assert.True(times[i] >= ((i + 1 - Burst) / Rate) - 0.001, $"request {i} came after {times[i]} s: above the rate");
            }

            var ideal = (Count - Burst) / Rate;
            Assert.True(times[^1] < ideal + 10, $"{times[^1]} s instead of {ideal}: below the rate");
            await Aio.Sleep(Burst / Rate);
        }

        Assert.True(server.Peak > 3, $"At most {server.Peak} at a time: it waits for answers.");
    });

    [Fact]
    public void A_burst_is_sent_at_once_and_no_more() => Stage.Run(async () =>
    {
        await using var server = await ClockingAsync();
        await using var session = new ClientSession(new ClientSessionOptions { RateLimit = RateLimit.TokenBucket(0.01, 5) });
        var tasks = Enumerable.Range(0, 6).Select(_ => Aio.CreateTask(Fetch(session, $"{server.Url}clock/0"))).ToArray();
        await Aio.GatherAll(tasks[..5]);
        await Aio.Sleep(0.2);
        Assert.Equal(5, server.Arrivals.Count);
        Assert.False(tasks[5].IsCompleted);
        tasks[5].Cancel();
        await Stage.Throws<CancelledException>(async () => await tasks[5]);
    });

    [Fact]
    public void A_sliding_window_keeps_its_number_in_every_window() => Stage.Run(async () =>
    {
        const int Permits = 10;
        const double Window = 0.5;
        await using var server = await ClockingAsync();
        await using var session = new ClientSession(new ClientSessionOptions { RateLimit = RateLimit.SlidingWindow(Permits, Window) });
        var start = Stopwatch.GetTimestamp();
        await Aio.GatherAll(Enumerable.Range(0, 45).Select(_ => Fetch(session, $"{server.Url}clock/0")));
        var times = server.TimesSince(start);
        for (var i = 0; i < times.Length; i++)
        {
            Assert.True(times[i] >= (i / Permits * Window) - 0.001, $"request {i} came after {times[i]} s");
        }

        Assert.True(times[^1] < (4 * Window) + 10, $"{times[^1]} s");
    });

    [Fact]
    public void Each_host_has_a_rate_of_its_own() => Stage.Run(async () =>
    {
        await using var slow = await ClockingAsync();
        await using var quick = await ClockingAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 2, RateLimitPerHost = RateLimit.TokenBucket(0.01, 2) });
        var tasks = Enumerable.Range(0, 10).Select(_ => Aio.CreateTask(Fetch(session, $"{slow.Url}clock/0"))).ToArray();
        await Stage.Until(() => slow.Arrivals.Count == 2);
        await Fetch(session, $"{quick.Url}clock/0"); // neither the others' rate nor their line is in its way
        await Fetch(session, $"{quick.Url}clock/0");
        Assert.Equal((2, 2), (slow.Arrivals.Count, quick.Arrivals.Count));
        foreach (var task in tasks)
        {
            task.Cancel();
        }

        Assert.Equal(8, (await Aio.GatherOutcomes(tasks)).Count(outcome => outcome.IsCanceled));
    });

    [Fact]
    public void A_permit_is_not_taken_before_a_connection_is_there() => Stage.Run(async () =>
    {
        await using var server = await ClockingAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1, RateLimit = RateLimit.TokenBucket(10, 1) });
        var first = await session.GetAsync($"{server.Url}bytes/10000000"); // holds the connection while tokens could be piled up
        var tasks = Enumerable.Range(0, 5).Select(_ => Aio.CreateTask(Fetch(session, $"{server.Url}clock/0"))).ToArray();
        await Aio.Sleep(0.7);
        Assert.Empty(server.Arrivals);
        var start = Stopwatch.GetTimestamp();
        first.Close();
        await Aio.GatherAll(tasks);
        var times = server.TimesSince(start);
        Assert.All(Enumerable.Range(0, 5), i => Assert.True(times[i] >= (i / 10.0) - 0.001, $"request {i} came after {times[i]} s"));
    });

    [Fact]
    public void A_limiter_of_the_users_can_be_given() => Stage.Run(async () =>
    {
        await using var server = await ClockingAsync();
        var limiters = new List<RateLimiter>();
        await using (var session = new ClientSession(new ClientSessionOptions { RateLimit = RateLimit.From(Make) }))
        {
            var first = await session.GetAsync($"{server.Url}clock/0");
            var waiting = Aio.CreateTask(Fetch(session, $"{server.Url}clock/0"));
            await Aio.Sleep(0.05);
            var error = await Stage.Throws<RateLimitException>(() => session.GetAsync($"{server.Url}clock/0"));
            Assert.Contains(server.Url, error.Message);
            Assert.False(waiting.IsCompleted);
            await first.DisposeAsync(); // gives its lease back
            await waiting;
        }

        Assert.Throws<ObjectDisposedException>(() => limiters[0].AttemptAcquire());

        RateLimiter Make()
        {
            limiters.Add(new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 1 }));
            return limiters[0];
        }
    });

    [Fact]
    public void Rates_are_checked()
    {
        Assert.All([0, -1, double.NaN, double.PositiveInfinity], rate => Assert.Throws<ArgumentOutOfRangeException>(() => RateLimit.TokenBucket(rate)));
        Assert.Throws<ArgumentOutOfRangeException>(() => RateLimit.TokenBucket(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RateLimit.SlidingWindow(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RateLimit.SlidingWindow(1, 0));
    }

    private static async Coroutine Fetch(ClientSession session, string url)
    {
        await using var response = await session.GetAsync(url);
        await response.ReadAsync();
    }

    private static async Coroutine<ClockingServer> ClockingAsync()
    {
        var server = new ClockingServer();
        server.Kestrel = await KestrelServer.StartAsync(app => app.MapGet("/clock/{delay:int}", server.Take));
        return server;
    }

    /// <summary>Notes when each request comes.</summary>
    private sealed class ClockingServer : IAsyncDisposable
    {
        private readonly Lock _lock = new();
        private int _running;

        public KestrelServer Kestrel { get; set; } = null!;

        public string Url => Kestrel.Url;

        public List<long> Arrivals { get; } = [];

        public int Peak { get; private set; }

        public async Task Take(int delay)
        {
            lock (_lock)
            {
                Arrivals.Add(Stopwatch.GetTimestamp());
                Peak = Math.Max(Peak, ++_running);
            }

            await Task.Delay(delay);
            lock (_lock)
            {
                _running--;
            }
        }

        public double[] TimesSince(long start)
        {
            lock (_lock)
            {
                return [.. Arrivals.Order().Select(time => Stopwatch.GetElapsedTime(start, time).TotalSeconds)];
            }
        }

        public ValueTask DisposeAsync() => Kestrel.DisposeAsync();
    }
}
