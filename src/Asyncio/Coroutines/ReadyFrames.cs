namespace Asyncio;

/// <summary>A frame that had its value from the start: <see cref="Coroutine.FromResult"/> given to a task.</summary>
internal sealed class ValueFrame<T> : Frame<T>
{
    internal static ValueFrame<T> Create(T value) => new() { Result = value };

    internal override string Name => "Coroutine.FromResult";

    internal override Frame? Run(Strand strand)
    {
        Status = FrameStatus.Succeeded;
        return Return(strand);
    }

    internal override void Release() => Version++;
}

/// <summary>A frame that fails at once.</summary>
internal sealed class FailedFrame<T> : Frame<T>
{
    private readonly Exception _error;

    private FailedFrame(Exception error) => _error = error;

    internal static Coroutine<T> Create(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var frame = new FailedFrame<T>(error);
        return new Coroutine<T>(frame, frame.Version);
    }

    internal override string Name => "Coroutine.FromException";

    internal override Frame? Run(Strand strand)
    {
        Fail(_error);
        return Return(strand);
    }

    internal override void Release() => Version++;
}

/// <summary>Between the two handle types; there is one kind of frame.</summary>
internal static class UnitCoroutines
{
    internal static Coroutine AsUnit(this Coroutine<Unit> coroutine) =>
        new(coroutine.Frame, coroutine.Version); // a completed one has the same mark in both
}
