using System.Globalization;
using System.Net;
using Asyncio;
using Asyncio.EchoServer;

// ASYNCIO_REACTOR chooses the reactor.
if (args is not ["streams" or "protocol", _] || !int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
{
    Console.Error.WriteLine("usage: echo streams|protocol PORT");
    return 2;
}

Aio.Run(Serve());
return 0;

async Coroutine Serve()
{
    var loop = Aio.GetRunningLoop();
    var host = IPAddress.Loopback.ToString();
    await using var server = args[0] == "streams"
        ? await Aio.StartServer(Echo, host, port, backlog: 512)
        : await loop.CreateServer(() => new EchoProtocol(), host, port, backlog: 512);
    Console.WriteLine($"{args[0]} on {loop.ReactorKind}");
    await server.ServeForeverAsync();
}

static async Coroutine Echo(AsyncStreamReader reader, AsyncStreamWriter writer)
{
    await using (writer)
    {
        var buffer = new byte[64 * 1024];
        while (await reader.ReadAsync(buffer) is > 0 and var count)
        {
            writer.Write(buffer.AsSpan(0, count));
            await writer.DrainAsync();
        }
    }
}
