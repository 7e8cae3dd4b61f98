using System.Net;
using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Sockets;

/// <summary>A cancelled operation has ended before its await throws, and what it received is not lost.</summary>
public class CancellingTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_waiting_operation_ends(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var buffer = new byte[10];
        var task = Aio.CreateTask(loop.SockRecvInto(ours, buffer));
        await Aio.Sleep(0.01);
        task.Cancel("enough");
        task.Cancel("more");
        await Aio.Wait([task]);
        Assert.True(task.IsCanceled);
        var error = Assert.Throws<CancelledException>(() => task.Result());
        Assert.Equal("enough", error.CancelMessage);

        theirs.Send([7]);
        Assert.Equal(1, await loop.SockRecvInto(ours, buffer));
        Assert.Equal(7, buffer[0]);
        ours.Dispose();
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_pending_request_begins_nothing(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        theirs.Send([7]);
        var task = Aio.CreateTask(Main());
        await Aio.Wait([task]);
        Assert.True(task.IsCanceled);
        Assert.Equal(1, await loop.SockRecvInto(ours, new byte[10]));
        ours.Dispose();
        theirs.Dispose();

        async Coroutine Main()
        {
            await Aio.Sleep(0);
            Aio.CurrentTask()!.Cancel();
            await loop.SockRecvInto(ours, new byte[10]);
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void No_byte_is_lost_in_a_storm_of_cancellations(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        const int Count = 20_000;
        var random = new Random(5);
        var (ours, theirs) = Stage.Pair();
        var received = new List<byte>();
        var sender = Aio.CreateTask(Send());
        var cancelled = 0;
        while (received.Count < Count)
        {
            var task = Aio.CreateTask(Receive());
            for (var i = random.Next(4); i > 0; i--)
            {
                await Aio.Sleep(0);
            }

            task.Cancel();
            await Aio.Wait([task]);
            cancelled += task.IsCanceled ? 1 : 0;
        }

        await sender;
        Assert.True(cancelled > 100, $"{cancelled}");
        for (var i = 0; i < Count; i++)
        {
            Assert.Equal((byte)i, received[i]);
        }

        ours.Dispose();
        theirs.Dispose();

        async Coroutine Receive()
        {
            var buffer = new byte[16];
            while (true)
            {
                var count = await loop.SockRecvInto(ours, buffer);
                received.AddRange(buffer.AsSpan(0, count));
            }
        }

        async Coroutine Send()
        {
            for (var i = 0; i < Count; i++)
            {
                await loop.SockSendall(theirs, new[] { (byte)i });
            }
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_send_is_cancelled_in_the_middle(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var task = Aio.CreateTask(loop.SockSendall(ours, new byte[50_000_000]));
        await Aio.Sleep(0.05);
        Assert.False(task.IsCompleted);
        task.Cancel();
        await Aio.Wait([task]);
        Assert.True(task.IsCanceled);
        ours.Dispose();
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Accepting_and_connecting_end(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var accepting = Aio.CreateTask(loop.SockAccept(listener));
        await Aio.Sleep(0.01);
        accepting.Cancel();
        await Aio.Wait([accepting]);
        Assert.True(accepting.IsCanceled);

        // The queue takes one or two; the others wait for an answer.
        var before = Stage.OpenSockets;
        var connecting = Enumerable.Range(0, 6).Select(_ => Aio.CreateTask(loop.CreateConnection(() => new Tape(), "127.0.0.1", port))).ToArray();
        await Aio.Sleep(0.1);
        foreach (var task in connecting)
        {
            task.Cancel();
        }

        await Aio.Wait(connecting);
        Assert.Contains(connecting, task => task.IsCanceled);
        foreach (var task in connecting.Where(task => task.IsCompletedSuccessfully))
        {
            task.Result().Transport.Abort();
            await task.Result().Protocol.Lost();
        }

        // .NET's own sockets cannot take back an accept: the portable channel keeps the connection for the next one.
        await Stage.Until(() => Stage.OpenSockets <= before + (kind == ReactorKind.Portable ? 1 : 0));
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_timeout_takes_its_request_back(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<TimeoutException>(async () =>
                await Aio.Timeout(0.01, async () => { await loop.SockRecv(ours, 1); }));
        }

        theirs.Send([9]);
        Assert.Equal([9], await loop.SockRecv(ours, 5));
        Assert.Equal(0, Aio.CurrentTask()!.Cancelling());
        ours.Dispose();
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_task_that_ends_with_what_came_first_keeps_it(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        const int Count = 2_000;
        var random = new Random(3);
        var (ours, theirs) = Stage.Pair();
        var next = 0;
        for (var sent = 0; next < Count;)
        {
            if (sent == next)
            {
                theirs.Send([(byte)sent++]);
            }

            var task = Aio.CreateTask(loop.SockRecv(ours, 1));
            for (var i = random.Next(3); i > 0; i--)
            {
                await Aio.Sleep(0);
            }

            task.Cancel();
            await Aio.Wait([task]);
            if (!task.IsCanceled)
            {
                Assert.Equal([(byte)next++], task.Result());
            }
        }

        ours.Dispose();
        theirs.Dispose();
    });

    /// <summary>A program with every kind of await is cancelled after one iteration, after two, and so on: nothing hangs, nothing leaks.</summary>
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Any_await_can_be_cancelled(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        await Main(); // what is made once and stays
        GC.Collect();
        var before = Stage.OpenSockets;
        var ended = false;
        for (var iterations = 0; !ended; iterations++)
        {
            var task = Aio.CreateTask(Main());
            for (var i = 0; i < iterations && !task.IsCompleted; i++)
            {
                await Aio.Sleep(i % 7 == 6 ? 0.0005 : 0);
            }

            ended = task.IsCompletedSuccessfully;
            task.Cancel();
            await Aio.Wait([task]);
            Assert.True(task.IsCanceled || ended, task.ToString());
        }

        await Stage.Until(() => Stage.OpenSockets <= before);

        async Coroutine Main()
        {
            await using var server = await loop.CreateServer(() => new Tape(), "127.0.0.1", 0);
            using var accepting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            accepting.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            accepting.Listen(5);
            var (transport, tape) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server), happyEyeballsDelay: 0.1);
            try
            {
                using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await loop.SockConnect(client, accepting.LocalEndPoint!);
                using var accepted = await loop.SockAccept(accepting);
                await loop.SockSendall(client, new byte[10]);
                await loop.SockRecv(accepted, 10);
                var (datagrams, heard) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), new IPEndPoint(IPAddress.Loopback, 0));
                datagrams.SendTo("x"u8, datagrams.GetExtraInfo<EndPoint>("sockname"));
                try
                {
                    await Stage.Until(() => heard.Texts.Count == 1);
                }
                finally
                {
                    datagrams.Close();
                }
            }
            finally
            {
                transport.Close();
                server.AbortClients();
            }
        }
    });
}
