using System.Text;

namespace Asyncio.IO.Tests.Streams;

/// <summary>A server of the least HTTP there is: answers each request with its first line.</summary>
internal static class TinyHttp
{
    public static async Coroutine Handle(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        try
        {
            while (!reader.AtEof)
            {
                var head = Encoding.ASCII.GetString(await reader.ReadUntilAsync("\r\n\r\n"u8));
                var first = head[..head.IndexOf('\r', StringComparison.Ordinal)];
                writer.Write($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {first.Length}\r\n\r\n{first}");
                await writer.DrainAsync();
            }
        }
        catch (Exception e) when (e is IncompleteReadException or IOException or System.Net.Sockets.SocketException)
        {
            // The client has gone.
        }

        await writer.DisposeAsync();
    }
}
