namespace Asyncio.EchoLoad;

/// <summary>
/// The requests a second that were answered; how long they took in seconds: the median, and what one in a hundred exceeds; the server's
/// processor time for one, in seconds.
/// </summary>
internal readonly record struct LoadResult(double PerSecond, double Median, double Slow, double Processor);
