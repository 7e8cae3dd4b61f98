using Asyncio.Redis.Connections;
using Asyncio.Redis.Resp;

namespace Asyncio.Redis.Transactions;

/// <summary>Takes note of commands instead of sending them. The coroutines it gives are none.</summary>
internal sealed class CommandRecorder : RedisCommands
{
    public List<(Request Request, IQueuedReply Result)> Commands { get; } = [];

    private protected override CommandRecorder Recorder => this;

    private protected override Link? ReadyLink => null;

    public Coroutine<T> Record<T>(Request request, Func<RedisReply, T> convert)
    {
        Commands.Add((request, new RedisQueued<T>(request.ToString(), convert)));
        return default;
    }

    private protected override Coroutine<Link> LinkAsync(string command) => throw new InvalidOperationException("A transaction sends nothing before it is executed.");

    // In a transaction nothing waits: the server answers at once, with nothing if there is nothing.
    private protected override Coroutine<T> RunBlocking<T>(Request request, Func<RedisReply, T> convert, double seconds) => Run(request, convert);

    // The server cannot be asked in between whether it knows the script.
    private protected override Coroutine<RedisReply> RunScript(RedisScript script, RedisValue[] words) => Run(new Request("EVAL", [script.Text, .. words]), Reply.Raw);

    private protected override Coroutine<RedisReply> RunAny(Request request) => CommandPolicy.IsStateful(request)
        ? throw new ArgumentException($"{request.Name} has no place in a transaction.")
        : Run(request, Reply.Raw);
}
