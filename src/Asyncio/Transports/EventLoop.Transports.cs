using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

// What transports need of their loop.
public sealed partial class EventLoop
{
    /// <summary>From this write after the loss of the connection on, somebody is told.</summary>
    private const int WarnedLostWrites = 5;

    private BufferPool? _buffers;

    internal BufferPool Buffers => _buffers ??= new BufferPool();

    internal void ReportTransport(string message, Exception error, BaseTransport transport, BaseProtocol protocol) =>
        CallExceptionHandler(new ExceptionContext(message)
        {
            Exception = error,
            Extra = new Dictionary<string, object?> { ["transport"] = transport, ["protocol"] = protocol },
        });

    /// <summary>An error that ends a transport. What the network does is usual, and told to the protocol only; anything else is a mistake somewhere.</summary>
    internal void ReportFatal(string message, Exception error, BaseTransport transport, BaseProtocol protocol)
    {
        if (error is not (SocketException or IOException))
        {
            ReportTransport(message, error, transport, protocol);
        }
        else if (Debug)
        {
            Warn($"{transport}: {message}: {error.Message}");
        }
    }

    /// <summary>Data was written to a connection that is lost.</summary>
    /// <param name="count">How many times, this one included.</param>
    internal void WarnOfLostWrite(int count)
    {
        if (count >= WarnedLostWrites)
        {
            Warn($"Data is written to a connection that is lost; it goes nowhere.");
        }
    }
}
