namespace Asyncio.Redis;

/// <summary>What a reply is, in the terms of RESP3.</summary>
public enum RedisReplyKind
{
    /// <summary>Nothing: the key, the field or the element is not there.</summary>
    Null,

    /// <summary>A short text, such as <c>OK</c>.</summary>
    SimpleString,

    /// <summary>Bytes of any length.</summary>
    BulkString,

    /// <summary>A text with a format, which <see cref="RedisReply"/> leaves out.</summary>
    VerbatimString,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>A floating-point number.</summary>
    Double,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number of any size.</summary>
    BigNumber,

    /// <summary>An error, as an element of another reply. A command that is answered with one throws <see cref="RedisServerException"/>.</summary>
    Error,

    /// <summary>Elements in order.</summary>
    Array,

    /// <summary>Elements, each once.</summary>
    Set,

    /// <summary>Pairs; the elements are key, value, key, value.</summary>
    Map,

    /// <summary>What the server sends unasked: messages of channels.</summary>
    Push,
}
