namespace Asyncio.Redis.Resp;

/// <summary>What came is no RESP3, or more than the limits allow.</summary>
internal sealed class RespFormatException(string message) : Exception(message);
