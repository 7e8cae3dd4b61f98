using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Transports;

/// <summary>A protocol is told in order, whatever the order in which the loop runs what is ready.</summary>
public class SchedulingTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Calls_come_in_order_under_any_policy(ReactorKind kind)
    {
        using (new Rig(kind))
        {
            // Only asks whether it can be had.
        }

        for (var seed = 0; seed < 200; seed++)
        {
            using var runner = new Runner(loopFactory: () => new EventLoop(new EventLoopOptions { Reactor = kind, Scheduling = new Shuffle(seed) }));
            runner.Run(Aio.Timeout(Hang.Limit, Talk));
        }
    }

    private static async Coroutine Talk()
    {
        var loop = Aio.GetRunningLoop();
        var served = new List<Tape>();
        var server = await loop.CreateServer(Serve, "127.0.0.1", 0);
        Tape? cancelled = null;
        var (ours, theirs) = Stage.Pair();
        var connecting = Aio.CreateTask(loop.CreateConnection(() => cancelled = new Tape(), ours));
        while (cancelled is null)
        {
            await Aio.Yield();
        }

        connecting.Cancel();
        var (transport, client) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server));
        transport.Write(new byte[3_000_000]);
        transport.Close();
        await client.Lost();
        await Aio.Wait([connecting]);
        theirs.Dispose();
        server.Close();
        server.CloseClients();
        await server.WaitClosedAsync();
        await Aio.Sleep(0.001);
        if (!connecting.IsCanceled)
        {
            cancelled.Transport.Close();
            await cancelled.Lost();
        }

        foreach (var tape in (Tape[])[cancelled, client, .. served])
        {
            Assert.Equal("made", tape.Events[0]);
            Assert.Single(tape.Events, "made");
            Assert.StartsWith("lost", tape.Events[^1]);
        }

        Tape Serve()
        {
            var tape = new Tape();
            served.Add(tape);
            return tape;
        }
    }

    private sealed class Shuffle(int seed) : SchedulingPolicy
    {
        private readonly Random _random = new(seed);

        public override int Next(int ready) => _random.Next(ready);
    }
}
