using System.Diagnostics;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors;

public class WakingTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Each_wake_ends_a_wait(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        const int FewestRounds = 500;
        const int MostRounds = 100_000;
        var turn = -1; // the number of the wake that is wanted; they come from two threads by turns
        var ended = false;
        var threads = new Thread[2];
        for (var t = 0; t < 2; t++)
        {
            var mine = t;
            threads[t] = new Thread(() =>
            {
                for (var wanted = mine; ; wanted += 2)
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref turn) >= wanted || Volatile.Read(ref ended));
                    if (Volatile.Read(ref turn) < wanted)
                    {
                        return;
                    }

                    rig.Reactor.Wake();
                }
            });
            threads[t].Start();
        }

        var whole = Stopwatch.StartNew();
        var lost = -1;
        for (var i = 0; lost < 0 && (i < FewestRounds || (i < MostRounds && whole.Elapsed < TimeSpan.FromSeconds(1.5))); i++)
        {
            var time = Stopwatch.StartNew();
            Volatile.Write(ref turn, i);
            rig.Reactor.Wait(Hang.Limit.TotalSeconds);
            lost = time.Elapsed < Hang.Limit / 2 ? -1 : i;
        }

        Volatile.Write(ref ended, true);
        Assert.All(threads, thread => Assert.True(thread.Join(Hang.Limit)));
        Assert.Equal(-1, lost);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Many_wakes_that_nobody_waited_for_end_the_next_wait(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        for (var i = 0; i < 300; i++)
        {
            rig.Reactor.Wake();
        }

        var time = Stopwatch.StartNew();
        rig.Reactor.Wait(Hang.Limit.TotalSeconds);
        Assert.True(time.Elapsed < Hang.Limit / 2);
        for (var i = 0; i < 300; i++)
        {
            rig.Reactor.Wake();
            rig.Reactor.Poll();
        }

        rig.Reactor.Wait(Hang.Limit.TotalSeconds);
        Assert.True(time.Elapsed < Hang.Limit / 2, "a poll took the wake away");
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Waits_end_in_time(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        rig.Reactor.Wait(0.001);
        foreach (var seconds in new[] { 0.0004, 0.003, 0.02, 0.1 })
        {
            // The best of many: others may take the processor away, and on a busy machine they do so nearly each time.
            var late = double.MaxValue;
            for (var i = 0; i < 3 || (i < 1_000 && late >= 0.005); i++)
            {
                var time = Stopwatch.StartNew();
                var waits = 0;
                for (; time.Elapsed.TotalSeconds < seconds; waits++)
                {
                    rig.Reactor.Wait(seconds - time.Elapsed.TotalSeconds); // a signal of the runtime's may end it early
                }

                Assert.InRange(waits, 1, 10);
                late = Math.Min(late, time.Elapsed.TotalSeconds - seconds);
            }

            Assert.True(late < 0.005, $"{seconds} s took {late} s longer");
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Zero_does_not_wait_but_looks(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        var (channel, peer) = rig.Connect();
        var time = Stopwatch.StartNew();
        var request = new TestRequest(IoKind.Receive, new byte[10]);
        Rig.Submit(channel, request);
        for (var i = 0; i < 100; i++)
        {
            rig.Reactor.Wait(0);
            rig.Reactor.Wait(-1);
        }

        Assert.Equal(0, request.Completions);
        Assert.True(time.Elapsed < Hang.Limit);
        peer.Send([1]);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                rig.Reactor.Wait(0);
                return request.Completions > 0;
            },
            Hang.Limit));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void An_idle_wait_computes_nothing(ReactorKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A thread's time is asked from Linux.");
        using var rig = new Rig(kind);
        for (var i = 0; i < 20; i++)
        {
            var (channel, _) = rig.Connect();
            if (i % 2 == 0)
            {
                channel.StartReceiving(new Recorder());
            }
            else
            {
                Rig.Submit(channel, new TestRequest(IoKind.Receive, new byte[10]));
            }
        }

        rig.Settle();
        // The best of some: what else the machine does may be put down to this thread.
        var computed = double.MaxValue;
        for (var attempt = 0; attempt < 10 && computed >= 0.05; attempt++)
        {
            var before = Descriptors.CpuTime();
            var time = Stopwatch.StartNew();
            var waits = 0;
            for (; time.Elapsed.TotalSeconds < 0.5; waits++)
            {
                rig.Reactor.Wait(0.5);
            }

            Assert.InRange(waits, 1, 5);
            computed = Descriptors.CpuTime() - before;
        }

        Assert.InRange(computed, 0, 0.05);
    }
}
