using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// Finds coroutines that were made and never awaited: a small object with a finalizer hangs on the frame, without the frame
/// having one. In debug mode on every frame, otherwise on one in 1,024 of those that are allocated (each lost frame leaves its
/// pool, so whoever loses coroutines allocates frames).
/// </summary>
internal sealed class NeverAwaited
{
    private const uint SampleMask = 1023;

    private static readonly ConditionalWeakTable<Frame, NeverAwaited> s_tracked = new();
    private static uint s_created;
    private static int s_debugLoops;

    private readonly Frame _frame;
    private string? _origin;
    private uint _version;

    private NeverAwaited(Frame frame) => _frame = frame;

    ~NeverAwaited()
    {
        // Frame and sentinel die together; the frame's fields are still there to be read.
        if (_frame.Status <= FrameStatus.Immediate && _frame.Version == _version)
        {
            Diagnostics.Reports.NeverAwaited(_frame.Name, _origin);
        }
    }

    /// <summary>True while some loop is in debug mode, or ASYNCIO_DEBUG is set.</summary>
    internal static bool TracksAll { get; private set; } = Diagnostics.DebugSwitch.FromEnvironment;

    internal static void DebugLoops(int change) =>
        TracksAll = Interlocked.Add(ref s_debugLoops, change) > 0 || Diagnostics.DebugSwitch.FromEnvironment;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Sample(Frame frame)
    {
        if (TracksAll || (++s_created & SampleMask) == 0)
        {
            Track(frame);
        }
    }

    /// <summary>For a frame that is used again, and for the library's own waits: all in debug mode, none otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void TrackIfDebug(Frame frame)
    {
        if (TracksAll)
        {
            Track(frame);
        }
    }

    /// <summary>Watches the frame for the use that begins now.</summary>
    internal static void Track(Frame frame)
    {
        var sentinel = s_tracked.GetValue(frame, static f => new NeverAwaited(f));
        sentinel._version = frame.Version;
        sentinel._origin = TracksAll ? Diagnostics.DebugSwitch.CaptureOrigin() : null;
    }
}
