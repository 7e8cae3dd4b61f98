using System.Globalization;
using Asyncio;
using Asyncio.EchoLoad;

// Asks an echo server on loopback: each connection sends a message, waits until it is back, and sends the next: at once, or as
// a given rate of requests a second (over all connections) allows.
if (args.Length != 6 || !TryParse(args, out var numbers))
{
    Console.Error.WriteLine("usage: echoload PORT CONNECTIONS MESSAGE_BYTES RATE WARM_SECONDS SECONDS      (RATE 0: as fast as it goes)");
    return 2;
}

return Aio.Run(Measure());

async Coroutine<int> Measure()
{
    var load = new Load(port: (int)numbers[0], connections: (int)numbers[1], messageLength: (int)numbers[2], rate: numbers[3]);
    await load.Connect();
    var result = await load.Run(numbers[4], numbers[5]);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.PerSecond:F0} {result.Median * 1e6:F1} {result.Slow * 1e6:F1}"));
    return 0;
}

static bool TryParse(string[] args, out double[] numbers)
{
    numbers = new double[args.Length];
    for (var i = 0; i < args.Length; i++)
    {
        if (!double.TryParse(args[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] < 0)
        {
            return false;
        }
    }

    return true;
}
