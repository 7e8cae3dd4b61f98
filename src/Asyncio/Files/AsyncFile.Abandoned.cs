namespace Asyncio.Files;

// A file that nobody has closed.
public sealed partial class AsyncFile
{
    /// <summary>Writes what is in its buffer, closes it and reports it: Python's <c>ResourceWarning</c>.</summary>
    ~AsyncFile()
    {
        var unwritten = _buffer.UnwrittenCount;
        if (!_closed && _backend.MustBeClosed(unwritten))
        {
            var (more, error) = Finish(unwritten);
            _turns.Loop?.ReportFromAnywhere(new ExceptionContext($"unclosed {this}: it was dropped without CloseAsync() or DisposeAsync(){more}") { Exception = error });
        }
    }

    /// <summary>The file of an operation that is carried out in a thread, which knows of no loop.</summary>
    internal static async Coroutine<AsyncFile> OfThisLoop(Coroutine<AsyncFile> opening)
    {
        var file = await opening;
        file._turns.BelongTo(EventLoop.RequireRunning());
        return file;
    }

    /// <summary>What becomes of the last bytes. The system's handle is whole: its finalizer is a critical one, which come last.</summary>
    private (string Text, Exception? Error) Finish(int unwritten)
    {
        try
        {
            // An operation that was under way has ended with its loop. Whether it has written the bytes is not known: at their place, they may be written again.
            if ((!_turns.IsTaken || !_backend.Appends) && _backend.TryFinish(_buffer.Unwritten.Span, _position - unwritten))
            {
                return (unwritten == 0 ? "" : $"; the {unwritten} bytes in its buffer were written now", null);
            }
        }
        catch (Exception e)
        {
            return ($"; {unwritten} bytes in its buffer are lost", e);
        }

        return (unwritten == 0 ? "" : $"; {unwritten} bytes in its buffer are lost", null);
    }
}
