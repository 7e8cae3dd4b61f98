namespace Harness;

internal static class Check
{
    /// <summary>A workload that computes something wrong is not worth timing.</summary>
    internal static void Equal(long actual, long expected)
    {
        if (actual != expected)
        {
            throw new InvalidOperationException($"the workload gave {actual} instead of {expected}");
        }
    }
}
