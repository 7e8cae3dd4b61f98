using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// What an <c>async Coroutine</c> method returns: its body, not yet begun. Nothing runs until it is awaited or given to a task,
/// and it can be awaited once. The counterpart of Python's coroutine object without a result.
/// </summary>
/// <remarks>Awaiting it runs the body as part of the current task; that needs a running loop. For something to start now, use <see cref="Aio.CreateTask(Coroutine, string?, Context?, bool?, CancellationToken)"/>.</remarks>
[AsyncMethodBuilder(typeof(CoroutineMethodBuilder))]
[DebuggerDisplay("{Name,nq}")]
public readonly struct Coroutine : IAwaitable<Unit>, IEquatable<Coroutine>, IClosable
{
    internal readonly Frame<Unit>? Frame;
    internal readonly uint Version;

    internal Coroutine(Frame<Unit>? frame, uint version)
    {
        Frame = frame;
        Version = version;
    }

    /// <summary>A coroutine that has ended already. Has no frame and may be awaited any number of times.</summary>
    public static Coroutine Completed => new(null, FramelessVersion);

    /// <summary>A coroutine that gives <paramref name="result"/> without suspending. Has no frame and may be awaited any number of times.</summary>
    public static Coroutine<T> FromResult<T>(T result) => new(result);

    /// <summary>A coroutine that throws <paramref name="error"/> when it is awaited; once, as every coroutine with a frame.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="error"/> is null.</exception>
    public static Coroutine FromException(Exception error) => FailedFrame<Unit>.Create(error).AsUnit();

    /// <inheritdoc cref="FromException(Exception)"/>
    public static Coroutine<T> FromException<T>(Exception error) => FailedFrame<T>.Create(error);

    /// <summary>The name of the method, <c>Type.Method</c>. Where the coroutine was used up already, that of the method all the same.</summary>
    public string Name => Frame?.Name ?? CoroutineHandles.FramelessName(Version);

    /// <summary>Throws the coroutine away without running it; its body never starts. Does nothing to one that was awaited or closed before. Asyncio: <c>coroutine.close()</c>.</summary>
    public void Close()
    {
        if (Frame is { } frame && frame.Version == Version)
        {
            frame.Release();
        }
    }

    /// <summary>Starts the await. The body runs when the awaiting coroutine gives control to the trampoline.</summary>
    /// <exception cref="InvalidOperationException">The coroutine was awaited, given to a task or closed before, or it is <c>default</c>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CoroutineAwaiter GetAwaiter() => new(CoroutineHandles.Take(Frame, Version), Version + 1);

    /// <summary>Runs the coroutine as a task of <paramref name="loop"/> and gives a .NET task of it: for code outside the loop, on any thread.</summary>
    /// <remarks>Does not block and does not suspend. Asyncio: <c>run_coroutine_threadsafe</c>.</remarks>
    public Task AsTask(EventLoop loop) => Aio.RunCoroutineThreadsafe(this, loop);

    /// <inheritdoc/>
    public Coroutine<Unit> AsCoroutine()
    {
        if (Frame is not null || Version is not (FramelessVersion or YieldVersion))
        {
            return new Coroutine<Unit>(Frame, Version);
        }

        return Version == FramelessVersion ? new Coroutine<Unit>(default(Unit)) : new Coroutine<Unit>(YieldLeaf.Create());
    }

    /// <summary>The frame to run, for a task: what needed none gets one now.</summary>
    internal Frame<Unit> TakeForTask() =>
        CoroutineHandles.Take(Frame, Version) ?? (Version == YieldVersion ? YieldLeaf.Create() : ValueFrame<Unit>.Create(default));

    /// <inheritdoc/>
    public Future<Unit> AsFuture(EventLoop? loop = null) => (loop ?? EventLoop.RequireRunning()).CreateTask(this);

    /// <summary>True if both are handles of the same call.</summary>
    public bool Equals(Coroutine other) => ReferenceEquals(Frame, other.Frame) && Version == other.Version;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Coroutine other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Frame, Version);

    /// <summary>The coroutine's name.</summary>
    public override string ToString() => $"<coroutine {Name}>";

    /// <summary>True if both are handles of the same call.</summary>
    public static bool operator ==(Coroutine left, Coroutine right) => left.Equals(right);

    /// <summary>False if both are handles of the same call.</summary>
    public static bool operator !=(Coroutine left, Coroutine right) => !left.Equals(right);

    /// <summary>Marks a coroutine that has ended and needs no frame; version 0 is <c>default</c>, which is no coroutine.</summary>
    internal const uint FramelessVersion = uint.MaxValue;

    /// <summary>
    /// Marks a yield, which has no frame either: the builder sends the awaiting strand to the end of the ready queue and that is
    /// all. With a pooled frame a yield costs twice as much.
    /// </summary>
    internal const uint YieldVersion = uint.MaxValue - 2;

    internal static Coroutine OfYield => new(null, YieldVersion);
}
