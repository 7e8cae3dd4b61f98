using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Asyncio;

/// <summary>
/// One operation: what to do, with which buffer. Made once and used again by its owner; the reactor has it from
/// <see cref="Channel.Submit"/> until <see cref="OnCompleted"/>, and so long the buffer must not be touched.
/// </summary>
internal abstract class IoRequest
{
    internal IoKind Kind;

    /// <summary>Received into, or sent from. The reactor pins it while the kernel has it.</summary>
    internal Memory<byte> Buffer;

    internal SocketFlags Flags;

    /// <summary>Where to connect or send to; after a <see cref="IoKind.ReceiveFrom"/>, who sent.</summary>
    internal SocketAddress? Address;

    /// <summary>After an <see cref="IoKind.Accept"/>: the connection.</summary>
    internal Socket? Accepted;

    // ---- the reactor's, while it has the request ----------------------------------------------------------------------

    internal MemoryHandle Pin;
    internal int Slot;
    internal int Progress;
    internal object? ReactorState;

    /// <summary>It has ended. Inside a poll: nothing of the user's may run here.</summary>
    /// <param name="result">Zero or more: what it gave, mostly a number of bytes. Less: a <see cref="SocketError"/>, see <see cref="Error"/>.</param>
    internal abstract void OnCompleted(int result);

    /// <summary>The result that stands for an error. <see cref="SocketError.SocketError"/> itself (-1) does not occur.</summary>
    internal static int Failed(SocketError error) => -(int)error;

    /// <summary>The error that a result stands for; <see cref="SocketError.Success"/> for none.</summary>
    internal static SocketError Error(int result) => result < 0 ? (SocketError)(-result) : SocketError.Success;
}

/// <summary>What an <see cref="IoRequest"/> does.</summary>
internal enum IoKind : byte
{
    /// <summary>Receives what is there, at most a buffer full; zero is the end of the stream. Also reads from a pipe.</summary>
    Receive,

    /// <summary>Sends the whole buffer. A cancellation or an error after a part gives the number of bytes sent, so that none is lost unnoticed; the next fails, if only with <see cref="SocketError.Shutdown"/>, since the system tells a reset once. Also writes to a pipe.</summary>
    Send,

    /// <summary>Receives one datagram; longer ones are cut. Sets <see cref="IoRequest.Address"/>.</summary>
    ReceiveFrom,

    /// <summary>Sends one datagram.</summary>
    SendTo,

    /// <summary>Connects to the address. After a cancellation the socket is only fit to be closed.</summary>
    Connect,

    /// <summary>Accepts one connection.</summary>
    Accept,

    /// <summary>Until there is something to read (or the peer has closed). Several may wait; not on the portable reactor for pipes.</summary>
    WaitReadable,

    /// <summary>Until something can be written. Several may wait.</summary>
    WaitWritable,
}
