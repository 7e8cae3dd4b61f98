using System.Net.Sockets;

namespace Asyncio;

/// <summary>The errors of streams for which the system has no text.</summary>
internal static class ConnectionErrors
{
    internal static SocketException Lost() => new((int)SocketError.ConnectionReset, "Connection lost");

    /// <summary>Streams of .NET fail with <see cref="IOException"/>.</summary>
    internal static Exception AsIO(Exception error) => error is SocketException ? new IOException(error.Message, error) : error;
}
