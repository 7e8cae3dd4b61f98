using System.Net.Sockets;

namespace Asyncio.Conformance;

internal static partial class Servers
{
    [Scenario]
    public static async Coroutine ServerThatIsToBeStartedLater(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0, startServing: false);
        var address = AddressOf(server);
        trace($"serving {server.IsServing}, refuses {await Refuses(address)}");
        await server.StartServingAsync();
        trace($"serving {server.IsServing}, refuses {await Refuses(address)}");
        await server.StartServingAsync();
        trace($"serving {server.IsServing}");
        server.Close();
        trace($"serving {server.IsServing}, refuses {await Refuses(address)}");
        await server.WaitClosedAsync();
    }

    [Scenario]
    public static async Coroutine ScopeDoesNotBeginToServe(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0, startServing: false);
        await using (var entered = server)
        {
            trace($"the same {entered == server}, serving {server.IsServing}");
            await server.StartServingAsync();
            trace($"serving {server.IsServing}");
        }

        trace($"serving {server.IsServing}");
    }

    [Scenario]
    public static async Coroutine StartServingSuspendsOnce(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0, startServing: false);
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        await server.StartServingAsync();
        trace("started");
        server.Close();
    }

    [Scenario]
    public static async Coroutine ClosedServerCannotBeStarted(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0, startServing: false);
        server.Close();
        trace(await Attempt(server.StartServingAsync()));
    }

    [Scenario]
    public static async Coroutine ServerKnowsItsLoopAndItsSockets(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0);
        trace($"loop {server.Loop == Aio.GetRunningLoop()}");
        trace($"{server.Sockets.Count} sockets, a port {PortOf(server) > 0}");
        server.Close();
        trace($"{server.Sockets.Count} sockets");
        await server.WaitClosedAsync();
        trace($"loop {server.Loop == Aio.GetRunningLoop()}");
    }

    [Scenario]
    public static async Coroutine ServingForeverBeginsToServe(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0, startServing: false);
        var task = Aio.CreateTask(server.ServeForeverAsync());
        await Spin(2);
        trace($"serving {server.IsServing}");
        var client = await Dial(server);
        client.Send("hello");
        client.Shutdown(SocketShutdown.Send);
        trace(Show(await ReceiveAll(client)));
        task.Cancel();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelledServingClosesTheServer(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0);
        var task = Aio.CreateTask(server.ServeForeverAsync());
        await Spin(2);
        trace($"serving {server.IsServing}");
        task.Cancel();
        trace(await Attempt(task));
        trace($"serving {server.IsServing}, {server.Sockets.Count} sockets");
        trace(await Attempt(server.ServeForeverAsync()));
    }

    [Scenario]
    public static async Coroutine MessageOfTheCancellationOfServing(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0);
        var task = Aio.CreateTask(server.ServeForeverAsync());
        await Spin(2);
        task.Cancel("enough");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelledServingWaitsForTheConnections(Trace trace)
    {
        var server = await Aio.StartServer(Greet, Host, 0);
        var task = Aio.CreateTask(server.ServeForeverAsync());
        var client = await Greeted(server);
        client.Send("x");
        task.Cancel();
        await Settle();
        trace($"{Outcome(task)}, serving {server.IsServing}");
        client.Shutdown(SocketShutdown.Send);
        trace($"peer: {Show(await ReceiveAll(client))}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine ClosingEndsTheServing(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0);
        var task = Aio.CreateTask(server.ServeForeverAsync());
        await Spin(2);
        server.Close();
        trace(await Attempt(task));
        trace($"asked {task.Cancelling()} times");
    }

    [Scenario]
    public static async Coroutine ServingTwiceIsRefused(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0);
        var task = Aio.CreateTask(server.ServeForeverAsync());
        await Spin(2);
        trace(await Attempt(server.ServeForeverAsync()));
        trace($"{Outcome(task)}, serving {server.IsServing}");
        server.Close();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine ServingWhenItIsClosedIsRefused(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0);
        server.Close();
        trace(await Attempt(server.ServeForeverAsync()));
    }

    [Scenario]
    public static async Coroutine ClosingLeavesTheConnectionsAlone(Trace trace)
    {
        await using var server = await Aio.StartServer(Greet, Host, 0);
        var client = await Greeted(server);
        client.Send("one ");
        var address = AddressOf(server);
        server.Close();
        server.Close();
        trace($"refuses {await Refuses(address)}");
        client.Send("two");
        client.Shutdown(SocketShutdown.Send);
        trace(Show(await ReceiveAll(client)));
    }

    [Scenario]
    public static async Coroutine WaitClosedWaitsForTheLastConnection(Trace trace)
    {
        var server = await Aio.StartServer(Greet, Host, 0);
        var clients = new List<Socket> { await Greeted(server), await Greeted(server) };
        server.Close();
        var task = Aio.CreateTask(server.WaitClosedAsync());
        foreach (var client in clients)
        {
            await Settle();
            trace(Outcome(task));
            client.Shutdown(SocketShutdown.Send);
            await ReceiveAll(client);
        }

        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine WaitClosedWaitsForTheClose(Trace trace)
    {
        var server = await Aio.StartServer(Greet, Host, 0);
        var client = await Greeted(server);
        var task = Aio.CreateTask(server.WaitClosedAsync());
        client.Shutdown(SocketShutdown.Send);
        await ReceiveAll(client);
        await Settle();
        trace(Outcome(task));
        server.Close();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine WaitClosedWhenAllIsOverDoesNotSuspend(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0);
        server.Close();
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        await server.WaitClosedAsync();
        await server.WaitClosedAsync();
        trace("closed");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine CancelledWaitClosedDisturbsNoOther(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0);
        var tasks = Enumerable.Range(0, 3).Select(_ => Aio.CreateTask(server.WaitClosedAsync())).ToArray();
        await Spin(2);
        tasks[1].Cancel();
        trace(await Attempt(tasks[1]));
        await Spin(2);
        trace(Outcome(tasks[0]));
        server.Close();
        trace(await Attempt(tasks[0]));
        trace(await Attempt(tasks[2]));
    }

    [Scenario]
    public static async Coroutine ScopeClosesAndWaits(Trace trace)
    {
        var tasks = new List<IAsyncTask>();

        async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            tasks.Add(Aio.CurrentTask()!);
            await reader.ReadAsync();
            trace("handler ends");
            writer.Close();
        }

        async Coroutine HangUp(Socket client)
        {
            await Settle();
            trace("client ends");
            client.Dispose();
        }

        var server = await Aio.StartServer(Serve, Host, 0);
        AsyncTask ending;
        await using (server)
        {
            var client = await Dial(server);
            await Until(() => tasks.Count > 0);
            ending = Aio.CreateTask(HangUp(client));
            trace("scope ends");
        }

        trace($"over, serving {server.IsServing}");
        await ending;
    }

    [Scenario]
    public static async Coroutine ScopeThatFails(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0);
        try
        {
            await using (server)
            {
                throw new DivideByZeroException();
            }
        }
        catch (DivideByZeroException)
        {
            trace($"serving {server.IsServing}");
        }
    }

    [Scenario]
    public static async Coroutine ClientsAreClosed(Trace trace)
    {
        var protocols = new Protocols(made: tape => tape.Transport.Write(new byte[Big]));
        var server = await Aio.GetRunningLoop().CreateServer(protocols.Make, Host, 0);
        var client = await Dial(server);
        await protocols.Have(1);
        server.CloseClients();
        trace($"serving {server.IsServing}, closing {protocols.Made[0].Transport.IsClosing}");
        trace($"peer: {(await ReceiveAll(client)).Length} bytes");
        await protocols.Made[0].Gone();
        trace(protocols.Made[0].Line);
        client = await Dial(server);
        await protocols.Have(2);
        trace("there is another");
        server.Close();
        server.CloseClients();
        trace($"peer: {(await ReceiveAll(client)).Length} bytes");
        await server.WaitClosedAsync();
    }

    [Scenario]
    public static async Coroutine ClientsAreAborted(Trace trace)
    {
        var protocols = new Protocols(made: tape => tape.Transport.Write(new byte[Big]));
        var server = await Aio.GetRunningLoop().CreateServer(protocols.Make, Host, 0);
        var client = await Dial(server);
        await protocols.Have(1);
        server.Close();
        var task = Aio.CreateTask(server.WaitClosedAsync());
        server.CloseClients();
        await Settle();
        trace(Outcome(task));
        server.AbortClients();
        trace(await Attempt(task));
        trace(protocols.Made[0].Line);
        trace($"all of it {(await ReceiveAll(client)).Length == Big}");
    }

    [Scenario]
    public static async Coroutine NoClientsToClose(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0);
        trace(ErrorOf(server.CloseClients));
        trace(ErrorOf(server.AbortClients));
        server.Close();
        await server.WaitClosedAsync();
        trace(ErrorOf(server.CloseClients));
        trace(ErrorOf(server.AbortClients));
    }

    [Scenario]
    public static async Coroutine ClientsClosedFromACallback(Trace trace)
    {
        Server? server = null;
        var protocols = new Protocols(data: _ => server!.CloseClients());
        server = await Aio.GetRunningLoop().CreateServer(protocols.Make, Host, 0);
        var clients = new List<Socket> { await Dial(server), await Dial(server), await Dial(server) };
        await protocols.Have(3);
        clients[1].Send("x");
        foreach (var client in clients)
        {
            trace($"peer: {Show(await ReceiveAll(client))}");
        }

        server.Close();
        await server.WaitClosedAsync();
    }
}
