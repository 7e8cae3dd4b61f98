using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

// Scripts.
public abstract partial class RedisCommands
{
    /// <summary>Runs a script by its hash; the script itself is sent only if the server does not know it. Redis: <c>EVALSHA</c>, <c>EVAL</c>.</summary>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its <c>KEYS</c>.</param>
    /// <param name="arguments">Its <c>ARGV</c>.</param>
    /// <returns>What it returns.</returns>
    /// <exception cref="RedisServerException">It failed.</exception>
    public Coroutine<RedisReply> EvalAsync(RedisScript script, ReadOnlySpan<RedisValue> keys = default, params ReadOnlySpan<RedisValue> arguments)
    {
        ArgumentNullException.ThrowIfNull(script);
        return RunScript(script, [keys.Length, .. keys, .. arguments]);
    }

    /// <summary>Gives the server a script without running it. Redis: <c>SCRIPT LOAD</c>.</summary>
    /// <returns>Its hash.</returns>
    public Coroutine<string> ScriptLoadAsync(RedisScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        return Run(new Request("SCRIPT", "LOAD", script.Text), Reply.SomeText);
    }

    /// <summary>Of each, whether the server knows it. Redis: <c>SCRIPT EXISTS</c>.</summary>
    public Coroutine<bool[]> ScriptExistsAsync(params ReadOnlySpan<RedisScript> scripts)
    {
        var words = new RedisValue[scripts.Length + 1];
        words[0] = "EXISTS";
        for (var i = 0; i < scripts.Length; i++)
        {
            words[i + 1] = scripts[i].Hash;
        }

        return Run(new Request("SCRIPT", words), Reply.Flags);
    }

    /// <summary>Lets the server forget all scripts. Redis: <c>SCRIPT FLUSH</c>.</summary>
    public Coroutine ScriptFlushAsync() => Run(new Request("SCRIPT", "FLUSH"));

    /// <param name="words">The number of keys, keys and arguments.</param>
    private protected virtual async Coroutine<RedisReply> RunScript(RedisScript script, RedisValue[] words)
    {
        try
        {
            return await Run(new Request("EVALSHA", [script.Hash, .. words]), Reply.Raw);
        }
        catch (RedisNoScriptException)
        {
            return await Run(new Request("EVAL", [script.Text, .. words]), Reply.Raw);
        }
    }
}
