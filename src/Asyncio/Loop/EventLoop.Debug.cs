namespace Asyncio;

// Debug mode.
public sealed partial class EventLoop
{
    private bool _debug;
    private double _slowCallbackDuration = 0.1;

    /// <summary>Debug mode: slow steps are reported, and so is every coroutine that is never awaited, with the place of its creation. Asyncio: <c>get_debug()</c>, <c>set_debug()</c>.</summary>
    public bool Debug
    {
        get => _debug;
        set
        {
            if (_debug != value)
            {
                _debug = value;
                Hooks = value ? new Diagnostics.SlowSteps(this) : null;
                NeverAwaited.DebugLoops(value ? 1 : -1);
            }
        }
    }

    /// <summary>Steps and callbacks that take longer than this many seconds are reported in debug mode. Asyncio: <c>slow_callback_duration</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or NaN.</exception>
    public double SlowCallbackDuration
    {
        get => _slowCallbackDuration;
        set => _slowCallbackDuration = Durations.NotNegative(value);
    }
}
