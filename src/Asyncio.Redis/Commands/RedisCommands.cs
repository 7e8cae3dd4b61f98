using Asyncio.Redis.Connections;
using Asyncio.Redis.Resp;
using Asyncio.Redis.Transactions;

namespace Asyncio.Redis;

/// <summary>
/// The commands, the same on a client, on a connection of one's own and in a transaction. Each method is a command, named as in redis-py; what is
/// not here, <see cref="ExecuteAsync"/> sends.
/// </summary>
/// <remarks>
/// <para>
/// Each acts when it is awaited (or made a task), suspends until the reply is there, and belongs to the loop that first used the client: no other
/// thread may call it. Commands of one iteration of the loop, from however many tasks, are sent with one write.
/// </para>
/// <para>
/// Cancelled, also by <see cref="Aio.Timeout(double)"/>, a command is no longer waited for; if it was sent, the server runs it all the same. The connection stays in step.
/// </para>
/// <para>
/// Each throws <see cref="RedisServerException"/> if the server refuses it, <see cref="RedisConnectionException"/> if there is no server or the connection
/// was lost, <see cref="RedisReplyException"/> if the server is none that this client knows, and <see cref="ArgumentNullException"/>, at the call, for a null
/// argument. Durations are seconds.
/// </para>
/// </remarks>
public abstract partial class RedisCommands
{
    private protected RedisCommands()
    {
    }

    /// <summary>
    /// Sends any command: <c>await redis.ExecuteAsync("OBJECT", "ENCODING", "key")</c>. One that waits in the server gets a connection of its own; one that changes
    /// its connection (<c>SELECT</c>, <c>WATCH</c>) needs <see cref="RedisClient.AcquireAsync"/>; subscriptions are <see cref="RedisClient.SubscribeAsync"/>.
    /// </summary>
    /// <param name="command">The first word.</param>
    /// <param name="arguments">All others.</param>
    /// <returns>The reply as it came.</returns>
    /// <exception cref="ArgumentException">It is no command, or one that cannot be executed like this.</exception>
    public Coroutine<RedisReply> ExecuteAsync(string command, params ReadOnlySpan<RedisValue> arguments) => RunAny(CommandPolicy.ToRequest(command, arguments));

    private protected abstract Coroutine<RedisReply> RunAny(Request request);

    /// <summary>For commands that wait in the server, for so many seconds.</summary>
    private protected abstract Coroutine<T> RunBlocking<T>(Request request, Func<RedisReply, T> convert, double seconds);

    /// <summary>The connection to send on, if it takes commands at once.</summary>
    private protected abstract Link? ReadyLink { get; }

    /// <summary>The connection to send on, waiting for it if need be.</summary>
    /// <param name="command">Who wants it, for messages.</param>
    private protected abstract Coroutine<Link> LinkAsync(string command);

    /// <summary>Where commands are noted instead of sent.</summary>
    private protected virtual CommandRecorder? Recorder => null;

    private protected Coroutine<T> Run<T>(Request request, Func<RedisReply, T> convert) => Recorder is { } recorder ? recorder.Record(request, convert) : Send(request, convert);

    /// <summary>For commands that are answered with OK.</summary>
    private protected Coroutine Run(Request request)
    {
        if (Recorder is not { } recorder)
        {
            return Send(request);
        }

        recorder.Record(request, Reply.Ok);
        return default;
    }

    private async Coroutine<T> Send<T>(Request request, Func<RedisReply, T> convert)
    {
        var link = ReadyLink ?? await LinkAsync(request.ToString());
        return await link.Send(request, convert);
    }

    private async Coroutine Send(Request request) => await Send(request, Reply.Ok);

    // ---- arguments ------------------------------------------------------------------------------------------------

    private static Request Of(string name, RedisValue first, ReadOnlySpan<RedisValue> rest) => new(name, [first, .. rest]);

    private static Request OfSome(string name, ReadOnlySpan<RedisValue> all, string what = "keys") =>
        all.IsEmpty ? throw new ArgumentException($"{name} needs at least one argument.", what) : new Request(name, all.ToArray());

    private static Request OfSome(string name, RedisValue first, ReadOnlySpan<RedisValue> rest, string what) =>
        rest.IsEmpty ? throw new ArgumentException($"{name} needs at least one argument after the key.", what) : Of(name, first, rest);

    private static RedisValue[] Flatten(RedisValue[] head, IEnumerable<KeyValuePair<RedisValue, RedisValue>> pairs, string what)
    {
        ArgumentNullException.ThrowIfNull(pairs, what);
        List<RedisValue> words = [.. head];
        foreach (var (name, value) in pairs)
        {
            words.Add(name);
            words.Add(value);
        }

        return words.Count > head.Length ? [.. words] : throw new ArgumentException("At least one pair is needed.", what);
    }

    /// <summary>Whole milliseconds, at least one.</summary>
    private static long Milliseconds(double seconds, string what) =>
        seconds is > 0 and < 1e14 ? Math.Max(1, (long)Math.Round(seconds * 1000)) : throw new ArgumentOutOfRangeException(what, seconds, "A number of seconds above 0 is expected.");

    /// <summary>How long to wait, as the server takes it: 0 is for ever.</summary>
    private static double Wait(double seconds, string what) => double.IsPositiveInfinity(seconds)
        ? 0
        : seconds is > 0 and < 1e9 ? Math.Max(seconds, 0.001) : throw new ArgumentOutOfRangeException(what, seconds, "A number of seconds above 0 is expected; infinity waits for ever.");

    private static string? Word(RedisWhen when) => when switch
    {
        RedisWhen.Always => null,
        RedisWhen.NotExists => "NX",
        RedisWhen.Exists => "XX",
        _ => throw new ArgumentOutOfRangeException(nameof(when), when, "A RedisWhen is expected."),
    };
}
