using System.Net;
using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Servers;

public class ServerTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_client_and_a_server_talk(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var served = new List<Tape>();
        var server = await loop.CreateServer(Echo(served), "127.0.0.1", 0);
        Assert.True(server.IsServing);
        for (var i = 0; i < 20; i++)
        {
            var (transport, tape) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server));
            Assert.Equal(new IPEndPoint(IPAddress.Loopback, Stage.PortOf(server)), transport.GetExtraInfo("peername"));
            Assert.NotNull(transport.GetExtraInfo("sockname"));
            transport.Write("hello"u8);
            transport.WriteEof();
            await tape.Lost();
            Assert.Equal("hello", tape.Text);
        }

        Assert.Equal(20, served.Count);
        await server.DisposeAsync();
        Assert.All(served, tape => Assert.Equal("made data eof lost", tape.Line));
        Assert.Empty(server.Sockets);
        Assert.False(server.IsServing);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void It_serves_only_when_started(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var served = new List<Tape>();
        var server = await loop.CreateServer(Echo(served), "127.0.0.1", 0, startServing: false);
        Assert.False(server.IsServing);
        await Fails<SocketException>(loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server)));
        await server.StartServingAsync();
        await server.StartServingAsync();
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server));
        transport.Close();
        await tape.Lost();
        await server.DisposeAsync();
        await Fails<InvalidOperationException>(server.StartServingAsync());
        await Fails<InvalidOperationException>(server.ServeForeverAsync());
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Serving_forever_ends_by_cancellation_and_by_closing(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        foreach (var byClosing in new[] { false, true })
        {
            var server = await loop.CreateServer(Echo([]), "127.0.0.1", 0);
            var task = Aio.CreateTask(server.ServeForeverAsync());
            await Aio.Sleep(0);
            await Fails<InvalidOperationException>(server.ServeForeverAsync());
            if (byClosing)
            {
                server.Close();
            }
            else
            {
                task.Cancel();
            }

            await Aio.Wait([task]);
            Assert.True(task.IsCanceled);
            Assert.Empty(server.Sockets);
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Waiting_ends_when_it_is_closed_and_the_last_client_is_gone(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var served = new List<Tape>();
        var server = await loop.CreateServer(Echo(served), "127.0.0.1", 0);
        var waiting = Aio.CreateTask(server.WaitClosedAsync());
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server));
        await Stage.Until(() => served.Count == 1);
        await Aio.Sleep(0.02);
        Assert.False(waiting.IsCompleted);
        server.Close();
        server.Close();
        await Aio.Sleep(0.02);
        Assert.False(waiting.IsCompleted);
        transport.Close();
        await waiting;
        await server.WaitClosedAsync();
        await tape.Lost();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Clients_are_closed_or_aborted(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        foreach (var abort in new[] { false, true })
        {
            var served = new List<Tape>();
            var server = await loop.CreateServer(Echo(served), "127.0.0.1", 0);
            var (_, tape) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server));
            await Stage.Until(() => served.Count == 1 && served[0].Events.Count > 0);
            if (abort)
            {
                served[0].Transport.Write(new byte[20_000_000]);
                tape.Transport.PauseReading();
                await Aio.Sleep(0.01);
                server.Close();
                server.AbortClients();
            }
            else
            {
                server.Close();
                server.CloseClients();
            }

            await server.WaitClosedAsync();
            tape.Transport.Abort();
            await tape.Lost();
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Closing_with_a_deadline_ends_those_who_stay(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var served = new List<Tape>();
        var server = await loop.CreateServer(Echo(served), "127.0.0.1", 0);
        var (_, tape) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server));
        await Stage.Until(() => served.Count == 1);
        await server.CloseAsync(TimeSpan.FromMilliseconds(50));
        Assert.Equal("made lost", served[0].Line);
        await tape.Lost();
        await server.CloseAsync(100.0);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Several_hosts_share_a_server_and_the_same_address_is_bound_once(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var server = await loop.CreateServer(Echo([]), ["127.0.0.1", "127.0.0.2", "127.0.0.1"], 0);
        Assert.Equal(2, server.Sockets.Count);
        foreach (var socket in server.Sockets)
        {
            var address = (IPEndPoint)socket.LocalEndPoint!;
            var (transport, tape) = await loop.CreateConnection(() => new Tape(), address.Address.ToString(), address.Port);
            transport.Close();
            await tape.Lost();
        }

        await server.DisposeAsync();

        server = await loop.CreateServer(Echo([]), null, 0);
        Assert.Contains(server.Sockets, socket => ((IPEndPoint)socket.LocalEndPoint!).Address.Equals(IPAddress.Any));
        await server.DisposeAsync();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_port_in_use_is_an_error_that_names_it(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var server = await loop.CreateServer(Echo([]), "127.0.0.1", 0);
        var port = Stage.PortOf(server);
        var error = await Fails<SocketException>(loop.CreateServer(Echo([]), ["127.0.0.2", "127.0.0.1"], port));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Contains($"error while attempting to bind on address 127.0.0.1:{port}", error.Message);
        await server.DisposeAsync();

        // Free again at once, also with connections that have not been forgotten by the system.
        server = await loop.CreateServer(Echo([]), "127.0.0.1", port);
        await server.DisposeAsync();

        error = await Fails<SocketException>(loop.CreateServer(Echo([]), "192.0.2.1", 0));
        Assert.Contains("could not bind on any address out of", error.Message);

        var first = await loop.CreateServer(Echo([]), "127.0.0.1", port, reusePort: true);
        var second = await loop.CreateServer(Echo([]), "127.0.0.1", port, reusePort: true);
        await first.DisposeAsync();
        await second.DisposeAsync();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_server_takes_a_bound_socket(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var server = await loop.CreateServer(Echo([]), socket);
        Assert.Same(socket, Assert.Single(server.Sockets));
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), "localhost", Stage.PortOf(server));
        transport.Close();
        await tape.Lost();
        await server.DisposeAsync();
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await Fails<ArgumentException>(loop.CreateServer(Echo([]), datagrams));
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Running_out_of_descriptors_is_told_once_and_passes(ReactorKind kind)
    {
        var reports = Stage.RunReporting(kind, async (loop, reports) =>
        {
            // First without the limit: the runtime opens files when it loads code, and tests come in any order.
            Assert.Throws<SocketException>((Action)(static () => throw new SocketException((int)SocketError.TooManyOpenSockets)));
            await Serve(() => null, (served, _) => served.Count == 1);
            await Serve(Descriptors.Exhaust, (served, reports) => served.Count == 0 && reports.Count > 0);

            async Coroutine Serve(Func<IDisposable?> limit, Func<List<Tape>, List<ExceptionContext>, bool> isSo)
            {
                var served = new List<Tape>();
                var server = await loop.CreateServer(Echo(served), "127.0.0.1", 0, startServing: false);
                using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                using (limit())
                {
                    await server.StartServingAsync(); // here, because the ring notes the limit where it begins to accept
                    client.Connect("127.0.0.1", Stage.PortOf(server));
                    await Stage.Until(() => isSo(served, reports));
                }

                await Stage.Until(() => served.Count == 1);
                client.Dispose();
                await server.DisposeAsync();
            }
        });
        Assert.StartsWith("Accepting a connection has failed", Assert.Single(reports).Message);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_factory_that_throws_is_reported_and_the_server_goes_on(ReactorKind kind)
    {
        var reports = Stage.RunReporting(kind, async loop =>
        {
            var server = await loop.CreateServer(() => throw new FormatException(), "127.0.0.1", 0);
            for (var i = 0; i < 2; i++)
            {
                var (_, tape) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server));
                await tape.Lost();
            }

            await server.DisposeAsync();
        });
        Assert.Equal(2, reports.Count);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Other_threads_are_turned_away(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var server = await loop.CreateServer(() => new Tape(), "127.0.0.1", 0);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Aio.ToThread(server.Close));
        Assert.True(server.IsServing);
        server.Close();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_file_that_cannot_be_removed_does_not_keep_it_open(ReactorKind kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Nothing is forbidden to this process.");
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            Stage.Run(kind, async loop =>
            {
                var server = await loop.CreateUnixServer(() => new Tape(), Path.Combine(folder.FullName, "socket"));
                File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserExecute);
                server.Close();
                await server.WaitClosedAsync();
            });
        }
        finally
        {
            File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            folder.Delete(recursive: true);
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Unix_sockets_leave_no_file_behind(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var folder = Directory.CreateTempSubdirectory();
        var path = Path.Combine(folder.FullName, "s");
        var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        stale.Bind(new UnixDomainSocketEndPoint(path));
        Assert.True(File.Exists(path));

        var served = new List<Tape>();
        var server = await loop.CreateUnixServer(Echo(served), path);
        var (transport, tape) = await loop.CreateUnixConnection(() => new Tape(), path);
        transport.Write("unix"u8);
        transport.WriteEof();
        await tape.Lost();
        Assert.Equal("unix", tape.Text);
        await server.DisposeAsync();
        Assert.False(File.Exists(path));
        stale.Dispose();

        // One that was replaced stays.
        server = await loop.CreateUnixServer(Echo(served), path);
        File.Delete(path);
        File.WriteAllText(path, "another's");
        await server.DisposeAsync();
        Assert.True(File.Exists(path));

        var error = await Fails<SocketException>(loop.CreateUnixServer(Echo(served), path));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        error = await Fails<SocketException>(loop.CreateUnixConnection(() => new Tape(), path));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        folder.Delete(recursive: true);

        var name = $"\0asyncio-test-{Guid.NewGuid():N}"; // one for the whole machine
        server = await loop.CreateUnixServer(Echo(served), name);
        (transport, tape) = await loop.CreateUnixConnection(() => new Tape(), name);
        transport.Close();
        await tape.Lost();
        await server.DisposeAsync();
    });

    internal static Func<BaseProtocol> Echo(List<Tape> served) => () =>
    {
        var tape = new Echoing();
        served.Add(tape);
        return tape;
    };

    internal static async Coroutine<X> Fails<X>(Coroutine coroutine)
        where X : Exception
    {
        try
        {
            await coroutine;
        }
        catch (X error)
        {
            return error;
        }

        throw new InvalidOperationException($"No {typeof(X).Name} was thrown.");
    }

    internal static Coroutine<X> Fails<X>(Coroutine<Server> coroutine)
        where X : Exception => Fails<X>(Drop(coroutine));

    internal static Coroutine<X> Fails<X>(Coroutine<(Transport, Tape)> coroutine)
        where X : Exception => Fails<X>(Drop(coroutine));

    internal static async Coroutine Drop<T>(Coroutine<T> coroutine) => await coroutine;

    private sealed class Echoing : Tape
    {
        public override void DataReceived(ReadOnlySpan<byte> data)
        {
            base.DataReceived(data);
            Transport.Write(data);
        }
    }
}
