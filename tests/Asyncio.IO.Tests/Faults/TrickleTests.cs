using System.Text;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Streams;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>A peer that sends one byte a second, on a clock on which a second takes 20 ms.</summary>
public class TrickleTests
{
    private const string Request = "GET / HTTP/1.1\r\n\r\nbody";

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void It_is_understood_and_costs_a_few_steps_a_byte(ReactorKind kind) => Run(kind, async (loop, peer) =>
    {
        var steps = new Canceller(after: -1);
        loop.Hooks = steps;
        steps.Watch(Aio.CurrentTask()!);
        var sending = Aio.CreateTask(Send(peer));
        Assert.Equal("GET / HTTP/1.1\r\n", Encoding.ASCII.GetString(await peer.Reader.ReadLineAsync()));
        Assert.Equal("\r\n", Encoding.ASCII.GetString(await peer.Reader.ReadUntilAsync()));
        Assert.Equal("body", Encoding.ASCII.GetString(await peer.Reader.ReadExactlyAsync(4)));
        await sending;
        Assert.True(loop.Time() >= Request.Length - 1, $"{loop.Time()}"); // so long it took
        Assert.InRange(steps.Steps, Request.Length, 8 * Request.Length);
    });

    /// <summary>A limit for the whole holds, though each byte comes in time; and what has come is not lost.</summary>
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_limit_for_the_whole_ends_it(ReactorKind kind) => Run(kind, async (loop, peer) =>
    {
        var sending = Aio.CreateTask(Send(peer));
        await Assert.ThrowsAsync<TimeoutException>(async () => await Aio.WaitFor(peer.Reader.ReadLineAsync(), 4.5));
        Assert.False(sending.IsCompleted);
        sending.Cancel();
        await Aio.Wait([sending]);
        peer.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.StartsWith(Encoding.ASCII.GetString(await peer.Reader.ReadAsync()), Request);
    });

    private static async Coroutine Send(RawPeer peer)
    {
        foreach (var letter in Request)
        {
            peer.Socket.Send([(byte)letter]);
            await Aio.Sleep(1);
        }
    }

    private static void Run(ReactorKind kind, Func<EventLoop, RawPeer, Coroutine> test)
    {
        using (new Rig(kind))
        {
            // Only asks whether it can be had.
        }

        using var loop = new EventLoop(new EventLoopOptions { Reactor = kind, TimeProvider = new FastClock() });
        loop.RunUntilComplete(Aio.Timeout(3_000, async () =>
        {
            await using var peer = await RawPeer.Connect();
            await test(loop, peer);
        }));
    }
}
