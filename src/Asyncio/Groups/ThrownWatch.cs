using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>
/// What a task throws, noted while a flat scope of its needs to know what is on its way through it: C#'s <c>using</c> does not say.
/// </summary>
/// <remarks>
/// One handler for the process, there only while somebody watches. Only the step that runs counts: an exception on its way through
/// the frame of a scope was thrown there in this very step.
/// </remarks>
internal sealed class ThrownWatch
{
    /// <summary>How many different exceptions of one step are kept; the newest are what matters.</summary>
    private const int Kept = 8;

    private static readonly Lock s_lock = new();
    private static readonly bool s_tellsInFlight = Probe();
    private static int s_watches;

    private readonly List<Exception> _thrown = [];
    private readonly TaskDetails _details;
    private int _step = -1;
    private int _users;

    private ThrownWatch(TaskDetails details) => _details = details;

    /// <summary>True if several exceptions were thrown in one step: then the method of the scope helps to tell which is which.</summary>
    internal bool IsAmbiguous => _thrown.Count > 1;

    /// <summary>Begins to watch what the task throws. To be ended as many times as begun.</summary>
    internal static ThrownWatch Begin(TaskDetails details)
    {
        var watch = details.Thrown ??= new ThrownWatch(details);
        if (watch._users++ == 0)
        {
            lock (s_lock)
            {
                if (s_watches++ == 0)
                {
                    AppDomain.CurrentDomain.FirstChanceException += OnThrown;
                }
            }
        }

        return watch;
    }

    internal void End()
    {
        if (--_users > 0)
        {
            return;
        }

        _details.Thrown = null;
        lock (s_lock)
        {
            if (--s_watches == 0)
            {
                AppDomain.CurrentDomain.FirstChanceException -= OnThrown;
            }
        }
    }

    /// <summary>Which exception the runtime is busy with on this thread: a mark to compare, 0 for none. Under a <c>catch</c> it is that one's.</summary>
    internal static nint CurrentMark => s_tellsInFlight ? Marshal.GetExceptionPointers() : 0;

    /// <summary>
    /// The exception that is passing through the code that called us from a <c>finally</c>; null if none is. Where the runtime cannot tell
    /// whether one is, the last one that was thrown in this step.
    /// </summary>
    /// <param name="markBefore">The mark where none was passing: not 0 if the whole loop runs under a <c>catch</c>.</param>
    internal Exception? InFlight(TaskStrand task, nint markBefore, string? caller) =>
        s_tellsInFlight && (CurrentMark == 0 || CurrentMark == markBefore) ? null : LastThrown(task, caller);

    /// <summary>
    /// The last exception of this step that got as far as <paramref name="caller"/>: others were thrown and caught below it, by what the
    /// clean-up of an inner scope did.
    /// </summary>
    internal Exception? LastThrown(TaskStrand task, string? caller)
    {
        if (_step != task.Steps || _thrown.Count == 0)
        {
            return null;
        }

        for (var i = _thrown.Count - 1; i >= 0 && caller is not null; i--)
        {
            if (new StackTrace(_thrown[i], false).GetFrames().Any(frame => MethodOf(frame) == caller))
            {
                return _thrown[i];
            }
        }

        return _thrown[^1];
    }

    /// <summary>The method of a frame: enough of a name to know it again, and there after trimming too.</summary>
    internal static string? MethodOf(StackFrame frame) =>
        DiagnosticMethodInfo.Create(frame) is { } method ? $"{method.DeclaringTypeName}.{method.Name}" : null;

    private static void OnThrown(object? sender, FirstChanceExceptionEventArgs e)
    {
        if (EventLoop.t_running?.CurrentStrand?.Task is { } task && task.DetailsOrNull?.Thrown is { } watch)
        {
            watch.Note(e.Exception, task.Steps);
        }
    }

    private void Note(Exception error, int step)
    {
        if (_step != step)
        {
            _thrown.Clear();
            _step = step;
        }

        _thrown.Remove(error);
        if (_thrown.Count == Kept)
        {
            _thrown.RemoveAt(0);
        }

        _thrown.Add(error);
    }

    /// <summary>Asks the runtime in a case where the answer is known.</summary>
    private static bool Probe()
    {
        var seen = false;
        try
        {
            try
            {
                throw new CancelledException();
            }
            finally
            {
                seen = Marshal.GetExceptionPointers() != 0;
            }
        }
        catch (Exception e) when (e is CancelledException or PlatformNotSupportedException)
        {
            return seen;
        }
    }
}
