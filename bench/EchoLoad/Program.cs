using System.Globalization;
using Asyncio;
using Asyncio.EchoLoad;

// Asks echo servers on loopback: each connection sends a message, waits until it is back, and sends the next: at once, or as
// a given rate of requests a second (over all connections) allows. Several servers are loaded in turn, a slice of time each, so
// that what makes the machine faster or slower does so to all of them.
const double SliceSeconds = 0.25;
const double SettleSeconds = 0.05;
var servers = new List<LoadedServer>();
foreach (var text in args.Skip(5))
{
    if (!LoadedServer.TryParse(text, out var server))
    {
        return Usage();
    }

    servers.Add(server);
}

return servers.Count > 0 && TryParse(args[..5], out var numbers) ? Aio.Run(Measure()) : Usage();

async Coroutine<int> Measure()
{
    var loads = servers.ConvertAll(server => new Load(server, connections: (int)numbers[0], messageLength: (int)numbers[1], rate: numbers[2]));
    foreach (var load in loads)
    {
        await load.Connect();
        await load.Slice(numbers[3], 0);
    }

    var slices = Math.Max(1, (int)Math.Round(numbers[4] / SliceSeconds));
    for (var i = 0; i < slices; i++)
    {
        for (var j = 0; j < loads.Count; j++)
        {
            await loads[i % 2 == 0 ? j : loads.Count - 1 - j].Slice(SettleSeconds, SliceSeconds);
        }
    }

    foreach (var load in loads)
    {
        var result = load.Result();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{result.PerSecond:F0} {result.Median * 1e6:F1} {result.Slow * 1e6:F1} {result.Processor * 1e6:F3}"));
        await load.Close();
    }

    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: echoload CONNECTIONS MESSAGE_BYTES RATE WARM_SECONDS SECONDS PORT:PID...      (RATE 0: as fast as it goes)");
    return 2;
}

static bool TryParse(string[] texts, out double[] numbers)
{
    numbers = new double[texts.Length];
    for (var i = 0; i < texts.Length; i++)
    {
        if (!double.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] < 0)
        {
            return false;
        }
    }

    return true;
}
