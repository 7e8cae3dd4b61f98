using Asyncio.LowLevel;

namespace Asyncio.Redis.Connections;

// One timer for all commands: a server that owes replies and sends nothing for too long is taken for dead.
internal sealed partial class Link
{
    /// <summary>What has come while this process was held up is read in this time, before the server is blamed for it.</summary>
    private const double SecondLook = 0.1;

    private readonly double _responseTimeout;
    private TimerHandle? _watch;
    private double _progress; // when something came last, or the first command was given
    private bool _suspected;

    /// <summary>By how much the server may be silent longer: the command that it works on waits by itself.</summary>
    public double ExtraPatience { get; set; }

    private double Patience => _responseTimeout + ExtraPatience;

    private void BeginWatch()
    {
        if (double.IsPositiveInfinity(Patience))
        {
            return;
        }

        Progressed();
        _watch ??= _loop.CallAt(_progress + Patience, OnWatch);
    }

    private void EndWatch()
    {
        _watch?.Cancel();
        _watch = null;
    }

    private void Progressed()
    {
        _progress = _loop.Time();
        _suspected = false;
    }

    // Left running when the last reply has come: most often the next command is given before it fires.
    private void OnWatch()
    {
        _watch = null;
        if (_failure is not null || _pending.Count == 0 || double.IsPositiveInfinity(Patience))
        {
            return;
        }

        var due = _progress + Patience;
        if (_loop.Time() < due)
        {
            _watch = _loop.CallAt(due, OnWatch);
        }
        else if (!_suspected)
        {
            _suspected = true;
            _watch = _loop.CallLater(SecondLook, OnWatch);
        }
        else
        {
            Abort(new RedisTimeoutException(
                $"{_endpoint} has not answered for {nameof(RedisOptions)}.{nameof(RedisOptions.ResponseTimeout)}, {Patience} s, while {_pending.Count} commands waited; the oldest: {_pending.Peek().Command}."));
        }
    }
}
