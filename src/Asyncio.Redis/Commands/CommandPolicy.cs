using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

/// <summary>What commands do to the connection that they run on, so that none is sent where it would hurt others.</summary>
internal static class CommandPolicy
{
    /// <summary>They turn a connection into something else than a line of commands and replies.</summary>
    private static readonly HashSet<string> s_refused =
    [
        "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR", "SYNC", "PSYNC", "HELLO", "RESET", "QUIT",
    ];

    private static readonly HashSet<string> s_stateful = ["SELECT", "AUTH", "WATCH", "UNWATCH", "MULTI", "EXEC", "DISCARD", "READONLY", "READWRITE", "ASKING"];

    private static readonly HashSet<string> s_statefulClient = ["SETNAME", "TRACKING", "CACHING", "NO-EVICT", "NO-TOUCH", "SETINFO"];

    /// <summary>The request, once it is known that it can be sent at all.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static Request ToRequest(string command, ReadOnlySpan<RedisValue> arguments)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(command);
        if (command.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException($"\"{RedisText.Shorten(command)}\" is no command; a second word is an argument: ExecuteAsync(\"CONFIG\", \"GET\", …).", nameof(command));
        }

        var name = command.ToUpperInvariant();
        if (s_refused.Contains(name) || (name == "CLIENT" && IsWord(arguments, 0, "REPLY")))
        {
            throw new ArgumentException($"{name} cannot be executed: it changes what the connection is. {Advice(name)}", nameof(command));
        }

        return new Request(name, arguments.ToArray());
    }

    /// <summary>True if the server remembers it for the connection.</summary>
    public static bool IsStateful(Request request) =>
        s_stateful.Contains(request.Name)
        || (request.Name == "CLIENT" && request.Count > 0 && s_statefulClient.Contains(request[0].ToString().ToUpperInvariant()));

    /// <summary>True if the server may wait before it answers, for so many seconds.</summary>
    public static bool Blocks(Request request, out double seconds)
    {
        seconds = 0;
        switch (request.Name)
        {
            case "BLPOP" or "BRPOP" or "BZPOPMIN" or "BZPOPMAX" or "BRPOPLPUSH" or "BLMOVE":
                seconds = Seconds(request, request.Count - 1, unit: 1);
                return true;
            case "BLMPOP" or "BZMPOP":
                seconds = Seconds(request, 0, unit: 1);
                return true;
            case "WAIT" or "WAITAOF":
                seconds = Seconds(request, request.Count - 1, unit: 1000);
                return true;
            case "XREAD" or "XREADGROUP":
                for (var i = 0; i < request.Count - 1; i++)
                {
                    if (IsWord(request[i], "STREAMS"))
                    {
                        return false;
                    }

                    if (IsWord(request[i], "BLOCK"))
                    {
                        seconds = Seconds(request, i + 1, unit: 1000);
                        return true;
                    }
                }

                return false;
            default:
                return false;
        }
    }

    private static double Seconds(Request request, int index, double unit) =>
        index >= 0 && index < request.Count && request[index].TryGetDouble(out var number) && number > 0 ? number / unit : double.PositiveInfinity;

    private static bool IsWord(ReadOnlySpan<RedisValue> arguments, int index, string word) => index < arguments.Length && IsWord(arguments[index], word);

    private static bool IsWord(in RedisValue value, string word) => string.Equals(value.ToString(), word, StringComparison.OrdinalIgnoreCase);

    private static string Advice(string name) => name.EndsWith("SUBSCRIBE", StringComparison.Ordinal)
        ? $"Use {nameof(RedisClient)}.{nameof(RedisClient.SubscribeAsync)}."
        : $"{nameof(RedisOptions)} says how connections begin.";
}
