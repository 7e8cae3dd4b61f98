using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Asyncio;

/// <summary>How something ended: with a value, with an error, or cancelled. What <c>return_exceptions=True</c> gives in asyncio.</summary>
/// <typeparam name="T">The value.</typeparam>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct TaskOutcome<T> : IEquatable<TaskOutcome<T>>
{
    private readonly T _value;

    private TaskOutcome(T value, Exception? error)
    {
        _value = value;
        Error = error;
    }

    /// <summary>True if there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>True if it was cancelled; <see cref="Error"/> is a <see cref="CancelledException"/> then.</summary>
    public bool IsCanceled => Error is CancelledException;

    /// <summary>True if it failed with anything but a cancellation.</summary>
    public bool IsFaulted => Error is not null and not CancelledException;

    /// <summary>The exception; null if there is a value.</summary>
    public Exception? Error { get; }

    /// <summary>The value.</summary>
    /// <exception cref="Exception">There is none: what it failed with is thrown.</exception>
    public T Value
    {
        get
        {
            if (Error is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(Error);
            }

            return _value;
        }
    }

    /// <summary>True if it was cancelled, as a method: asyncio's spelling.</summary>
    public bool Cancelled() => IsCanceled;

    /// <summary>The value, or <paramref name="fallback"/> where there is none.</summary>
    [return: NotNullIfNotNull(nameof(fallback))]
    public T? ValueOr(T? fallback) => Error is null ? _value : fallback;

    /// <summary>For <c>var (value, error) = outcome</c>: one of the two; a missing value is <c>default</c>.</summary>
    public void Deconstruct(out T? value, out Exception? error)
    {
        value = Error is null ? _value : default;
        error = Error;
    }

    /// <summary>True if both ended with equal values, or with the same exception.</summary>
    public bool Equals(TaskOutcome<T> other) =>
        ReferenceEquals(Error, other.Error) && EqualityComparer<T>.Default.Equals(_value, other._value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TaskOutcome<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_value, Error);

    /// <summary>The value, or the error's type and message.</summary>
    public override string ToString() => Error is null ? $"{_value}" : $"{Error.GetType().Name}: {Error.Message}";

    /// <summary>True if both ended with equal values, or with the same exception.</summary>
    public static bool operator ==(TaskOutcome<T> left, TaskOutcome<T> right) => left.Equals(right);

    /// <summary>False if both ended with equal values, or with the same exception.</summary>
    public static bool operator !=(TaskOutcome<T> left, TaskOutcome<T> right) => !left.Equals(right);

    /// <summary>Of a future that is done; its exception counts as retrieved.</summary>
    internal static TaskOutcome<T> Of(Future<T> future) => future.State switch
    {
        FutureState.Succeeded => new(future.ValueUnchecked, null),
        FutureState.Canceled => new(default!, future.TakeCancelled()),
        _ => new(default!, future.Exception()),
    };
}
