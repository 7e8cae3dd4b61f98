using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

/// <summary>Operations of all sizes, cancelled at any time: the file holds what was reported as written, to the byte.</summary>
public class StormTests
{
    public static MatrixTheoryData<ReactorKind, FileMode, int> Ways => new(
        [ReactorKind.IoUring, ReactorKind.Epoll, ReactorKind.Portable],
        [FileMode.Create, FileMode.Append],
        [0, 3_000, 64 * 1024]);

    [Theory, MemberData(nameof(Ways))]
    public void What_was_reported_as_written_is_there(ReactorKind kind, FileMode mode, int bufferSize) => Run(kind, async directory =>
    {
        var dice = new Random(bufferSize + (int)mode);
        var path = Path.Join(directory, "file");
        var expected = new MemoryStream();
        var (cancelled, done) = (0, 0);
        await using (var file = await AsyncFile.OpenAsync(path, mode, bufferSize: bufferSize))
        {
            for (var n = 0; n < 400; n++)
            {
                var data = Bytes(dice.Next(4) == 0 ? dice.Next(600_000) : dice.Next(5_000), seed: n);
                var written = false;
                var task = Aio.CreateTask(Write());
                await Disturb(dice, task);
                _ = await IsCancelled(task) ? cancelled++ : done++;
                if (written)
                {
                    expected.Write(data);
                }

                Assert.Equal(expected.Length, file.Position);

                async Coroutine Write()
                {
                    await file.WriteAsync(data);
                    written = true;
                    if (n % 5 == 0)
                    {
                        await file.FlushAsync(toDisk: n % 50 == 0);
                    }

                    await Aio.Sleep(0);
                }
            }
        }

        Assert.InRange(cancelled, 20, 400);
        Assert.Equal(expected.ToArray(), File.ReadAllBytes(path));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void What_was_reported_as_read_is_what_stood_there(ReactorKind kind) => Run(kind, async directory =>
    {
        var dice = new Random(8);
        var path = Path.Join(directory, "file");
        var content = Bytes(3_000_000);
        File.WriteAllBytes(path, content);
        await using var file = await AsyncFile.OpenAsync(path, bufferSize: 5_000);
        for (var n = 0; n < 600; n++)
        {
            if (file.Position > 2_000_000)
            {
                await file.SeekAsync(0);
            }

            var begin = (int)file.Position;
            byte[] read = [];
            var task = Aio.CreateTask(Read(dice.Next(3), dice.Next(3) == 0 ? dice.Next(700_000) : dice.Next(2_000)));
            await Disturb(dice, task);
            await IsCancelled(task);
            Assert.Equal(begin + read.Length, file.Position);
            Assert.Equal(content[begin..(begin + read.Length)], read);

            async Coroutine Read(int how, int count)
            {
                var buffer = new byte[count];
                read = how switch
                {
                    0 => await file.ReadAsync(count),
                    1 => await file.ReadLineAsync(),
                    _ => buffer[..await file.ReadAsync(buffer.AsMemory())],
                };
            }
        }
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Many_files_at_once_lose_and_mix_nothing(ReactorKind kind) => Run(kind, async directory =>
    {
        var dice = new Random(9);
        var tasks = Enumerable.Range(0, 40).Select(n => Aio.CreateTask(Use(n))).ToArray();
        for (var n = 0; n < 60; n++)
        {
            await Aio.Sleep(dice.NextDouble() * 0.002);
            tasks[dice.Next(tasks.Length)].Cancel();
        }

        foreach (var task in tasks)
        {
            await IsCancelled(task);
        }

        Assert.Equal(0, OpenIn(directory));

        async Coroutine Use(int n)
        {
            var path = Path.Join(directory, $"{n}");
            var written = 0;
            try
            {
                await using var file = await AsyncFile.OpenAsync(path, FileMode.CreateNew, bufferSize: n * 100);
                for (var round = 0; round < 50; round++)
                {
                    await file.WriteAsync(Bytes(1_000 * n, seed: round));
                    written++;
                    await file.SeekAsync(-1_000 * n, SeekOrigin.Current);
                    Assert.Equal(Bytes(1_000 * n, seed: round), await file.ReadExactlyAsync(1_000 * n));
                }
            }
            finally
            {
                Assert.Equal(Enumerable.Range(0, written).SelectMany(round => Bytes(1_000 * n, seed: round)), File.Exists(path) ? File.ReadAllBytes(path) : []);
            }
        }
    });

    /// <summary>Cancels it after a time of which nobody knows what it has got done.</summary>
    private static async Coroutine Disturb(Random dice, AsyncTask task)
    {
        for (var turns = dice.Next(8); turns > 0 && !task.IsCompleted; turns--)
        {
            await Aio.Sleep(dice.Next(4) == 0 ? 0.0002 : 0);
        }

        if (dice.Next(4) > 0)
        {
            task.Cancel();
            if (dice.Next(3) == 0)
            {
                await Aio.Sleep(0);
                task.Cancel("again");
            }
        }
    }
}
