// Section 5 of the guide: errors, return_exceptions, cancellation, timeouts.
//
//   dotnet run samples/guide/05-errors.cs
//   dotnet run samples/guide/05-errors.cs -- --scale 1      as slow as the guide; otherwise a fifth of that

#:project Guide
#:property PublishAot=false

using System.Net;
using System.Net.Sockets;
using Asyncio;
using Asyncio.Http;
using Guide;

return Example.Run(args, "Errors, outcomes, cancellation, timeouts.", async server =>
{
    await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address });

    Example.Heading("try and catch work across await");
    await Catch(session);
    Example.Heading("Gather: the first error is thrown; GatherOutcomes: errors among the results");
    await Outcomes(session);
    Example.Heading("a task is cancelled");
    await CancelOne(session);
    Example.Heading("timeouts");
    await Timeouts(session);
});

static async Coroutine Catch(ClientSession session)
{
    foreach (var shouldFail in (bool[])[true, false])
    {
        try
        {
            Console.WriteLine(await MightFail(shouldFail));
        }
        catch (ClientResponseException e)
        {
            Console.WriteLine($"Caught error: status {e.Status}");
        }
    }

    async Coroutine<string> MightFail(bool shouldFail)
    {
        await using var response = await session.GetAsync($"ping?delay=0.5{(shouldFail ? "&status=500" : "")}");
        response.RaiseForStatus();
        return "Success!";
    }
}

static async Coroutine Outcomes(ClientSession session)
{
    var nobody = NobodyListens();
    string[] urls = ["sites/api1", $"http://{nobody}/", "sites/api3"];

    var outcomes = await Aio.GatherOutcomes(urls.Select(Fetch));
    foreach (var (outcome, i) in outcomes.Select((outcome, i) => (outcome, i)))
    {
        Console.WriteLine(outcome switch
        {
            { IsSuccess: true } => $"Task {i} succeeded: {outcome.Value}",
            { Error: var error } => $"Task {i} failed: {error!.GetType().Name}",
        });
    }

    try
    {
        await Aio.GatherAll(urls.Select(Fetch));
    }
    catch (ClientException e)
    {
        Console.WriteLine($"GatherAll threw the first error: {e.GetType().Name}"); // the other two go on, as in asyncio
    }

    try
    {
        await TaskGroup.Run(group =>
        {
            foreach (var url in urls)
            {
                group.CreateTask(Fetch(url));
            }
        });
    }
    catch (ExceptionGroup e) when (e.Contains<ClientException>())
    {
        Console.WriteLine($"a TaskGroup cancels the others and throws a group of {e.InnerExceptions.Count}");
    }

    async Coroutine<string> Fetch(string url)
    {
        await using var response = await session.GetAsync(url.StartsWith("http", StringComparison.Ordinal) ? url : $"{url}?delay=0.5");
        return await response.JsonAsync<string>();
    }
}

static async Coroutine CancelOne(ClientSession session)
{
    var task = Aio.CreateTask(LongRunningTask("MyTask"));
    await Aio.Sleep(Pace.Scaled(1)); // let it run for a bit
    task.Cancel();
    try
    {
        await task;
    }
    catch (CancelledException)
    {
        Console.WriteLine("Task was cancelled");
    }

    async Coroutine<string> LongRunningTask(string name)
    {
        try
        {
            Console.WriteLine($"{name}: Starting...");
            await using var response = await session.GetAsync("ping?delay=10"); // no token is given to it: the request ends all the same
            Console.WriteLine($"{name}: Completed!");
            return $"{name} result";
        }
        catch (OperationCanceledException) // CancelledException, or what a .NET library makes of it: this is the base of both
        {
            Console.WriteLine($"{name}: Cancelled! Cleaning up...");
            throw; // whoever cancelled it is to see that it is
        }
    }
}

static async Coroutine Timeouts(ClientSession session)
{
    var loop = Aio.GetRunningLoop();
    var start = loop.Time();
    try
    {
        using (Aio.Timeout(Pace.Scaled(2)))
        {
            Console.WriteLine(await SlowOperation());
        }
    }
    catch (TimeoutException)
    {
        Console.WriteLine("Timeout: operation timed out!");
    }

    try
    {
        Console.WriteLine(await Aio.WaitFor(SlowOperation(), Pace.Scaled(2)));
    }
    catch (TimeoutException)
    {
        Console.WriteLine("WaitFor: operation timed out!");
    }

    Console.WriteLine($"  took {loop.Time() - start:0.00} s; without the limits: {Pace.Scaled(20):0.00} s");

    async Coroutine<string> SlowOperation()
    {
        await using var response = await session.GetAsync("ping?delay=10");
        return "Done!";
    }
}

static IPEndPoint NobodyListens()
{
    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    socket.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // a free port, and nobody listens there
    return (IPEndPoint)socket.LocalEndPoint!;
}
