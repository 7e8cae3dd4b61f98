namespace Asyncio.IO.Tests;

/// <summary>What only a test that hangs comes to, however busy the machine is.</summary>
internal static class Hang
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static readonly int Milliseconds = (int)Limit.TotalMilliseconds;
}
