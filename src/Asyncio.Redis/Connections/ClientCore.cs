using Asyncio.Redis.Resp;

namespace Asyncio.Redis.Connections;

/// <summary>What a client has while it is in use: a loop, the connection that commands share, and connections for those that cannot share.</summary>
internal sealed class ClientCore
{
    public EventLoop Loop => Connector.Loop;

    public Connector Connector { get; }

    public SharedLink Shared { get; }

    public LinkPool Pool { get; }

    public ClientCore(EventLoop loop, RedisOptions options)
    {
        Connector = new Connector(loop, options);
        Shared = new SharedLink(Connector);
        Pool = new LinkPool(Connector);
    }

    /// <summary>A command that waits in the server, on a connection that waits with it.</summary>
    public async Coroutine<T> RunBlocking<T>(Request request, Func<RedisReply, T> convert, double seconds)
    {
        var link = await Pool.RentAsync(request.ToString());
        try
        {
            return await RunBlockingOn(link, request, convert, seconds);
        }
        finally
        {
            Pool.Return(link, isClean: true); // if no reply is owed any more
        }
    }

    /// <summary>
    /// The same on a connection that the caller has. Cancelled, it asks the server to let go, because what the server has taken out for us by then would
    /// be lost with the connection. A result that came first is returned, and the cancellation is put off to the next await.
    /// </summary>
    public async Coroutine<T> RunBlockingOn<T>(Link link, Request request, Func<RedisReply, T> convert, double seconds)
    {
        link.ExtraPatience = seconds;
        var isEmpty = false;
        var reply = link.Send(request, said =>
        {
            isEmpty = said.IsNull;
            return convert(said);
        });
        var settled = new AsyncEvent(); // the reply itself must survive the cancellation of who waits for it
        reply.AddDoneCallback(_ => settled.Set());
        try
        {
            await settled.WaitAsync();
        }
        catch (CancelledException e)
        {
            await LetGo(link, settled);
            if (reply.IsFaulted || !reply.Done() || isEmpty)
            {
                reply.Cancel(); // its failure is no news for who was cancelled
                throw;
            }

            var task = Aio.CurrentTask()!;
            task.Uncancel();
            task.Cancel(e.CancelMessage);
        }
        finally
        {
            link.ExtraPatience = 0;
        }

        return reply.Result();
    }

    public async Coroutine CloseAsync()
    {
        await Connector.CloseAsync();
        await Shared.CloseAsync();
        await Pool.CloseAsync();
    }

    private async Coroutine LetGo(Link link, AsyncEvent settled)
    {
        if (settled.IsSet || !link.IsOpen || Shared.Current is not { } other)
        {
            return;
        }

        try
        {
            await Aio.Timeout(Connector.Options.ResponseTimeout, async () =>
            {
                await other.Send(new Request("CLIENT", "UNBLOCK", link.Id), Reply.Raw);
                await settled.WaitAsync();
            });
        }
        catch (Exception e) when (e is TimeoutException or RedisException or CancelledException)
        {
            // That lets go as well; and the request, which may still be under way, must not meet the next user's command.
            link.Abort(new RedisConnectionException("The connection was given up: the server did not let a blocking command go in time."));
        }
    }
}
