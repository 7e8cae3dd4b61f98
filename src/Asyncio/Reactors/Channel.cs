using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>
/// A socket or a pipe, as its reactor knows it. Requests of one direction may overlap only where a kind says so: one receiving and one
/// sending at a time.
/// </summary>
/// <remarks>The descriptor is held for the life of every operation: it is closed when the channel is closed and the last one has completed. One that listens is closed at once: it is to refuse from then on.</remarks>
internal abstract class Channel
{
    /// <summary>The socket; null for a pipe.</summary>
    internal abstract Socket? Socket { get; }

    /// <summary>What is read and written, for those that need its number.</summary>
    internal abstract SafeHandle Handle { get; }

    internal abstract bool IsClosed { get; }

    /// <summary>The socket or pipe is somebody else's: <see cref="Close"/> lets go of it and does not close it.</summary>
    internal bool LeavesOpen { get; set; }

    /// <summary>Begins a request. Its outcome is told in a later poll, also if it failed at once, also if the channel is closed.</summary>
    internal abstract void Submit(IoRequest request);

    /// <summary>
    /// Asks the request to end. It completes in a later poll: with its result if that came first, else with
    /// <see cref="SocketError.OperationAborted"/>. A request that has completed is not touched.
    /// </summary>
    internal abstract void Cancel(IoRequest request);

    /// <summary>
    /// Receives whatever comes until <see cref="StopReceiving"/>, the end of the stream or an error: no request for each piece, and an idle
    /// channel holds no buffer.
    /// </summary>
    internal abstract void StartReceiving(IReceiver receiver);

    /// <summary>No more is told after this call; what the kernel had handed over by then is kept and told first after the next start. Nothing is lost.</summary>
    internal abstract void StopReceiving();

    /// <summary>Accepts connections until <see cref="StopAccepting"/>.</summary>
    internal abstract void StartAccepting(IAcceptor acceptor);

    /// <summary>No more is told after this call. A connection that the kernel had handed over by then is kept for the next start, and closed with the channel.</summary>
    internal abstract void StopAccepting();

    /// <summary>Ends what is under way and closes the descriptor as soon as the kernel is done with it. Receivers and acceptors are told nothing more. Does nothing a second time.</summary>
    internal abstract void Close();
}

/// <summary>Who is told what a channel receives.</summary>
internal interface IReceiver
{
    /// <summary>Bytes that came, at least one. They are the reactor's: to be copied before this returns.</summary>
    void OnReceived(ReadOnlySpan<byte> data);

    /// <summary>No more will come. <see cref="SocketError.Success"/> is the end of the stream; the receiver has stopped.</summary>
    void OnReceiveEnded(SocketError error);
}

/// <summary>Who is told what a listening channel accepts.</summary>
internal interface IAcceptor
{
    /// <summary>A connection, not blocking and closed on exec.</summary>
    void OnAccepted(Socket socket);

    /// <summary>Accepting failed and has stopped; it may be started again, after a pause if descriptors have run out.</summary>
    void OnAcceptFailed(SocketError error);
}
