namespace Asyncio;

// A writer that nobody has closed.
public sealed partial class AsyncStreamWriter
{
    /// <summary>Closes and reports it: asyncio's <c>ResourceWarning</c>.</summary>
    ~AsyncStreamWriter()
    {
        // The transport has no finalizer that would have run before: it is whole; or the constructor has thrown.
        if (_transport is { IsClosing: false })
        {
            _loop.EnqueueFromAnywhere(new Abandonment(_loop, _transport, ToString()), null);
        }
    }

    private sealed class Abandonment(EventLoop loop, LowLevel.Transport transport, string writer) : Runnable
    {
        internal override void Run(object? argument)
        {
            if (transport.IsClosing)
            {
                return;
            }

            loop.EnterCallback(null);
            transport.Close();
            loop.CallExceptionHandler(Report(""));
        }

        internal override void GiveUp(object? argument) => loop.DefaultExceptionHandler(Report("; its loop is closed"));

        private ExceptionContext Report(string more) =>
            new($"unclosed {writer}: it was dropped without Close() or DisposeAsync(){more}");
    }
}
