namespace Asyncio.Http;

/// <summary>What is limited for one host.</summary>
internal sealed class HostState(int limit, Pace? pace)
{
    public AsyncSemaphore? Gate { get; } = limit > 0 ? new AsyncSemaphore(limit) : null;

    public Pace? Pace => pace;

    /// <summary>Requests that wait or are under way; while there are any, it is kept.</summary>
    public int Users { get; set; }
}
