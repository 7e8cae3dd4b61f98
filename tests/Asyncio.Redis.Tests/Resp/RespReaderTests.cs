using System.Text;
using Asyncio.Redis.Resp;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Asyncio.Redis.Tests.Resp;

/// <summary>The parser alone: every kind of reply, cut anywhere; garbage; limits.</summary>
public class RespReaderTests
{
    [Theory]
    [InlineData("+OK\r\n", "SimpleString(OK)\nidle")]
    [InlineData("+\r\n", "SimpleString()\nidle")]
    [InlineData("-ERR no\r\n", "Error(ERR no)\nidle")]
    [InlineData(":-42\r\n:+7\r\n", "Integer(-42)\nInteger(7)\nidle")]
    [InlineData(":9223372036854775807\r\n:-9223372036854775808\r\n", "Integer(9223372036854775807)\nInteger(-9223372036854775808)\nidle")]
    [InlineData("$3\r\na\r\n\r\n", "BulkString(a\r\n)\nidle")]
    [InlineData("$0\r\n\r\n", "BulkString()\nidle")]
    [InlineData("$-1\r\n*-1\r\n_\r\n", "Null()\nNull()\nNull()\nidle")]
    [InlineData("#t\r\n#f\r\n", "Boolean(1)\nBoolean(0)\nidle")]
    [InlineData(",1.5\r\n,inf\r\n,-inf\r\n,nan\r\n,1e3\r\n", "Double(1.5)\nDouble(inf)\nDouble(-inf)\nDouble(NaN)\nDouble(1000)\nidle")]
    [InlineData("(123456789012345678901234567890\r\n", "BigNumber(123456789012345678901234567890)\nidle")]
    [InlineData("=7\r\ntxt:abc\r\n", "VerbatimString(abc)\nidle")]
    [InlineData("!6\r\nERR no\r\n", "Error(ERR no)\nidle")]
    [InlineData("*2\r\n:1\r\n*1\r\n$1\r\na\r\n", "Array[Integer(1) Array[BulkString(a) ] ]\nidle")]
    [InlineData("*0\r\n~0\r\n%0\r\n", "Array[]\nSet[]\nMap[]\nidle")]
    [InlineData("%1\r\n+k\r\n~1\r\n#t\r\n", "Map[SimpleString(k) Set[Boolean(1) ] ]\nidle")]
    [InlineData(">2\r\n+message\r\n$1\r\na\r\n", "Push[SimpleString(message) BulkString(a) ]\nidle")]
    [InlineData("|1\r\n+ttl\r\n:3\r\n:5\r\n", "Integer(5)\nidle")]
    [InlineData("*2\r\n|1\r\n+ttl\r\n:3\r\n:5\r\n|0\r\n:6\r\n", "Array[Integer(5) Integer(6) ]\nidle")]
    [InlineData("*2\r\n:1\r\n", "open")]
    [InlineData("|1\r\n+a\r\n+b\r\n", "open")]
    [InlineData("$5\r\nabc", "open")]
    public void Replies_are_read(string bytes, string expected)
    {
        Assert.Equal(expected, RespText.Read(bytes));
        for (var size = 1; size < bytes.Length; size++)
        {
            Assert.Equal(expected, RespText.Read(Encoding.Latin1.GetBytes(bytes), _ => size));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("\0")]
    [InlineData("\r\n")]
    [InlineData("+OK\n")]
    [InlineData(":\r\n")]
    [InlineData(":1 \r\n")]
    [InlineData(":9223372036854775808\r\n")]
    [InlineData(":-9223372036854775809\r\n")]
    [InlineData(":99999999999999999999\r\n")]
    [InlineData("$\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$?\r\n")]
    [InlineData("*?\r\n")]
    [InlineData("%-1\r\n")]
    [InlineData("$3\r\nabcd\r\n")]
    [InlineData("$3\r\nabc\n\r")]
    [InlineData("#x\r\n")]
    [InlineData("_x\r\n")]
    [InlineData(",one\r\n")]
    [InlineData("(12a\r\n")]
    [InlineData("=3\r\nabc\r\n")]
    [InlineData("*1\r\n>1\r\n+a\r\n")]
    [InlineData("$99999999999\r\n")]
    [InlineData("$2000000\r\n")]
    [InlineData("*400000\r\n")]
    [InlineData("%200000\r\n")]
    [InlineData("*9223372036854775807\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n")]
    public void What_is_no_reply_is_refused_as_soon_as_that_is_known(string bytes)
    {
        Assert.Equal("refused", RespText.Read(bytes));
        for (var size = 1; size < bytes.Length; size++)
        {
            Assert.Equal("refused", RespText.Read(Encoding.Latin1.GetBytes(bytes), _ => size));
        }
    }

    [Fact]
    public void All_that_a_reply_contains_counts_against_its_limit()
    {
        var many = "*1000\r\n" + string.Concat(Enumerable.Repeat("$10\r\n0123456789\r\n", 1000));
        var bytes = Encoding.Latin1.GetBytes(many);
        Assert.EndsWith("refused", RespText.Read(bytes, _ => 999, maxLength: bytes.Length - 1));
        Assert.EndsWith("idle", RespText.Read([.. bytes, .. bytes], _ => 999, maxLength: bytes.Length));
    }

    [Fact]
    public void A_line_without_end_is_refused()
    {
        var line = Encoding.Latin1.GetBytes("+" + new string('a', 100_000));
        Assert.Equal("refused", RespText.Read(line, _ => 1000));
    }

    [Fact]
    public void What_is_announced_costs_nothing_before_it_comes()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal("open", RespText.Read("*100000000\r\n$900000000\r\nabc"u8.ToArray(), _ => int.MaxValue, maxLength: 1L << 30));
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 200_000);
    }

    [Fact]
    public void Whole_numbers_and_OK_cost_no_memory()
    {
        var reader = new RespReader(1024, 4);
        var bytes = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("+OK\r\n:12345\r\n_\r\n#t\r\n", 100)));
        ReadAll(reader, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = ReadAll(reader, bytes);
        Assert.Equal((0, 400), (GC.GetAllocatedBytesForCurrentThread() - before, count));
    }

    [Fact]
    public void Pieces_make_no_difference() => Prop.ForAll(Replies().ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (text, seed) =>
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var whole = RespText.Read(bytes, _ => int.MaxValue);
        var random = new Random(seed);
        return whole.EndsWith("idle") && whole == RespText.Read(bytes, _ => random.Next(1, 20)) && whole == RespText.Read(bytes, _ => 1);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_reply_that_is_cut_anywhere_is_open_and_nothing_else() => Prop.ForAll(Replies().ToArbitrary(), text =>
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var whole = RespText.Read(bytes, _ => int.MaxValue).Split('\n')[..^1];
        for (var length = 0; length < bytes.Length; length++)
        {
            // At the end of a reply the reader is idle; else open. What it gave before is what the whole begins with.
            var lines = RespText.Read(bytes[..length], _ => int.MaxValue).Split('\n');
            if (lines[^1] == "refused" || lines.Length - 1 > whole.Length || !string.Join('\n', whole).StartsWith(string.Join('\n', lines[..^1]), StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_comes_is_read_or_refused() => Prop.ForAll(Damaged().ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (bytes, seed) =>
    {
        var random = new Random(seed);
        var whole = RespText.Read(bytes, _ => int.MaxValue, maxLength: 5000);
        var cut = RespText.Read(bytes, _ => random.Next(1, 8), maxLength: 5000);
        return whole == cut; // any other exception fails the property
    }).QuickCheckThrowOnFailure();

    private static int ReadAll(RespReader reader, ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (reader.TryRead(ref bytes, out _))
        {
            count++;
        }

        return count;
    }

    private static Gen<string> Replies() => Reply(3).ListOf().Where(list => list.Count > 0).Select(string.Concat);

    private static Gen<string> Reply(int depth)
    {
        var text = Gen.Elements("", "a", "\r\n", "$3\r\n", "hello", new string('x', 300));
        var scalars = Gen.OneOf(
            Gen.Choose(int.MinValue, int.MaxValue).Select(number => $":{number}\r\n"),
            text.Select(value => $"${value.Length}\r\n{value}\r\n"),
            text.Select(value => $"={value.Length + 4}\r\ntxt:{value}\r\n"),
            text.Select(value => $"!{value.Length}\r\n{value}\r\n"),
            Gen.Elements("+OK\r\n", "-ERR a\r\n", "_\r\n", "$-1\r\n", "*-1\r\n", "#t\r\n", ",1.25\r\n", "(99\r\n"));
        if (depth == 0)
        {
            return scalars;
        }

        var several = Reply(depth - 1).ListOf();
        return Gen.Frequency(
            (4, scalars),
            (1, several.Select(items => $"*{items.Count}\r\n{string.Concat(items)}")),
            (1, several.Select(items => $"~{items.Count}\r\n{string.Concat(items)}")),
            (1, several.Select(items => $"%{items.Count}\r\n{string.Concat(items.Select(item => $"+k\r\n{item}"))}")),
            (1, Reply(depth - 1).Select(item => $"|1\r\n+k\r\n:1\r\n{item}")));
    }

    /// <summary>Replies with some bytes changed, removed and put in.</summary>
    private static Gen<byte[]> Damaged() =>
        from text in Replies()
        from changes in Gen.Choose(0, 3)
        from seed in Gen.Choose(0, int.MaxValue)
        select Damage(Encoding.Latin1.GetBytes(text), changes, new Random(seed));

    private static byte[] Damage(byte[] bytes, int changes, Random random)
    {
        List<byte> result = [.. bytes];
        const string Likely = "+:$-*%_#,(~>=!|0123456789\r\n";
        for (var i = 0; i < changes && result.Count > 0; i++)
        {
            var at = random.Next(result.Count);
            switch (random.Next(3))
            {
                case 0:
                    result[at] = (byte)Likely[random.Next(Likely.Length)];
                    break;
                case 1:
                    result.RemoveAt(at);
                    break;
                default:
                    result.Insert(at, random.Next(2) == 0 ? (byte)random.Next(256) : (byte)Likely[random.Next(Likely.Length)]);
                    break;
            }
        }

        return [.. result];
    }
}
