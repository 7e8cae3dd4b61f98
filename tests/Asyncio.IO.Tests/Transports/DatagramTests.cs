using System.Net;
using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Transports;

public class DatagramTests
{
    private static readonly IPEndPoint Here = new(IPAddress.Loopback, 0);

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Two_endpoints_talk(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (server, heard) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), Here);
        var address = server.GetExtraInfo<IPEndPoint>("sockname")!;
        Assert.Null(server.GetExtraInfo("peername"));
        var (client, answers) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), remoteAddress: new DnsEndPoint("127.0.0.1", address.Port));
        Assert.Equal(address, client.GetExtraInfo("peername"));
        client.SendTo("one"u8);
        client.SendTo(default);
        client.SendTo("three"u8, address);
        Assert.Throws<ArgumentException>(() => client.SendTo("x"u8, new IPEndPoint(IPAddress.Loopback, 9)));
        Assert.Throws<ArgumentException>(() => server.SendTo("x"u8));
        await Stage.Until(() => heard.Texts.Count == 3);
        Assert.Equal(["one", "", "three"], heard.Texts);
        Assert.Equal(client.GetExtraInfo("sockname"), heard.Sender);
        for (var i = 0; i < 100; i++)
        {
            server.SendTo(System.Text.Encoding.ASCII.GetBytes($"{i}"), heard.Sender);
        }

        await Stage.Until(() => answers.Texts.Count == 100);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), answers.Texts);
        Assert.Equal(0, server.GetWriteBufferSize());
        client.SendTo("last"u8);
        client.Close();
        await answers.Lost();
        await Stage.Until(() => heard.Texts.Count == 4);
        server.Abort();
        await heard.Lost();
        Assert.Equal(["made", "lost"], heard.Events);
        client.SendTo("nothing"u8);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Errors_are_told_and_the_endpoint_goes_on(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (probe, told) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), Here);
        var address = probe.GetExtraInfo<IPEndPoint>("sockname")!;
        probe.Close();
        await told.Lost();
        var (client, tape) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), remoteAddress: address);
        client.SendTo("nobody is there"u8);
        await Stage.Until(() => tape.Events.Contains("error:SocketException"));
        client.SendTo(new byte[100_000]); // too long
        await Stage.Until(() => tape.Events.Count(text => text == "error:SocketException") >= 2);
        Assert.False(client.IsClosing);
        client.Close();
        await tape.Lost();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Addresses_are_checked(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await loop.CreateDatagramEndpoint(() => new DatagramTape()));
        var (free, tape) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), family: AddressFamily.InterNetwork);
        free.Close();
        await tape.Lost();
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await loop.CreateDatagramEndpoint(() => new DatagramTape(), Here, new IPEndPoint(IPAddress.IPv6Loopback, 5)));
        var (first, told) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), Here);
        var error = await Assert.ThrowsAsync<SocketException>(
            async () => await loop.CreateDatagramEndpoint(() => new DatagramTape(), first.GetExtraInfo<IPEndPoint>("sockname")));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        first.Close();
        await told.Lost();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Unix_datagrams(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var folder = Directory.CreateTempSubdirectory();
        var path = Path.Combine(folder.FullName, "d");
        var (server, heard) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), new UnixDomainSocketEndPoint(path));
        var (client, tape) = await loop.CreateDatagramEndpoint(
            () => new DatagramTape(), new UnixDomainSocketEndPoint(path + "2"), new UnixDomainSocketEndPoint(path));
        client.SendTo("unix"u8);
        await Stage.Until(() => heard.Texts.Count == 1);
        server.SendTo("back"u8, heard.Sender);
        await Stage.Until(() => tape.Texts.Count == 1);
        client.Close();
        server.Close();
        await tape.Lost();
        await heard.Lost();
        folder.Delete(recursive: true);
    });
}
