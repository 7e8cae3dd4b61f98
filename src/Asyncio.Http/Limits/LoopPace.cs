namespace Asyncio.Http;

/// <summary>A pace by the loop's clock.</summary>
internal abstract class LoopPace(EventLoop loop) : Pace
{
    public override bool IsAvailable => Wait <= 0;

    protected double Now => loop.Time();

    /// <summary>How many seconds there are until a permit; 0 or less if there is one.</summary>
    protected abstract double Wait { get; }

    public override async Coroutine<IDisposable?> UntilAvailable(ClientRequest request)
    {
        while (Wait is var wait and > 0)
        {
            await Aio.Sleep(wait);
        }

        return null;
    }
}
