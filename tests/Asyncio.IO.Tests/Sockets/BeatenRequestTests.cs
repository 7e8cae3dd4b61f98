using System.Net.Sockets;
using Asyncio.IO.Tests.Faults;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Sockets;

/// <summary>
/// A task waits for another one, whose operation has its result in hand when the first is cancelled: the result is given, and the
/// request is not lost with it but comes at the next await of the one that was cancelled.
/// </summary>
public class BeatenRequestTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void It_comes_at_the_next_await_of_who_was_cancelled(ReactorKind kind) => Run(kind, async (loop, ours) =>
    {
        byte[]? received = null;
        var main = Aio.CreateTask(Main());
        await Cancel(loop, main);
        Assert.Equal([7], received);

        async Coroutine Main()
        {
            received = await Aio.CreateTask(loop.SockRecv(ours, 10));
            await Aio.Sleep(3600);
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Also_through_several_tasks(ReactorKind kind) => Run(kind, async (loop, ours) =>
    {
        byte[]? received = null;
        var main = Aio.CreateTask(Main());
        await Cancel(loop, main);
        Assert.Equal([7], received);

        async Coroutine Main()
        {
            received = await Aio.CreateTask(Pass(Aio.CreateTask(loop.SockRecv(ours, 10))));
            await Aio.Sleep(3600);
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Also_through_an_async_Task(ReactorKind kind) => Run(kind, async (loop, ours) =>
    {
        byte[]? received = null;
        var main = Aio.CreateTask(Main());
        await Cancel(loop, main);
        Assert.Equal([7], received);

        async Coroutine Main()
        {
            await Foreign();
            await Aio.Sleep(3600);
        }

        async Task Foreign() => received = await Aio.CreateTask(loop.SockRecv(ours, 10));
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Taken_back_it_does_not_come(ReactorKind kind) => Run(kind, async (loop, ours) =>
    {
        var main = Aio.CreateTask(Main());
        await UntilHeld(loop);
        main.Cancel();
        main.Uncancel();
        Assert.Equal([7], await main);

        async Coroutine<byte[]> Main()
        {
            var data = await Aio.CreateTask(loop.SockRecv(ours, 10));
            await Aio.Sleep(0);
            return data;
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Who_ends_with_the_value_keeps_it(ReactorKind kind) => Run(kind, async (loop, ours) =>
    {
        var main = Aio.CreateTask(Pass(Aio.CreateTask(loop.SockRecv(ours, 10))));
        await UntilHeld(loop);
        main.Cancel();
        Assert.Equal([7], await main);
    });

    /// <summary>On a reactor that holds each result back for some polls.</summary>
    private static void Run(ReactorKind kind, Func<EventLoop, Socket, Coroutine> test) => FaultStage.Run(kind, new FaultPlan { Held = 5 }, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        using var first = ours;
        using var second = theirs;
        theirs.Send([7]);
        await test(loop, ours);
    });

    private static async Coroutine Cancel(EventLoop loop, AsyncTask main)
    {
        await UntilHeld(loop);
        main.Cancel();
        await Aio.Wait([main]);
        Assert.True(main.IsCanceled, $"{main}");
    }

    private static async Coroutine UntilHeld(EventLoop loop)
    {
        while (((FaultReactor)loop.Reactor).Held == 0)
        {
            await Aio.Yield();
        }
    }

    private static async Coroutine<byte[]> Pass(AsyncTask<byte[]> task) => await task;
}
