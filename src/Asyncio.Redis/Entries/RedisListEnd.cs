namespace Asyncio.Redis;

/// <summary>An end of a list.</summary>
public enum RedisListEnd
{
    /// <summary>Where <c>LPUSH</c> and <c>LPOP</c> work: index 0.</summary>
    Left,

    /// <summary>Where <c>RPUSH</c> and <c>RPOP</c> work: index -1.</summary>
    Right,
}
