namespace Asyncio;

/// <summary>When <see cref="Aio.Wait{TFuture}(IEnumerable{TFuture}, ReturnWhen)"/> returns. Asyncio's <c>FIRST_COMPLETED</c> and so on.</summary>
public enum ReturnWhen
{
    /// <summary>When all are done. Asyncio: <c>ALL_COMPLETED</c>.</summary>
    AllCompleted,

    /// <summary>When one is done, in whatever way. Asyncio: <c>FIRST_COMPLETED</c>.</summary>
    FirstCompleted,

    /// <summary>When one has failed (a cancelled one has not), else when all are done. Asyncio: <c>FIRST_EXCEPTION</c>.</summary>
    FirstException,
}
