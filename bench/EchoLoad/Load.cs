using System.Diagnostics;
using System.Net;

namespace Asyncio.EchoLoad;

/// <summary>Connections to one server, and what was measured of it so far, over all slices.</summary>
internal sealed class Load(LoadedServer server, int connections, int messageLength, double rate)
{
    private readonly List<(AsyncStreamReader Reader, AsyncStreamWriter Writer)> _connections = [];
    private readonly List<long> _times = new(1 << 22);
    private double _measured;
    private double _processor;
    private long _started;
    private long _allowed;
    private bool _measures;
    private bool _ended;

    internal async Coroutine Connect()
    {
        // A server that was started just now may not listen yet.
        for (var tries = 0; _connections.Count < connections;)
        {
            try
            {
                _connections.Add(await Aio.OpenConnection(IPAddress.Loopback.ToString(), server.Port));
            }
            catch (System.Net.Sockets.SocketException) when (++tries < 100)
            {
                await Aio.Sleep(0.05);
            }
        }
    }

    /// <summary>Loads the server for that long, in seconds; after the warm-up it is measured.</summary>
    internal async Coroutine Slice(double warmUp, double seconds)
    {
        _started = Stopwatch.GetTimestamp();
        _allowed = 0;
        _ended = false;
        var tasks = _connections.ConvertAll(connection => Aio.CreateTask(Ask(connection.Reader, connection.Writer)));
        await Aio.Sleep(warmUp);
        _measures = true;
        var (begun, used) = (Stopwatch.GetTimestamp(), server.ProcessorSeconds());
        await Aio.Sleep(seconds);
        _measures = false;
        _measured += Stopwatch.GetElapsedTime(begun).TotalSeconds;
        _processor += server.ProcessorSeconds() - used;
        _ended = true;
        await Aio.GatherAll(tasks);
    }

    internal LoadResult Result()
    {
        _times.Sort();
        return new LoadResult(_times.Count / _measured, At(0.5), At(0.99), _processor / _times.Count);
    }

    internal async Coroutine Close()
    {
        foreach (var (_, writer) in _connections)
        {
            await writer.CloseAsync();
        }
    }

    private async Coroutine Ask(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        var message = new byte[messageLength];
        var answer = new byte[messageLength];
        Random.Shared.NextBytes(message);
        while (!_ended)
        {
            await MayAsk();
            var sent = Stopwatch.GetTimestamp();
            writer.Write(message);
            await reader.ReadExactlyAsync(answer);
            if (_measures)
            {
                _times.Add(Stopwatch.GetTimestamp() - sent);
            }
        }

        if (!answer.AsSpan().SequenceEqual(message))
        {
            throw new InvalidDataException("The server sent back something else.");
        }
    }

    /// <summary>Until the rate allows one more. It spins: timers are too coarse for a hundred thousand a second, and the core is the load's.</summary>
    private async Coroutine MayAsk()
    {
        if (rate > 0)
        {
            var mine = ++_allowed;
            while (!_ended && Stopwatch.GetElapsedTime(_started).TotalSeconds * rate < mine)
            {
                await Aio.Sleep(0);
            }
        }
    }

    private double At(double share) => _times.Count == 0 ? double.NaN : _times[(int)(share * (_times.Count - 1))] / (double)Stopwatch.Frequency;
}
