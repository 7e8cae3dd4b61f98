using System.Net.Sockets;
using Asyncio.Files;
using Asyncio.IO.Tests.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>Files that a writer sends.</summary>
public class SendFileTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Whatever_a_file_is_to_who_has_it(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        using var file = new ContentFile(300_000);
        foreach (var tls in new[] { false, true })
        {
            await using var server = await Aio.StartServer(Send, "127.0.0.1", 0, ssl: tls ? Certificates.ServerOptions : null);
            var (reader, writer) = tls
                ? await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server), Certificates.ClientOptions, serverHostname: "localhost")
                : await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
            var received = await reader.ReadAsync();
            await writer.CloseAsync();
            Assert.Equal([.. "head"u8, .. file.Content, .. file.Content[10..30], .. file.Content[20..], .. file.Content[5..6], .. "tail"u8], received);
        }

        async Coroutine Send(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            writer.Write("head"u8);
            Assert.Equal(300_000, await writer.SendFileAsync(file.Path));
            using (var handle = File.OpenHandle(file.Path))
            {
                Assert.Equal(20, await writer.SendFileAsync(handle, 10, 20));
            }

            await using (var open = await AsyncFile.OpenAsync(file.Path))
            {
                Assert.Equal(file.Content[0], (await open.ReadAsync(1))[0]);
                Assert.Equal(299_980, await writer.SendFileAsync(open, 20));
                Assert.Equal(300_000, open.Position);
                Assert.Equal(0, await writer.SendFileAsync(open, 400_000));
                Assert.Equal(300_000, open.Position);
            }

            using (var memory = new MemoryStream(file.Content))
            {
                Assert.Equal(1, await writer.SendFileAsync(memory, 5, 1));
                Assert.Equal(6, memory.Position);
            }

            writer.Write("tail"u8);
            await writer.CloseAsync();
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void What_was_written_to_the_file_is_sent(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        using var content = new ContentFile(0);
        await using var peer = await RawPeer.Connect();
        await using var file = await AsyncFile.OpenAsync(content.Path, access: FileAccess.ReadWrite);
        await file.WriteAsync("in the buffer"u8.ToArray());
        Assert.Equal(13, await peer.Writer.SendFileAsync(file));
        var buffer = new byte[13];
        for (var count = 0; count < 13;)
        {
            count += await peer.ReceiveAsync(buffer);
        }

        Assert.Equal("in the buffer"u8.ToArray(), buffer);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Cancelled_it_tells_how_far_it_came(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        using var content = new ContentFile(20_000_000);
        await using var peer = await RawPeer.Connect();
        await using var file = await AsyncFile.OpenAsync(content.Path);
        var sending = Aio.CreateTask(peer.Writer.SendFileAsync(file));
        await peer.ReceiveAsync(new byte[1]); // it has begun, and nobody takes the rest
        sending.Cancel();
        await Aio.Wait([sending]);
        Assert.True(sending.IsCanceled);
        Assert.InRange(file.Position, 1, 20_000_000 - 1);
        peer.Writer.Write("x"u8); // the connection goes on
        var socket = peer.Socket;
        var received = await Aio.ToThread(() =>
        {
            long count = 1;
            var buffer = new byte[100_000];
            while (count < file.Position + 1)
            {
                count += socket.Receive(buffer);
            }

            return count;
        });
        Assert.Equal(file.Position + 1, received);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void What_cannot_be_is_said(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        using var content = new ContentFile(10);
        var peer = await RawPeer.Connect();
        await Stage.Throws<FileNotFoundException>(async () => await peer.Writer.SendFileAsync(content.Path + "x"));
        await Stage.Throws<ArgumentOutOfRangeException>(async () => await peer.Writer.SendFileAsync(content.Path, -1));
        await using (var written = await AsyncFile.OpenAsync(content.Path, access: FileAccess.Write))
        {
            await Stage.Throws<NotSupportedException>(async () => await peer.Writer.SendFileAsync(written));
        }

        peer.Writer.WriteEof();
        await Stage.Throws<InvalidOperationException>(async () => await peer.Writer.SendFileAsync(content.Path));
        peer.Writer.Close();
        await Stage.Throws<SocketException>(async () => await peer.Writer.SendFileAsync(content.Path)); // it is closed by now
        await peer.DisposeAsync();

        peer = await RawPeer.Connect();
        peer.Reset();
        await Stage.Throws<SocketException>(async () => await peer.Reader.ReadAsync());
        await Stage.Throws<SocketException>(async () => await peer.Writer.SendFileAsync(content.Path));
        await peer.DisposeAsync();
    });
}
