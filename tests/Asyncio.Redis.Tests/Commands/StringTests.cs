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
}
