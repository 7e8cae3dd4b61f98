using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>A connection that is lost in the very last step of its handshake, when nobody above knows of it yet.</summary>
public class TlsLossTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_server_begins_nothing_on_a_lost_connection(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        Server? server = null;
        var handled = 0;
        var ssl = Certificates.ServerOptions;
        ssl.ClientCertificateRequired = true; // to be asked at the end of the handshake
        ssl.RemoteCertificateValidationCallback = (_, _, _, _) =>
        {
            server!.AbortClients();
            return true;
        };
        server = await Aio.StartServer(Handle, "127.0.0.1", 0, ssl: ssl);
        var lost = await Record.ExceptionAsync(async () =>
        {
            var (reader, writer) = await Aio.OpenConnection(
                "127.0.0.1", StreamConnectionTests.Port(server), Certificates.ClientOptions, serverHostname: "localhost");
            await using (writer)
            {
                await reader.ReadAsync();
            }
        });
        Assert.True(lost is null or IOException or SocketException, $"{lost}");
        await server.DisposeAsync();
        Assert.Equal(0, handled);

        async Coroutine Handle(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            handled++;
            await reader.ReadAsync();
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_client_is_told_of_the_loss(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(Upgrade, "127.0.0.1", 0);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        var raw = writer.Transport;
        var ssl = Certificates.ClientOptions;
        ssl.RemoteCertificateValidationCallback = (_, _, _, _) =>
        {
            raw.Abort();
            return true;
        };
        await Stage.Throws<SocketException>(async () => await writer.StartTlsAsync(ssl, serverHostname: "localhost"));
        Assert.Empty(await reader.ReadAsync());
        await writer.WaitClosedAsync();

        static async Coroutine Upgrade(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            try
            {
                await writer.StartTlsAsync(Certificates.ServerOptions);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // As expected.
            }

            await writer.DisposeAsync();
        }
    });
}
