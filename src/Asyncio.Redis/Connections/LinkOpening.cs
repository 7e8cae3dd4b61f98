using Asyncio.LowLevel;
using Asyncio.Redis.Resp;

namespace Asyncio.Redis.Connections;

/// <summary>From nothing to a connection that takes commands: socket, TLS, protocol, user, database.</summary>
internal static class LinkOpening
{
    /// <exception cref="RedisConnectionException">That did not work, or took too long.</exception>
    public static async Coroutine<Link> Open(EventLoop loop, RedisOptions options, IPushReceiver? receiver)
    {
        try
        {
            return await Aio.WaitFor(Begin(loop, options, receiver), options.ConnectTimeout);
        }
        catch (TimeoutException e)
        {
            throw new RedisTimeoutException($"Connecting to {options.Endpoint} took longer than {nameof(RedisOptions)}.{nameof(RedisOptions.ConnectTimeout)}, {options.ConnectTimeout} s.", e);
        }
        catch (Exception e) when (e is not (RedisException or OperationCanceledException)) // the network's, TLS's, or the name of no host
        {
            throw new RedisConnectionException($"Cannot connect to {options.Endpoint}: {e.Message}", e);
        }
    }

    private static async Coroutine<Link> Begin(EventLoop loop, RedisOptions options, IPushReceiver? receiver)
    {
        var link = new Link(loop, options, receiver);
        try
        {
            var transport = options.UnixSocket is { } path
                ? (await loop.CreateUnixConnection(() => link, path)).Transport
                : (await loop.CreateConnection(() => link, options.Host, options.Port, happyEyeballsDelay: 0.25)).Transport;
            if (options.Ssl is { } ssl)
            {
                link.Attach(await loop.StartTls(transport, link, ssl, ssl.TargetHost ?? options.Host));
            }

            await Introduce(link, options);
            return link;
        }
        catch
        {
            link.Abort(new RedisConnectionException($"Connecting to {options.Endpoint} was given up."));
            throw;
        }
    }

    private static async Coroutine Introduce(Link link, RedisOptions options)
    {
        // Sent together. The last asks whether the server is ready: one that still loads its data lets in all the same.
        var hello = link.Send(new Request("HELLO", Hello(options)), Reply.Raw);
        var select = options.Database == 0 ? null : link.Send(new Request("SELECT", options.Database), Reply.Ok);
        var ping = link.Send(new Request("PING"), Reply.Raw);
        try
        {
            var said = Reply.Pairs(await hello);
            link.Id = said.TryGetValue("id", out var id) ? id.AsInt64() : throw new RedisReplyException("HELLO was answered without an id.");
            if (select is not null)
            {
                await select;
            }

            await Ready(ping);
        }
        catch (RedisServerException e)
        {
            throw Refusal(e, options);
        }
        catch (Exception e) when (e is RedisReplyException or InvalidCastException)
        {
            throw new RedisProtocolException($"{options.Endpoint} does not answer as a Redis server does: {e.Message}", e);
        }
        finally
        {
            select?.Cancel(); // if it was not awaited, nobody asks for its failure
            ping.Cancel();
        }
    }

    private static async Coroutine Ready(PendingReply<RedisReply> ping)
    {
        try
        {
            await ping;
        }
        catch (RedisServerException e) when (!IsNotReady(e))
        {
            // such as a user that may not PING
        }
    }

    private static bool IsNotReady(RedisServerException error) => error.Code is "LOADING" or "MASTERDOWN";

    private static RedisConnectionException Refusal(RedisServerException error, RedisOptions options)
    {
        var said = error.ServerMessage;
        if (IsNotReady(error))
        {
            return new RedisConnectionException($"{options.Endpoint} is not ready: {said}", error) { Command = error.Command };
        }

        if (error.Code is "NOAUTH" or "WRONGPASS" or "NOPERM" or "DENIED" || said.Contains("AUTH", StringComparison.Ordinal))
        {
            return new RedisAuthenticationException($"{options.Endpoint} did not let this client in: {said}", error) { Command = error.Command };
        }

        var hint = said.Contains("unknown command", StringComparison.OrdinalIgnoreCase) ? " RESP3 needs Redis 6 or later." : "";
        return new RedisConnectionException($"{options.Endpoint} refused to begin: {said}.{hint}", error) { Command = error.Command, IsFinal = true };
    }

    private static RedisValue[] Hello(RedisOptions options)
    {
        List<RedisValue> words = [3];
        if (options.Password is { } password)
        {
            words.AddRange("AUTH", options.User ?? "default", password);
        }

        if (options.ClientName is { } name)
        {
            words.AddRange("SETNAME", name);
        }

        return [.. words];
    }
}
