namespace Asyncio;

/// <summary>The exact spelling of a timeout, and <c>WaitFor</c>: runs a body in the caller's task, under a deadline.</summary>
internal sealed class TimeoutFrame<T> : EnclosingFrame<T>
{
    private readonly double _seconds;
    private readonly Func<AsyncTimeout, Coroutine<T>>? _make;
    private readonly Coroutine<T> _given;
    private TimeoutScope? _scope;

    private TimeoutFrame(double seconds, Func<AsyncTimeout, Coroutine<T>>? make, Coroutine<T> given)
    {
        _seconds = seconds;
        _make = make;
        _given = given;
    }

    internal override string Name => _make is null ? "Aio.WaitFor" : "Aio.Timeout";

    internal static Coroutine<T> Create(double seconds, Func<AsyncTimeout, Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var frame = new TimeoutFrame<T>(Durations.Delay(seconds), body, default);
        return new Coroutine<T>(frame, frame.Version);
    }

    internal static Coroutine<T> Create(double seconds, Coroutine<T> body)
    {
        var frame = new TimeoutFrame<T>(Durations.Delay(seconds), null, body);
        return new Coroutine<T>(frame, frame.Version);
    }

    protected override Frame<T> Begin(Strand strand)
    {
        if (_make is null)
        {
            var given = _given.TakeForTask();
            _scope = TimeoutScope.Enter(strand.Task, _seconds, watchThrows: false);
            return given;
        }

        _scope = TimeoutScope.Enter(strand.Task, _seconds, watchThrows: false);
        try
        {
            return _make(new AsyncTimeout(_scope)).TakeForTask();
        }
        catch
        {
            _scope.Leave();
            throw;
        }
    }

    protected override void Succeeded() => _scope!.Leave();

    protected override object? Failed(object? error) =>
        _scope!.Leave() && _scope.IsCancellation(error) ? TimeoutScope.MakeTimeout(Materialize(error)) : error;

    internal override void Release()
    {
        _given.Close(); // where it was not begun
        Version++;
    }
}
