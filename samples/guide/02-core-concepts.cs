// Section 2 of the guide: what a coroutine is, what await does, what the loop is.
//
//   dotnet run samples/guide/02-core-concepts.cs
//   dotnet run samples/guide/02-core-concepts.cs -- --scale 1

#:project Guide
#:property PublishAot=false

using Asyncio;
using Asyncio.Http;
using Guide;

return Example.RunPlain(args, "What a coroutine is, what await does, what the loop is.", server =>
{
    Example.Heading("a coroutine: calling it runs nothing");
    Coroutine<string> coroutine = SayHello("Alice");
    Console.WriteLine($"a {coroutine.GetType().Name} named {coroutine.Name}; nothing was printed by it yet");
    string result = Aio.Run(coroutine);
    Console.WriteLine(result);

    Example.Heading("await: it pauses here, not the thread");
    Aio.Run(ProcessData(server));

    Example.Heading("the event loop");
    Aio.Run(ShowLoop());
});

static async Coroutine<string> SayHello(string name)
{
    Console.WriteLine("(now it runs)");
    await Aio.Yield();
    return $"Hello, {name}!";
}

static async Coroutine ProcessData(DemoServer server)
{
    await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address });
    Console.WriteLine("Starting...");
    await using var response = await session.GetAsync("users/1?delay=1"); // paused until the head of the answer is here
    var user = await response.JsonAsync<User>(); // and here until the whole of it is
    Console.WriteLine($"Processing {user.Name}...");
    await Aio.Sleep(Pace.Scaled(1));
    Console.WriteLine("Done!");
}

static async Coroutine ShowLoop()
{
    var loop = Aio.GetRunningLoop();
    Console.WriteLine($"Event loop: running {loop.IsRunning}, waits by means of {loop.ReactorKind}");
    var thread = Environment.CurrentManagedThreadId;

    // Two coroutines take turns on one thread: the loop runs the one that is ready while the other waits.
    await Aio.Gather(Count("a"), Count("b"));

    async Coroutine<int> Count(string name)
    {
        for (var i = 1; i <= 3; i++)
        {
            Console.WriteLine($"{name}{i}{(Environment.CurrentManagedThreadId == thread ? "" : " on another thread?")}");
            await Aio.Sleep(0); // the other one's turn
        }

        return 3;
    }
}

sealed record User(int Id, string Name, string Email);
