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
        const int Rounds = 50_000;
        var turn = 0; // odd: the waker's
        var threads = new Thread[2];
        for (var t = 0; t < 2; t++)
        {
            var mine = t;
            threads[t] = new Thread(() =>
            {
                for (var i = 0; i < Rounds; i++)
                {
                    var wanted = (((i * 2) + mine) * 2) + 1;
                    SpinWait.SpinUntil(() => Volatile.Read(ref turn) >= wanted, TimeSpan.FromSeconds(60));
                    rig.Reactor.Wake();
                }
            });
            threads[t].Start();
        }

        for (var i = 0; i < 2 * Rounds; i++)
        {
            Volatile.Write(ref turn, (2 * i) + 1);
            var time = Stopwatch.StartNew();
            rig.Reactor.Wait(30);
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), $"wake {i} was lost");
        }

        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(30))));
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
        rig.Reactor.Wait(30);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(20));
        for (var i = 0; i < 300; i++)
        {
            rig.Reactor.Wake();
            rig.Reactor.Poll();
        }

        rig.Reactor.Wait(30);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), "a poll took the wake away");
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Waits_end_in_time(ReactorKind kind)
    {
        using var rig = new Rig(kind);
        rig.Reactor.Wait(0.001);
        foreach (var seconds in new[] { 0.0004, 0.003, 0.02, 0.1 })
        {
            // The best of many: others may take the processor away.
            var late = double.MaxValue;
            for (var i = 0; i < 10; i++)
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
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(20));
        peer.Send([1]);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                rig.Reactor.Wait(0);
                return request.Completions > 0;
            },
            TimeSpan.FromSeconds(30)));
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
        var before = Descriptors.CpuTime();
        var time = Stopwatch.StartNew();
        var waits = 0;
        for (; time.Elapsed.TotalSeconds < 0.5; waits++)
        {
            rig.Reactor.Wait(0.5);
        }

        Assert.InRange(waits, 1, 5);
        Assert.True(Descriptors.CpuTime() - before < 0.05);
    }
}
