using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>OpenBSD's netcat at the other end: as client and as server, over TCP, UDP and sockets of this machine. It knows how to end one direction only.</summary>
public class NetcatTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void It_is_a_client_that_ends_its_direction_and_still_hears_the_answer(ReactorKind kind) => Run(kind, async nc =>
    {
        await using var server = await Aio.StartServer(Reverse, "127.0.0.1", 0);
        await using var client = await Start(nc, "-N", "127.0.0.1", $"{StreamConnectionTests.Port(server)}");
        Assert.Equal("!olleh", await Talk(client, "hello!"));
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void It_is_a_server_that_ends_its_direction_first(ReactorKind kind) => Run(kind, async nc =>
    {
        var port = ForeignPeerTests.FreePort();
        await using var server = await Start(nc, "-l", "-N", "127.0.0.1", $"{port}");
        var talking = Aio.CreateTask(Talk(server, "its greeting"));
        await Answer(await ForeignPeerTests.Connect(() => Aio.OpenConnection("127.0.0.1", port)), "its greeting", "our answer");
        Assert.Equal("our answer", await talking);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Much_goes_through_it_both_ways(ReactorKind kind) => Run(kind, async nc =>
    {
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0);
        await using var client = await Start(nc, "-N", "127.0.0.1", $"{StreamConnectionTests.Port(server)}");
        var data = new byte[2_000_000];
        new Random(1).NextBytes(data);
        var (output, _) = await client.CommunicateAsync(data);
        Assert.Equal(data, output);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void It_talks_over_sockets_of_this_machine(ReactorKind kind) => Run(kind, async nc =>
    {
        var path = Path.Combine(Path.GetTempPath(), $"asyncio-{Guid.NewGuid():N}.sock");
        await using (await Aio.StartUnixServer(Reverse, path))
        {
            await using var client = await Start(nc, "-N", "-U", path);
            Assert.Equal("!olleh", await Talk(client, "hello!"));
        }

        await using var server = await Start(nc, "-l", "-N", "-U", path);
        var talking = Aio.CreateTask(Talk(server, "its greeting"));
        await Stage.Until(() => File.Exists(path));
        await Answer(await ForeignPeerTests.Connect(() => Aio.OpenUnixConnection(path)), "its greeting", "our answer");
        Assert.Equal("our answer", await talking);
        File.Delete(path);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void It_sends_and_receives_datagrams(ReactorKind kind) => Run(kind, async nc =>
    {
        var loop = Aio.GetRunningLoop();
        var (endpoint, heard) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), new IPEndPoint(IPAddress.Loopback, 0));
        await using var client = await Start(nc, "-u", "127.0.0.1", $"{endpoint.GetExtraInfo<IPEndPoint>("sockname")!.Port}");
        client.Stdin!.Write("question\n"u8);
        await Stage.Until(() => heard.Texts.Count == 1);
        Assert.Equal(["question\n"], heard.Texts);
        endpoint.SendTo("answer\n"u8, heard.Sender);
        Assert.Equal("answer", await client.Stdout!.ReadTextLineAsync());
        endpoint.Close();

        var port = ForeignPeerTests.FreePort();
        await using var server = await Start(nc, "-u", "-l", "127.0.0.1", $"{port}");
        (endpoint, heard) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), remoteAddress: new IPEndPoint(IPAddress.Loopback, port));
        var listening = Aio.CreateTask(server.Stdout!.ReadTextLineAsync());
        while (!listening.IsCompleted)
        {
            endpoint.SendTo("anybody there?\n"u8); // refused until it listens
            await Aio.Wait([listening], 0.05);
        }

        Assert.Equal("anybody there?", await listening);
        server.Stdin!.Write("yes\n"u8);
        await Stage.Until(() => heard.Texts.Count > 0);
        Assert.Equal("yes\n", heard.Texts[0]);
        endpoint.Close();
    });

    private static void Run(ReactorKind kind, Func<string, Coroutine> test)
    {
        var nc = ForeignPeerTests.Find("nc");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Subprocesses need Linux.");
        using var help = Process.Start(new ProcessStartInfo(nc, ["-h"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var text = help.StandardError.ReadToEnd() + help.StandardOutput.ReadToEnd();
        Assert.SkipUnless(text.Contains("OpenBSD netcat", StringComparison.Ordinal), "The nc of this machine is another one than OpenBSD's (in Debian: netcat-openbsd).");
        Stage.Run(kind, () => test(nc));
    }

    private static Coroutine<Subprocess> Start(string nc, params string[] arguments) =>
        Aio.CreateSubprocessExec(nc, arguments, stdin: StdioTarget.Pipe, stdout: StdioTarget.Pipe);

    /// <summary>Has it send the text and end its direction; gives what it has heard, when it has ended.</summary>
    private static async Coroutine<string> Talk(Subprocess nc, string text)
    {
        var (output, _) = await nc.CommunicateAsync(Encoding.UTF8.GetBytes(text));
        Assert.Equal(0, await nc.WaitAsync());
        return Encoding.UTF8.GetString(output!);
    }

    private static async Coroutine Reverse(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        var text = await reader.ReadAsync();
        writer.Write(text.AsEnumerable().Reverse().ToArray());
        await writer.CloseAsync();
    }

    private static async Coroutine Answer((AsyncStreamReader Reader, AsyncStreamWriter Writer) streams, string expected, string answer)
    {
        var (reader, writer) = streams;
        Assert.Equal(expected, Encoding.UTF8.GetString(await reader.ReadAsync()));
        Assert.False(writer.IsClosing); // this direction goes on
        writer.Write(answer);
        await writer.CloseAsync();
    }
}
