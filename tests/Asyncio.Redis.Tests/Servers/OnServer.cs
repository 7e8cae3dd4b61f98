using Asyncio.LowLevel;

namespace Asyncio.Redis.Tests.Servers;

/// <summary>Tests with a client of the shared server and a key that is nobody else's, nor is any that begins with it.</summary>
internal static class OnServer
{
    private static int s_keys;

    public static void Run(ReactorKind kind, Func<RedisClient, string, Coroutine> test)
    {
        var server = RedisServer.Shared;
        Stage.Run(kind, () => With(server, test));
    }

    public static void Run(Func<RedisClient, string, Coroutine> test)
    {
        var server = RedisServer.Shared;
        Stage.Run(() => With(server, test));
    }

    private static async Coroutine With(RedisServer server, Func<RedisClient, string, Coroutine> test)
    {
        await using var redis = new RedisClient(server.Url);
        await test(redis, $"test:{Interlocked.Increment(ref s_keys)}:");
    }
}
