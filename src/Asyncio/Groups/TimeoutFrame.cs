namespace Asyncio;

/// <summary>The exact spelling of a timeout, and <c>WaitFor</c>: runs a body in the caller's task, under a deadline.</summary>
internal sealed class TimeoutFrame<T> : EnclosingFrame<T>
{
    private readonly double _limit;
    private readonly bool _isDeadline;
    private readonly Delegate? _make;
    private readonly Coroutine<T> _given;
    private readonly IAwaitable<T>? _waitedFor; // where that is no coroutine: the given one only waits for it
    private TimeoutScope? _scope;

    private TimeoutFrame(double limit, bool isDeadline, Delegate? make, Coroutine<T> given, IAwaitable<T>? waitedFor)
    {
        _limit = limit;
        _isDeadline = isDeadline;
        _make = make;
        _given = given;
        _waitedFor = waitedFor;
    }

    internal override string Name => _make is null ? "Aio.WaitFor" : "Aio.Timeout";

    /// <param name="seconds">The limit.</param>
    /// <param name="body">A function without a parameter, or of the scope, that gives a coroutine; kept as it is, so that it needs no closure.</param>
    internal static Coroutine<T> Create(double seconds, Delegate body) => Create(Durations.Delay(seconds), isDeadline: false, body);

    /// <param name="when">The deadline, on the loop's clock.</param>
    /// <param name="body">As for a limit.</param>
    internal static Coroutine<T> CreateUntil(double when, Delegate body) => Create(Durations.Delay(when, nameof(when)), isDeadline: true, body);

    internal static Coroutine<T> Create(double seconds, Coroutine<T> body, IAwaitable<T>? waitedFor)
    {
        var frame = new TimeoutFrame<T>(seconds, isDeadline: false, null, body, waitedFor);
        return new Coroutine<T>(frame, frame.Version);
    }

    private static Coroutine<T> Create(double limit, bool isDeadline, Delegate body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var frame = new TimeoutFrame<T>(limit, isDeadline, body, default, null);
        return new Coroutine<T>(frame, frame.Version);
    }

    protected override Frame<T> Begin(Strand strand)
    {
        var given = _make is null ? _given.TakeForTask() : null;
        _scope = _isDeadline
            ? TimeoutScope.EnterUntil(strand.Task, _limit, watchThrows: false)
            : TimeoutScope.Enter(strand.Task, _limit, watchThrows: false);
        try
        {
            return given ?? MakeBody(_scope);
        }
        catch
        {
            _scope.Leave();
            throw;
        }
    }

    private Frame<T> MakeBody(TimeoutScope scope) => _make switch
    {
        Func<Coroutine<T>> body => body().TakeForTask(),
        Func<AsyncTimeout, Coroutine<T>> body => body(new AsyncTimeout(scope)).TakeForTask(),
        Func<Coroutine> body => (Frame<T>)(object)body().TakeForTask(), // T is Unit
        Func<AsyncTimeout, Coroutine> body => (Frame<T>)(object)body(new AsyncTimeout(scope)).TakeForTask(),
        _ => throw new NotSupportedException(),
    };

    protected override void Succeeded() => _scope!.Leave();

    protected override object? Failed(object? error) =>
        _scope!.Leave() && _scope.IsCancellation(error) ? MakeTimeout(Materialize(error)) : error;

    private TimeoutException MakeTimeout(Exception cancellation) => _make is null
        ? TimeoutScope.Wrap(cancellation, WaitingFor.MessageFor(_waitedFor ?? _given, _limit))
        : _scope!.MakeTimeout(cancellation);

    internal override void Release()
    {
        if (_make is null)
        {
            _given.Close(); // where it was not begun
        }

        Version++;
    }
}
