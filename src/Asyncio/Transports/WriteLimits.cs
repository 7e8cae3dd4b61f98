using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>From how many unsent bytes on a protocol is paused, at how many it is resumed, and which of both it was told last.</summary>
internal struct WriteLimits
{
    private const int DefaultHigh = 64 * 1024;

    public WriteLimits() => Set(null, null);

    internal int High { get; private set; }

    internal int Low { get; private set; }

    internal bool IsPaused { get; private set; }

    internal void Set(int? high, int? low)
    {
        var upper = high ?? (low is { } given ? (int)Math.Min(4L * given, int.MaxValue) : DefaultHigh);
        var lower = low ?? upper / 4;
        if (lower < 0 || upper < lower)
        {
            throw new ArgumentOutOfRangeException(nameof(high), $"high ({upper}) must be >= low ({lower}) must be >= 0");
        }

        High = upper;
        Low = lower;
    }

    internal void PauseIfAbove(int size, EventLoop loop, BaseTransport transport, BaseProtocol protocol)
    {
        if (size <= High || IsPaused)
        {
            return;
        }

        IsPaused = true;
        try
        {
            protocol.PauseWriting();
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            loop.ReportTransport("protocol.PauseWriting() failed", e, transport, protocol);
        }
    }

    internal readonly bool MayResume(int size) => IsPaused && size <= Low;

    internal void ResumeIfBelow(int size, EventLoop loop, BaseTransport transport, BaseProtocol protocol)
    {
        if (!MayResume(size))
        {
            return;
        }

        IsPaused = false;
        try
        {
            protocol.ResumeWriting();
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            loop.ReportTransport("protocol.ResumeWriting() failed", e, transport, protocol);
        }
    }
}
