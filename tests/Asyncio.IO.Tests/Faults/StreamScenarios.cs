using System.Net.Sockets;
using System.Text;
using Asyncio.IO.Tests.Streams;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Faults.Scenario;

namespace Asyncio.IO.Tests.Faults;

/// <summary>Programs on readers, writers and servers. Both ends are in the one loop, so that what goes wrong may go wrong at either.</summary>
internal static class StreamScenarios
{
    /// <summary>A client sends, ends its direction, and reads back what a server echoes.</summary>
    public static async Coroutine Echo()
    {
        var data = Data(90_000);
        var echoed = new List<byte>();
        await using var server = await Aio.StartServer(Serving(Answer), "127.0.0.1", 0);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        await using var _ = writer;
        var received = new List<byte>();
        try
        {
            await TaskGroup.Run(group =>
            {
                group.CreateTask(Send());
                group.CreateTask(ReadAll(reader, received));
            });
            AssertWhole(data, received.ToArray());
            await writer.CloseAsync();
        }
        finally
        {
            AssertBegins(data, echoed.ToArray());
            AssertBegins(data, received.ToArray());
        }

        async Coroutine Send()
        {
            foreach (var (start, end) in new[] { (0, 1), (1, 5_000), (5_000, 90_000) })
            {
                writer.Write(data.AsSpan(start, end - start));
                await writer.DrainAsync();
            }

            writer.WriteEof();
        }

        async Coroutine Answer(AsyncStreamReader from, AsyncStreamWriter to)
        {
            while (await from.ReadAsync(20_000) is { Length: > 0 } piece)
            {
                echoed.AddRange(piece);
                to.Write(piece);
                await to.DrainAsync();
            }
        }
    }

    /// <summary>Lines and answers to each; the last one is longer than the server allows.</summary>
    public static async Coroutine Lines()
    {
        var lines = Enumerable.Range(0, 12).Select(i => new string((char)('a' + i), i == 11 ? 200 : i)).ToArray();
        var expected = string.Concat(lines.Select(line => line.Length > 100 ? "too long\n" : $"{line.Length}\n"));
        await using var server = await Aio.StartServer(Serving(Answer), "127.0.0.1", 0, limit: 100);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        await using var _ = writer;
        foreach (var line in lines)
        {
            writer.Write($"{line}\n");
        }

        writer.WriteEof();
        var answers = new List<byte>();
        await foreach (var answer in reader)
        {
            answers.AddRange(answer);
        }

        AssertWhole(Encoding.UTF8.GetBytes(expected), answers.ToArray());

        static async Coroutine Answer(AsyncStreamReader from, AsyncStreamWriter to)
        {
            try
            {
                await foreach (var line in from.ReadTextLinesAsync())
                {
                    to.Write($"{line.Length}\n");
                    await to.DrainAsync();
                }
            }
            catch (LimitOverrunException)
            {
                to.Write("too long\n"u8);
                while ((await from.ReadAsync(1000)).Length > 0)
                {
                    // What is not read would reset the connection at its end, and the client could lose answers.
                }
            }
        }
    }

    /// <summary>Every way to read a piece whose end is known by what is in it.</summary>
    public static async Coroutine ReadUntil()
    {
        var served = 0;
        await using var server = await Aio.StartServer(Serving(Send), "127.0.0.1", 0);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        await using var _ = writer;
        writer.Write("go"u8);
        Assert.Equal("head\r\n\r\n"u8.ToArray(), await reader.ReadUntilAsync("\r\n\r\n"u8));
        Assert.Equal("one;"u8.ToArray(), await reader.ReadUntilAsync([","u8.ToArray(), ";"u8.ToArray()]));
        Assert.Equal("two,"u8.ToArray(), await reader.ReadUntilAsync([","u8.ToArray(), ";"u8.ToArray()]));
        Assert.Equal("12345"u8.ToArray(), await reader.ReadExactlyAsync(5));
        var memory = new byte[4];
        await reader.ReadExactlyAsync(memory.AsMemory());
        Assert.Equal("6789"u8.ToArray(), memory);
        var tail = await reader.ReadAsync();
        AssertWhole("tail"u8, tail);
        Assert.Equal(1, served);

        async Coroutine Send(AsyncStreamReader from, AsyncStreamWriter to)
        {
            await from.ReadExactlyAsync(2);
            served++;
            foreach (var piece in new[] { "head\r", "\n\r\none", ";two,12", "3456789ta", "il" })
            {
                to.Write(piece);
                await Aio.Yield();
            }
        }
    }

    /// <summary>Reads that are given up after some steps and taken up again: every byte comes, once, in order.</summary>
    public static async Coroutine Resumed()
    {
        var data = Data(3_000);
        await using var server = await Aio.StartServer(Serving(Send), "127.0.0.1", 0);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        await using var _ = writer;
        var received = new List<byte>();
        var buffer = new byte[100];
        for (var turn = 0; received.Count < data.Length; turn++)
        {
            var reading = Aio.CreateTask(turn % 3 == 0 ? Whole() : Some());
            try
            {
                for (var i = 0; i < turn % 4; i++)
                {
                    await Aio.Yield();
                }
            }
            finally
            {
                reading.Cancel();
                await Aio.Wait([reading]);
            }

            if (!reading.IsCanceled)
            {
                received.AddRange(await reading);
            }
        }

        Assert.Equal(data, received);

        async Coroutine<byte[]> Whole()
        {
            await reader.ReadExactlyAsync(buffer.AsMemory());
            return [.. buffer];
        }

        async Coroutine<byte[]> Some() => await reader.ReadAsync(100) is { Length: > 0 } piece ? piece : throw new EndOfStreamException();

        async Coroutine Send(AsyncStreamReader from, AsyncStreamWriter to)
        {
            foreach (var piece in data.Chunk(70))
            {
                to.Write(piece);
                await to.DrainAsync();
                await Aio.Yield();
            }

            await from.ReadAsync(); // until the client has all
        }
    }

    /// <summary>A writer that is held up by a reader who takes little at a time.</summary>
    public static async Coroutine Drain()
    {
        var data = Data(120_000);
        var path = $"\0asyncio-drain-{Environment.ProcessId}"; // over TCP, windows this small would wait for timers of the system's
        await using var server = await Aio.StartUnixServer(Serving(Send), path);
        var (reader, writer) = await Aio.OpenUnixConnection(path, limit: 4_000);
        await using var _ = writer;
        var received = new List<byte>();
        try
        {
            while (await reader.ReadAsync(6_000) is { Length: > 0 } piece)
            {
                received.AddRange(piece);
                await Aio.Yield();
            }
        }
        finally
        {
            AssertBegins(data, received.ToArray());
        }

        AssertWhole(data, received.ToArray());

        async Coroutine Send(AsyncStreamReader from, AsyncStreamWriter to)
        {
            to.GetExtraInfo<Socket>("socket")!.SendBufferSize = 4_096;
            to.Transport.SetWriteBufferLimits(high: 10_000);
            for (var offset = 0; offset < data.Length; offset += 12_000)
            {
                to.Write(data.AsSpan(offset, 12_000));
                Assert.True(to.Transport.GetWriteBufferSize() <= 22_000);
                await to.DrainAsync();
            }
        }
    }

    /// <summary>A server that is closed in order while a client still talks; and one whose client never ends, so that its time runs out.</summary>
    public static async Coroutine GracefulClose()
    {
        var server = await Aio.StartServer(Serving(Answer), "127.0.0.1", 0);
        await using var _ = server;
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        await using var talking = writer;
        writer.Write("question\n"u8);
        Assert.Equal("begun\n"u8.ToArray(), await reader.ReadUntilAsync());
        var closing = Aio.CreateTask(server.CloseAsync(Timeout.InfiniteTimeSpan));
        try
        {
            await Aio.Yield();
            writer.Write("more\n"u8);
            Assert.Equal("answer\n"u8.ToArray(), await reader.ReadUntilAsync());
            await writer.CloseAsync();
            await closing;
        }
        finally
        {
            closing.Cancel();
            await Aio.Wait([closing]);
        }

        var second = await Aio.StartServer(Serving(Answer), "127.0.0.1", 0);
        await using var unused = second;
        var (silentReader, silentWriter) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(second));
        await using var silent = silentWriter;
        silentWriter.Write("question\n"u8);
        Assert.Equal("begun\n"u8.ToArray(), await silentReader.ReadUntilAsync()); // it has been accepted
        await second.CloseAsync(0.1);
        Assert.Empty(await silentReader.ReadAsync());

        static async Coroutine Answer(AsyncStreamReader from, AsyncStreamWriter to)
        {
            await from.ReadLineAsync();
            to.Write("begun\n"u8);
            await from.ReadLineAsync();
            to.Write("answer\n"u8);
            await from.ReadAsync();
        }
    }

    /// <summary>Over TLS, with an orderly end.</summary>
    public static async Coroutine Tls()
    {
        var data = Data(40_000);
        var hour = TimeSpan.FromHours(1);
        await using var server = await Aio.StartServer(
            Serving(Answer), "127.0.0.1", 0, ssl: Certificates.ServerOptions, sslHandshakeTimeout: hour, sslShutdownTimeout: hour);
        var (reader, writer) = await Aio.OpenConnection(
            "127.0.0.1", StreamConnectionTests.Port(server), Certificates.ClientOptions, "localhost", sslHandshakeTimeout: hour, sslShutdownTimeout: hour);
        await using var _ = writer;
        writer.Write(data);
        Assert.Equal(data, await reader.ReadExactlyAsync(data.Length));
        writer.Write("end\n"u8);
        Assert.Equal("end\n"u8.ToArray(), await reader.ReadUntilAsync());
        await writer.CloseAsync();

        static async Coroutine Answer(AsyncStreamReader from, AsyncStreamWriter to)
        {
            while (await from.ReadAsync(20_000) is { Length: > 0 } piece)
            {
                to.Write(piece);
                await to.DrainAsync();
            }
        }
    }

    /// <summary>A forwarder as in samples/forward.cs: both directions at once, ends are passed on, and failures too.</summary>
    public static async Coroutine Forward()
    {
        var data = Data(30_000);
        await using var target = await Aio.StartServer(Serving(Answer), "127.0.0.1", 0);
        await using var forwarder = await Aio.StartServer(Serving(Pass), "127.0.0.1", 0);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(forwarder));
        await using var _ = writer;
        writer.Write(data);
        writer.WriteEof();
        var answer = await reader.ReadAsync();
        AssertWhole(data, answer);

        static async Coroutine Answer(AsyncStreamReader from, AsyncStreamWriter to)
        {
            to.Write(await from.ReadAsync()); // all, after the end of the direction has come through
            await to.DrainAsync();
        }

        async Coroutine Pass(AsyncStreamReader from, AsyncStreamWriter to)
        {
            var (targetReader, targetWriter) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(target));
            await using var _ = targetWriter;
            await TaskGroup.Run(group =>
            {
                group.CreateTask(Copy(from, targetWriter));
                group.CreateTask(Copy(targetReader, to));
            });
        }

        static async Coroutine Copy(AsyncStreamReader from, AsyncStreamWriter to)
        {
            var buffer = new byte[8_000];
            while (await from.ReadAsync(buffer.AsMemory()) is var count and > 0)
            {
                to.Write(buffer.AsSpan(0, count));
                await to.DrainAsync();
            }

            to.WriteEof();
        }
    }

    private static async Coroutine ReadAll(AsyncStreamReader reader, List<byte> received)
    {
        while (await reader.ReadAsync(20_000) is { Length: > 0 } piece)
        {
            received.AddRange(piece);
        }
    }
}
