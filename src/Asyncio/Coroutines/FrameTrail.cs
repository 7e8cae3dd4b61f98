using System.Runtime.CompilerServices;
using System.Text;

namespace Asyncio;

/// <summary>
/// The frames that an exception passed without being thrown into them. Recorded by their machine's type; written into the
/// exception's stack trace when it is thrown again, so that the trace names every frame all the same.
/// </summary>
internal sealed class FrameTrail
{
    /// <summary>Beyond this many frames only the number is kept: a chain a million awaits deep must not make a trace of 60 MB.</summary>
    private const int Kept = 128;

    private static readonly ConditionalWeakTable<Exception, FrameTrail> s_trails = new();

    private readonly Exception _error;
    private object[] _frames = new object[8]; // a machine's type, or a leaf's name
    private int _count;
    private int _rendered;

    private FrameTrail(Exception error) => _error = error;

    internal static FrameTrail Of(Exception error) => s_trails.GetValue(error, static e => new FrameTrail(e));

    // One exception object may pass frames of several loops at a time, where somebody throws a static one: entries may be lost then, and
    // nothing else, since each field is read once.
    internal void Add(Frame frame)
    {
        var (frames, count) = (_frames, _count);
        if (count < Kept)
        {
            if (count >= frames.Length)
            {
                Array.Resize(ref frames, count * 2);
                _frames = frames;
            }

            frames[count] = (object?)frame.MachineType ?? frame.Name;
        }

        _count = count + 1;
    }

    /// <summary>Writes what was passed since the last time into the stack trace. Gives the exception.</summary>
    internal static Exception Render(Exception error)
    {
        if (s_trails.TryGetValue(error, out var trail))
        {
            trail.Render();
        }

        return error;
    }

    private void Render()
    {
        var (frames, count, rendered) = (_frames, _count, _rendered);
        if (rendered == count)
        {
            return;
        }

        var text = new StringBuilder();
        for (var i = rendered; i < Math.Min(Math.Min(count, Kept), frames.Length); i++)
        {
            text.Append("   at ").Append(frames[i] is Type machine ? MachineMembers.MethodName(machine) : frames[i]).Append("() [awaiting]").Append(Environment.NewLine);
        }

        if (count > Kept)
        {
            text.Append("   ... ").Append(count - Math.Max(rendered, Kept)).Append(" more awaiting frames").Append(Environment.NewLine);
        }

        _rendered = count;
        StackTraces.Append(_error, text.ToString());
    }
}
