namespace Asyncio;

/// <summary>What a suspended task stands in: read from the frames, which are linked from the first instruction on.</summary>
internal static class TaskStacks
{
    internal static IReadOnlyList<CoroutineFrame> Of(Strand strand, int? limit)
    {
        if (strand.Root is not { } root)
        {
            return [];
        }

        return strand.Parked ? UpFrom(strand.Top, limit) : DownFrom(root, limit);
    }

    private static List<CoroutineFrame> UpFrom(Frame? top, int? limit)
    {
        var frames = new List<CoroutineFrame>();
        for (var frame = top; frame is not null && frames.Count != limit; frame = frame.Parent)
        {
            frames.Add(Describe(frame));
        }

        frames.Reverse();
        return frames;
    }

    /// <summary>Of a strand that runs: the frame at which it was last parked may long serve somebody else.</summary>
    private static List<CoroutineFrame> DownFrom(Frame root, int? limit)
    {
        var frames = new List<CoroutineFrame>();
        for (Frame? frame = root; frame is not null; frame = frame.Link is Frame { IsDone: false } child && ReferenceEquals(child.Parent, frame) ? child : null)
        {
            frames.Add(Describe(frame));
        }

        return limit < frames.Count ? frames[^limit.Value..] : frames;
    }

    private static CoroutineFrame Describe(Frame frame) => new(frame.Name, frame.MachineType, frame.State);

    internal static void Print(Future task, Strand strand, TextWriter writer)
    {
        if (task.IsFaulted)
        {
            writer.WriteLine($"Traceback for {task}:");
            writer.WriteLine(task.PeekException());
            return;
        }

        var stack = Of(strand, null);
        writer.WriteLine(stack.Count == 0 ? $"No stack for {task}" : $"Stack for {task} (most recent call last):");
        foreach (var frame in stack)
        {
            writer.WriteLine("  in " + frame);
        }
    }
}
