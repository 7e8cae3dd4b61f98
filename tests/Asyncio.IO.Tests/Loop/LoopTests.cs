using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Loop;

/// <summary>A loop waits in its reactor, once it has one.</summary>
public class LoopTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Input_timers_and_other_threads_wake_the_loop(ReactorKind kind)
    {
        using var loop = Open(kind);
        var (channel, peer) = Connect(loop);
        using var closed = peer;
        loop.RunUntilComplete(Main());

        async Coroutine Main()
        {
            var time = Stopwatch.StartNew();
            await Aio.Sleep(0.02);
            Assert.True(time.Elapsed.TotalSeconds >= 0.0199, time.Elapsed.ToString());

            for (var i = 0; i < 50; i++)
            {
                var request = new FutureRequest(loop, IoKind.Receive, new byte[10]);
                channel.Submit(request);
                var sender = new Thread(() => peer.Send([1, 2, 3]));
                sender.Start();
                Assert.Equal(3, await request.Done);
                sender.Join();

                var called = loop.CreateFuture<int>();
                var caller = new Thread(() => loop.CallSoonThreadsafe(() => called.SetResult(i)));
                caller.Start();
                Assert.Equal(i, await called);
                caller.Join();
            }
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Input_comes_through_while_there_is_always_work(ReactorKind kind)
    {
        using var loop = Open(kind);
        var (channel, peer) = Connect(loop);
        using var closed = peer;
        loop.RunUntilComplete(Main());

        async Coroutine Main()
        {
            var spinner = Aio.CreateTask(Spin());
            for (var i = 0; i < 20; i++)
            {
                var request = new FutureRequest(loop, IoKind.Receive, new byte[10]);
                channel.Submit(request);
                await Aio.Sleep(0);
                peer.Send([1]);
                Assert.Equal(1, await request.Done);
            }

            spinner.Cancel();
        }

        async Coroutine Spin()
        {
            while (true)
            {
                await Aio.Sleep(0);
            }
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void No_call_from_another_thread_is_lost(ReactorKind kind)
    {
        using var loop = Open(kind);
        const int Calls = 100_000;
        var done = loop.CreateFuture<int>();
        var count = 0;
        var threads = new Thread[2];
        for (var t = 0; t < threads.Length; t++)
        {
            threads[t] = new Thread(() =>
            {
                for (var i = 0; i < Calls / 2; i++)
                {
                    loop.CallSoonThreadsafe(Called);
                    if (i % 4 == 0)
                    {
                        Thread.Yield(); // so that the loop falls asleep in between
                    }
                }
            });
            threads[t].Start();
        }

        loop.RunUntilComplete(WithLimit());
        Assert.All(threads, thread => Assert.True(thread.Join(Hang.Limit)));
        Assert.Equal(Calls, count);

        void Called()
        {
            if (++count == Calls)
            {
                done.SetResult(count);
            }
        }

        async Coroutine WithLimit() => await Aio.WaitFor(done, Hang.Limit);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_clock_of_the_users_works(ReactorKind kind)
    {
        using var loop = Open(kind, new JumpingClock());
        var (channel, peer) = Connect(loop);
        using var closed = peer;
        var time = Stopwatch.StartNew();
        loop.RunUntilComplete(Main());
        Assert.True(time.Elapsed < Hang.Limit);

        async Coroutine Main()
        {
            var request = new FutureRequest(loop, IoKind.Receive, new byte[10]);
            channel.Submit(request);
            for (var i = 0; i < 1_000; i++)
            {
                await Aio.Sleep(3_600);
            }

            Assert.Equal(3_600_000, loop.Time(), 0.01);
            peer.Send([1]);
            Assert.Equal(1, await request.Done);
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Input_comes_before_timers_and_what_became_ready_later(ReactorKind kind)
    {
        // Both are due when the loop looks next: the input after a pause, since the portable reactor hears of it from another thread.
        var order = new List<string>();
        foreach (var pause in new[] { 0.05, 0.5, 5, 30 })
        {
            using var loop = Open(kind);
            var (channel, peer) = Connect(loop);
            using var closed = peer;
            order.Clear();
            loop.CallSoon(() =>
            {
                var request = new FutureRequest(loop, IoKind.WaitReadable, default);
                request.Done.AddDoneCallback(_ => loop.CallSoon(loop.Stop));
                channel.Submit(request);
                channel.Submit(new Recording(loop, order));
                peer.Send([1]);
                Thread.Sleep(TimeSpan.FromSeconds(pause));
                loop.CallAt(loop.Time() - 1, () => order.Add("timer"));
            });
            loop.RunForever();
            if (kind != ReactorKind.Portable || order[0] == "input")
            {
                break;
            }
        }

        Assert.Equal(["input", "timer"], order);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Stopped_it_still_looks_once(ReactorKind kind)
    {
        using var loop = Open(kind);
        var (channel, peer) = Connect(loop);
        using var closed = peer;
        var order = new List<string>();
        channel.Submit(new Recording(loop, order));
        peer.Send([1]);
        for (var time = Stopwatch.StartNew(); order.Count == 0 && time.Elapsed < Hang.Limit;)
        {
            Thread.Sleep(1); // the portable reactor needs another thread's help
            loop.Stop();
            loop.RunForever();
        }

        Assert.Equal(["input"], order);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void An_idle_loop_computes_nothing(ReactorKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A thread's time is asked from Linux.");
        using var loop = Open(kind);
        var (channel, peer) = Connect(loop);
        using var closed = peer;
        channel.StartReceiving(new Recorder());
        loop.RunUntilComplete(Main());

        async Coroutine Main()
        {
            // The best of some: what else the machine does may be put down to this thread.
            await Aio.Sleep(0.01);
            var computed = double.MaxValue;
            for (var attempt = 0; attempt < 10 && computed >= 0.05; attempt++)
            {
                var before = Descriptors.CpuTime();
                await Aio.Sleep(0.5);
                computed = Descriptors.CpuTime() - before;
            }

            Assert.InRange(computed, 0, 0.05);
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Closing_ends_what_is_under_way(ReactorKind kind)
    {
        var loop = Open(kind);
        var (channel, peer) = Connect(loop);
        using var closed = peer;
        var request = new TestRequest(IoKind.Receive, new byte[10]);
        channel.Submit(request);
        loop.Close();
        Assert.Equal(SocketError.OperationAborted, request.Failure);
        Assert.Equal(0, peer.Receive(new byte[1]));
        Assert.Throws<InvalidOperationException>(() => loop.ReactorKind);
        channel.Close();
    }

    private static EventLoop Open(ReactorKind kind, TimeProvider? clock = null)
    {
        using (new Rig(kind))
        {
            // Only asks whether it can be had.
        }

        var loop = new EventLoop(new EventLoopOptions { Reactor = kind, TimeProvider = clock ?? TimeProvider.System });
        Assert.Equal(kind, loop.ReactorKind);
        return loop;
    }

    private static (Channel Channel, Socket Peer) Connect(EventLoop loop)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var ours = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        ours.Connect(listener.LocalEndPoint!);
        var peer = listener.Accept();
        peer.ReceiveTimeout = Hang.Milliseconds;
        return (loop.Reactor.Open(ours), peer);
    }

    private sealed class Recording : IoRequest
    {
        private readonly EventLoop _loop;
        private readonly List<string> _order;

        public Recording(EventLoop loop, List<string> order)
        {
            _loop = loop;
            _order = order;
            Kind = IoKind.WaitReadable;
        }

        internal override void OnCompleted(int result) => _loop.CallSoon(() => _order.Add("input"));
    }
}
