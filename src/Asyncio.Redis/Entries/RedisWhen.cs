namespace Asyncio.Redis;

/// <summary>Under which condition something is set.</summary>
public enum RedisWhen
{
    /// <summary>In any case.</summary>
    Always,

    /// <summary>Only if it does not exist (<c>NX</c>).</summary>
    NotExists,

    /// <summary>Only if it exists (<c>XX</c>).</summary>
    Exists,
}
