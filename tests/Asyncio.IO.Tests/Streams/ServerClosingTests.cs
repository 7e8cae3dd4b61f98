using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>A stream server that is closed in order waits for what its handlers still do, and ends those who take too long.</summary>
public class ServerClosingTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Handlers_have_time_to_end(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var (begun, done) = (new AsyncEvent(), new AsyncEvent());
        var ended = false;
        var server = await Aio.StartServer(
            async (_, writer) =>
            {
                begun.Set();
                await writer.CloseAsync();
                await done.WaitAsync(); // what a handler does when its client is gone
                ended = true;
            },
            "127.0.0.1",
            0);
        await using var client = (await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server))).Writer;
        await begun.WaitAsync();
        Aio.GetRunningLoop().CallLater(0.05, done.Set);
        await server.CloseAsync(Hang.Limit);
        Assert.True(ended);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Those_who_stay_are_cancelled(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var cleaned = 0;
        var begun = new AsyncSemaphore(0);
        var server = await Aio.StartServer(
            async (_, _) =>
            {
                begun.Release();
                try
                {
                    await Aio.Sleep(3600);
                }
                finally
                {
                    await Aio.Sleep(0);
                    cleaned++;
                }
            },
            "127.0.0.1",
            0);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        var (_, second) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        await begun.AcquireAsync();
        await begun.AcquireAsync();
        await server.CloseAsync(TimeSpan.FromMilliseconds(20));
        Assert.Equal(2, cleaned);
        Assert.Single(Aio.AllTasks());
        try
        {
            Assert.Empty(await reader.ReadAsync());
        }
        catch (System.Net.Sockets.SocketException)
        {
            // A connection that is ended at once may be reset.
        }

        writer.Abort();
        second.Abort();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_handler_may_close_its_server(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        Server? server = null;
        var closed = new AsyncEvent();
        server = await Aio.StartServer(
            async (_, writer) =>
            {
                await writer.CloseAsync();
                await server!.CloseAsync(2 * Hang.Limit);
                closed.Set();
            },
            "127.0.0.1",
            0);
        await using var client = (await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server))).Writer;
        await closed.WaitAsync(); // the test has a limit
    });
}
