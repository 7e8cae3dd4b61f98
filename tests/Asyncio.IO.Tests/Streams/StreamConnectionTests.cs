using System.Net;
using System.Net.Sockets;
using System.Text;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>Reader and writer over real sockets, against peers of every kind.</summary>
public class StreamConnectionTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void An_echo_server_gives_back_what_it_gets(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(Echo, "127.0.0.1", 0);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", Port(server));
        var data = new byte[300_000];
        new Random(1).NextBytes(data);
        var reading = Aio.CreateTask(reader.ReadExactlyAsync(data.Length));
        for (var offset = 0; offset < data.Length; offset += 7_777)
        {
            writer.Write(data.AsSpan(offset, Math.Min(7_777, data.Length - offset)));
            await writer.DrainAsync();
        }

        Assert.Equal(data, await reading);
        writer.Write("\u00e4\n");
        Assert.Equal("\u00e4", await reader.ReadTextLineAsync());
        writer.WriteLines(["a\n"u8.ToArray(), "b\n"u8.ToArray()]);
        Assert.Equal("a", await reader.ReadTextLineAsync());
        Assert.Equal("b", await reader.ReadTextLineAsync());
        Assert.IsType<IPEndPoint>(writer.GetExtraInfo("peername"));
        Assert.True(writer.CanWriteEof);
        writer.WriteEof();
        Assert.Empty(await reader.ReadAsync());
        Assert.True(reader.AtEof);
        await writer.CloseAsync();
        Assert.True(writer.IsClosing);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Unix_sockets_carry_streams(ReactorKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Paths of Unix sockets.");
        var path = Path.Combine(Path.GetTempPath(), $"asyncio-{Guid.NewGuid():N}.sock");
        Stage.Run(kind, async () =>
        {
            await using var server = await Aio.StartUnixServer(Echo, path);
            var (reader, writer) = await Aio.OpenUnixConnection(path);
            writer.Write("hello\n"u8);
            Assert.Equal("hello", await reader.ReadTextLineAsync());
            await writer.CloseAsync();
        });
        Assert.False(File.Exists(path));
    }

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_peer_that_sends_single_bytes_is_understood(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        var sending = Aio.CreateTask(Trickle(peer.Socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\nbody"));
        Assert.Equal("GET / HTTP/1.1\r\n", Encoding.UTF8.GetString(await peer.Reader.ReadLineAsync()));
        Assert.Equal("Host: x\r\n\r\n", Encoding.UTF8.GetString(await peer.Reader.ReadUntilAsync("\r\n\r\n"u8)));
        Assert.Equal("body", Encoding.UTF8.GetString(await peer.Reader.ReadExactlyAsync(4)));
        await sending;

        static async Coroutine Trickle(Socket socket, string text)
        {
            foreach (var letter in text)
            {
                socket.Send([(byte)letter]);
                await Aio.Sleep(0.001);
            }
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_reset_fails_who_reads_and_who_drains(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        var reading = Aio.CreateTask(peer.Reader.ReadLineAsync());
        await Stage.Spin();
        peer.Reset();
        await Stage.Throws<SocketException>(async () => await reading);
        await Stage.Throws<SocketException>(async () => await peer.Reader.ReadAsync(1));
        await Stage.Throws<SocketException>(async () => await peer.Writer.DrainAsync());
        await Stage.Throws<SocketException>(async () => await peer.Writer.WaitClosedAsync());
        Assert.True(peer.Writer.IsClosing);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_half_closed_peer_still_gets_its_answer(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        peer.Socket.Send("question"u8);
        peer.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("question", Encoding.UTF8.GetString(await peer.Reader.ReadAsync()));
        Assert.False(peer.Writer.IsClosing);
        peer.Writer.Write("answer"u8);
        await peer.Writer.CloseAsync();
        var buffer = new byte[100];
        Assert.Equal(6, await peer.ReceiveAsync(buffer));
        Assert.Equal(0, await peer.ReceiveAsync(buffer));
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Who_writes_to_a_peer_that_never_reads_is_held_up(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        var writer = peer.Writer;
        var written = 0L;
        var writing = Aio.CreateTask(Flood());
        var size = -1;
        AsyncTask[] drains;
        do
        {
            await Stage.Until(() =>
            {
                var before = size;
                size = writer.Transport.GetWriteBufferSize();
                return size > 64 * 1024 && size == before;
            });
            drains = [.. Enumerable.Range(0, 10).Select(_ => Aio.CreateTask(writer.DrainAsync()))];
            await Stage.Spin();
        }
        while (Array.Exists(drains, drain => drain.IsCompleted)); // the system was only slow, and has taken more

        Assert.False(writing.IsCompleted);
        Assert.InRange(written, 1, 64 * 1024 * 1024);
        drains[3].Cancel();
        writing.Cancel();
        await Aio.Wait([writing]);
        var draining = Aio.CreateTask(Aio.ToThread(() => DrainAll(peer.Socket, written)));
        await Aio.Wait(drains);
        Assert.All(drains, drain => Assert.True(drain.IsCompletedSuccessfully || drain == drains[3]));
        await draining;

        async Coroutine Flood()
        {
            var data = new byte[100_000];
            while (true)
            {
                writer.Write(data);
                written += data.Length;
                await writer.DrainAsync();
            }
        }

        static void DrainAll(Socket socket, long count)
        {
            var buffer = new byte[1 << 20];
            while (count > 0)
            {
                var got = socket.Receive(buffer);
                Assert.True(got > 0);
                count -= got;
            }
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_fast_peer_is_held_up_by_a_slow_reader(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect(limit: 1000);
        peer.Socket.Blocking = false;
        var data = new byte[10_000];
        var total = 0;
        await Stage.Until(() =>
        {
            try
            {
                for (var i = 0; i < 10; i++)
                {
                    total += peer.Socket.Send(data);
                }

                return false;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                return !peer.Writer.Transport.IsReading;
            }
        });
        Assert.InRange(peer.Reader.Buffered, 2001, 1 << 20);
        peer.Socket.Blocking = true;
        peer.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(total, (await peer.Reader.ReadAsync()).Length);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_line_beyond_the_limit_does_not_end_the_stream(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect(limit: 10);
        peer.Socket.Send("0123456789ABC\nshort\n"u8);
        await Stage.Until(() => peer.Reader.Buffered == 20);
        var error = await Stage.Throws<LimitOverrunException>(async () => await peer.Reader.ReadUntilAsync());
        Assert.Equal(13, error.Consumed);
        await Stage.Throws<LimitOverrunException>(async () => await peer.Reader.ReadLineAsync());
        Assert.Equal("short", await peer.Reader.ReadTextLineAsync());
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Cancelled_reads_lose_no_byte_of_a_connection(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        var sent = new byte[200_000];
        var random = new Random(3);
        random.NextBytes(sent);
        var sending = Aio.CreateTask(Aio.ToThread(() => Send(peer.Socket, sent)));
        var received = new List<byte>();
        while (received.Count < sent.Length)
        {
            var buffer = new byte[random.Next(1, 5000)];
            var exactly = random.Next(2) == 0;
            var read = Aio.CreateTask(Read(buffer, exactly));
            await Stage.Spin(random.Next(4));
            if (random.Next(3) == 0)
            {
                read.Cancel();
            }

            await Aio.Wait([read]);
            if (!read.IsCanceled)
            {
                received.AddRange(buffer.AsSpan(0, read.Result()));
            }
        }

        Assert.Equal(sent, received);
        await sending;

        async Coroutine<int> Read(byte[] buffer, bool exactly)
        {
            if (!exactly)
            {
                return await peer.Reader.ReadAsync(buffer.AsMemory());
            }

            try
            {
                await peer.Reader.ReadExactlyAsync(buffer.AsMemory());
                return buffer.Length;
            }
            catch (IncompleteReadException e)
            {
                e.Partial.CopyTo(buffer, 0);
                return e.Partial.Length;
            }
        }

        static void Send(Socket socket, byte[] data)
        {
            var random = new Random(4);
            for (var offset = 0; offset < data.Length;)
            {
                offset += socket.Send(data.AsSpan(offset, Math.Min(random.Next(1, 4000), data.Length - offset)));
            }

            socket.Shutdown(SocketShutdown.Send);
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Closing_twice_writing_late_and_draining_late(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var peer = await RawPeer.Connect();
        peer.Writer.Close();
        peer.Writer.Close();
        peer.Writer.Write("nobody reads this"u8);
        await Stage.Throws<SocketException>(async () => await peer.Writer.DrainAsync());
        await peer.Writer.WaitClosedAsync();
        await peer.Writer.CloseAsync();
        Assert.True(peer.Reader.AtEof); // closing feeds the end
        Assert.Equal(0, await peer.ReceiveAsync(new byte[10]));
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_handler_that_fails_is_reported_and_its_client_let_go(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer((_, _) => throw new InvalidDataException("at once"), "127.0.0.1", 0);
        await using var late = await Aio.StartServer(Fail, "127.0.0.1", 0);
        await using var foreign = await Aio.StartServer(FailAsTask, "127.0.0.1", 0);
        foreach (var each in new[] { server, late, foreign })
        {
            var (reader, writer) = await Aio.OpenConnection("127.0.0.1", Port(each));
            writer.Write("x\n"u8);
            Assert.Empty(await ReadToEnd(reader));
            await writer.DisposeAsync();
        }

        Assert.Equal(3, Stage.Reports.Count);
        Assert.All(Stage.Reports, report => Assert.StartsWith("Unhandled exception in client_connected_cb|System.IO.InvalidDataException", report));
        Stage.Reports.Clear();

        static async Coroutine Fail(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            await reader.ReadLineAsync();
            throw new InvalidDataException("later");
        }

        static async Task FailAsTask(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            await reader.ReadLineAsync();
            throw new InvalidDataException("in a task");
        }

        static async Coroutine<byte[]> ReadToEnd(AsyncStreamReader reader)
        {
            try
            {
                return await reader.ReadAsync();
            }
            catch (SocketException)
            {
                return []; // what it had not read resets the connection
            }
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_writer_that_is_dropped_is_closed_and_reported(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await Drop(((IPEndPoint)listener.LocalEndpoint).Port);
        using var peer = listener.AcceptSocket();
        await Stage.Until(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Stage.Reports.Count > 0;
        });
        Assert.StartsWith("unclosed <AsyncStreamWriter transport=", Assert.Single(Stage.Reports));
        Stage.Reports.Clear();
        Assert.Equal(0, await Aio.ToThread(() => peer.Receive(new byte[1])));

        static async Coroutine Drop(int port)
        {
            var (_, writer) = await Aio.OpenConnection("127.0.0.1", port);
            writer.Write(""u8);
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Many_clients_at_once(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(Echo, "127.0.0.1", 0);
        await TaskGroup.Run(async group =>
        {
            for (var i = 0; i < 100; i++)
            {
                _ = group.CreateTask(Client(i, Port(server)));
            }
        });

        static async Coroutine Client(int number, int port)
        {
            var (reader, writer) = await Aio.OpenConnection("127.0.0.1", port);
            for (var i = 0; i < 20; i++)
            {
                writer.Write($"{number} {i}\n");
                await writer.DrainAsync();
                Assert.Equal($"{number} {i}", await reader.ReadTextLineAsync());
            }

            await writer.CloseAsync();
        }
    });

    internal static int Port(Server server) => ((IPEndPoint)server.Sockets[0].LocalEndPoint!).Port;

    internal static async Coroutine Echo(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await reader.ReadAsync(buffer.AsMemory())) > 0)
        {
            writer.Write(buffer.AsSpan(0, count));
            await writer.DrainAsync();
        }

        await writer.CloseAsync();
    }
}
