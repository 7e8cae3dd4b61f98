using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Signals.Signalling;

namespace Asyncio.IO.Tests.Signals;

[UnsupportedOSPlatform("windows")]
public class SignalHandlerTests
{
    public static TheoryData<PosixSignal> Harmless => [PosixSignal.SIGWINCH, PosixSignal.SIGCONT, PosixSignal.SIGHUP, PosixSignal.SIGTERM, PosixSignal.SIGCHLD, SIGUSR1, (PosixSignal)34];

    public static TheoryData<ReactorKind> Kinds => [ReactorKind.IoUring, ReactorKind.Epoll, ReactorKind.Portable];

    [Theory, MemberData(nameof(Harmless))]
    public void It_is_called_on_the_loops_thread_each_time(PosixSignal signal) => Run(signal, async () =>
    {
        var (loop, threads) = (EventLoop.Running!, new List<Thread>());
        loop.AddSignalHandler(signal, () =>
        {
            Assert.Same(loop, EventLoop.Running);
            Assert.Null(Aio.CurrentTask());
            threads.Add(Thread.CurrentThread);
        });
        for (var i = 1; i <= 3; i++)
        {
            Send(signal);
            await Eventually(() => threads.Count >= i); // others may send it too: SIGCHLD and SIGCONT come from the system
        }

        Assert.All(threads, thread => Assert.Same(Thread.CurrentThread, thread));
        Assert.True(loop.RemoveSignalHandler(signal));
        Assert.False(loop.RemoveSignalHandler(signal));
    });

    [Theory, MemberData(nameof(Kinds))]
    public void It_wakes_a_loop_that_sleeps_in_its_reactor(ReactorKind kind)
    {
        var reactor = ReactorFactory.TryCreate(kind, out var reason);
        Assert.SkipWhen(reactor is null, $"{kind}: {reason}");
        reactor!.Dispose();
        Run(
            async () =>
            {
                _ = EventLoop.Running!.ReactorKind; // made now: from here on the loop sleeps in it
                var got = new Future<Unit>();
                EventLoop.Running!.AddSignalHandler(PosixSignal.SIGWINCH, () => got.SetResult(default));
                var sender = new Thread(() =>
                {
                    Thread.Sleep(50);
                    Send(PosixSignal.SIGWINCH);
                });
                sender.Start();
                await got; // no timer but the limit's
                sender.Join();
            },
            kind);
    }

    [Fact]
    public void A_second_handler_replaces_the_first() => Run(PosixSignal.SIGHUP, async () =>
    {
        var (loop, calls) = (EventLoop.Running!, new List<string>());
        loop.AddSignalHandler(PosixSignal.SIGHUP, () => calls.Add("first"));
        loop.AddSignalHandler((PosixSignal)1, () => calls.Add("second")); // the same signal by its number
        Send(PosixSignal.SIGHUP);
        await Eventually(() => calls.Count > 0);
        await Aio.Sleep(0.05);
        Assert.Equal(["second"], calls);
        Assert.True(loop.RemoveSignalHandler(PosixSignal.SIGHUP));
    });

    [Fact]
    public void One_that_fails_is_reported_and_called_again() => Run(async () =>
    {
        var (loop, reports) = (EventLoop.Running!, new List<string>());
        loop.SetExceptionHandler((_, context) => reports.Add(context.Exception!.Message));
        loop.AddSignalHandler(PosixSignal.SIGWINCH, (Action)(() => throw new InvalidDataException("in the handler")));
        for (var i = 1; i <= 2; i++)
        {
            Send(PosixSignal.SIGWINCH);
            await Eventually(() => reports.Count >= i);
        }

        Assert.Equal(["in the handler", "in the handler"], reports);
    });

    [Fact]
    public void It_runs_in_its_context() => Run(async () =>
    {
        var local = new AsyncLocal<string> { Value = "at the call" };
        var seen = new List<string?>();
        EventLoop.Running!.AddSignalHandler(PosixSignal.SIGWINCH, () => seen.Add(local.Value));
        local.Value = "later";
        Send(PosixSignal.SIGWINCH);
        await Eventually(() => seen.Count >= 1);
        EventLoop.Running.AddSignalHandler(PosixSignal.SIGWINCH, () => seen.Add(local.Value), Context.CopyCurrent());
        Send(PosixSignal.SIGWINCH);
        await Eventually(() => seen.Count >= 2);
        Assert.Equal(["at the call", "later"], seen);
    });

    [Fact]
    public void What_cannot_be_handled_is_refused() => Run(async () =>
    {
        await Aio.Sleep(0);
        var loop = EventLoop.Running!;
        Assert.Contains("SIGKILL cannot be caught", Refused<InvalidOperationException>(9));
        Assert.Contains("SIGSTOP cannot be caught", Refused<InvalidOperationException>(19));
        Assert.Contains("belongs to the runtime", Refused<InvalidOperationException>(11));
        Refused<InvalidOperationException>(32); // the C library's own
        Refused<ArgumentOutOfRangeException>(0);
        Refused<ArgumentOutOfRangeException>(-77);
        Refused<ArgumentOutOfRangeException>(1000);
        Assert.Throws<ArgumentOutOfRangeException>(() => loop.RemoveSignalHandler((PosixSignal)1000));
        Assert.False(loop.RemoveSignalHandler((PosixSignal)9));

        string Refused<T>(int number)
            where T : Exception =>
            Assert.Throws<T>(() => loop.AddSignalHandler((PosixSignal)number, () => { })).Message;
    });

    [Fact]
    public void A_closed_loop_has_none_and_takes_none()
    {
        var calls = 0;
        var loop = new EventLoop();
        loop.AddSignalHandler(PosixSignal.SIGWINCH, () => calls++);
        loop.AddSignalHandler(PosixSignal.SIGCONT, () => calls++);
        loop.Close();
        Send(PosixSignal.SIGWINCH);
        Send(PosixSignal.SIGCONT);
        Assert.Empty(loop.SignalWatches);
        Assert.Equal(0, calls);
        Assert.Throws<InvalidOperationException>(() => loop.AddSignalHandler(PosixSignal.SIGWINCH, () => { }));
        Assert.False(loop.RemoveSignalHandler(PosixSignal.SIGWINCH));
    }

    [Fact]
    public void Two_loops_get_the_same_signal()
    {
        SkipIfIgnored(PosixSignal.SIGHUP);
        using var others = new Barrier(2);
        var calls = 0;
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(() => Run(async () =>
        {
            var got = new Future<Unit>();
            EventLoop.Running!.AddSignalHandler(PosixSignal.SIGHUP, () => got.TrySetResult(default));
            others.SignalAndWait();
            await got;
            Interlocked.Increment(ref calls);
        }))).ToList();
        threads.ForEach(thread => thread.Start());
        while (threads.Exists(thread => thread.IsAlive))
        {
            if (others.CurrentPhaseNumber > 0)
            {
                Send(PosixSignal.SIGHUP);
                break;
            }

            Thread.Sleep(5);
        }

        threads.ForEach(thread => Assert.True(thread.Join(Hang.Limit)));
        Assert.Equal(2, calls);
    }
}
