using Asyncio.Redis.Connections;
using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

// What keeps it subscribed: changes that the server confirms, and a new connection when one is lost.
public sealed partial class RedisSubscription
{
    private int _changes; // under way
    private bool _paused;
    private double _since; // when the connection was made

    private async Coroutine Change(string command, string[] names, HashSet<string> set, bool add)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var changed = names.Where(name => set.Contains(name) != add).ToArray();
        if (changed.Length == 0)
        {
            return;
        }

        Apply(add);
        if (_link is not { IsOpen: true } link)
        {
            throw new RedisConnectionException($"The connection to {_connector.Options.Endpoint} is lost, and not back yet.").For(command, mayHaveRun: false);
        }

        try
        {
            await Change(link, command, changed);
        }
        catch (RedisServerException)
        {
            Apply(!add);
            throw;
        }

        void Apply(bool union)
        {
            if (union)
            {
                set.UnionWith(changed);
            }
            else
            {
                set.ExceptWith(changed);
            }
        }
    }

    // A PING follows each change: its reply is the only one there is.
    private async Coroutine Change(Link link, string command, IEnumerable<string> names)
    {
        _changes++;
        ControlReading();
        try
        {
            var request = new Request(command, [.. names.Select(name => (RedisValue)name)]);
            var change = link.SendUnanswered(request);
            await link.Send(new Request("PING"), new PendingReply<RedisReply>(_connector.Loop, request, Reply.Raw));
            if (change.Refusal is { } refusal)
            {
                throw RedisServerException.Of(refusal, change.Command);
            }
        }
        finally
        {
            _changes--;
            ControlReading();
        }
    }

    /// <summary>Stops receiving while enough waits, but not while a confirmation is to come.</summary>
    private void ControlReading()
    {
        var pause = _changes == 0 && _messages.Count >= (_paused ? Math.Max(1, _connector.Options.MessageCapacity / 2) : _connector.Options.MessageCapacity);
        if (pause != _paused && _link is { } link)
        {
            _paused = pause;
            link.SetReading(!pause);
        }
    }

    private async Coroutine Revive(RedisConnectionException reason)
    {
        try
        {
            while (true)
            {
                await PauseIfItWasShort(reason);
                _link = await _connector.OpenAsync(_receiver);
                Losses++;
                _paused = false;
                _since = _connector.Loop.Time();
                try
                {
                    await SubscribeAgain(_link);
                    ControlReading();
                    return;
                }
                catch (RedisConnectionException e)
                {
                    reason = e; // lost again meanwhile
                }
            }
        }
        catch (RedisException e)
        {
            _failure = e as RedisConnectionException ?? new RedisConnectionException(e.Message, e);
            _link?.Abort(_failure);
            _messages.Shutdown();
        }
        finally
        {
            _reviving = null;
            if (_link is { IsOpen: false } && _failure is null)
            {
                OnLost(reason); // between the last reply and here
            }
        }
    }

    /// <summary>A server that lets in and hangs up is not asked as fast as it answers, nor for ever.</summary>
    private async Coroutine PauseIfItWasShort(RedisConnectionException reason)
    {
        if (_connector.Loop.Time() - _since > _connector.Options.BackoffLimit)
        {
            _backoff.Reset();
        }
        else if (_backoff.MayTryAgain)
        {
            await _backoff.WaitAsync();
        }
        else
        {
            throw reason;
        }
    }

    private async Coroutine SubscribeAgain(Link link)
    {
        if (_channels.Count > 0)
        {
            await Change(link, "SUBSCRIBE", _channels);
        }

        if (_patterns.Count > 0)
        {
            await Change(link, "PSUBSCRIBE", _patterns);
        }
    }

    private void OnMessage(in RedisReply push)
    {
        var kind = push.Count > 0 ? push[0] : default;
        if (kind.Says("message"u8))
        {
            var parts = Reply.Exactly(push, 3);
            _messages.TryPut(new RedisMessage(Reply.SomeText(parts[1]), parts[2].AsValue(), null));
        }
        else if (kind.Says("pmessage"u8))
        {
            var parts = Reply.Exactly(push, 4);
            _messages.TryPut(new RedisMessage(Reply.SomeText(parts[2]), parts[3].AsValue(), Reply.SomeText(parts[1])));
        }

        ControlReading();
    }

    private void OnLost(RedisConnectionException reason)
    {
        if (!_disposed && _link is not null && _reviving is null)
        {
            _reviving = _connector.Loop.CreateTask(Revive(reason), "redis-resubscribe");
        }
    }

    private sealed class Receiver(RedisSubscription subscription) : IPushReceiver
    {
        public void OnPush(in RedisReply push)
        {
            if (!subscription._disposed)
            {
                subscription.OnMessage(push);
            }
        }

        public void OnLost(RedisConnectionException reason) => subscription.OnLost(reason);
    }
}
