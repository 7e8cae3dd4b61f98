using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Asyncio.Conformance;

internal static partial class Streams
{
    private static readonly string Certificate = Path.Combine(Oracle.Folder, "certificate.pem");

    private static SslServerAuthenticationOptions TlsOfTheServer() => new() { ServerCertificate = X509Certificate2.CreateFromPemFile(Certificate) };

    private static SslClientAuthenticationOptions TlsOfTheClient() => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(Certificate) },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    private static Coroutine<Server> StartSecured(Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> handler) =>
        Aio.StartServer(handler, "127.0.0.1", 0, ssl: TlsOfTheServer());

    private static Coroutine<(AsyncStreamReader Reader, AsyncStreamWriter Writer)> OpenSecured(
        Server server, string name = "localhost", SslClientAuthenticationOptions? ssl = null) =>
        Aio.OpenConnection("127.0.0.1", PortOf(server), ssl ?? TlsOfTheClient(), serverHostname: name);

    /// <summary>The client's side of the servers below.</summary>
    private static async Coroutine Converse(Trace trace, AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        writer.Write("hello\n");
        trace(await Attempt(reader.ReadLineAsync()));
        trace($"can end writing {writer.CanWriteEof}");
    }

    private static async Coroutine Echo(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        await foreach (var line in reader.ReadTextLinesAsync())
        {
            writer.Write(line.ToUpperInvariant() + "\n");
        }

        await writer.CloseAsync();
    }

    [Scenario]
    public static async Coroutine SecuredFromTheBeginning(Trace trace)
    {
        await using var server = await StartSecured(Echo);
        var (reader, writer) = await OpenSecured(server);
        await Converse(trace, reader, writer);
        writer.Close();
        trace(await Attempt(writer.WaitClosedAsync()));
        trace(await Attempt(reader.ReadAsync()));
    }

    [Scenario]
    public static async Coroutine UpgradedOnTheWay(Trace trace)
    {
        async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            trace($"server: {Show(await reader.ReadLineAsync())}");
            writer.Write("go ahead\n");
            await writer.StartTlsAsync(TlsOfTheServer());
            await Echo(reader, writer);
        }

        await using var server = await Aio.StartServer(Serve, "127.0.0.1", 0);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", PortOf(server));
        trace($"can end writing {writer.CanWriteEof}");
        writer.Write("start\n");
        trace(await Attempt(reader.ReadLineAsync()));
        await writer.StartTlsAsync(TlsOfTheClient(), serverHostname: "localhost");
        await Converse(trace, reader, writer);
        await End(writer);
    }

    /// <summary>Serves nobody.</summary>
    private static async Coroutine Ignore(AsyncStreamReader reader, AsyncStreamWriter writer) => writer.Close();

    [Scenario]
    public static async Coroutine CertificateOfAnother(Trace trace)
    {
        await using var server = await StartSecured(Ignore);
        trace(await Attempt(async () => _ = await OpenSecured(server, "example.org")));
    }

    [Scenario]
    public static async Coroutine CertificateThatNobodyVouchesFor(Trace trace)
    {
        await using var server = await StartSecured(Ignore);
        trace(await Attempt(async () => _ = await OpenSecured(server, ssl: new SslClientAuthenticationOptions())));
    }

    [Scenario]
    public static async Coroutine SecuredEndOfThePeerCloses(Trace trace)
    {
        async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            writer.Write("bye");
            await writer.CloseAsync();
        }

        await using var server = await StartSecured(Serve);
        var (reader, writer) = await OpenSecured(server);
        trace(await Attempt(reader.ReadAsync()));
        await Until(() => writer.IsClosing);
        trace(await Attempt(writer.WaitClosedAsync()));
    }

    [Scenario]
    public static async Coroutine SecuredWritingCannotEndAlone(Trace trace)
    {
        await using var server = await StartSecured(Echo);
        var (reader, writer) = await OpenSecured(server);
        trace(ErrorOf(writer.WriteEof));
        await Converse(trace, reader, writer);
        await End(writer);
    }

    [Scenario]
    public static async Coroutine SecuredFlowControl(Trace trace)
    {
        async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            trace($"server: {(await reader.ReadExactlyAsync(Big)).Length} bytes");
            writer.Write("thanks");
            await writer.CloseAsync();
        }

        await using var server = await StartSecured(Serve);
        var (reader, writer) = await OpenSecured(server);
        writer.Write(new byte[Big]);
        await writer.DrainAsync();
        trace(await Attempt(reader.ReadAsync()));
        await End(writer);
    }

    [Scenario]
    public static async Coroutine SecuredPeerThatAborts(Trace trace)
    {
        static async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            await reader.ReadLineAsync();
            writer.Transport.Abort();
        }

        await using var server = await StartSecured(Serve);
        var (reader, writer) = await OpenSecured(server);
        writer.Write("hello\n");
        trace(await Attempt(reader.ReadAsync()));
        await Until(() => writer.IsClosing);
        trace(await Attempt(writer.WaitClosedAsync()));
    }

    [Scenario]
    public static async Coroutine AbortedSecuredWriter(Trace trace)
    {
        var heard = new List<string>();

        async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            heard.Add(Show(await reader.ReadLineAsync()));
            heard.Add(await Attempt(reader.ReadAsync()));
            writer.Close();
        }

        await using (var server = await StartSecured(Serve))
        {
            var (reader, writer) = await OpenSecured(server);
            writer.Write("hello\n");
            await Until(() => heard.Count > 0);
            writer.Transport.Abort();
            trace($"closing {writer.IsClosing}");
            trace(await Attempt(writer.WaitClosedAsync()));
            trace(await Attempt(reader.ReadAsync()));
        }

        trace($"server: {string.Join(", ", heard)}");
    }

    [Scenario]
    public static async Coroutine WhatASecuredWriterKnows(Trace trace)
    {
        await using var server = await StartSecured(Echo);
        var (reader, writer) = await OpenSecured(server);
        trace($"peername {server.Sockets[0].LocalEndPoint!.Equals(writer.GetExtraInfo("peername"))}");
        trace($"secured {writer.GetExtraInfo("sslobject") is not null}, certificate {writer.GetExtraInfo("peercert") is not null}");
        trace($"nothing {Show(writer.GetExtraInfo("nothing"))}");
        await Converse(trace, reader, writer);
        await End(writer);
    }

    [Scenario]
    public static async Coroutine SecuredTransportIsPaused(Trace trace)
    {
        static async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            writer.Write(new string('a', 21));
            await Echo(reader, writer);
        }

        await using var server = await StartSecured(Serve);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", PortOf(server), TlsOfTheClient(), serverHostname: "localhost", limit: 10);
        await Until(() => !writer.Transport.IsReading);
        trace(await Attempt(reader.ReadExactlyAsync(11)));
        trace($"reading {writer.Transport.IsReading}");
        trace(await Attempt(reader.ReadExactlyAsync(10)));
        await Converse(trace, reader, writer);
        await End(writer);
    }

    private const string NoTls = "this is no TLS, whatever you say\nthis is no TLS, whatever you say\nthis is no TLS, whatever you say\n";

    [Scenario]
    public static async Coroutine HandshakeWithOneWhoSpeaksNoTls(Trace trace)
    {
        static async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            writer.Write(NoTls);
            writer.Close();
        }

        await using var server = await Aio.StartServer(Serve, "127.0.0.1", 0);
        try
        {
            await OpenSecured(server);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
        {
            trace("refused");
        }
    }

    [Scenario]
    public static async Coroutine ClientWhoSpeaksNoTls(Trace trace)
    {
        async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer) => trace("never");

        await using var server = await StartSecured(Serve);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", PortOf(server));
        writer.Write(NoTls);
        writer.WriteEof();
        try
        {
            await reader.ReadAsync();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
        }

        trace($"serving {server.IsServing}");
        await writer.DisposeAsync();
    }

    [Scenario]
    public static async Coroutine HandshakeThatTakesTooLong(Trace trace)
    {
        static async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            await reader.ReadAsync();
            writer.Close();
        }

        await using var server = await Aio.StartServer(Serve, "127.0.0.1", 0);
        trace(await Attempt(async () => _ = await Aio.OpenConnection(
            "127.0.0.1", PortOf(server), TlsOfTheClient(), "localhost", sslHandshakeTimeout: TimeSpan.FromSeconds(0.05))));
    }

    [Scenario]
    public static async Coroutine TimeoutsOfTlsMustBePositive(Trace trace)
    {
        await using var server = await StartSecured(Echo);
        foreach (var (handshake, shutdown) in ((int?, int?)[])[(0, null), (-1, null), (null, 0), (null, -1)])
        {
            trace(await Attempt(async () => _ = await Aio.OpenConnection(
                "127.0.0.1",
                PortOf(server),
                TlsOfTheClient(),
                "localhost",
                sslHandshakeTimeout: handshake is { } h ? TimeSpan.FromSeconds(h) : null,
                sslShutdownTimeout: shutdown is { } s ? TimeSpan.FromSeconds(s) : null)));
        }
    }

    [Scenario]
    public static async Coroutine UpgradeCancelled(Trace trace)
    {
        var heard = new List<byte[]>();

        async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            heard.Add(await reader.ReadAsync());
            writer.Close();
        }

        await using (var server = await Aio.StartServer(Serve, "127.0.0.1", 0))
        {
            var (_, writer) = await Aio.OpenConnection("127.0.0.1", PortOf(server));
            var task = Aio.CreateTask(writer.StartTlsAsync(TlsOfTheClient(), serverHostname: "localhost"));
            await Settle();
            task.Cancel();
            trace(await Attempt(task));
            await Until(() => writer.IsClosing);
            trace("closing");
        }

        trace($"server: {heard[0].Length > 0}");
    }
}
