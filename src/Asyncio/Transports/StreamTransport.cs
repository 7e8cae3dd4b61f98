using System.Diagnostics;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>A stream over a channel. What is beneath, a socket or a pipe, adds what is special to it.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal abstract partial class StreamTransport : Transport, ICallbackTarget, ITransportParts, IReceiver
{
    private static readonly TransportCallback<StreamTransport> s_deliver = new(static transport => transport.Deliver());
    private static readonly TransportCallback<StreamTransport> s_resume = new(static transport => transport.ResumeProtocol());

    private readonly TransportLife _life;
    private IStreamSink? _sink;

    protected StreamTransport(EventLoop loop, Channel channel, BaseProtocol protocol, Future<Unit>? begun, ExecutionContext? execution)
    {
        _life = new TransportLife(this, loop, channel, protocol, begun, execution);
        _sink = protocol as IStreamSink;
    }

    public EventLoop Loop => _life.Loop;

    ExecutionContext? ICallbackTarget.Execution => _life.Execution;

    bool ITransportParts.HasOutput => HasOutput;

    public sealed override bool IsClosing => _life.IsClosing;

    public sealed override BaseProtocol GetProtocol() => _life.Protocol;

    public sealed override void SetProtocol(BaseProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        Loop.CheckThread();
        _life.Protocol = protocol;
        _sink = protocol as IStreamSink;
    }

    public sealed override void Close() => _life.Close();

    public sealed override void Abort()
    {
        Loop.CheckThread();
        _life.Abort(null);
    }

    public override string ToString() => $"<{GetType().Name} {_life.State}>";

    void ITransportParts.OnEnded() => OnEnded();

    /// <summary>The connection is over, after its protocol was told.</summary>
    protected virtual void OnEnded()
    {
    }

    /// <inheritdoc cref="TransportLife.Fail"/>
    protected void Fail(string message, Exception error) => _life.Fail(message, error);
}
