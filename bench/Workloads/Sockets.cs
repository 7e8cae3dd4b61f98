using System.Net;

namespace Asyncio.Workloads;

/// <summary>What input and output cost those who do none: two tasks that yield, alone and beside a thousand idle connections.</summary>
internal static class Sockets
{
    private const int Connections = 1000;

    internal static async Coroutine YieldsBeside()
    {
        await Bench.Run("n.yield_alone", 2e6, Scheduling.TwoYield);
        await using var server = await Aio.StartServer(Wait, IPAddress.Loopback.ToString(), 0, backlog: Connections);
        var port = ((IPEndPoint)server.Sockets[0].LocalEndPoint!).Port;
        var writers = new List<AsyncStreamWriter>();
        for (var i = 0; i < Connections; i++)
        {
            writers.Add((await Aio.OpenConnection(IPAddress.Loopback.ToString(), port)).Writer);
        }

        await Bench.Run("n.yield_beside_1000_sockets", 2e6, Scheduling.TwoYield);
        foreach (var writer in writers)
        {
            await writer.CloseAsync();
        }
    }

    private static async Coroutine Wait(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        await using (writer)
        {
            await reader.ReadAsync(1);
        }
    }
}
