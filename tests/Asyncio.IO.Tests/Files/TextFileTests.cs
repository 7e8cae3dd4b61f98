using System.Text;
using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

public class TextFileTests
{
    public static MatrixTheoryData<ReactorKind, string> Encodings => Each("utf-8", "utf-16", "utf-16BE", "utf-32", "iso-8859-1");

    [Theory, MemberData(nameof(Encodings))]
    public void Lines_are_those_of_a_StreamReader(ReactorKind kind, string name) => Run(kind, async directory =>
    {
        var encoding = Encoding.GetEncoding(name);
        var path = Path.Join(directory, "file");
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            var alphabet = name == "iso-8859-1" ? "ab\r\n\té" : "ab\r\n\té€😀";
            var runes = alphabet.EnumerateRunes().ToArray();
            var text = string.Concat(Enumerable.Range(0, random.Next(300)).Select(_ => runes[random.Next(runes.Length)].ToString()));
            File.WriteAllText(path, text, encoding);
            var expected = new List<string>();
            using (var reader = new StreamReader(path, encoding))
            {
                while (reader.ReadLine() is { } line)
                {
                    expected.Add(line);
                }
            }

            await using (var file = await AsyncTextFile.OpenAsync(path, encoding: encoding, bufferSize: random.Next(0, 20)))
            {
                var lines = new List<string>();
                await foreach (var line in file)
                {
                    lines.Add(line);
                }

                Assert.Equal(expected, lines);
                await file.SeekAsync(0);
                Assert.Equal(text, await file.ReadToEndAsync());
            }

            Assert.Equal(expected, await AsyncFile.ReadLinesAsync(path, encoding).ToListAsync());
        }
    });

    [Theory, MemberData(nameof(Encodings))]
    public void What_is_written_is_what_a_StreamWriter_writes(ReactorKind kind, string name) => Run(kind, async directory =>
    {
        var encoding = Encoding.GetEncoding(name);
        var (path, other) = (Path.Join(directory, "file"), Path.Join(directory, "other"));
        string[] parts = ["a", "é\n", "", "\ud83d", "", "\ude00", "last"];
        await using (var file = await AsyncTextFile.OpenAsync(path, FileMode.Create, encoding: encoding))
        {
            foreach (var part in parts)
            {
                await file.WriteAsync(part); // halves of a pair, too
            }

            await file.WriteLineAsync("line");
            await file.WriteLineAsync();
            await file.WriteLinesAsync(["x", "y"]);
        }

        using (var writer = new StreamWriter(other, append: false, encoding))
        {
            foreach (var part in parts)
            {
                writer.Write(part);
            }

            writer.WriteLine("line");
            writer.WriteLine();
            writer.WriteLine("x");
            writer.WriteLine("y");
        }

        Assert.Equal(File.ReadAllBytes(other), File.ReadAllBytes(path));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_byte_order_mark_decides_where_no_encoding_is_given(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, new UTF8Encoding(false) })
        {
            File.WriteAllText(path, "é€\nx", encoding);
            await using var file = await Aio.OpenTextFile(path);
            Assert.Equal("é€", await file.ReadLineAsync());
            Assert.Equal("x", await file.ReadLineAsync());
            Assert.Null(await file.ReadLineAsync());
        }
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Characters_are_counted(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        File.WriteAllText(path, "äöü\r\nxyz");
        await using var file = await AsyncTextFile.OpenAsync(path, bufferSize: 2);
        Assert.Equal("ä", await file.ReadAsync(1));
        Assert.Equal("öü", await file.ReadLineAsync());
        Assert.Equal("xy", await file.ReadAsync(2));
        Assert.Equal("z", await file.ReadAsync(10));
        Assert.Equal("", await file.ReadAsync(10));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Writing_where_it_was_read_ahead_is_refused_until_a_seek(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        File.WriteAllText(path, "one\ntwo\n");
        await using var file = await Aio.OpenTextFile(path, "r+");
        Assert.Equal("one", await file.ReadLineAsync());
        await Throws<InvalidOperationException>(() => file.WriteAsync("x"));
        await file.SeekAsync(0, SeekOrigin.End);
        await file.WriteAsync("three\n");
        await file.SeekAsync(4);
        Assert.Equal("two", await file.ReadLineAsync());
        Assert.Equal("three", await file.ReadLineAsync());
        Assert.Null(await file.ReadLineAsync());
        await file.WriteAsync("four");
        await file.FlushAsync();
        Assert.Equal("one\ntwo\nthree\nfour", File.ReadAllText(path));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void The_whole_file_helpers_do_as_NETs(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        await AsyncFile.WriteAllTextAsync(path, "é");
        await AsyncFile.AppendAllTextAsync(path, "\n");
        await AsyncFile.AppendAllLinesAsync(path, ["a", "b"]);
        await AsyncFile.AppendAllBytesAsync(path, "c"u8.ToArray());
        Assert.Equal("é\na\nb\nc", await AsyncFile.ReadAllTextAsync(path));
        Assert.Equal(["é", "a", "b", "c"], await AsyncFile.ReadAllLinesAsync(path));
        await AsyncFile.WriteAllLinesAsync(path, ["x"], Encoding.Unicode);
        Assert.Equal(File.ReadAllBytes(path), await AsyncFile.ReadAllBytesAsync(path));
        Assert.Equal("x" + Environment.NewLine, File.ReadAllText(path));
        await AsyncFile.WriteAllBytesAsync(path, new byte[3]);
        Assert.Equal(3, (await AsyncFile.GetStatusAsync(path)).Length);
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void An_enumeration_goes_through_the_interface_too(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        File.WriteAllText(path, "a\nb");
        IAsyncEnumerable<string> lines = AsyncFile.ReadLinesAsync(path);
        var read = new List<string>();
        await foreach (var line in lines)
        {
            read.Add(line);
            Assert.Equal(1, OpenIn(directory));
        }

        Assert.Equal(["a", "b"], read);
        Assert.Equal(0, OpenIn(directory));
        await foreach (var line in lines)
        {
            break;
        }

        Assert.Equal(0, OpenIn(directory));
    });
}
