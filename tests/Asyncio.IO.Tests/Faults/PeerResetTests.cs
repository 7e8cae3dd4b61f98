using System.Text;
using Asyncio.IO.Tests.Streams;
using Asyncio.IO.Tests.Subprocesses;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>Real resets by the kernel, at every point of a conversation.</summary>
public class PeerResetTests
{
    /// <summary>After every byte: in the middle of a line, between two, when one side has ended its direction and when both have.</summary>
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_conversation_is_cut_after_any_byte(ReactorKind kind) => Cut(kind, step: 1, async port =>
    {
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", port);
        await using var _ = writer;
        return await Talk(reader, writer);
    });

    /// <summary>In the handshake, in a record, in the goodbye.</summary>
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_conversation_over_TLS_is_cut_anywhere(ReactorKind kind) => Cut(
        kind,
        step: 61,
        async port =>
        {
            var (reader, writer) = await Aio.OpenConnection("127.0.0.1", port, Certificates.ClientOptions, serverHostname: "localhost");
            await using var _ = writer;
            return await Talk(reader, writer);
        },
        isSecured: true);

    private static void Cut(ReactorKind kind, int step, Func<int, Coroutine<string>> talk, bool isSecured = false)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        _ = Scene.Descriptors(); // its first use starts a child, which needs a thread without a loop
        Stage.Run(kind, () => CutAnywhere(step, talk, isSecured));
    }

    private static async Coroutine CutAnywhere(int step, Func<int, Coroutine<string>> talk, bool isSecured)
    {
        var heard = new StringBuilder();
        await using var server = await Aio.StartServer(
            Scenario.Serving(Answer), "127.0.0.1", 0, ssl: isSecured ? Certificates.ServerOptions : null);
        using var cutter = new Cutter(StreamConnectionTests.Port(server)) { After = int.MaxValue };
        Assert.Equal("ONE TWO THREE ", await talk(cutter.Port)); // what is made once stays
        await Settle(cutter);
        var whole = cutter.Passed;
        var before = Scene.Descriptors().Length;
        var (failed, complete) = (0, 0);
        for (var after = 0; after < whole; after += step)
        {
            heard.Clear();
            cutter.After = after;
            try
            {
                await talk(cutter.Port);
                complete++; // what is cut is the end, which tells nothing new
            }
            catch (Exception e) when (Scenario.IsExpected(e))
            {
                failed++;
            }

            Assert.StartsWith(heard.ToString(), "one two three ");
            await Stage.Until(() => Aio.AllTasks().Count == 1 && Scene.Descriptors().Length <= before);
        }

        Assert.True(failed > complete, $"{failed} failed, {complete} did not");

        async Coroutine Answer(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            await foreach (var line in reader.ReadTextLinesAsync())
            {
                heard.Append(line);
                writer.Write($"{line.ToUpperInvariant()}\n");
                await writer.DrainAsync();
            }
        }
    }

    private static async Coroutine Settle(Cutter cutter)
    {
        var passed = -1;
        while (passed != cutter.Passed)
        {
            passed = cutter.Passed;
            await Aio.Sleep(0.05);
        }
    }

    private static async Coroutine<string> Talk(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        var heard = "";
        foreach (var word in new[] { "one ", "two ", "three " })
        {
            writer.Write($"{word}\n");
            await writer.DrainAsync();
            heard += Encoding.UTF8.GetString(await reader.ReadUntilAsync()).TrimEnd('\n');
        }

        if (writer.CanWriteEof)
        {
            writer.WriteEof();
            Assert.Empty(await reader.ReadAsync());
        }

        await writer.CloseAsync();
        return heard;
    }
}
