namespace Asyncio;

/// <summary>What <see cref="Aio.Uninterrupted"/> gives.</summary>
public readonly struct UninterruptedScope : IDisposable, IEquatable<UninterruptedScope>
{
    private readonly TaskDetails? _details;

    internal UninterruptedScope(TaskDetails details)
    {
        _details = details;
        details.Uninterrupted++;
    }

    /// <summary>Ends the scope. Call it once.</summary>
    public void Dispose()
    {
        if (_details is { Uninterrupted: > 0 } details)
        {
            details.Uninterrupted--;
        }
    }

    /// <summary>True if both are scopes of the same task.</summary>
    public bool Equals(UninterruptedScope other) => ReferenceEquals(_details, other._details);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UninterruptedScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _details?.GetHashCode() ?? 0;

    /// <summary>True if both are scopes of the same task.</summary>
    public static bool operator ==(UninterruptedScope left, UninterruptedScope right) => left.Equals(right);

    /// <summary>False if both are scopes of the same task.</summary>
    public static bool operator !=(UninterruptedScope left, UninterruptedScope right) => !left.Equals(right);
}
