using System.Runtime.ExceptionServices;
using Asyncio.Redis.Connections;
using Asyncio.Redis.Resp;
using Asyncio.Redis.Transactions;

namespace Asyncio.Redis;

/// <summary>
/// Commands that the server runs one after the other with nothing in between, sent with one write:
/// <c>var transaction = redis.CreateTransaction(); var sum = transaction.Queue(r =&gt; r.IncrAsync("a")); await transaction.ExecuteAsync(); Console.WriteLine(sum.Value);</c>.
/// Redis: <c>MULTI</c> … <c>EXEC</c>. To be used once, by one task.
/// </summary>
/// <remarks>
/// Redis has no way back: if one of the commands fails when it runs, the others have run all the same. Only what the server refuses beforehand
/// (<see cref="RedisTransactionException"/>), and a watched key that was changed (<see cref="RedisWatchException"/>), keeps all from running.
/// </remarks>
public sealed class RedisTransaction
{
    private readonly Func<Coroutine<Link>> _connect;
    private readonly Action? _onExecuted;
    private readonly CommandRecorder _recorder = new();
    private bool _used;

    internal RedisTransaction(Func<Coroutine<Link>> connect, Action? onExecuted)
    {
        _connect = connect;
        _onExecuted = onExecuted;
    }

    /// <summary>How many commands it has.</summary>
    public int Count => _recorder.Commands.Count;

    /// <summary>Adds a command. Sends nothing and does not suspend.</summary>
    /// <param name="command">Calls one method, and does not await it: <c>r =&gt; r.IncrAsync("key")</c>.</param>
    /// <returns>Its result, once the transaction has run.</returns>
    /// <exception cref="InvalidOperationException">The function calls no method, or several, or the transaction was executed.</exception>
    public RedisQueued<T> Queue<T>(Func<RedisCommands, Coroutine<T>> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var before = BeginQueue();
        command(_recorder).Close();
        return EndQueue<T>(before);
    }

    /// <inheritdoc cref="Queue{T}(Func{RedisCommands, Coroutine{T}})"/>
    public RedisQueued<Unit> Queue(Func<RedisCommands, Coroutine> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var before = BeginQueue();
        command(_recorder).Close();
        return EndQueue<Unit>(before);
    }

    /// <summary>Sends all, and waits until they have run. Without commands it does nothing. Redis: <c>EXEC</c>.</summary>
    /// <exception cref="RedisWatchException">A watched key was changed: nothing has run.</exception>
    /// <exception cref="RedisTransactionException">The server refused one of them: nothing has run.</exception>
    /// <exception cref="RedisServerException">All have run, and one of them failed: the first that did.</exception>
    /// <exception cref="RedisConnectionException">There is no server, or the connection was lost.</exception>
    /// <exception cref="InvalidOperationException">It was executed before.</exception>
    /// <remarks>Suspends. Cancelled when it is sent, it runs all the same; its results are not known.</remarks>
    public async Coroutine ExecuteAsync()
    {
        CheckUnused();
        _used = true;
        if (Count == 0)
        {
            return;
        }

        try
        {
            await Execute();
        }
        catch (Exception e)
        {
            var reason = e as RedisException ?? new RedisException("ExecuteAsync was given up: whether the transaction has run is not known.", e);
            _recorder.Commands.ForEach(command => command.Result.Refuse(reason));

            throw;
        }

        foreach (var (_, result) in _recorder.Commands)
        {
            if (result.Error is { } error)
            {
                ExceptionDispatchInfo.Throw(error);
            }
        }
    }

    private async Coroutine Execute()
    {
        var link = await _connect();
        List<QueuedReply> queued = [new("MULTI")];
        link.Send(new Request("MULTI"), queued[0]);
        foreach (var (request, result) in _recorder.Commands)
        {
            var reply = new QueuedReply(result.Command);
            queued.Add(reply);
            link.Send(request, reply);
        }

        try
        {
            if (!await link.Send(new Request("EXEC"), HandOut))
            {
                throw new RedisWatchException($"A watched key was changed: the transaction of {Count} commands, beginning with {_recorder.Commands[0].Result.Command}, did not run.") { Command = "EXEC" };
            }
        }
        catch (RedisTransactionException) when (queued.Find(reply => reply.Refusal is not null) is { } refused)
        {
            throw new RedisTransactionException(refused.Refusal!, refused.Command);
        }
        finally
        {
            _onExecuted?.Invoke();
        }
    }

    /// <summary>To each command its result; false if nothing has run.</summary>
    private bool HandOut(RedisReply reply)
    {
        if (reply.IsNull)
        {
            return false;
        }

        var results = Reply.Exactly(reply, Count);
        for (var i = 0; i < results.Length; i++)
        {
            _recorder.Commands[i].Result.Complete(results[i]);
        }

        return true;
    }

    /// <summary>None stays without an outcome, and what this throws is not reported a second time by those that nobody looks at.</summary>
    private void Settle(Exception? failed)
    {
        foreach (var (_, result) in _recorder.Commands)
        {
            if (failed is RedisException error)
            {
                result.Refuse(error);
            }

            ((Future)result).Cancel(); // of one that has an outcome, the failure counts as seen; nothing else
        }
    }

    private int BeginQueue()
    {
        CheckUnused();
        return Count;
    }

    private RedisQueued<T> EndQueue<T>(int before)
    {
        if (Count == before + 1 && _recorder.Commands[before].Result is RedisQueued<T> queued)
        {
            return queued;
        }

        var added = Count - before;
        _recorder.Commands.RemoveRange(before, added);
        throw new InvalidOperationException($"The function must call one method of what it is given, and must not be async; it called {added}.");
    }

    private void CheckUnused()
    {
        if (_used)
        {
            throw new InvalidOperationException("This transaction was executed; each needs a RedisTransaction of its own.");
        }
    }
}
