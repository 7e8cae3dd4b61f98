using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>What streams cost where it is counted: nothing per request, little per idle connection.</summary>
public class StreamCostTests(ITestOutputHelper output)
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void An_echo_allocates_nothing(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        Assert.InRange(await Measure(reader, writer, output, $"{kind}"), 0, 0.1);
        await writer.CloseAsync();
    });

    /// <summary>What <c>SslStream</c> needs is its own; nothing of ours comes on top that would grow with the number of requests.</summary>
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void An_echo_over_TLS_allocates_little(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
        var (reader, writer) = await Aio.OpenConnection(
            "127.0.0.1", StreamConnectionTests.Port(server), Certificates.ClientOptions, serverHostname: "localhost");
        Assert.InRange(await Measure(reader, writer, output, $"{kind} TLS"), 0, 100);
        await writer.CloseAsync();
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void An_idle_connection_holds_little(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        const int Count = 500;
        var begun = 0;
        await using var server = await Aio.StartServer(Wait, "127.0.0.1", 0);
        var clients = new List<(AsyncStreamReader Reader, AsyncStreamWriter Writer)>(Count + 100);
        var answers = new List<AsyncTask<byte[]>>(Count + 100);
        await Open(100); // what is made once

        // One good measurement of some: what earlier tests have left in pools may be let go at any time.
        long each;
        var attempts = 0;
        do
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await Open(Count);
            each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count / 2; // both ends are here
            output.WriteLine($"{kind}: {each} bytes");
            foreach (var (_, writer) in clients)
            {
                writer.Close();
            }

            await Aio.Wait(answers);
            clients.Clear();
            answers.Clear();
        }
        while (each is < 1 or > 2048 + 1024 && ++attempts < 5);

        Assert.InRange(each, 1, 2048 + 1024); // with the task that waits for it, and .NET's socket

        async Coroutine Open(int count)
        {
            var wanted = begun + count;
            for (var i = 0; i < count; i++)
            {
                var client = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
                clients.Add(client);
                answers.Add(Aio.CreateTask(client.Reader.ReadLineAsync()));
            }

            await Stage.Until(() => begun == wanted);
            await Aio.Sleep(0.05); // all are idle by now, or nearly all
        }

        async Coroutine Wait(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            begun++;
            await reader.ReadAsync(1);
            writer.Close();
        }
    });

    private static async Coroutine<double> Measure(AsyncStreamReader reader, AsyncStreamWriter writer, ITestOutputHelper output, string what)
    {
        const int Requests = 3000;
        var request = new byte[100];
        var answer = new byte[100];
        await Exchange(Requests);
        var least = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            await Exchange(Requests);
            var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Requests;
            output.WriteLine($"{what}: {each} bytes a request");
            least = Math.Min(least, each);
        }

        return least;

        async Coroutine Exchange(int count)
        {
            for (var i = 0; i < count; i++)
            {
                writer.Write(request);
                await writer.DrainAsync();
                await reader.ReadExactlyAsync(answer.AsMemory());
            }
        }
    }
}
