using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>The same connection for code of .NET: as a stream, as pipes, on the loop's thread and on others.</summary>
public class StreamAdapterTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Tasks_on_the_loop_use_it_as_a_stream(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0);
        var (_, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        await Talk(writer.AsStream());
        await writer.WaitClosedAsync();

        static async Task Talk(Stream stream)
        {
            var thread = Environment.CurrentManagedThreadId;
            var data = new byte[500_000];
            new Random(1).NextBytes(data);
            var back = new byte[data.Length];
            var reading = stream.ReadExactlyAsync(back).ConfigureAwait(false);
            await stream.WriteAsync(data).ConfigureAwait(false);
            await stream.FlushAsync().ConfigureAwait(false);
            await reading;
            Assert.Equal(thread, Environment.CurrentManagedThreadId); // even so it stays on the loop
            Assert.Equal(data, back);
            await stream.WriteAsync("one\ntwo\n"u8.ToArray());
            using var text = new StreamReader(stream, leaveOpen: true);
            Assert.Equal("one", await text.ReadLineAsync());
            Assert.Equal("two", await text.ReadLineAsync());
            stream.Dispose();
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Other_threads_use_it_as_a_stream(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0);
        var (_, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        var stream = writer.AsStream();
        await Aio.ToThread(() =>
        {
            var buffer = new byte[100];
            for (var i = 0; i < 20; i++)
            {
                stream.Write("abc"u8);
                stream.ReadExactly(buffer, 0, 3);
                Assert.Equal("abc"u8, buffer.AsSpan(0, 3));
            }
        });
        await Task.Run(async () =>
        {
            var buffer = new byte[100];
            await stream.WriteAsync("defg"u8.ToArray());
            Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty)); // waits until there is something
            await stream.ReadExactlyAsync(buffer.AsMemory(0, 4));
            using var soon = new CancellationTokenSource(50);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => _ = await stream.ReadAsync(buffer, soon.Token));
            await stream.DisposeAsync();
        });
        await writer.WaitClosedAsync();
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_token_cancels_a_read_and_no_byte_is_lost(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        var stream = peer.Writer.AsStream();
        var buffer = new byte[10];
        for (var i = 0; i < 20; i++)
        {
            using var source = new CancellationTokenSource();
            var read = stream.ReadAsync(buffer, source.Token).AsTask();
            source.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => _ = await stream.ReadAsync(buffer, new CancellationToken(canceled: true)));
        peer.Socket.Send("abc"u8);
        Assert.Equal(3, await stream.ReadAsync(buffer));
        Assert.Throws<InvalidOperationException>(() => stream.Read(buffer, 0, 1)); // nobody could end it
        peer.Reset();
        await Assert.ThrowsAnyAsync<IOException>(async () => _ = await stream.ReadAsync(buffer));
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Writing_to_a_peer_that_does_not_read_waits_and_can_be_cancelled(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        var stream = peer.Writer.AsStream();
        using var source = new CancellationTokenSource();
        var data = new byte[1 << 20];
        var written = 0;
        var writing = Flood();
        await Stage.Until(() => peer.Writer.Transport.GetWriteBufferSize() > 100_000);
        Assert.False(writing.IsCompleted);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);

        var next = stream.WriteAsync(data).AsTask();
        var total = (written + 2L) * data.Length;
        await Aio.ToThread(() =>
        {
            var buffer = new byte[1 << 20];
            while (total > 0)
            {
                total -= peer.Socket.Receive(buffer);
            }
        });
        await next;

        async Task Flood()
        {
            while (true)
            {
                await stream.WriteAsync(data, source.Token);
                written++;
            }
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void It_carries_pipes(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0);
        var (_, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        var pipe = writer.AsDuplexPipe();
        await pipe.Output.WriteAsync("hello pipes"u8.ToArray());
        var result = await pipe.Input.ReadAtLeastAsync(11);
        Assert.Equal("hello pipes", Encoding.UTF8.GetString(result.Buffer.ToArray()));
        pipe.Input.AdvanceTo(result.Buffer.End);
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
        await writer.CloseAsync();
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void It_carries_an_SslStream_of_the_users(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
        var (_, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        var options = Certificates.ClientOptions;
        options.TargetHost = "localhost";
        await using (var ssl = new SslStream(writer.AsStream()))
        {
            await ssl.AuthenticateAsClientAsync(options);
            await ssl.WriteAsync("secret"u8.ToArray());
            var buffer = new byte[6];
            await ssl.ReadExactlyAsync(buffer);
            Assert.Equal("secret"u8, buffer);
            await ssl.ShutdownAsync();
        }

        await writer.WaitClosedAsync();
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void HttpClient_goes_over_it(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var plain = await Aio.StartServer(TinyHttp.Handle, "127.0.0.1", 0);
        await using var secure = await Aio.StartServer(TinyHttp.Handle, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
        var loop = Aio.GetRunningLoop();
        using var handler = new SocketsHttpHandler
        {
            SslOptions = Certificates.ClientOptions,
            ConnectCallback = async (context, token) => (await Aio.RunCoroutineThreadsafe(Aio.OpenConnection("127.0.0.1", context.DnsEndPoint.Port), loop, token)).Writer.AsStream(),
        };
        using var client = new HttpClient(handler);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("GET /a HTTP/1.1", await client.GetStringAsync($"http://localhost:{StreamConnectionTests.Port(plain)}/a"));
            Assert.Equal("GET /b HTTP/1.1", await client.GetStringAsync($"https://localhost:{StreamConnectionTests.Port(secure)}/b"));
        }
    });
}
