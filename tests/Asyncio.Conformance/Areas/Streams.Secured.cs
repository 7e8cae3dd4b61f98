using System.Net.Security;
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
}
