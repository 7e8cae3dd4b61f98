using System.Net;
using System.Net.Sockets;

namespace Asyncio.IO.Tests.Faults;

/// <summary>Passes bytes on between a client and a server, on a thread of its own, and after so many of them ends both connections with a reset.</summary>
internal sealed class Cutter : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly EndPoint _target;
    private readonly Thread _thread;

    public Cutter(int targetPort)
    {
        _target = new IPEndPoint(IPAddress.Loopback, targetPort);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(10);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public int Port { get; }

    /// <summary>Of the next connection: how many bytes pass before the reset, in both directions together.</summary>
    public int After { get; set; }

    /// <summary>How many bytes the last connection has passed on.</summary>
    public int Passed { get; private set; }

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                using var client = _listener.Accept();
                using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                server.Connect(_target);
                client.NoDelay = true;
                if (Pass(client, server))
                {
                    client.LingerState = server.LingerState = new LingerOption(true, 0);
                }
            }
        }
        catch (SocketException)
        {
            // The listener was closed.
        }
        catch (ObjectDisposedException)
        {
            // The same.
        }
    }

    /// <returns>True: it is to be cut; false: both have ended.</returns>
    private bool Pass(Socket client, Socket server)
    {
        Passed = 0;
        var open = new List<Socket> { client, server };
        var buffer = new byte[16 * 1024];
        while (open.Count > 0)
        {
            if (Passed == After)
            {
                return true;
            }

            var ready = new List<Socket>(open);
            Socket.Select(ready, null, null, -1);
            var from = ready[0];
            var to = from == client ? server : client;
            try
            {
                var count = from.Receive(buffer, Math.Min(buffer.Length, After - Passed), SocketFlags.None);
                if (count == 0)
                {
                    open.Remove(from);
                    to.Shutdown(SocketShutdown.Send);
                    continue;
                }

                Passed += to.Send(buffer.AsSpan(0, count));
            }
            catch (SocketException)
            {
                return true; // one of them has cut it
            }
        }

        return false;
    }
}
