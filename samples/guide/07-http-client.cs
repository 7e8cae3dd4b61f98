// Section 7 of the guide: an HTTP client, and one that keeps to a rate.
//
//   dotnet run samples/guide/07-http-client.cs
//   dotnet run samples/guide/07-http-client.cs -- --scale 1     as slow as the guide; otherwise a fifth of that
//
// The guide's own rate limiter is here as well, measured by the server: it does not keep to its rate.

#:project Guide
#:property PublishAot=false

using Asyncio;
using Asyncio.Http;
using Guide;

return Example.Run(args, "Many requests with one session, and a client that keeps to a rate.", async server =>
{
    Example.Heading("all users at once");
    int[] userIds = [1, 2, 3, 4, 5, 999];
    foreach (var user in await FetchAllUsers(server, userIds))
    {
        Console.WriteLine($"User: {user.Name} ({user.Email})");
    }

    Example.Heading("5 requests a second: the guide's client, with a semaphore and a pause");
    await Measure(server, "quick server", delay: 0, urls => new PausingClient(5).FetchMany(server, urls));
    await Measure(server, "slow server", delay: 3, urls => new PausingClient(5).FetchMany(server, urls));
    Example.Heading("5 requests a second: a session with a rate limit");
    await Measure(server, "quick server", delay: 0, urls => FetchMany(server, urls, 5));
    await Measure(server, "slow server", delay: 3, urls => FetchMany(server, urls, 5));
});

static async Coroutine<User[]> FetchAllUsers(DemoServer server, int[] userIds)
{
    await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address });
    var timeline = new Timeline();
    var outcomes = await Aio.GatherOutcomes(userIds.Select(id => FetchJson($"users/{id}")));
    timeline.Print();
    foreach (var outcome in outcomes.Where(outcome => outcome.IsFaulted))
    {
        Console.WriteLine($"Left out: {(outcome.Error is ClientResponseException { Status: var status } ? $"status {status}" : outcome.Error!.Message)}");
    }

    return [.. outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value)];

    async Coroutine<User> FetchJson(string url)
    {
        using var _ = timeline.Begin(url);
        await using var response = await session.GetAsync($"{url}?delay=1");
        response.RaiseForStatus();
        return await response.JsonAsync<User>();
    }
}

// The limit is the session's: nobody has to remember it.
static async Coroutine<TaskOutcome<Post>[]> FetchMany(DemoServer server, string[] urls, double requestsPerSecond)
{
    var limit = RateLimit.TokenBucket(requestsPerSecond / Pace.Scaled(1));
    await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address, RateLimit = limit });
    return await Aio.GatherOutcomes(urls.Select(Fetch));

    async Coroutine<Post> Fetch(string url)
    {
        await using var response = await session.GetAsync(url);
        return await response.JsonAsync<Post>();
    }
}

static async Coroutine Measure(DemoServer server, string name, double delay, Func<string[], Coroutine<TaskOutcome<Post>[]>> fetchMany)
{
    server.Forget();
    var loop = Aio.GetRunningLoop();
    var start = loop.Time();
    var posts = await fetchMany([.. Enumerable.Range(1, 20).Select(i => $"posts/{i}?delay={delay}")]);
    var took = loop.Time() - start;
    var arrivals = server.Arrivals;
    var rate = (arrivals.Length - 1) / (arrivals[^1] - arrivals[0]) * Pace.Scaled(1);
    Console.WriteLine(
        $"{name}: fetched {posts.Count(post => post.IsSuccess)} posts in {took:0.00} s; the server saw {rate:0.0} requests in a second of the guide");
}

/// <summary>
/// As the guide has it. A permit is held for the answer's time and the pause: 5 permits make 25 requests a second if answers are quick, 1.6 if they take 3 s.
/// </summary>
sealed class PausingClient(double requestsPerSecond)
{
    private readonly AsyncSemaphore _semaphore = new((int)requestsPerSecond);
    private readonly double _delay = Pace.Scaled(1 / requestsPerSecond);

    public async Coroutine<TaskOutcome<Post>[]> FetchMany(DemoServer server, string[] urls)
    {
        await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address });
        return await Aio.GatherOutcomes(urls.Select(url => Fetch(session, url)));
    }

    private async Coroutine<Post> Fetch(ClientSession session, string url)
    {
        using (await _semaphore.AcquireAsync())
        {
            await using var response = await session.GetAsync(url);
            var post = await response.JsonAsync<Post>();
            await Aio.Sleep(_delay);
            return post;
        }
    }
}

sealed record User(int Id, string Name, string Email);

sealed record Post(int Id, string Title);
