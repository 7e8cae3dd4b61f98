using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>Calls back in each iteration in which a channel is ready.</summary>
internal sealed class Watch : IoRequest
{
    private readonly EventLoop _loop;
    private readonly Channel _channel;
    private readonly Handle _handle;
    private readonly Turn _turn;

    internal Watch(EventLoop loop, Channel channel, IoKind kind, Action callback)
    {
        _loop = loop;
        _channel = channel;
        _handle = new Handle(loop, callback, null, null);
        _turn = new Turn(this);
        Kind = kind;
        channel.Submit(this);
    }

    internal void Cancel()
    {
        _handle.Cancel();
        _channel.Cancel(this);
    }

    internal override void OnCompleted(int result)
    {
        // An error, too, is something that the callback finds out when it tries.
        if (!_handle.Cancelled() && !_channel.IsClosed)
        {
            _loop.Ready.Enqueue(_turn, null);
        }
    }

    private sealed class Turn(Watch watch) : Runnable
    {
        internal override void Run(object? argument)
        {
            watch._handle.Invoke();
            if (!watch._handle.Cancelled() && !watch._channel.Handle.IsClosed)
            {
                watch._channel.Submit(watch);
            }
        }
    }
}
