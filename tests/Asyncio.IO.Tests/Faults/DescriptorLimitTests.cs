using System.Globalization;
using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Subprocesses;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>A server has more clients than it may have descriptors: a program of its own, since it is a limit of the whole process.</summary>
public class DescriptorLimitTests
{
    private const int Spare = 60;
    private const int Clients = 90;
    private const string Failed = "Accepting a connection has failed; it is tried again in a second.\n";
    private const string Thread = "a thread has run\n";

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Accepting_pauses_and_resumes_and_nothing_spins(ReactorKind kind) => Scene.Run(kind, async () =>
    {
        await using var server = await Limited.Start("descriptors", $"{kind}", $"{Spare}");
        Assert.Equal("a thread has run", await server.Stdout!.ReadTextLineAsync()); // as a rehearsal
        var line = await server.Stdout.ReadTextLineAsync();
        Assert.True(int.TryParse(line, CultureInfo.InvariantCulture, out var port), line);
        var clients = new List<Socket>();
        try
        {
            for (var i = 0; i < Clients; i++)
            {
                var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                clients.Add(client);
                client.Connect("127.0.0.1", port); // the system accepts them, the server may not
                client.Send("hello\n"u8);
            }

            // It says so, waits, tries again in vain, and serves those that it has meanwhile.
            await Failure(server);
            var (cpu, time) = (Cpu(server.Pid), Aio.GetRunningLoop().Time());
            await Failure(server);
            Assert.True(Aio.GetRunningLoop().Time() - time > 0.5);
            Assert.InRange(Cpu(server.Pid) - cpu, 0, 0.5);
            await Scene.Eventually(() => Answered(clients) > 0, "some are served");
            Assert.InRange(Answered(clients), 1, Spare);

            // As they go, the others come.
            var served = 0;
            while (served < Clients)
            {
                await Scene.Eventually(() => Answered(clients) > 0, "others are served");
                foreach (var client in clients.Where(IsAnswered).ToArray())
                {
                    Assert.Equal(6, client.Receive(new byte[10]));
                    client.Dispose();
                    clients.Remove(client);
                    served++;
                }
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        var (rest, _) = await server.CommunicateAsync(); // the end of its input is its own
        Assert.Equal("", Scene.Text(rest).Replace(Failed + Thread, ""));
        Assert.Equal(0, await server.WaitAsync());
    });

    /// <summary>It cannot accept; what else it does it can.</summary>
    private static async Coroutine Failure(Subprocess server)
    {
        Assert.Equal(Failed, Scene.Text(await server.Stdout!.ReadLineAsync()));
        Assert.Equal(Thread, Scene.Text(await server.Stdout.ReadLineAsync()));
    }

    private static int Answered(List<Socket> clients) => clients.Count(IsAnswered);

    private static bool IsAnswered(Socket client) => client.Available >= 6;

    /// <summary>Seconds that the process has computed.</summary>
    private static double Cpu(int pid)
    {
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }
}
