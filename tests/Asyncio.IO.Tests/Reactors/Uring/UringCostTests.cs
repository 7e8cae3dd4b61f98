using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors.Uring;

public class UringCostTests
{
    [Fact]
    public void The_steady_state_allocates_nothing()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (left, right) = rig.ConnectChannels();
        var receiver = new Counter();
        right.StartReceiving(receiver);
        var send = new TestRequest(IoKind.Send, new byte[100]);
        AssertAllocatesNothing(() =>
        {
            var before = receiver.Pieces;
            send.Completions = 0;
            left.Submit(send);
            while (send.Completions == 0 || receiver.Pieces == before)
            {
                rig.Reactor.Wait(1);
            }
        });
    }

    [Fact]
    public void Stopping_and_cancelling_allocate_nothing()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (channel, _) = rig.Connect();
        var receiver = new Counter();
        var receive = new TestRequest(IoKind.Receive, new byte[100]);
        AssertAllocatesNothing(() =>
        {
            channel.StartReceiving(receiver);
            rig.Reactor.Poll();
            channel.StopReceiving();
            receive.Completions = 0;
            channel.Submit(receive);
            rig.Reactor.Poll();
            channel.Cancel(receive);
            while (receive.Completions == 0)
            {
                rig.Reactor.Wait(1);
            }
        });
    }

    // The least of several rounds: a table may have to grow once more when the kernel takes its time.
    private static void AssertAllocatesNothing(Action action)
    {
        Repeat(action);
        var least = long.MaxValue;
        for (var round = 0; round < 10 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Repeat(action);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static void Repeat(Action action)
    {
        for (var i = 0; i < 1_000; i++)
        {
            action();
        }
    }

    private sealed class Counter : IReceiver
    {
        public int Pieces { get; private set; }

        public void OnReceived(ReadOnlySpan<byte> data) => Pieces++;

        public void OnReceiveEnded(System.Net.Sockets.SocketError error) => Assert.Fail("it has not ended");
    }
}
