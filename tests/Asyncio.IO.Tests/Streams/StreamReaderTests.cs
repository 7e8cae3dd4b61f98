using System.Text;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>What the random sequences leave out: arguments, concurrent reads, cancellation at the narrow places, lines as text.</summary>
public class StreamReaderTests
{
    [Fact]
    public void Arguments_are_checked_at_the_call() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader();
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncStreamReader(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.ReadExactlyAsync(-1));
        Assert.Throws<ArgumentException>(() => reader.ReadUntilAsync(""u8));
        Assert.Throws<ArgumentException>(() => reader.ReadUntilAsync(Array.Empty<byte[]>()));
        Assert.Throws<ArgumentException>(() => reader.ReadUntilAsync(["a"u8.ToArray(), []]));
        Assert.Throws<ArgumentNullException>(() => reader.SetException(null!));
        reader.SetTransport(new PausableTransport());
        Assert.Throws<InvalidOperationException>(() => reader.SetTransport(new PausableTransport()));
        reader.FeedEof();
        Assert.Throws<InvalidOperationException>(() => reader.FeedData("a"u8));
    });

    [Fact]
    public void A_second_read_while_one_waits_is_an_error() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader();
        var first = Aio.CreateTask(reader.ReadLineAsync());
        await Stage.Spin();
        var error = await Stage.Throws<InvalidOperationException>(async () => await reader.ReadAsync(1));
        Assert.Equal("ReadAsync() called while another coroutine is already waiting for incoming data", error.Message);
        reader.FeedData("a\n"u8);
        await Stage.Throws<InvalidOperationException>(async () => await reader.ReadLineAsync()); // woken, not yet run: it is still the first one's
        Assert.Equal("a\n", Text(await first));
    });

    [Fact]
    public void The_message_of_an_incomplete_read_is_asyncios() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader();
        reader.FeedData(new byte[18]);
        reader.FeedEof();
        var error = await Stage.Throws<IncompleteReadException>(async () => await reader.ReadExactlyAsync(36));
        Assert.Equal("18 bytes read on a total of 36 expected bytes", error.Message);
        Assert.Equal("0 bytes read on a total of undefined expected bytes", (await Stage.Throws<IncompleteReadException>(async () => await reader.ReadUntilAsync())).Message);
    });

    [Fact]
    public void Arriving_bytes_go_straight_into_the_waiting_memory() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader();
        var memory = new byte[4];
        var task = Aio.CreateTask(reader.ReadAsync(memory.AsMemory()));
        await Stage.Spin();
        reader.FeedData("ab"u8);
        Assert.Equal("ab\0\0"u8, memory);
        Assert.Equal(0, reader.Buffered);
        reader.FeedData("cdef"u8); // before its turn
        Assert.Equal(2, reader.Buffered);
        Assert.Equal(4, await task);
        Assert.Equal("abcd"u8, memory);
        Assert.Equal("ef", Text(await reader.ReadAsync(10)));
    });

    [Fact]
    public void A_read_cancelled_after_its_wake_up_gives_back_what_is_in_its_memory() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader();
        var some = Aio.CreateTask(reader.ReadAsync(new byte[3].AsMemory()));
        await Stage.Spin();
        reader.FeedData("abcde"u8);
        some.Cancel();
        await Stage.Throws<CancelledException>(async () => await some);
        Assert.Equal(5, reader.Buffered);

        var all = Aio.CreateTask(reader.ReadExactlyAsync(new byte[10].AsMemory()));
        await Stage.Spin();
        reader.FeedData("fgh"u8);
        Assert.Equal(0, reader.Buffered);
        all.Cancel();
        await Stage.Throws<CancelledException>(async () => await all);
        Assert.Equal("abcdefgh", Text(await reader.ReadExactlyAsync(8)));
    });

    [Fact]
    public void Cancelling_a_read_to_the_end_loses_nothing() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader(4);
        var all = Aio.CreateTask(reader.ReadAsync());
        for (var i = 0; i < 10; i++)
        {
            reader.FeedData("abcdef"u8);
            await Stage.Spin();
        }

        all.Cancel();
        await Stage.Throws<CancelledException>(async () => await all);
        reader.FeedEof();
        Assert.Equal(60, (await reader.ReadAsync()).Length);
    });

    [Fact]
    public void A_failure_ends_the_wait_and_every_later_read() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader();
        var waiting = Aio.CreateTask(reader.ReadLineAsync());
        await Stage.Spin();
        var error = new IOException("gone");
        reader.SetException(error);
        Assert.Same(error, await Stage.Throws<IOException>(async () => await waiting));
        Assert.Same(error, reader.Exception());
        reader.FeedData("a\n"u8);
        Assert.Same(error, await Stage.Throws<IOException>(async () => await reader.ReadLineAsync()));
    });

    [Fact]
    public void A_failure_after_a_cancellation_is_harmless() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader();
        var waiting = Aio.CreateTask(reader.ReadLineAsync());
        await Stage.Spin();
        waiting.Cancel();
        reader.SetException(new IOException());
        await Stage.Throws<CancelledException>(async () => await waiting);
    });

    [Fact]
    public void A_failure_does_not_take_back_what_a_read_was_woken_for() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader();
        var waiting = Aio.CreateTask(reader.ReadLineAsync());
        await Stage.Spin();
        reader.FeedData("a\n"u8);
        reader.SetException(new IOException());
        Assert.Equal("a\n", Text(await waiting));
        await Stage.Throws<IOException>(async () => await reader.ReadLineAsync());
    });

    [Fact]
    public void Lines_come_as_text_without_their_ends() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader();
        reader.FeedData(Encoding.UTF8.GetBytes("eins\r\nzw\u00f6i\n\n\rdrei"));
        reader.FeedEof();
        var lines = new List<string>();
        await foreach (var line in reader.ReadTextLinesAsync())
        {
            lines.Add(line);
        }

        Assert.Equal(["eins", "zw\u00f6i", "", "\rdrei"], lines);
        Assert.Null(await reader.ReadTextLineAsync());
    });

    [Fact]
    public void A_reader_is_its_lines() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader();
        var feeding = Aio.CreateTask(Feed(reader, "a\nbb\n\nccc"));
        var lines = new List<string>();
        await foreach (var line in reader)
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        Assert.Equal(["a\n", "bb\n", "\n", "ccc"], lines);
        Assert.True(reader.AtEof);
        await feeding;

        var again = new AsyncStreamReader();
        again.FeedData("x\ny\n"u8);
        again.FeedEof();
        var count = 0;
        await foreach (var line in (IAsyncEnumerable<byte[]>)again)
        {
            count += line.Length;
        }

        Assert.Equal(4, count);

        static async Coroutine Feed(AsyncStreamReader reader, string text)
        {
            foreach (var letter in text)
            {
                reader.FeedData([(byte)letter]);
                await Aio.Yield();
            }

            reader.FeedEof();
        }
    });

    /// <summary>Each byte of a long line that comes in single bytes is looked at once.</summary>
    [Fact]
    public void The_search_goes_on_where_it_stopped() => Stage.Run(async () =>
    {
        const int Size = 4_000_000;
        var reader = new AsyncStreamReader(Size);
        var line = Aio.CreateTask(reader.ReadUntilAsync("\r\n"u8));
        await Stage.Spin();
        for (var i = 0; i < Size; i++)
        {
            reader.FeedData("\r"u8);
        }

        reader.FeedData("\n"u8); // a search from the beginning each time would take hours
        Assert.Equal(Size + 1, (await line).Length);
    });

    [Fact]
    public void A_transport_that_cannot_pause_is_asked_once() => Stage.Run(async () =>
    {
        var transport = new PausableTransport(canPause: false);
        var reader = new AsyncStreamReader(1);
        reader.SetTransport(transport);
        reader.FeedData("abcd"u8);
        reader.FeedData("abcd"u8);
        Assert.Equal(1, transport.Refusals);
        Assert.Equal(8, (await reader.ReadAsync(10)).Length);
    });

    /// <summary>More than the buffer's bounds can be asked for.</summary>
    [Fact]
    public void A_large_read_is_not_held_up_by_a_small_limit() => Stage.Run(async () =>
    {
        var transport = new PausableTransport();
        var reader = new AsyncStreamReader(2);
        reader.SetTransport(transport);
        reader.FeedData("abcdef"u8);
        Assert.True(transport.IsPaused);
        var read = Aio.CreateTask(reader.ReadExactlyAsync(100));
        await Stage.Spin();
        for (var i = 6; i < 100; i++)
        {
            Assert.False(transport.IsPaused);
            reader.FeedData("x"u8);
            await Stage.Spin(2);
        }

        Assert.Equal(100, (await read).Length);
    });

    [Fact]
    public void A_stream_belongs_to_one_loop() => Stage.Run(async () =>
    {
        var reader = new AsyncStreamReader();
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(() => Aio.Run(reader.ReadAsync(1))));
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(error);
    });

    /// <summary>Random data, random pieces, random reads, cancelled at random: all bytes arrive, in order.</summary>
    [Fact]
    public void Cancellations_lose_no_byte()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            Stage.Run(() => Transfer(random));
        }

        static async Coroutine Transfer(Random random)
        {
            var reader = new AsyncStreamReader(random.Next(1, 50));
            var transport = new PausableTransport();
            reader.SetTransport(transport);
            var sent = new byte[500];
            random.NextBytes(sent);
            var offset = 0;
            var received = new List<byte>();
            while (received.Count < sent.Length)
            {
                var call = new CancelledCall(reader, random, received);
                do
                {
                    if (offset < sent.Length && !transport.IsPaused)
                    {
                        var count = Math.Min(random.Next(1, 12), sent.Length - offset);
                        reader.FeedData(sent.AsSpan(offset, count));
                        offset += count;
                        if (offset == sent.Length)
                        {
                            reader.FeedEof();
                        }
                    }

                    await Stage.Spin(random.Next(3));
                }
                while (!call.EndOrCancel());

                await call.Settle();
            }

            Assert.Equal(sent, received);
            Assert.True(reader.AtEof);
        }
    }

    private static string Text(byte[] data) => Encoding.UTF8.GetString(data);

    private sealed class CancelledCall
    {
        private readonly Random _random;
        private readonly AsyncTask _task;

        public CancelledCall(AsyncStreamReader reader, Random random, List<byte> received)
        {
            _random = random;
            _task = Aio.CreateTask(Read(reader, random.Next(6), random.Next(1, 40), received));
        }

        public bool EndOrCancel() => _task.IsCompleted || (_random.Next(4) == 0 && _task.Cancel());

        public async Coroutine Settle()
        {
            await Aio.Wait([_task]);
            Assert.True(_task.IsCanceled || _task.Exception() is null); // cancelled before it began, or it ended in order
        }

        private static async Coroutine Read(AsyncStreamReader reader, int way, int count, List<byte> received)
        {
            try
            {
                received.AddRange(way switch
                {
                    0 => await reader.ReadAsync(count),
                    1 => await reader.ReadExactlyAsync(count),
                    2 => await reader.ReadUntilAsync([(byte)count]),
                    3 => await Some(),
                    4 => await Exactly(),
                    _ => reader.Buffered < 100 ? await reader.ReadAsync(count) : await reader.ReadAsync(),
                });
            }
            catch (CancelledException)
            {
                // Nothing was taken.
            }
            catch (LimitOverrunException)
            {
                // Nor here.
            }
            catch (IncompleteReadException e)
            {
                received.AddRange(e.Partial);
            }

            async Coroutine<byte[]> Some()
            {
                var buffer = new byte[count];
                return buffer[..await reader.ReadAsync(buffer.AsMemory())];
            }

            async Coroutine<byte[]> Exactly()
            {
                var buffer = new byte[count];
                await reader.ReadExactlyAsync(buffer.AsMemory());
                return buffer;
            }
        }
    }
}
