using System.Globalization;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>CPython is the oracle: its reader went through random sequences, see <c>Oracle/reader_sequences.py</c>; this one does the same.</summary>
public class ReaderSequenceTests
{
    /// <summary>Reads into the caller's memory follow the same rules as those that give an array.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Does_what_CPython_does(bool intoMemory)
    {
        var sequences = Load();
        Assert.True(sequences.Count >= 500, $"{sequences.Count} sequences");
        foreach (var sequence in sequences)
        {
            Stage.Run(() => Replay(sequence, intoMemory));
        }
    }

    private static async Coroutine Replay(IReadOnlyList<string> lines, bool intoMemory)
    {
        var limit = int.Parse(lines[0].Split(' ')[2], CultureInfo.InvariantCulture);
        var transport = new PausableTransport();
        var reader = new AsyncStreamReader(limit);
        reader.SetTransport(transport);
        AsyncTask<string>? task = null;
        var masked = false; // where CPython shows no number either
        var direct = false; // what has come is in the caller's memory already
        for (var i = 1; i < lines.Count; i++)
        {
            var words = lines[i].Split(' ');
            switch (words[0])
            {
                case "feed":
                    reader.FeedData(Convert.FromHexString(words[1]));
                    break;
                case "eof":
                    reader.FeedEof();
                    break;
                case "fail":
                    masked = true;
                    reader.SetException(new IOException("reset"));
                    break;
                case "cancel":
                    task!.Cancel();
                    break;
                case "->":
                    await Stage.Spin();
                    var waits = task is { IsCompleted: false };
                    var buffered = masked || (waits && words[^3] == "-") ? "-" : waits && direct ? words[^3] : $"{reader.Buffered}";
                    var paused = intoMemory || words[^1] == "-" ? words[^1] : transport.IsPaused ? "1" : "0"; // what goes straight into memory does not fill the buffer
                    var seen = $"-> {Standing(task)} | {buffered} {(reader.AtEof ? 1 : 0)} {paused}";
                    Assert.True(seen == lines[i], $"{lines[0]}, line {i}: CPython {lines[i]}, here {seen}\n{string.Join('\n', lines.Take(i + 1))}");
                    task = task is { IsCompleted: true } ? null : task;
                    break;
                default:
                    direct = intoMemory && words[0] is "some" or "exactly";
                    task = Aio.CreateTask(Outcome(() => Read(reader, words, intoMemory), isLine: words[0] == "line"));
                    break;
            }
        }

        task?.Cancel();
    }

    private static string Standing(AsyncTask<string>? task) => task switch
    {
        null => "none",
        { IsCanceled: true } => "cancelled", // before it began
        { IsCompleted: true } => task.Result(),
        _ => "pending",
    };

    private static Coroutine<byte[]> Read(AsyncStreamReader reader, string[] words, bool intoMemory)
    {
        return words[0] switch
        {
            "some" => intoMemory ? Some() : reader.ReadAsync(Count()),
            "all" => reader.ReadAsync(),
            "exactly" => intoMemory ? Exactly() : reader.ReadExactlyAsync(Count()),
            "line" => reader.ReadLineAsync(),
            "until" when words.Length == 2 => reader.ReadUntilAsync(Convert.FromHexString(words[1])),
            "until" => reader.ReadUntilAsync(words[1..].Select(Convert.FromHexString).ToArray()),
            _ => throw new InvalidDataException(words[0]),
        };

        int Count() => int.Parse(words[1], CultureInfo.InvariantCulture);

        async Coroutine<byte[]> Some()
        {
            var buffer = new byte[Count()];
            return buffer[..await reader.ReadAsync(buffer)];
        }

        async Coroutine<byte[]> Exactly()
        {
            var buffer = new byte[Count()];
            await reader.ReadExactlyAsync(buffer.AsMemory());
            return buffer;
        }
    }

    private static async Coroutine<string> Outcome(Func<Coroutine<byte[]>> read, bool isLine)
    {
        try
        {
            return $"result {Hex(await read())}";
        }
        catch (CancelledException)
        {
            return "cancelled";
        }
        catch (IncompleteReadException e)
        {
            return $"incomplete {Hex(e.Partial)} {e.Expected?.ToString(CultureInfo.InvariantCulture) ?? "none"}";
        }
        catch (LimitOverrunException e)
        {
            return isLine ? "line too long" : $"overrun {e.Consumed}";
        }
        catch (IOException e)
        {
            return $"error {e.Message}";
        }
    }

    private static string Hex(byte[] data) => Convert.ToHexStringLower(data);

    private static List<List<string>> Load()
    {
        var sequences = new List<List<string>>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Oracle", "reader_sequences.txt")))
        {
            if (line.StartsWith("sequence", StringComparison.Ordinal))
            {
                sequences.Add([]);
            }

            sequences[^1].Add(line);
        }

        return sequences;
    }
}
