using System.Runtime.ExceptionServices;
using Asyncio.Redis.Connections;
using Asyncio.Redis.Transactions;

namespace Asyncio.Redis;

/// <summary>The result of a command of a <see cref="RedisTransaction"/>: there once the transaction has run.</summary>
/// <typeparam name="T">What the command gives.</typeparam>
public sealed class RedisQueued<T> : IQueuedReply
{
    private readonly string _command;
    private readonly Func<RedisReply, T> _convert;
    private T _value = default!;
    private Exception? _error;

    internal RedisQueued(string command, Func<RedisReply, T> convert)
    {
        _command = command;
        _convert = convert;
    }

    /// <summary>True when it has a result or an error.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Why it has no result: the server's error of this command, or why the transaction did not run. Null if it has one, or is not done.</summary>
    public Exception? Error => _error;

    /// <summary>The result. What <see cref="Error"/> holds is thrown.</summary>
    /// <exception cref="InvalidOperationException">The transaction was not executed, or that is not over.</exception>
    public T Value
    {
        get
        {
            if (_error is not null)
            {
                ExceptionDispatchInfo.Throw(_error);
            }

            return IsDone ? _value : throw new InvalidOperationException($"The transaction of this command has not run: {_command}.");
        }
    }

    string IPendingReply.Command => _command;

    void IPendingReply.Complete(in RedisReply reply)
    {
        if (reply.IsError)
        {
            Refuse(RedisServerException.Of(reply.ErrorMessage!, _command));
            return;
        }

        _value = _convert(reply);
        IsDone = true;
    }

    void IPendingReply.Fail(RedisConnectionException reason, bool mayHaveRun) => Refuse(reason);

    void IQueuedReply.Refuse(Exception reason) => Refuse(reason);

    private void Refuse(Exception reason)
    {
        if (!IsDone)
        {
            _error = reason;
            IsDone = true;
        }
    }
}
