using System.Net.Sockets;
using Asyncio.LowLevel;
using Asyncio.Redis.PubSub;
using Asyncio.Redis.Resp;

namespace Asyncio.Redis.Connections;

/// <summary>
/// One connection. Commands that are given in one iteration of the loop are sent with one write; each reply belongs to the oldest command
/// that has none. Whatever breaks that (bytes that are no RESP, a reply of a kind that the command does not have, silence) ends it.
/// </summary>
/// <remarks>
/// A cancelled command leaves its place in the line, so the reply that is owed to it finds it and is dropped there. That is all it takes to
/// stay in step, and it costs nothing.
/// </remarks>
internal sealed partial class Link : Protocol
{
    /// <summary>More than this is not collected but sent at once.</summary>
    private const int FlushSize = 16 * 1024;

    /// <summary>How long closing waits for a peer that does not read, in seconds.</summary>
    private const double CloseTimeout = 1;

    private readonly EventLoop _loop;
    private readonly string _endpoint;
    private readonly IPushReceiver? _receiver;
    private readonly Queue<IPendingReply> _pending = new();
    private readonly RespReader _reader;
    private readonly RespWriter _writer = new();
    private readonly AsyncEvent _writable = new();
    private readonly AsyncEvent _gone = new();
    private readonly Action _flush;

    private Transport? _transport;
    private RedisConnectionException? _failure;
    private bool _flushQueued;
    private int _unanswered; // among the pending, those that have a reply only if they are refused
    private int _unsent; // the last so many of the pending

    public Link(EventLoop loop, RedisOptions options, IPushReceiver? receiver = null)
    {
        _loop = loop;
        _endpoint = options.Endpoint;
        _receiver = receiver;
        _reader = new RespReader(options.MaxReplyLength, options.MaxReplyDepth);
        _responseTimeout = options.ResponseTimeout;
        _flush = OnFlush;
        _continue = OnTurn;
        _writable.Set();
    }

    /// <summary>The server's number of this connection.</summary>
    public long Id { get; set; }

    public bool IsOpen => _failure is null && _transport is not null;

    /// <summary>True if no reply is owed.</summary>
    public bool IsQuiet => _pending.Count == 0;

    /// <summary>False while the peer reads more slowly than is written to it.</summary>
    public bool IsWritable => _writable.IsSet;

    public Coroutine<bool> WritableAsync() => _writable.WaitAsync();

    /// <summary>Writes a command; sent when the loop has run who else is ready.</summary>
    /// <returns>The future of its result.</returns>
    public PendingReply<T> Send<T>(Request request, Func<RedisReply, T> convert)
    {
        var reply = new PendingReply<T>(_loop, request, convert);
        Send(request, reply);
        return reply;
    }

    /// <inheritdoc cref="Send{T}(Request, Func{RedisReply, T})"/>
    public TReply Send<TReply>(Request request, TReply reply)
        where TReply : class, IPendingReply
    {
        if (_failure is { } failure)
        {
            reply.Fail(failure, mayHaveRun: false);
            return reply;
        }

        if (_pending.Count == 0)
        {
            BeginWatch();
        }

        _pending.Enqueue(reply);
        _unsent++;
        Write(request);
        return reply;
    }

    /// <summary>Writes a command that has no reply unless it is refused. Another must follow: only its reply tells that there was none.</summary>
    public ChangeReply SendUnanswered(Request request)
    {
        _unanswered++;
        return Send(request, new ChangeReply(request.ToString()));
    }

    /// <summary>Whether it receives.</summary>
    public void SetReading(bool on)
    {
        if (on)
        {
            _transport?.ResumeReading();
        }
        else
        {
            _transport?.PauseReading();
        }
    }

    /// <summary>Closes it after what was written, and waits until that is done; what waits fails at once.</summary>
    public async Coroutine CloseAsync(string reason)
    {
        Flush();
        _transport?.Close();
        Fail(new RedisConnectionException(reason));
        try
        {
            await Aio.WaitFor(_gone.WaitAsync(), CloseTimeout);
        }
        catch (TimeoutException)
        {
            _transport?.Abort(); // the peer does not read any more
            await _gone.WaitAsync();
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Abort(RedisConnectionException reason)
    {
        Fail(reason);
        _transport?.Abort();
    }

    /// <summary>What is beneath from here on.</summary>
    public void Attach(Transport transport) => _transport = transport;

    public override void ConnectionMade(BaseTransport transport)
    {
        _transport = (Transport)transport;
        if (transport.GetExtraInfo<Socket>("socket") is { AddressFamily: not AddressFamily.Unix } socket)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true); // who only listens learns that the host is gone
        }
    }

    public override void DataReceived(ReadOnlySpan<byte> data)
    {
        Progressed();
        if (_heldLength > 0)
        {
            Hold(data);
        }
        else
        {
            Guarded(data);
        }
    }

    private void Guarded(ReadOnlySpan<byte> data)
    {
        try
        {
            Read(data);
        }
        catch (RespFormatException e)
        {
            Abort(new RedisProtocolException($"{_endpoint} does not answer as a Redis server does: {e.Message}"));
        }
        catch (RedisReplyException e)
        {
            Abort(new RedisProtocolException($"{_endpoint} answered out of step, or is no Redis server: {e.Message}", e));
        }
    }

    public override void ConnectionLost(Exception? error)
    {
        while (_heldLength > 0 && _failure is null)
        {
            ReadHeld();
        }

        var how = error is not null ? $"was lost: {error.Message}"
            : _reader.IsIdle ? "was closed by the server."
            : "was closed by the server in the middle of a reply.";
        Fail(new RedisConnectionException($"The connection to {_endpoint} {how}", error));
        _gone.Set();
    }

    public override void PauseWriting() => _writable.Clear();

    public override void ResumeWriting() => _writable.Set();

    private void Deliver(in RedisReply reply)
    {
        if (reply.IsPush)
        {
            _receiver?.OnPush(reply);
        }
        else if (_pending.Count > _unsent)
        {
            TakePending(reply).Complete(reply);
        }
        else
        {
            throw new RespFormatException($"a reply without a command: {reply}");
        }
    }

    private IPendingReply TakePending(in RedisReply reply)
    {
        var pending = _pending.Dequeue();
        while (_unanswered > 0 && pending is ChangeReply)
        {
            _unanswered--;
            if (reply.IsError || _pending.Count == _unsent)
            {
                break;
            }

            pending = _pending.Dequeue();
        }

        return pending;
    }

    private void Write(Request request)
    {
        _writer.WriteName(request.Name, request.Count);
        for (var i = 0; i < request.Count; i++)
        {
            var argument = request[i];
            if (argument.TryGetBytes(out var bytes) && bytes.Length >= RespWriter.LargeString)
            {
                _writer.WriteLength(bytes.Length);
                _transport!.Write(_writer.Written);
                _writer.Clear();
                _transport.Write(bytes);
                _writer.WriteLineEnd();
            }
            else
            {
                _writer.Write(argument);
            }
        }

        if (_writer.Length >= FlushSize)
        {
            Flush();
        }
        else if (!_flushQueued)
        {
            _flushQueued = true;
            _loop.CallSoon(_flush);
        }
    }

    private void OnFlush()
    {
        _flushQueued = false;
        if (_failure is null)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _unsent = 0;
        if (_writer.Length > 0)
        {
            _transport?.Write(_writer.Written);
            _writer.Clear();
        }
    }

    private void Fail(RedisConnectionException reason)
    {
        if (_failure is not null)
        {
            return;
        }

        _failure = reason;
        EndWatch();
        _writable.Set();
        while (_pending.TryDequeue(out var reply))
        {
            reply.Fail(reason, mayHaveRun: _pending.Count >= _unsent);
        }

        _receiver?.OnLost(reason);
    }
}
