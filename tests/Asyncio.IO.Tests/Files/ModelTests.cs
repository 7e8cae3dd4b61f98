using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

/// <summary>
/// Several tasks use one file at once and are cancelled at random. Operations count in the order of their awaits; what was cancelled
/// has to have left no trace: the same operations, one after the other on memory, give the same results.
/// </summary>
public class ModelTests
{
    public static MatrixTheoryData<ReactorKind, int> Sizes => Each(0, 1, 16, 64, 1000);

    [Theory, MemberData(nameof(Sizes))]
    public void Concurrent_operations_are_those_of_a_model(ReactorKind kind, int bufferSize) => Run(kind, async directory =>
    {
        var random = new Random(bufferSize + 1);
        var path = Path.Join(directory, "file");
        for (var round = 0; round < 40; round++)
        {
            var log = new List<Entry>();
            await using (var file = await AsyncFile.OpenAsync(path, FileMode.Create, bufferSize: bufferSize))
            {
                var tasks = Enumerable.Range(0, 4).Select(_ => Aio.CreateTask(Use(file, log, random))).ToList();
                while (tasks.Exists(task => !task.IsCompleted))
                {
                    await Aio.Sleep(random.Next(3) == 0 ? 0.0001 : 0);
                    if (random.Next(20) == 0)
                    {
                        tasks[random.Next(tasks.Count)].Cancel();
                    }
                }

                foreach (var task in tasks)
                {
                    await IsCancelled(task);
                }
            }

            var model = new MemoryStream();
            foreach (var entry in log.Where(entry => entry.IsDone))
            {
                Assert.Equal(entry.Expected(model), entry.Result);
            }

            Assert.Equal(model.ToArray(), File.ReadAllBytes(path));
        }
    });

    private static async Coroutine Use(AsyncFile file, List<Entry> log, Random random)
    {
        for (var step = 0; step < 30; step++)
        {
            var entry = new Entry(random.Next(8), random.Next(100), random);
            log.Add(entry);
            entry.Result = await entry.Run(file);
            entry.IsDone = true;
        }
    }

    private sealed class Entry(int kind, int number, Random random)
    {
        private readonly byte[] _data = [.. Enumerable.Range(0, number).Select(_ => (byte)(random.Next(12) == 0 ? '\n' : random.Next(256)))];

        public bool IsDone { get; set; }

        public string? Result { get; set; }

        public async Coroutine<string> Run(AsyncFile file)
        {
            switch (kind)
            {
                case 0 or 1:
                    await file.WriteAsync(_data);
                    return "";
                case 2:
                    return Convert.ToHexString(await file.ReadAsync(number));
                case 3:
                    return Convert.ToHexString(await file.ReadLineAsync());
                case 4:
                    return (await file.SeekAsync(number * 3)).ToString();
                case 5:
                    await file.SetLengthAsync(number * 5);
                    return "";
                case 6:
                    return (await file.GetLengthAsync()).ToString();
                default:
                    await file.FlushAsync();
                    return "";
            }
        }

        public string Expected(MemoryStream model)
        {
            switch (kind)
            {
                case 0 or 1:
                    if (number > 0) // writing nothing beyond the end makes a MemoryStream longer, and no file
                    {
                        model.Write(_data);
                    }

                    return "";
                case 2:
                    var buffer = new byte[number];
                    return Convert.ToHexString(buffer.AsSpan(0, model.Read(buffer)));
                case 3:
                    var line = new List<byte>();
                    while (model.ReadByte() is var next && next >= 0)
                    {
                        line.Add((byte)next);
                        if (next == '\n')
                        {
                            break;
                        }
                    }

                    return Convert.ToHexString(line.ToArray());
                case 4:
                    return model.Seek(number * 3, SeekOrigin.Begin).ToString();
                case 5:
                    model.SetLength(number * 5);
                    return "";
                case 6:
                    return model.Length.ToString();
                default:
                    return "";
            }
        }
    }
}
