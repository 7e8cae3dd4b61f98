namespace Asyncio;

// Work on files. Apart from the default executor: neither a slow disk nor the user's own functions make the other wait.
public sealed partial class EventLoop
{
    private ThreadPoolExecutor? _fileThreads;

    /// <summary>Where calls to the file system block; made at the first use.</summary>
    internal ThreadPoolExecutor FileThreads => _fileThreads ??= new ThreadPoolExecutor(threadNamePrefix: "asyncio-files");

    private void CloseFileThreads()
    {
        _fileThreads?.Shutdown(wait: false);
        _fileThreads = null;
    }
}
