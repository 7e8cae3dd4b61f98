namespace Asyncio;

/// <summary>The result of what has none: <see cref="Coroutine"/> is an <see cref="IAwaitable{T}"/> of it.</summary>
public readonly struct Unit : IEquatable<Unit>
{
    /// <summary>Always true: there is one value.</summary>
    public bool Equals(Unit other) => true;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Unit;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <summary>Gives <c>()</c>.</summary>
    public override string ToString() => "()";

    /// <summary>Always true.</summary>
    public static bool operator ==(Unit left, Unit right) => true;

    /// <summary>Always false.</summary>
    public static bool operator !=(Unit left, Unit right) => false;
}
