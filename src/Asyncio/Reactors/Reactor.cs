using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>
/// What a loop waits on for input and output. Completion-based: a request is submitted with its buffer and completes exactly once.
/// </summary>
/// <remarks>
/// All on the loop's thread, but for <see cref="Wake"/>. Completions are told inside <see cref="Poll"/> and <see cref="Wait"/>, never
/// inside the call that submits: whoever is told may submit more, cancel and close, but runs no code of the user's; it enqueues that.
/// </remarks>
internal abstract class Reactor : IDisposable
{
    internal abstract ReactorKind Kind { get; }

    /// <summary>
    /// How many requests, receivers and acceptors are under way. Not zero: there is something to poll for.
    /// </summary>
    internal abstract int Active { get; }

    /// <summary>
    /// Tells what has completed, without waiting. Called each iteration while other work is ready, so it must cost next to nothing when
    /// nothing has: a look into memory, or a system call only so often.
    /// </summary>
    internal abstract void Poll();

    /// <summary>
    /// Waits until something completes, <see cref="Wake"/> is called or the time has passed; tells what has completed.
    /// </summary>
    /// <param name="seconds">Infinity is without limit; zero or less does not wait, but really looks.</param>
    internal abstract void Wait(double seconds);

    /// <summary>Ends the <see cref="Wait"/> that is under way, or else the next one. From any thread.</summary>
    internal abstract void Wake();

    /// <summary>
    /// A run ends: the next poll may be in another thread. To be called on the thread of the run. What is under way stays so, and goes on
    /// with the next poll.
    /// </summary>
    internal virtual void Leave()
    {
    }

    /// <summary>Takes a socket over: from here on it is closed through its channel.</summary>
    internal abstract Channel Open(Socket socket);

    /// <summary>Takes over one end of a pipe or a terminal, for bytes one after the other.</summary>
    /// <exception cref="PlatformNotSupportedException">This reactor, or this system, can only do sockets.</exception>
    internal abstract Channel Open(System.Runtime.InteropServices.SafeHandle handle);

    /// <summary>Reads and writes files, if it has a way to do that without blocking; null: threads do it.</summary>
    internal virtual IFileQueue? Files => null;

    /// <summary>Ends everything that is under way (requests complete as aborted), waits until the kernel has let go of every buffer, and frees what the reactor holds.</summary>
    public abstract void Dispose();
}
