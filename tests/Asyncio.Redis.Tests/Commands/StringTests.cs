using Asyncio.LowLevel;
using Asyncio.Redis.Tests.Servers;
using Xunit;

namespace Asyncio.Redis.Tests.Commands;

/// <summary>Strings and keys, against a real server.</summary>
public class StringTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Values_come_back_as_they_were(ReactorKind kind) => OnServer.Run(kind, async (redis, key) =>
    {
        Assert.True(await redis.SetAsync(key, "grün"));
        Assert.Equal("grün", (string?)await redis.GetAsync(key));
        Assert.Equal("gr\u00fcn"u8.ToArray(), (byte[]?)await redis.GetAsync(key));
        Assert.Equal(5, await redis.StrLenAsync(key));
        Assert.True((await redis.GetAsync(key + ":none")).IsNull);
        byte[] bytes = [0, 13, 10, 255, 36];
        await redis.SetAsync(key, bytes);
        Assert.Equal(bytes, (byte[]?)await redis.GetAsync(key));
        await redis.SetAsync(key, "");
        Assert.Equal("", (string?)await redis.GetAsync(key));
        await redis.SetAsync(key, 0.1);
        Assert.Equal(0.1, (double)await redis.GetAsync(key));
        await redis.SetAsync(key, long.MinValue);
        Assert.Equal(long.MinValue, (long)await redis.GetAsync(key));
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Values_may_be_large(ReactorKind kind) => OnServer.Run(kind, async (redis, key) =>
    {
        var value = new byte[5_000_000];
        new Random(1).NextBytes(value);
        var others = Aio.GatherAll(Enumerable.Range(0, 50).Select(i => redis.EchoAsync(i)));
        var (_, echoed) = await Aio.Gather(redis.SetAsync(key, value), others);
        Assert.Equal(Enumerable.Range(0, 50), echoed.Select(each => (int)each));
        Assert.Equal(value, (byte[]?)await redis.GetAsync(key));
        await redis.SetAsync(key, new ReadOnlyMemory<byte>(value, 10, 100_000));
        Assert.Equal(value[10..100_010], (byte[]?)await redis.GetAsync(key));
        Assert.Equal(value[10..12], (byte[]?)await redis.GetRangeAsync(key, 0, 1));
    });

    [Fact]
    public void Values_compare_and_convert()
    {
        RedisValue text = "12", bytes = "12"u8.ToArray(), number = 12, real = 12.0;
        Assert.True(text == bytes && bytes == number && number == real && text.GetHashCode() == real.GetHashCode());
        Assert.True(text == "12" && "12" == bytes && number != "13" && number == 12 && text != RedisValue.Null);
        Assert.True(RedisValue.Null.IsNull && RedisValue.Null == default && (string?)RedisValue.Null is null && (byte[]?)RedisValue.Null is null);
        Assert.Equal((12L, 12, 12.0), ((long)bytes, (int)text, (double)bytes));
        Assert.Equal(double.NegativeInfinity, (double)(RedisValue)"-inf");
        Assert.Equal("inf", ((RedisValue)double.PositiveInfinity).ToString());
        Assert.Equal("1E+300", ((RedisValue)1e300).ToString());
        Assert.True((bool)(RedisValue)true);
        Assert.Equal("12", $"{real}");
        Assert.Contains("\"x\" is not a whole number", Assert.Throws<InvalidCastException>(() => (long)(RedisValue)"x").Message);
        Assert.Contains("Null is not a number", Assert.Throws<InvalidCastException>(() => (double)RedisValue.Null).Message);
        Assert.Throws<InvalidCastException>(() => (int)(RedisValue)long.MaxValue);
        Assert.Throws<InvalidCastException>(() => (bool)(RedisValue)2);
        Assert.False(((RedisValue)1e30).TryGetInt64(out _));
        ReadOnlyMemory<byte> part = "abcdef"u8.ToArray().AsMemory(1, 3);
        Assert.Equal(("bcd", 3), (((RedisValue)part).ToString(), ((RedisValue)part).Memory.Length));
    }
}
