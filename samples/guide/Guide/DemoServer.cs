using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Asyncio;

namespace Guide;

/// <summary>
/// An HTTP server on loopback, written on the streams of Asyncio. It answers as slowly as it is asked to: <c>users/1?delay=2</c> takes two of the guide's
/// seconds, <c>?status=503</c> fails. It has a thread and a loop of its own, so that an example which blocks its loop does not stop it, too.
/// </summary>
public sealed class DemoServer : IDisposable
{
    private readonly TaskCompletionSource<(EventLoop Loop, Uri Address)> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AsyncEvent _stop = new();
    private readonly Thread _thread;
    private readonly ConcurrentQueue<double> _arrivals = [];
    private int _open;
    private int _mostAtOnce;

    private DemoServer() => _thread = new Thread(Main) { IsBackground = true, Name = "demo server" };

    /// <summary>Where it listens, ending in <c>/</c>.</summary>
    public Uri Address => _started.Task.Result.Address;

    /// <summary>The most requests that it was answering at a time, since <see cref="Forget"/>.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    /// <summary>When requests came, in seconds, since <see cref="Forget"/>.</summary>
    public double[] Arrivals => [.. _arrivals];

    /// <summary>Starts it; blocks for some milliseconds.</summary>
    public static DemoServer Start()
    {
        var server = new DemoServer();
        server._thread.Start();
        _ = server._started.Task.GetAwaiter().GetResult();
        return server;
    }

    /// <summary>Begins to count anew.</summary>
    public void Forget()
    {
        _arrivals.Clear();
        Volatile.Write(ref _mostAtOnce, 0);
    }

    /// <summary>As code without asyncio does it: the thread waits for the answer.</summary>
    public string GetBlocking(string path)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var response = http.Send(new HttpRequestMessage(HttpMethod.Get, path));
        using var body = new StreamReader(response.EnsureSuccessStatusCode().Content.ReadAsStream());
        return body.ReadToEnd();
    }

    public void Dispose()
    {
        _started.Task.Result.Loop.CallSoonThreadsafe(_stop.Set);
        _thread.Join();
    }

    private void Main()
    {
        try
        {
            Aio.Run(ServeAsync());
        }
        catch (KeyboardInterruptException)
        {
            Environment.Exit(130); // the example itself has no runner at the moment
        }
        catch (Exception e) when (_started.TrySetException(e))
        {
            // Start throws it.
        }
    }

    private async Coroutine ServeAsync()
    {
        await using var server = await Aio.StartServer(AnswerAll, "127.0.0.1", 0);
        _started.SetResult((Aio.GetRunningLoop(), new Uri($"http://{(IPEndPoint)server.Sockets[0].LocalEndPoint!}/")));
        await _stop.WaitAsync();
        server.AbortClients();
    }

    private async Coroutine AnswerAll(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        await using var _ = writer;
        try
        {
            while (true)
            {
                var head = Encoding.ASCII.GetString(await reader.ReadUntilAsync("\r\n\r\n"u8));
                writer.Write(await AnswerOne(head[..head.IndexOf('\r')].Split(' ')));
                await writer.DrainAsync();
            }
        }
        catch (Exception e) when (e is IncompleteReadException or SocketException)
        {
            // The client has gone.
        }
    }

    private async Coroutine<string> AnswerOne(string[] requestLine)
    {
        _arrivals.Enqueue(Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency);
        Volatile.Write(ref _mostAtOnce, Math.Max(_mostAtOnce, ++_open));
        try
        {
            if (requestLine is not ["GET", var target, _])
            {
                return Response(405, "\"This server only knows GET.\"");
            }

            var (path, query) = target.Split('?', 2) is [var before, var after] ? (before, after) : (target, "");
            await Aio.Sleep(Pace.Scaled(NumberIn(query, "delay") ?? 0));
            var status = (int)(NumberIn(query, "status") ?? 200);
            var body = status == 200 ? DemoData.Find(path.Trim('/').Split('/')) : $"\"{status} as asked for\"";
            return body is null ? Response(404, $"\"There is no {path}.\"") : Response(status, body);
        }
        finally
        {
            _open--; // before the client can know that this is answered
        }
    }

    private static double? NumberIn(string query, string name) =>
        query.Split('&').Select(pair => pair.Split('=')).FirstOrDefault(pair => pair[0] == name) is [_, var value] ? double.Parse(value) : null;

    private static string Response(int status, string body) =>
        $"HTTP/1.1 {status} {(HttpStatusCode)status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
}
