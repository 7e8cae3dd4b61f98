using Asyncio.LowLevel;

namespace Asyncio.Http;

/// <summary>
/// The time limits of one exchange by phase. The phases begin and progress is noted on whatever thread the handler is on; the timer is the loop's.
/// </summary>
internal sealed class PhaseWatch(EventLoop loop, ClientTimeout limits, AsyncTimeout scope)
{
    private volatile ClientTimeoutPhase _phase;
    private double _since;
    private TimerHandle? _timer;
    private volatile bool _ended;

    /// <summary>The phase whose limit struck; null if none did.</summary>
    public ClientTimeoutPhase? Struck { get; private set; }

    public void Enter(ClientTimeoutPhase phase)
    {
        NoteProgress();
        _phase = phase;
        if (ReferenceEquals(EventLoop.Running, loop))
        {
            Arm();
        }
        else if (!loop.IsClosed && !_ended)
        {
            loop.CallSoonThreadsafe(Arm);
        }
    }

    /// <summary>Moves the deadline without touching the timer, which looks again when its time has come.</summary>
    public void NoteProgress() => Volatile.Write(ref _since, loop.Time());

    public void End()
    {
        _ended = true;
        _timer?.Cancel();
        _timer = null;
    }

    private double Deadline => Volatile.Read(ref _since) + limits.Of(_phase);

    private void Arm()
    {
        _timer?.Cancel();
        _timer = null;
        if (!_ended && Deadline is var deadline and < double.PositiveInfinity)
        {
            _timer = loop.CallAt(deadline, Look);
        }
    }

    private void Look()
    {
        if (Deadline > loop.Time())
        {
            Arm();
            return;
        }

        _timer = null;
        _ended = true;
        if (!scope.Expired())
        {
            Struck = _phase;
            scope.Reschedule(loop.Time());
        }
    }
}
