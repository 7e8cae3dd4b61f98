using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Asyncio.Redis;

/// <summary>A script in Lua: <c>static readonly RedisScript Add = new("return redis.call('INCRBY', KEYS[1], ARGV[1])")</c>. To be kept: it knows its hash.</summary>
/// <remarks>Never changes; any thread may use it.</remarks>
public sealed class RedisScript
{
    /// <summary>A script.</summary>
    /// <param name="text">Lua; its keys are in <c>KEYS</c>, its arguments in <c>ARGV</c>.</param>
    [SuppressMessage("Security", "CA5350", Justification = "Redis names scripts so; nothing is secret here.")]
    public RedisScript(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        Text = text;
        Hash = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The script.</summary>
    public string Text { get; }

    /// <summary>How the server names it: SHA-1, in hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>The hash.</summary>
    public override string ToString() => $"script {Hash}";
}
