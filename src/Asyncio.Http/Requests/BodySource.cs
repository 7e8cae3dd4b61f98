using System.Runtime.ExceptionServices;

namespace Asyncio.Http;

/// <summary>
/// Where a body comes from, while it is sent. What goes wrong in there (a file that is not there) is the caller's own error and comes out as it is, whatever
/// the handler makes of it.
/// </summary>
internal sealed class BodySource(EventLoop loop)
{
    private ExceptionDispatchInfo? _error;

    public EventLoop Loop => loop;

    public async Coroutine<T> Take<T>(Func<Coroutine<T>> next)
    {
        try
        {
            return await next();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _error = ExceptionDispatchInfo.Capture(e);
            throw;
        }
    }

    public void ThrowIfFailed() => _error?.Throw();
}
