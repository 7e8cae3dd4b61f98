// Section 3 of the guide: tasks, gather, wait, as_completed.
//
//   dotnet run samples/guide/03-tasks.cs
//   dotnet run samples/guide/03-tasks.cs -- --scale 1       as slow as the guide; otherwise a fifth of that

#:project Guide
#:property PublishAot=false

using Asyncio;
using Asyncio.Http;
using Guide;

return Example.Run(args, "Tasks, Gather, Wait, AsCompleted.", async server =>
{
    await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address });

    Example.Heading("tasks, lazily started: they begin when this coroutine waits for the first time");
    await Downloads(session, eager: false);
    Example.Heading("tasks, eagerly started: they begin at once");
    await Downloads(session, eager: true);
    Example.Heading("Gather: all of them, results in the order of the calls");
    await UserData(session, 42);
    Example.Heading("Wait: what has succeeded, what has failed");
    await Risky(session);
    Example.Heading("AsCompleted: each as soon as it is there");
    await FastestFirst(session);
});

static async Coroutine Downloads(ClientSession session, bool eager)
{
    var timeline = new Timeline();

    async Coroutine<string> DownloadFile(string name, double delay)
    {
        using var _ = timeline.Begin(name);
        Console.WriteLine($"Starting download: {name}");
        var content = await GetText(session, $"files/{name}?delay={delay}");
        Console.WriteLine($"Finished download: {name}");
        return content;
    }

    // In the guide each takes 2 s, and it goes without saying in which order they end. Of real answers that is only so if they come one by one.
    var task1 = Aio.CreateTask(DownloadFile("file1.txt", 1.5), eagerStart: eager);
    var task2 = Aio.CreateTask(DownloadFile("file2.txt", 2), eagerStart: eager);
    var task3 = Aio.CreateTask(DownloadFile("file3.txt", 2.5), eagerStart: eager);

    Console.WriteLine("Downloads started, doing other work...");
    using (timeline.Begin("other work"))
    {
        await Aio.Sleep(Pace.Scaled(0.5));
    }

    Console.WriteLine("Other work done!");
    string[] contents = [await task1, await task2, await task3];
    timeline.Print();
    Console.WriteLine($"  {string.Join(", ", contents)}");
}

static async Coroutine UserData(ClientSession session, int userId)
{
    var timeline = new Timeline();
    var (user, posts, comments) = await Aio.Gather(
        Fetch<User>($"users/{userId}", 1),
        Fetch<Post[]>($"users/{userId}/posts", 1.5),
        Fetch<Comment[]>("posts/1/comments", 0.5)); // three types: a tuple, no casts
    Console.WriteLine($"user: {user.Name}; posts: {string.Join(", ", posts.Select(post => post.Title))}; comments: {comments[0].Text}");
    timeline.Print();

    async Coroutine<T> Fetch<T>(string path, double delay)
    {
        using var _ = timeline.Begin(path);
        await using var response = await session.GetAsync($"{path}?delay={delay}");
        return await response.JsonAsync<T>();
    }
}

static async Coroutine Risky(ClientSession session)
{
    var timeline = new Timeline();
    AsyncTask<int>[] tasks = [.. new[] { 1, 2, 3 }.Select(n => Aio.CreateTask(RiskyOperation(n), name: $"operation {n}"))];
    var (done, pending) = await Aio.Wait(tasks, ReturnWhen.AllCompleted);
    foreach (var task in done.OrderBy(task => task.Name)) // a set has no order, here as there
    {
        try
        {
            Console.WriteLine($"Success: {task.Result()}");
        }
        catch (InvalidOperationException e)
        {
            Console.WriteLine($"Error: {e.Message}");
        }
    }

    Console.WriteLine($"{pending.Count} pending");
    timeline.Print();

    // And the first that is ready, with the rest called off:
    AsyncTask<int>[] race = [Aio.CreateTask(RiskyOperation(1)), Aio.CreateTask(RiskyOperation(3))];
    var first = await Aio.Wait(race, ReturnWhen.FirstCompleted);
    Console.WriteLine($"first: {first.Done.Single().Result()}; {first.Pending.Count} is cancelled");
    foreach (var task in first.Pending)
    {
        task.Cancel();
    }

    await Aio.Wait(first.Pending);

    async Coroutine<int> RiskyOperation(int n)
    {
        using var _ = timeline.Begin($"operation {n}");
        await GetText(session, $"ping?delay={n * 0.5}");
        return n == 2 ? throw new InvalidOperationException($"Operation {n} failed!") : n * 10;
    }
}

static async Coroutine FastestFirst(ClientSession session)
{
    var timeline = new Timeline();
    Coroutine<string>[] sites = [FetchUrl("slow", 2.5), FetchUrl("fast", 0.5), FetchUrl("medium", 1.5)];
    await foreach (var task in Aio.AsCompleted(sites))
    {
        Console.WriteLine($"Got: {await task}"); // ended already
    }

    timeline.Print();

    async Coroutine<string> FetchUrl(string site, double delay)
    {
        using var _ = timeline.Begin(site);
        await GetText(session, $"sites/{site}?delay={delay}");
        return $"Data from {site}";
    }
}

static async Coroutine<string> GetText(ClientSession session, string url)
{
    await using var response = await session.GetAsync(url);
    return await response.JsonAsync<string>();
}

sealed record User(int Id, string Name, string Email);

sealed record Post(int Id, string Title);

sealed record Comment(int Id, string Text);
