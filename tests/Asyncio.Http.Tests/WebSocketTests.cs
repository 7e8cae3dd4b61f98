using System.Net.WebSockets;
using Asyncio.LowLevel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>WebSockets, with Kestrel at the other end.</summary>
public class WebSocketTests
{
    private sealed record Note(string Text);

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Messages_go_both_ways(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = new Uri(server.Url) });
        await using var socket = await session.WebSocketAsync("ws", new WebSocketOptions { Protocols = ["none", "echo"] });
        Assert.Equal("echo", socket.Protocol);
        await socket.SendTextAsync("hällo");
        await socket.SendBytesAsync(new byte[100_000]);
        await socket.SendJsonAsync(new Note("x"));
        await socket.SendTextAsync("bye");
        var seen = new List<string>();
        await foreach (var message in socket)
        {
            seen.Add(message.Kind == WebSocketMessageKind.Text ? message.Text : $"{message.Data.Length}");
        }

        Assert.Equal(["hällo", "100000", """{"text":"x"}"""], seen);
        Assert.Equal((4000, "enough"), (socket.CloseCode, socket.CloseReason));
        Assert.Equal(WebSocketMessageKind.Close, (await socket.ReceiveAsync()).Kind);
        Assert.True(socket.IsClosed);
        await Stage.Throws<ClientWebSocketException>(async () => await socket.SendTextAsync("late"));
    });

    [Fact]
    public void A_receive_that_is_cancelled_loses_nothing() => Stage.Run(async () =>
    {
        await using var server = await StartAsync();
        await using var session = new ClientSession();
        await using var socket = await session.WebSocketAsync($"{server.Url}ws");
        for (var i = 0; i < 5; i++)
        {
            await Stage.Throws<TimeoutException>(async () => await Aio.WaitFor(socket.ReceiveAsync(), 0.01));
        }

        await socket.SendJsonAsync(new Note("kept"));
        Assert.Equal("kept", (await socket.ReceiveAsync()).Json<Note>()!.Text);
        var waiting = Aio.CreateTask(socket.ReceiveAsync());
        await Aio.Sleep(0.01);
        await Stage.Throws<InvalidOperationException>(async () => await socket.ReceiveAsync());
        waiting.Cancel();
        await Stage.Throws<CancelledException>(async () => await waiting);
        await socket.CloseAsync();
        Assert.True(socket.IsClosed);
    });

    [Fact]
    public void What_is_not_a_WebSocket_is_told() => Stage.Run(async () =>
    {
        await using var server = await StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1 });
        var refused = await Stage.Throws<WebSocketHandshakeException>(async () => await session.WebSocketAsync($"{server.Url}status/403"));
        Assert.Equal(403, refused.Status);
        await Stage.Throws<ClientConnectorException>(async () => await session.WebSocketAsync("ws://127.0.0.1:1/"));
        await Stage.Throws<InvalidUrlException>(async () => await session.WebSocketAsync("gopher://127.0.0.1/"));
        await Stage.Throws<InvalidHeaderException>(async () => await session.WebSocketAsync(server.Url, new WebSocketOptions { Headers = { ["X"] = "a\r\nb" } }));
        await using var socket = await session.WebSocketAsync($"{server.Url}ws"); // the place of none of these is still taken
    });

    [Fact]
    public void A_server_that_vanishes_and_one_that_says_too_much_are_errors() => Stage.Run(async () =>
    {
        await using var server = await StartAsync();
        await using var session = new ClientSession();
        await using var socket = await session.WebSocketAsync($"{server.Url}ws");
        await socket.SendTextAsync("vanish");
        await Stage.Throws<ClientWebSocketException>(async () => await socket.ReceiveAsync());
        await using var small = await session.WebSocketAsync($"{server.Url}ws", new WebSocketOptions { MaxMessageSize = 1000 });
        await small.SendBytesAsync(new byte[1001]);
        Assert.Contains("1,000", (await Stage.Throws<ClientWebSocketException>(async () => await small.ReceiveAsync())).Message);
    });

    [Fact]
    public void A_hanging_handshake_meets_the_total_and_a_closing_session_ends_it() => Stage.Run(async () =>
    {
        await using var server = await StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Timeout = new ClientTimeout { Total = 0.3 } });
        Assert.Equal(ClientTimeoutPhase.Total, (await Stage.Throws<ClientTimeoutException>(async () => await session.WebSocketAsync($"{server.Url}hang"))).Phase);

        var other = new ClientSession();
        var socket = await other.WebSocketAsync($"{server.Url}ws");
        var receiving = Aio.CreateTask(socket.ReceiveAsync());
        await Aio.Sleep(0.01);
        await other.DisposeAsync();
        await Stage.Throws<ClientWebSocketException>(async () => await receiving);
        await socket.DisposeAsync();
    });

    private static Coroutine<KestrelServer> StartAsync() => KestrelServer.StartAsync(app => app.Map("/ws", async (HttpContext context) =>
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.Contains("echo") ? "echo" : null);
        var buffer = new byte[200_000];
        while (socket.State == WebSocketState.Open)
        {
            var count = 0;
            ValueWebSocketReceiveResult piece;
            try
            {
                do
                {
                    piece = await socket.ReceiveAsync(buffer.AsMemory(count), default);
                    count += piece.Count;
                }
                while (!piece.EndOfMessage);
            }
            catch (WebSocketException)
            {
                return;
            }

            switch (piece.MessageType)
            {
                case WebSocketMessageType.Text when count == 3 && buffer.AsSpan(0, 3).SequenceEqual("bye"u8):
                    await socket.CloseAsync((WebSocketCloseStatus)4000, "enough", default);
                    break;
                case WebSocketMessageType.Text when count == 6 && buffer.AsSpan(0, 6).SequenceEqual("vanish"u8):
                    context.Abort();
                    return;
                case WebSocketMessageType.Close:
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
                    break;
                default:
                    await socket.SendAsync(buffer.AsMemory(0, count), piece.MessageType, true, default);
                    break;
            }
        }
    }));
}
