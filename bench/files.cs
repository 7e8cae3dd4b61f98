// Random reads and writes of a file that is in memory: through io_uring, through the thread pool, and by blocking calls; interleaved. See README.md.
//
//   dotnet run bench/files.cs
//   dotnet run bench/files.cs -- --directory /dev/shm --rounds 5 --sizes 4096,65536,1048576

#:project ../src/Asyncio
#:property PublishAot=false
#:property Optimize=true

using System.Diagnostics;
using System.Globalization;
using Asyncio;
using Asyncio.Files;
using Asyncio.LowLevel;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (!Options.TryParse(args, out var options))
{
    return 2;
}

var path = Path.Combine(options.Directory, $"asyncio-bench-{Environment.ProcessId}");
try
{
    new Comparison(path, options).Run();
}
finally
{
    File.Delete(path);
}

return 0;

/// <summary>What the command line asks for.</summary>
sealed record Options(string Directory, int Rounds, int[] Sizes)
{
    private const string Usage = """
        Usage: dotnet run bench/files.cs -- [--directory FOLDER] [--rounds N] [--sizes 4096,65536,1048576]
          --directory  where the file is made: each file system has its own ways (default: the one for temporary files)
          --rounds     how often all of it is run; the table shows medians of the ratios of each round (default: 5)
          --sizes      bytes a read or a write
        """;

    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options(Path.GetTempPath(), Rounds: 5, [4096, 65_536, 1_048_576]);
        for (var i = 0; i < args.Length; i += 2)
        {
            var parsed = (args[i], args.ElementAtOrDefault(i + 1)) switch
            {
                ("--directory", { } folder) when System.IO.Directory.Exists(folder) => options with { Directory = folder },
                ("--rounds", { } text) when int.TryParse(text, out var rounds) && rounds > 0 => options with { Rounds = rounds },
                ("--sizes", { } text) when text.Split(',').All(size => int.TryParse(size, out var bytes) && bytes > 0) => options with { Sizes = [.. text.Split(',').Select(int.Parse)] },
                _ => null,
            };
            if (parsed is null)
            {
                Console.Error.WriteLine($"{args[i]} {args.ElementAtOrDefault(i + 1)}: not understood.\n{Usage}");
                return false;
            }

            options = parsed;
        }

        return true;
    }
}

/// <summary>Who reads and writes.</summary>
enum Way
{
    Ring,
    Threads,
    Blocking,
}

/// <summary>What an operation costs: time, and processor time of all threads, in microseconds.</summary>
sealed record Cost(double Time, double Processor);

sealed record Case(bool Writes, int Size, int Concurrent)
{
    public override string ToString() => $"{(Writes ? "write" : "read")} {Size}, {Concurrent} at once";
}

sealed class Comparison(string path, Options options)
{
    private const long Length = 64L << 20;

    public void Run()
    {
        Fill();
        Case[] cases = [.. from writes in new[] { false, true } from size in options.Sizes from concurrent in new[] { 1, 64 } select new Case(writes, size, concurrent)];
        var rounds = new List<Dictionary<(Case, Way), Cost>>();
        for (var round = 0; round <= options.Rounds; round++)
        {
            Console.Error.WriteLine(round == 0 ? "warming up" : $"round {round}");
            var costs = new Dictionary<(Case, Way), Cost>();
            foreach (var one in cases)
            {
                foreach (var way in Enum.GetValues<Way>())
                {
                    costs[(one, way)] = Measure(one, way);
                }
            }

            rounds.Add(costs);
        }

        rounds.RemoveAt(0);
        Console.WriteLine($"{"",-28}{"ring",10}{"threads",10}{"blocking",10}   ring is faster than threads, processor time less; slower than blocking");
        foreach (var one in cases)
        {
            Console.WriteLine($"{one,-28}{Median(c => c[(one, Way.Ring)].Time),7:F2} us{Median(c => c[(one, Way.Threads)].Time),7:F2} us{Median(c => c[(one, Way.Blocking)].Time),7:F2} us   "
                + $"{Median(c => c[(one, Way.Threads)].Time / c[(one, Way.Ring)].Time):F2}x, {Median(c => c[(one, Way.Threads)].Processor / c[(one, Way.Ring)].Processor):F2}x; "
                + $"{Median(c => c[(one, Way.Ring)].Time / c[(one, Way.Blocking)].Time):F2}x");
        }

        double Median(Func<Dictionary<(Case, Way), Cost>, double> value) => rounds.Select(value).Order().ElementAt(rounds.Count / 2);
    }

    private Cost Measure(Case one, Way way)
    {
        var operations = Math.Max(640, (int)Math.Min(32_000, (512L << 20) / one.Size) / 64 * 64);
        return way == Way.Blocking ? Block(one, operations) : OnLoop(one, way == Way.Ring ? ReactorKind.IoUring : ReactorKind.Epoll, operations);
    }

    private Cost OnLoop(Case one, ReactorKind kind, int operations)
    {
        using var loop = new EventLoop(new EventLoopOptions { Reactor = kind });
        return loop.RunUntilComplete(Main());

        async Coroutine<Cost> Main()
        {
            var files = new List<AsyncFile>();
            for (var i = 0; i < one.Concurrent; i++)
            {
                files.Add(await AsyncFile.OpenAsync(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0));
            }

            await Work(files[0], 100); // starts threads, makes the ring
            var watch = new Watch();
            await (one.Concurrent == 1 ? Work(files[0], operations) : All());
            var cost = watch.Stop(operations);
            foreach (var file in files)
            {
                await file.CloseAsync();
            }

            return cost;

            async Coroutine All() => await Aio.GatherAll(files.Select(file => Work(file, operations / files.Count)));
        }

        async Coroutine Work(AsyncFile file, int count)
        {
            var (buffer, dice) = (new byte[one.Size], new Random(1));
            for (var i = 0; i < count; i++)
            {
                await file.SeekAsync(dice.NextInt64(Length / one.Size) * one.Size);
                await (one.Writes ? file.WriteAsync(buffer) : Read());
            }

            async Coroutine Read()
            {
                if (await file.ReadAsync(buffer.AsMemory()) != buffer.Length)
                {
                    throw new InvalidOperationException("a part was read");
                }
            }
        }
    }

    private Cost Block(Case one, int operations)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var (buffer, dice) = (new byte[one.Size], new Random(1));
        var watch = new Watch();
        for (var i = 0; i < operations; i++)
        {
            var position = dice.NextInt64(Length / one.Size) * one.Size;
            if (one.Writes)
            {
                RandomAccess.Write(file, buffer, position);
            }
            else
            {
                RandomAccess.Read(file, buffer, position);
            }
        }

        return watch.Stop(operations);
    }

    private void Fill()
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var bytes = new byte[1 << 20];
        for (var position = 0L; position < Length; position += bytes.Length)
        {
            RandomAccess.Write(file, bytes, position);
        }

        RandomAccess.FlushToDisk(file);
    }

    private sealed class Watch
    {
        private readonly TimeSpan _processor = Environment.CpuUsage.TotalTime;
        private readonly long _start = Stopwatch.GetTimestamp();

        public Cost Stop(int operations) => new(
            Stopwatch.GetElapsedTime(_start).TotalMicroseconds / operations,
            (Environment.CpuUsage.TotalTime - _processor).TotalMicroseconds / operations);
    }
}
