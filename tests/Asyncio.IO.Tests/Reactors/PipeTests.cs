using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors;

public class PipeTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Bytes_go_through_a_pipe(ReactorKind kind)
    {
        using var rig = RigForPipes(kind);
        var (reading, writing) = Open(rig);
        var receive = new TestRequest(IoKind.Receive, new byte[100]);
        Rig.Submit(reading, receive);
        rig.Settle();
        Assert.Equal(0, receive.Completions);
        Assert.Equal(3, rig.Do(writing, new TestRequest(IoKind.Send, new byte[] { 1, 2, 3 })));
        Assert.Equal(3, rig.Finish(receive));
        Assert.Equal([1, 2, 3], receive.Buffer[..3].ToArray());

        Rig.Submit(reading, receive);
        reading.Cancel(receive);
        rig.Finish(receive);
        Assert.Equal(SocketError.OperationAborted, receive.Failure);

        writing.Close();
        Assert.Equal(0, rig.Do(reading, receive));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void More_than_a_pipe_holds_arrives_in_order(ReactorKind kind)
    {
        using var rig = RigForPipes(kind);
        var (reading, writing) = Open(rig);
        var receiver = new Recorder();
        reading.StartReceiving(receiver);
        var data = CountingStream.Take(0, 2_000_000);
        Assert.Equal(data.Length, rig.Do(writing, new TestRequest(IoKind.Send, data)));
        writing.Close();
        rig.Until(() => receiver.Ended is not null, "the end");
        Assert.Equal(SocketError.Success, receiver.Ended);
        Assert.Equal(data.Length, receiver.Bytes.Count);
        Assert.Equal(-1, CountingStream.FirstWrong(receiver.Bytes.ToArray(), 0));
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_pipe_that_nobody_reads_is_shut_down(ReactorKind kind)
    {
        using var rig = RigForPipes(kind);
        var (reading, writing) = Open(rig);
        reading.Close();
        rig.Settle();
        var send = new TestRequest(IoKind.Send, new byte[10]);
        rig.Do(writing, send);
        Assert.Equal(SocketError.Shutdown, send.Failure);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_regular_file_is_always_ready(ReactorKind kind)
    {
        using var rig = RigForPipes(kind);
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, [1, 2, 3]);
        var channel = rig.Reactor.Open(File.OpenHandle(path));
        Assert.True(rig.Do(channel, new TestRequest(IoKind.WaitReadable)) >= 0);
        Assert.Equal(3, rig.Do(channel, new TestRequest(IoKind.Receive, new byte[10])));
        Assert.Equal(0, rig.Do(channel, new TestRequest(IoKind.Receive, new byte[10])));
        File.Delete(path);
    }

    [Fact]
    public void The_portable_reactor_refuses_pipes()
    {
        using var rig = new Rig(ReactorKind.Portable);
        using var file = File.OpenHandle(typeof(PipeTests).Assembly.Location);
        Assert.Throws<PlatformNotSupportedException>(() => rig.Reactor.Open(file));
    }

    private static Rig RigForPipes(ReactorKind kind)
    {
        Assert.SkipWhen(kind == ReactorKind.Portable, "The portable reactor does sockets only.");
        return new Rig(kind);
    }

    private static (Channel Reading, Channel Writing) Open(Rig rig)
    {
        var (reading, writing) = Descriptors.OpenPipe();
        return (rig.Reactor.Open(reading), rig.Reactor.Open(writing));
    }
}
