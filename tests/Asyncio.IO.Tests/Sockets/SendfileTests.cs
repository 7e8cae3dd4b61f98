using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Sockets;

/// <summary>Files that are sent over sockets of the caller's.</summary>
public class SendfileTests
{
    private const int Length = 1_500_001;

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_file_arrives_between_what_is_sent_before_and_after(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var file = new ContentFile(Length);
        using var stream = file.Open();
        var (ours, theirs) = Stage.Pair();
        ours.SendBufferSize = 100 * 1024;
        var receiving = Aio.CreateTask(ReceiveAll(loop, theirs));
        await loop.SockSendall(ours, "before"u8.ToArray());
        Assert.Equal(Length, await loop.SockSendfile(ours, stream));
        Assert.Equal(Length, stream.Position);
        await loop.SockSendall(ours, "after"u8.ToArray());
        ours.Dispose();
        var received = await receiving;
        Assert.Equal([.. "before"u8, .. file.Content, .. "after"u8], received);
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void The_kernel_sends_it_where_it_can(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var file = new ContentFile(1000);
        using var stream = file.Open();
        stream.Position = 5;
        var (ours, theirs) = Stage.Pair();
        if (kind == ReactorKind.Portable)
        {
            await Assert.ThrowsAsync<SendfileNotAvailableException>(async () => await loop.SockSendfile(ours, stream, fallback: false));
            Assert.Equal(5, stream.Position);
        }
        else
        {
            Assert.Equal(1000, await loop.SockSendfile(ours, stream, fallback: false));
        }

        // What is in memory no kernel sends.
        using var memory = new MemoryStream(new byte[10]) { Position = 3 };
        await Assert.ThrowsAsync<SendfileNotAvailableException>(async () => await loop.SockSendfile(ours, memory, fallback: false));
        Assert.Equal(3, memory.Position);
        Assert.Equal(10, await loop.SockSendfile(ours, memory));
        ours.Dispose();
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_part_is_sent_and_the_position_is_behind_it(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var file = new ContentFile(10_000);
        using var stream = file.Open();
        using var memory = new MemoryStream(file.Content);
        foreach (var each in new Stream[] { stream, memory })
        {
            var (ours, theirs) = Stage.Pair();
            Assert.Equal(2000, await loop.SockSendfile(ours, each, 1000, 2000));
            Assert.Equal(3000, each.Position);
            Assert.Equal(9000, await loop.SockSendfile(ours, each, 1000, 20_000)); // there is no more
            Assert.Equal(10_000, each.Position);
            each.Position = 17;
            Assert.Equal(0, await loop.SockSendfile(ours, each, 10_000));
            Assert.Equal(0, await loop.SockSendfile(ours, each, 20_000, 5));
            Assert.Equal(17, each.Position);
            ours.Dispose();
            var received = await ReceiveAll(loop, theirs);
            Assert.Equal([.. file.Content[1000..3000], .. file.Content[1000..]], received);
            theirs.Dispose();
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void An_empty_file_sends_nothing(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var file = new ContentFile(0);
        using var stream = file.Open();
        var (ours, theirs) = Stage.Pair();
        Assert.Equal(0, await loop.SockSendfile(ours, stream));
        ours.Dispose();
        theirs.Dispose();
    });

    /// <summary>Its length is said to be zero, and it has content.</summary>
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_file_of_the_kernels_is_sent_to_its_end(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        Assert.SkipUnless(File.Exists("/proc/version"), "There is no /proc here.");
        using var stream = new FileStream("/proc/version", FileMode.Open, FileAccess.Read);
        var expected = File.ReadAllBytes("/proc/version");
        var (ours, theirs) = Stage.Pair();
        Assert.Equal(expected.Length, await loop.SockSendfile(ours, stream));
        ours.Dispose();
        Assert.Equal(expected, await ReceiveAll(loop, theirs));
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void What_the_stream_has_in_its_buffer_is_sent_too(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var file = new ContentFile(0);
        using var stream = file.Open(FileAccess.ReadWrite);
        stream.Write("not flushed"u8);
        var (ours, theirs) = Stage.Pair();
        Assert.Equal(11, await loop.SockSendfile(ours, stream));
        ours.Dispose();
        Assert.Equal("not flushed"u8.ToArray(), await ReceiveAll(loop, theirs));
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_file_that_is_cut_meanwhile_ends_there(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var file = new ContentFile(20_000_000);
        using var stream = file.Open(FileAccess.ReadWrite);
        var (ours, theirs) = Stage.Pair();
        var sending = Aio.CreateTask(loop.SockSendfile(ours, stream, 0, 20_000_000));
        Assert.Equal(1, await loop.SockRecvInto(theirs, new byte[1])); // it has begun, and nobody takes the rest
        using (var other = file.Open(FileAccess.ReadWrite))
        {
            other.SetLength(0);
        }

        var received = await ReceiveUntil(loop, theirs, sending);
        Assert.InRange(await sending, 1, 20_000_000 - 1);
        Assert.Equal(await sending, received + 1);
        Assert.Equal(await sending, stream.Position);
        ours.Dispose();
        theirs.Dispose();
    });

    /// <summary>Cancelled again and again and gone on with where the position is: nothing is missing, nothing comes twice.</summary>
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void The_position_is_exact_after_every_cancellation(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var file = new ContentFile(8_000_000);
        using var stream = file.Open();
        using var memory = new MemoryStream(file.Content);
        foreach (var each in new Stream[] { stream, memory })
        {
            var random = new Random(3);
            var (ours, theirs) = Stage.Pair();
            ours.SendBufferSize = 100 * 1024;
            var receiving = Aio.CreateTask(ReceiveAll(loop, theirs));
            var cancelled = 0;
            while (each.Position < file.Content.Length)
            {
                var task = Aio.CreateTask(loop.SockSendfile(ours, each, each.Position));
                for (var turns = random.Next(6); turns > 0; turns--)
                {
                    await Aio.Sleep(random.Next(3) == 0 ? 0.001 : 0);
                }

                task.Cancel();
                await Aio.Wait([task]);
                cancelled += task.IsCanceled ? 1 : 0;
            }

            Assert.True(cancelled > 0);
            ours.Dispose();
            var received = await receiving;
            Assert.True(file.Content.AsSpan().SequenceEqual(received));
            theirs.Dispose();
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_peer_that_resets_ends_it(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var file = new ContentFile(20_000_000);
        using var stream = file.Open();
        var (ours, theirs) = Stage.Pair();
        var sending = Aio.CreateTask(loop.SockSendfile(ours, stream));
        Assert.Equal(1000, (await loop.SockRecv(theirs, 1000)).Length);
        theirs.LingerState = new LingerOption(true, 0);
        theirs.Dispose();
        var error = await Assert.ThrowsAsync<SocketException>(async () => await sending);
        Assert.True(error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown, $"{error.SocketErrorCode}");
        Assert.InRange(stream.Position, 1000, 20_000_000 - 1);
        ours.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Impossible_wishes_are_refused_at_the_call(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var file = new ContentFile(10);
        using var writable = file.Open(FileAccess.Write);
        using var memory = new MemoryStream(10);
        Assert.Throws<ArgumentOutOfRangeException>("offset", () => loop.SockSendfile(ours, memory, -1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => loop.SockSendfile(ours, memory, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => loop.SockSendfile(ours, memory, 0, -1));
        Assert.Throws<ArgumentException>("socket", () => loop.SockSendfile(datagrams, memory));
        Assert.Throws<ArgumentException>("file", () => loop.SockSendfile(ours, writable));
        Assert.Throws<ArgumentException>("file", () => loop.SockSendfile(ours, new NetworkStream(ours)));
        Assert.Throws<ArgumentNullException>("file", () => loop.SockSendfile(ours, null!));
        memory.Dispose();
        Assert.Throws<ArgumentException>("file", () => loop.SockSendfile(ours, memory));
        ours.Dispose();
        theirs.Dispose();
        using var open = new MemoryStream(10);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await loop.SockSendfile(ours, open));
    });

    private static async Coroutine<byte[]> ReceiveAll(EventLoop loop, Socket socket)
    {
        var received = new MemoryStream();
        var buffer = new byte[50_000];
        while (await loop.SockRecvInto(socket, buffer) is > 0 and var count)
        {
            received.Write(buffer, 0, count);
        }

        return received.ToArray();
    }

    /// <summary>Receives until the task has ended and nothing more comes.</summary>
    private static async Coroutine<long> ReceiveUntil(EventLoop loop, Socket socket, AsyncTask<long> sending)
    {
        long received = 0;
        var buffer = new byte[100_000];
        while (!sending.IsCompleted || received < sending.Result() - 1)
        {
            if (socket.Available > 0)
            {
                received += await loop.SockRecvInto(socket, buffer);
            }
            else
            {
                await Aio.Sleep(0.001);
            }
        }

        return received;
    }
}
