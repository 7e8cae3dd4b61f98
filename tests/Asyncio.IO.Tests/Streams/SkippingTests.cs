using System.Text;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>What is too long is skipped, and reading goes on behind it.</summary>
public class SkippingTests
{
    [Fact]
    public void Reading_goes_on_behind_what_was_too_long() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader(10);
        reader.FeedData("short\r\nmuch longer than ten bytes\r\nnext\r\n"u8);
        Assert.Equal("short\r\n", Text(await reader.ReadUntilAsync("\r\n"u8)));
        await Stage.Throws<LimitOverrunException>(async () => await reader.ReadUntilAsync("\r\n"u8));
        Assert.True(await reader.SkipUntilAsync("\r\n"u8));
        Assert.Equal("next\r\n", Text(await reader.ReadUntilAsync("\r\n"u8)));
    });

    /// <summary>Every length of piece, so that separators are cut at every place; little is kept meanwhile.</summary>
    [Fact]
    public void A_separator_may_come_in_pieces() => Stage.Run(async () =>
    {
        var content = Encoding.ASCII.GetBytes(new string('x', 3000) + "-en-endx-end" + "behind");
        for (var size = 1; size < 20; size++)
        {
            var reader = new AsyncStreamReader(10);
            var skipping = Aio.CreateTask(reader.SkipUntilAsync("-end-"u8));
            var other = new AsyncStreamReader(10);
            var either = Aio.CreateTask(other.SkipUntilAsync(["-end"u8.ToArray(), "-x-y-z"u8.ToArray()]));
            await Stage.Spin();
            for (var at = 0; at < content.Length; at += size)
            {
                var piece = content.AsSpan(at, Math.Min(size, content.Length - at));
                reader.FeedData(piece);
                other.FeedData(piece);
                Assert.InRange(reader.Buffered, 0, 4);
                await Stage.Spin(1);
            }

            Assert.True(await either);
            Assert.Equal("x-endbehind", Text(await other.ReadExactlyAsync(11)));
            Assert.False(skipping.IsCompleted);
            reader.FeedEof();
            Assert.False(await skipping);
            Assert.True(reader.AtEof);
        }
    });

    [Fact]
    public void At_the_end_nothing_is_left() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader(10);
        reader.FeedData("no newline, and long"u8);
        reader.FeedEof();
        Assert.False(await reader.SkipUntilAsync());
        Assert.True(reader.AtEof);
        Assert.False(await reader.SkipUntilAsync());
        Assert.Throws<ArgumentException>(() => reader.SkipUntilAsync(""u8));
        Assert.Throws<ArgumentException>(() => reader.SkipUntilAsync(Array.Empty<byte[]>()));
    });

    [Fact]
    public void Cancelled_it_can_be_gone_on_with() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader(10);
        var skipping = Aio.CreateTask(reader.SkipUntilAsync("end"u8));
        await Stage.Spin();
        reader.FeedData("xxxxxxxxxxxxxxxxxen"u8);
        skipping.Cancel();
        await Aio.Wait([skipping]);
        Assert.True(skipping.IsCanceled);
        reader.FeedData("dnext"u8);
        Assert.True(await reader.SkipUntilAsync("end"u8));
        Assert.Equal("next", Text(await reader.ReadExactlyAsync(4)));
    });

    [Fact]
    public void A_paused_transport_goes_on() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader(10);
        var transport = new PausableTransport();
        reader.SetTransport(transport);
        reader.FeedData(new byte[30]);
        Assert.True(transport.IsPaused);
        var skipping = Aio.CreateTask(reader.SkipUntilAsync());
        await Stage.Spin();
        Assert.False(transport.IsPaused);
        reader.FeedData("\n"u8);
        Assert.True(await skipping);
    });

    private static string Text(byte[] bytes) => Encoding.ASCII.GetString(bytes);
}
