namespace Harness;

/// <summary>What the workloads that throw throw.</summary>
internal sealed class ExpectedException : Exception;
