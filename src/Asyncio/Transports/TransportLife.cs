using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>How a transport begins and ends, whatever it carries; and the protocol that is told so.</summary>
/// <remarks>
/// Completions come inside a poll, where none of the user's code may run: what concerns a protocol of the user's goes through the ready
/// queue, in the order in which it happened.
/// </remarks>
internal sealed class TransportLife : ICallbackTarget
{
    private static readonly TransportCallback<TransportLife> s_begin = new(static life => life.Begin());
    private static readonly TransportCallback<TransportLife> s_end = new(static life => life.End());

    private readonly BaseTransport _transport;
    private readonly ITransportParts _parts;
    private readonly Future<Unit>? _begun;
    private Exception? _error;
    private int _lost; // more than zero: End is on its way or was; then also counts writes that go nowhere

    /// <param name="transport">Also <see cref="ITransportParts"/>.</param>
    /// <param name="begun">Has its result when <see cref="BaseProtocol.ConnectionMade"/> has returned.</param>
    /// <param name="execution">The context of the protocol's callbacks.</param>
    internal TransportLife(
        BaseTransport transport, EventLoop loop, Channel channel, BaseProtocol protocol, Future<Unit>? begun, ExecutionContext? execution)
    {
        _transport = transport;
        _parts = (ITransportParts)transport;
        Loop = loop;
        Channel = channel;
        Protocol = protocol;
        _begun = begun;
        Execution = execution;
        loop.Ready.Enqueue(s_begin, this);
    }

    public EventLoop Loop { get; }

    public ExecutionContext? Execution { get; }

    internal Channel Channel { get; }

    internal BaseProtocol Protocol { get; set; }

    internal bool HasBegun { get; private set; }

    internal bool IsClosing { get; private set; }

    internal bool IsLost => _lost > 0;

    /// <summary>The protocol was told of the end: it is told nothing more.</summary>
    internal bool HasEnded { get; private set; }

    internal string State => IsLost ? "closed" : IsClosing ? "closing" : "open";

    internal void Close()
    {
        Loop.CheckThread();
        if (IsClosing)
        {
            return;
        }

        IsClosing = true;
        _parts.StopReading();
        EndIfSent();
    }

    /// <param name="error">What the protocol is told; null for an end that was asked for.</param>
    internal void Abort(Exception? error)
    {
        if (IsLost)
        {
            return;
        }

        _parts.DropOutput();
        if (!IsClosing)
        {
            IsClosing = true;
            _parts.StopReading();
        }

        EndSoon(error);
    }

    /// <summary>The transport cannot go on. Network errors are told to the protocol only; others are mistakes, and reported.</summary>
    internal void Fail(string message, Exception error)
    {
        Loop.ReportFatal(message, error, _transport, Protocol);
        Abort(error);
    }

    /// <summary>Something was sent: if it is closing and that was the last, it ends.</summary>
    internal void EndIfSent()
    {
        if (IsClosing && !IsLost && !_parts.HasOutput)
        {
            EndSoon(null);
        }
    }

    /// <summary>False: what is written goes nowhere.</summary>
    internal bool MayWrite()
    {
        if (_lost == 0)
        {
            return true;
        }

        Loop.WarnOfLostWrite(_lost++);
        return false;
    }

    private void EndSoon(Exception? error)
    {
        _lost = 1;
        _error = error;
        if (HasBegun)
        {
            Loop.Ready.Enqueue(s_end, this);
        }
    }

    private void Begin()
    {
        try
        {
            Protocol.ConnectionMade(_transport);
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            Loop.ReportTransport("Exception in protocol.ConnectionMade()", e, _transport, Protocol);
        }

        HasBegun = true;
        if (IsLost)
        {
            Loop.Ready.Enqueue(s_end, this); // it was to end before it had begun; a scheduling policy could have turned that round
        }

        _parts.StartReading();
        _begun?.TrySetResult(default);
    }

    private void End()
    {
        HasEnded = true;
        try
        {
            Protocol.ConnectionLost(_error);
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            Loop.ReportTransport("Exception in protocol.ConnectionLost()", e, _transport, Protocol);
        }
        finally
        {
            Channel.Close();
            _parts.OnEnded();
        }
    }
}

/// <summary>What differs between transports as they begin and end.</summary>
internal interface ITransportParts
{
    /// <summary>Something is still to be sent.</summary>
    bool HasOutput { get; }

    /// <summary>The protocol knows of the connection: it may be told what comes.</summary>
    void StartReading();

    /// <summary>Nothing is to be told any more.</summary>
    void StopReading();

    /// <summary>What was not sent is not to be sent.</summary>
    void DropOutput();

    /// <summary>The channel is closed and the protocol knows.</summary>
    void OnEnded();
}
