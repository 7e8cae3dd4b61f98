using System.Net.Sockets;
using System.Runtime.InteropServices;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>
/// Readiness from .NET's own asynchronous sockets, which end on threads of .NET's: what has ended is queued under a lock and looked
/// at in the next poll. For sockets only.
/// </summary>
internal sealed class PortableReactor : ReadinessReactor
{
    /// <summary>In seconds: how often those are looked at of whom .NET cannot tell when they are ready, see <see cref="PortableChannel"/>.</summary>
    private const double LookInterval = 0.001;

    private readonly object _gate = new();
    private List<IPortableEnd> _arrived = [];
    private List<IPortableEnd> _spare = [];
    private List<PortableChannel> _lookedAt = [];
    private List<PortableChannel> _spareLookedAt = [];
    private volatile bool _hasArrived;
    private bool _woken;
    private bool _sleeping;
    private double _nextLook;

    internal override ReactorKind Kind => ReactorKind.Portable;

    internal override void Poll()
    {
        TakeArrived();
        if (_lookedAt.Count > 0)
        {
            LookAt();
        }

        TellLocalWork();
    }

    internal override void Wait(double seconds)
    {
        if (!HasLocalWork && seconds > 0)
        {
            Sleep(_lookedAt.Count > 0 ? Math.Min(seconds, LookInterval) : seconds);
        }

        Poll();
    }

    internal override void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            Pulse();
        }
    }

    internal override Channel Open(Socket socket) => new PortableChannel(this, socket);

    internal override Channel Open(SafeHandle handle) =>
        throw new PlatformNotSupportedException("Pipes and terminals need the reactor epoll or io_uring; this is the portable one.");

    public override void Dispose()
    {
        base.Dispose();

        // Those that close after their last receive: each is shut down, so that ends soon.
        while (Active > 0)
        {
            Wait(double.PositiveInfinity);
        }
    }

    /// <summary>From any thread.</summary>
    internal void Arrive(IPortableEnd ended)
    {
        lock (_gate)
        {
            _arrived.Add(ended);
            _hasArrived = true;
            Pulse();
        }
    }

    /// <summary>The channel is looked at in polls until it is ready.</summary>
    internal void AddLookedAt(PortableChannel channel) => _lookedAt.Add(channel);

    private void Pulse()
    {
        if (_sleeping)
        {
            Monitor.Pulse(_gate);
        }
    }

    private void Sleep(double seconds)
    {
        lock (_gate)
        {
            if (!_hasArrived && !_woken)
            {
                _sleeping = true;
                Monitor.Wait(_gate, Milliseconds(seconds));
                _sleeping = false;
            }

            _woken = false;
        }
    }

    // Rounded up, so that the loop does not spin through the last one.
    private static int Milliseconds(double seconds) =>
        double.IsPositiveInfinity(seconds) ? Timeout.Infinite : (int)Math.Ceiling(Math.Min(seconds, int.MaxValue / 1000) * 1000);

    private void TakeArrived()
    {
        if (!_hasArrived)
        {
            return;
        }

        lock (_gate)
        {
            (_arrived, _spare) = (_spare, _arrived);
            _hasArrived = false;
        }

        foreach (var ended in _spare)
        {
            ended.End();
        }

        _spare.Clear();
    }

    private void LookAt()
    {
        var now = SystemClock.Seconds();
        if (now < _nextLook)
        {
            return;
        }

        _nextLook = now + LookInterval;
        (_lookedAt, _spareLookedAt) = (_spareLookedAt, _lookedAt);
        foreach (var channel in _spareLookedAt)
        {
            channel.Look();
        }

        _spareLookedAt.Clear();
    }
}
