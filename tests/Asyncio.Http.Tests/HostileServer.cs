using System.Net;
using System.Text;

namespace Asyncio.Http.Tests;

/// <summary>A server on our own streams that does to each connection what a test says; it lets go of it when the test ends.</summary>
public sealed class HostileServer : IAsyncDisposable
{
    private readonly Server _server;

    private HostileServer(Server server) => _server = server;

    public string Url => $"http://127.0.0.1:{Port}/";

    public int Port => ((IPEndPoint)_server.Sockets[0].LocalEndPoint!).Port;

    /// <summary>With what is done after the head of each request was read; then the connection is closed.</summary>
    public static Coroutine<HostileServer> AnswerAsync(Func<string, AsyncStreamWriter, Coroutine> answer) => StartAsync(async (reader, writer) =>
    {
        while (await ReadHeadAsync(reader) is { } head)
        {
            await answer(head, writer);
            if (writer.IsClosing)
            {
                return;
            }
        }
    });

    /// <summary>With the same text for everybody, after which the connection is closed.</summary>
    public static Coroutine<HostileServer> SayAsync(string text) => AnswerAsync(async (_, writer) =>
    {
        writer.Write(Encoding.Latin1.GetBytes(text));
        await writer.DrainAsync();
        writer.Close();
    });

    public static async Coroutine<HostileServer> StartAsync(Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> handle) =>
        new(await Aio.StartServer(
            async (reader, writer) =>
            {
                try
                {
                    await handle(reader, writer);
                }
                catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
                {
                    // The client has gone: that is what was to be seen.
                }
                finally
                {
                    writer.Close();
                }
            },
            "127.0.0.1",
            0));

    /// <summary>The head of a request; null if the client has gone.</summary>
    public static async Coroutine<string?> ReadHeadAsync(AsyncStreamReader reader)
    {
        try
        {
            return Encoding.Latin1.GetString(await reader.ReadUntilAsync("\r\n\r\n"u8));
        }
        catch (Exception e) when (e is IncompleteReadException or IOException or System.Net.Sockets.SocketException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _server.Close();
        _server.AbortClients();
        await _server.WaitClosedAsync();
    }
}
