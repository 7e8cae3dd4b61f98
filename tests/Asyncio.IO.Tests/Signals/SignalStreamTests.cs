using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Xunit;
using static Asyncio.IO.Tests.Signals.Signalling;

namespace Asyncio.IO.Tests.Signals;

[UnsupportedOSPlatform("windows")]
public class SignalStreamTests
{
    [Fact]
    public void Signals_are_given_until_the_loop_over_them_is_left() => Run(PosixSignal.SIGHUP, async () =>
    {
        var got = new List<PosixSignal>();
        using var sender = EventSender(PosixSignal.SIGHUP, SIGUSR1, PosixSignal.SIGHUP);
        await foreach (var signal in Aio.Signals(PosixSignal.SIGHUP, SIGUSR1, PosixSignal.SIGHUP))
        {
            got.Add(signal);
            if (got.Count == 3)
            {
                break;
            }

            sender.Next();
        }

        Assert.Equal([PosixSignal.SIGHUP, SIGUSR1, PosixSignal.SIGHUP], got);
        Assert.Empty(EventLoop.Running!.SignalWatches);
    });

    [Fact]
    public void One_that_comes_again_before_it_is_taken_is_given_once() => Run(async () =>
    {
        var signals = Aio.Signals(PosixSignal.SIGWINCH, SIGUSR1).GetAsyncEnumerator();
        var seen = 0;
        EventLoop.Running!.AddSignalHandler(PosixSignal.SIGWINCH, () => seen++);
        EventLoop.Running!.AddSignalHandler(SIGUSR1, () => seen++);
        for (var i = 1; i <= 5; i++)
        {
            Send(i == 3 ? SIGUSR1 : PosixSignal.SIGWINCH);
            await Eventually(() => seen == i);
        }

        await signals.MoveNextAsync();
        Assert.Equal(PosixSignal.SIGWINCH, signals.Current);
        await signals.MoveNextAsync();
        Assert.Equal(SIGUSR1, signals.Current);
        var third = Aio.CreateTask(signals.MoveNextAsync());
        await Aio.Sleep(0.05);
        Assert.False(third.IsCompleted);
        Send(PosixSignal.SIGWINCH);
        Assert.True(await third);
        await signals.DisposeAsync();
        await signals.DisposeAsync();
    });

    [Fact]
    public void A_cancelled_wait_takes_nothing_and_a_cancelled_task_unregisters() => Run(async () =>
    {
        var got = new List<PosixSignal>();
        var task = Aio.CreateTask(Collect());
        await Eventually(() => EventLoop.Running!.SignalWatches.Count == 1);
        task.Cancel();
        Send(PosixSignal.SIGWINCH); // harmless by default, too
        await Assert.ThrowsAnyAsync<CancelledException>(async () => await task);
        Assert.Empty(got);
        Assert.Empty(EventLoop.Running!.SignalWatches);

        async Coroutine Collect()
        {
            await foreach (var signal in Aio.Signals(PosixSignal.SIGWINCH))
            {
                got.Add(signal);
            }
        }
    });

    [Fact]
    public void As_the_interface() => Run(PosixSignal.SIGHUP, async () =>
    {
        IAsyncEnumerable<PosixSignal> signals = Aio.Signals(PosixSignal.SIGHUP);
        await using (var enumerator = signals.GetAsyncEnumerator())
        {
            var next = enumerator.MoveNextAsync();
            await Eventually(() => EventLoop.Running!.SignalWatches.Count == 1);
            Send(PosixSignal.SIGHUP);
            Assert.True(await next);
            Assert.Equal(PosixSignal.SIGHUP, enumerator.Current);
        }

        Assert.Empty(EventLoop.Running!.SignalWatches);
    });

    [Fact]
    public void What_cannot_be_received_is_refused_at_the_call()
    {
        Assert.Throws<ArgumentException>(() => Aio.Signals());
        Assert.Throws<InvalidOperationException>(() => Aio.Signals(PosixSignal.SIGHUP, (PosixSignal)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => Aio.Signals((PosixSignal)0));
        Assert.Throws<InvalidOperationException>(() => Aio.Signals(PosixSignal.SIGHUP).GetAsyncEnumerator()); // no loop
    }

    [Fact]
    public void One_of_many_that_cannot_be_received_leaves_none_registered() => Run(async () =>
    {
        await Aio.Sleep(0);
        Assert.Throws<InvalidOperationException>(() => Aio.Signals(PosixSignal.SIGHUP, (PosixSignal)32).GetAsyncEnumerator());
        Assert.Empty(EventLoop.Running!.SignalWatches);
    });

    /// <summary>Sends the first when the loop runs, each next one when it is asked to.</summary>
    private static Sender EventSender(params PosixSignal[] signals)
    {
        var sender = new Sender(signals);
        EventLoop.Running!.CallSoon(sender.Next);
        return sender;
    }

    private sealed class Sender(PosixSignal[] signals) : IDisposable
    {
        private int _next;

        public void Next() => Send(signals[_next++]);

        public void Dispose() => Assert.Equal(signals.Length, _next);
    }
}
