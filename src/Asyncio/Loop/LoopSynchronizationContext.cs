namespace Asyncio;

/// <summary>The context of callbacks, which belong to no task: what they leave behind is posted to the loop.</summary>
internal sealed class LoopSynchronizationContext(EventLoop loop) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) =>
        loop.EnqueueFromAnywhere(new PostedCallback(loop, d, state), null);

    public override void Send(SendOrPostCallback d, object? state) => loop.Send(this, d, state);

    public override SynchronizationContext CreateCopy() => this;

    private sealed class PostedCallback(EventLoop loop, SendOrPostCallback callback, object? state) : Runnable
    {
        internal override void Run(object? argument)
        {
            loop.EnterCallback(null);
            try
            {
                callback(state);
            }
            catch (Exception e) when (e is not KeyboardInterruptException)
            {
                loop.ReportCallback(e, callback, null);
            }
        }

        internal override void GiveUp(object? argument) => loop.ReportLatePost(callback, state);
    }
}
