namespace Asyncio;

/// <summary>What a suspended task stands in: read from the frames, which are linked from the first instruction on.</summary>
internal static class TaskStacks
{
    internal static IReadOnlyList<CoroutineFrame> Of(Strand strand, int? limit)
    {
        var frames = new List<CoroutineFrame>();
        for (var frame = strand.Top; frame is not null; frame = frame.Parent)
        {
            frames.Add(new CoroutineFrame(frame.Name, frame.MachineType, frame.State));
            if (frames.Count == limit)
            {
                break;
            }
        }

        frames.Reverse();
        return frames;
    }

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
