using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// What an <c>async Coroutine&lt;T&gt;</c> method returns: its body, not yet begun. Nothing runs until it is awaited or given to a
/// task, and it can be awaited once. The counterpart of Python's coroutine object.
/// </summary>
/// <typeparam name="T">The result.</typeparam>
[AsyncMethodBuilder(typeof(CoroutineMethodBuilder<>))]
[DebuggerDisplay("{Name,nq}")]
public readonly struct Coroutine<T> : IAwaitable<T>, IEquatable<Coroutine<T>>, IClosable
{
    internal readonly Frame<T>? Frame;
    internal readonly uint Version;
    private readonly T _value;

    internal Coroutine(Frame<T>? frame, uint version)
    {
        Frame = frame;
        Version = version;
        _value = default!;
    }

    internal Coroutine(Frame<T> fresh)
        : this(fresh, fresh.Version)
    {
    }

    internal Coroutine(T value)
    {
        Frame = null;
        Version = Coroutine.FramelessVersion;
        _value = value;
    }

    /// <inheritdoc cref="Coroutine.Name"/>
    public string Name => Frame?.Name ?? CoroutineHandles.FramelessName(Version);

    /// <inheritdoc cref="Coroutine.Close"/>
    public void Close()
    {
        if (Frame is { } frame && frame.Version == Version)
        {
            frame.Release();
        }
    }

    /// <inheritdoc cref="Coroutine.GetAwaiter"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CoroutineAwaiter<T> GetAwaiter() => new(CoroutineHandles.Take(Frame, Version), Version + 1, _value);

    /// <inheritdoc cref="Coroutine.AsTask"/>
    public Task<T> AsTask(EventLoop loop) => Aio.RunCoroutineThreadsafe(this, loop);

    /// <inheritdoc/>
    public Coroutine<T> AsCoroutine() => this;

    /// <inheritdoc/>
    public Future<T> AsFuture(EventLoop? loop = null) => (loop ?? EventLoop.RequireRunning()).CreateTask(this);

    /// <summary>True if both are handles of the same call.</summary>
    public bool Equals(Coroutine<T> other) => ReferenceEquals(Frame, other.Frame) && Version == other.Version && EqualityComparer<T>.Default.Equals(_value, other._value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Coroutine<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Frame, Version);

    /// <summary>The coroutine's name.</summary>
    public override string ToString() => $"<coroutine {Name}>";

    /// <summary>True if both are handles of the same call.</summary>
    public static bool operator ==(Coroutine<T> left, Coroutine<T> right) => left.Equals(right);

    /// <summary>False if both are handles of the same call.</summary>
    public static bool operator !=(Coroutine<T> left, Coroutine<T> right) => !left.Equals(right);

    internal bool IsFrameless => Frame is null && Version == Coroutine.FramelessVersion;

    /// <summary>The frame to run, for a task: one that had its result from the start gets a frame now.</summary>
    internal Frame<T> TakeForTask() => CoroutineHandles.Take(Frame, Version) ?? ValueFrame<T>.Create(_value);
}
