using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Asyncio.IO.Tests.Streams;
using Asyncio.IO.Tests.Subprocesses;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;
using Stage = Asyncio.IO.Tests.Streams.Stage;

namespace Asyncio.IO.Tests.Faults;

/// <summary>What the system or the peer refuses: the error says what it was, and no descriptor is left.</summary>
public class RefusalTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Ports_in_use(ReactorKind kind) => Run(kind, async loop =>
    {
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0);
        var port = StreamConnectionTests.Port(server);
        var error = await Refused(async () => await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", port));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Contains($"127.0.0.1:{port}", error.Message);

        var (datagrams, _) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), new IPEndPoint(IPAddress.Loopback, 0));
        var local = datagrams.GetExtraInfo<IPEndPoint>("sockname")!;
        error = await Refused(async () => await loop.CreateDatagramEndpoint(() => new DatagramTape(), local));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Contains($"{local}", error.Message);
        datagrams.Close();

        // As the local address of a client: the same port to the same target is taken.
        var (_, writer) = await Aio.OpenConnection("127.0.0.1", port);
        var taken = writer.GetExtraInfo<IPEndPoint>("sockname")!;
        error = await Refused(async () => await Aio.OpenConnection("127.0.0.1", port, localAddress: taken));
        Assert.True(error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable, error.ToString());
        await writer.DisposeAsync();
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Names_that_cannot_be_resolved(ReactorKind kind) => Run(kind, async loop =>
    {
        const string Nobody = "no-such-host.invalid";
        var endPoint = new DnsEndPoint(Nobody, 80);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Func<Coroutine>[] attempts =
        [
            async () => await Aio.OpenConnection(Nobody, 80),
            async () => await Aio.OpenConnection(Nobody, 443, ssl: true),
            async () => await Aio.OpenConnection("127.0.0.1", 80, localAddress: endPoint),
            async () => await Aio.StartServer(StreamConnectionTests.Echo, Nobody, 0),
            async () => await loop.CreateDatagramEndpoint(() => new DatagramTape(), remoteAddress: endPoint),
            async () => await loop.SockConnect(socket, endPoint),
            async () => await loop.GetAddrInfo(Nobody, 80),
        ];

        // All at once: where no server of names answers, each takes some seconds.
        foreach (var error in await Aio.GatherAll(attempts.Select(Refused)))
        {
            Assert.Contains(Nobody, error.Message);
            Assert.True(error.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData, error.ToString());
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Connections_that_nobody_accepts(ReactorKind kind) => Run(kind, async loop =>
    {
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var error = await Refused(async () => await Aio.OpenConnection("127.0.0.1", ((IPEndPoint)bound.LocalEndPoint!).Port));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        Assert.Contains($"{bound.LocalEndPoint}", error.Message);

        var path = Path.Combine(Path.GetTempPath(), $"asyncio-{Guid.NewGuid():N}.sock");
        error = await Refused(async () => await Aio.OpenUnixConnection(path));
        Assert.Equal(SocketError.AddressNotAvailable, error.SocketErrorCode);
        Assert.Contains(path, error.Message);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Certificates_that_do_not_match(ReactorKind kind)
    {
        using var late = Make("localhost", from: -20, to: -10);
        using var stranger = Make("localhost", from: -1, to: 1);
        Run(kind, async loop =>
        {
            await Refuses(Certificates.Server, Certificates.ClientOptions, "example.org", "RemoteCertificateNameMismatch");
            await Refuses(late, Trusting(late), "localhost", "NotTimeValid");
            await Refuses(stranger, Certificates.ClientOptions, "localhost", "errors in the certificate chain");
        });
    }

    private static async Coroutine Refuses(X509Certificate2 certificate, SslClientAuthenticationOptions options, string name, string reason)
    {
        var ended = 0;
        await using var server = await Aio.StartServer(Handle, "127.0.0.1", 0, ssl: new SslServerAuthenticationOptions { ServerCertificate = certificate });
        var port = StreamConnectionTests.Port(server);
        var error = await Assert.ThrowsAsync<AuthenticationException>(async () => await Aio.OpenConnection("127.0.0.1", port, options, serverHostname: name));
        Assert.Contains(reason, error.Message);
        await server.CloseAsync(20.0);
        Assert.InRange(ended, 0, 1);

        async Coroutine Handle(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            // With TLS 1.3 the server is done before the client looks at the certificate.
            await Scenario.Serving(async (from, _) => Assert.Empty(await from.ReadAsync()))(reader, writer);
            ended++;
        }
    }

    private static async Coroutine<SocketException> Refused(Func<Coroutine> attempt) => await Assert.ThrowsAsync<SocketException>(async () => await attempt());

    private static void Run(ReactorKind kind, Func<EventLoop, Coroutine> test)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        _ = Scene.Descriptors(); // its first use starts a child, which needs a thread without a loop
        Stage.Run(kind, async () =>
        {
            var loop = Aio.GetRunningLoop();
            await test(loop); // what is made once stays
            var before = Scene.Descriptors().Length;
            await test(loop);
            await Stage.Until(() =>
            {
                GC.Collect();
                return Scene.Descriptors().Length <= before;
            });
        });
    }

    private static X509Certificate2 Make(string name, int from, int to)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(to));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    private static SslClientAuthenticationOptions Trusting(X509Certificate2 certificate) => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { certificate },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };
}
