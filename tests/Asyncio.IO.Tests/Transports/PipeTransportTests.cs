using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Transports;

public class PipeTransportTests
{
    public static TheoryData<ReactorKind> Able => [ReactorKind.IoUring, ReactorKind.Epoll];

    [Theory, MemberData(nameof(Able))]
    public void Bytes_go_through_a_pipe(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (reading, writing) = Descriptors.OpenPipe();
        var (reader, heard) = await loop.ConnectReadPipe(() => new Tape { KeepsOpenAtEof = true }, reading);
        var (writer, told) = await loop.ConnectWritePipe(() => new Tape(), writing);
        Assert.Same(reading, reader.GetExtraInfo("pipe"));
        Assert.Throws<NotSupportedException>(() => reader.Write("x"u8));
        Assert.Throws<NotSupportedException>(() => reader.WriteEof());
        writer.Write(new byte[300_000]);
        writer.WriteEof();
        await told.Lost();
        await heard.Lost();
        Assert.Equal(300_000, heard.Received);
        Assert.Equal("made data eof lost", heard.Line);
        Assert.Equal("made pause resume lost", told.Line);
        Assert.True(reading.IsClosed && writing.IsClosed);
    });

    [Theory, MemberData(nameof(Able))]
    public void A_writer_learns_that_nobody_reads(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (reading, writing) = Descriptors.OpenPipe();
        var (_, told) = await loop.ConnectWritePipe(() => new Tape(), writing);
        reading.Dispose();
        await told.Lost();
        Assert.Equal("made lost", told.Line);

        (reading, writing) = Descriptors.OpenPipe();
        (var writer, told) = await loop.ConnectWritePipe(() => new Tape(), writing);
        writer.Write(new byte[1_000_000]);
        await Aio.Sleep(0.01);
        reading.Dispose();
        await told.Lost();
        Assert.Equal("made pause lost:SocketException", told.Line);
    });

    [Theory, MemberData(nameof(Able))]
    public void Pausing_a_writer_changes_nothing(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (reading, writing) = Descriptors.OpenPipe();
        var (writer, told) = await loop.ConnectWritePipe(() => new Tape(), writing);
        var before = loop.Reactor.Active;
        for (var i = 0; i < 10; i++)
        {
            writer.PauseReading();
            writer.ResumeReading();
            await Aio.Yield();
        }

        Assert.Equal(before, loop.Reactor.Active);
        reading.Dispose();
        await told.Lost();
        Assert.Equal("made lost", told.Line);
    });

    [Theory, MemberData(nameof(Able))]
    public void A_file_is_refused(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var file = File.OpenHandle(typeof(PipeTransportTests).Assembly.Location);
        await Assert.ThrowsAsync<ArgumentException>(async () => await loop.ConnectReadPipe(() => new Tape(), file));
        await Assert.ThrowsAsync<ArgumentException>(async () => await loop.ConnectWritePipe(() => new Tape(), file));
    });
}
