// Section 1 of the guide: waiting one after the other, and all at once.
//
//   dotnet run samples/guide/01-problem.cs
//   dotnet run samples/guide/01-problem.cs -- --scale 1     as slow as the guide: a request takes 2 s; otherwise a fifth of that
//
// The requests are real; the server that answers them is started here, too.

#:project Guide
#:property PublishAot=false

using Asyncio;
using Asyncio.Http;
using Guide;

return Example.RunPlain(args, "Waiting one after the other, and all at once.", server =>
{
    Example.Heading("one after the other: each request blocks the thread");
    OneAfterTheOther(server);

    Example.Heading("all at once: one thread waits for all of them");
    string[] results = Aio.Run(AllAtOnce(server));
    Console.WriteLine($"  {results.Length} answers, in the order of the calls: {string.Join(", ", results.Select(text => $"{text.Length} characters"))}");
});

static void OneAfterTheOther(DemoServer server)
{
    var timeline = new Timeline();
    foreach (var what in (string[])["users", "posts", "comments"])
    {
        using var _ = timeline.Begin(what);
        Console.WriteLine($"Fetching {what}...");
        server.GetBlocking($"{what}?delay=2"); // the thread can do nothing else
    }

    timeline.Print();
}

static async Coroutine<string[]> AllAtOnce(DemoServer server)
{
    await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address });
    var timeline = new Timeline();

    async Coroutine<string> FetchData(string what)
    {
        using var _ = timeline.Begin(what);
        Console.WriteLine($"Fetching {what}...");
        await using var response = await session.GetAsync($"{what}?delay=2"); // the others go on meanwhile
        return await response.TextAsync();
    }

    var results = await Aio.GatherAll(FetchData("users"), FetchData("posts"), FetchData("comments"));
    timeline.Print();
    return results;
}
