using Asyncio.Redis.Connections;

namespace Asyncio.Redis.Transactions;

/// <summary>The result of a command of a transaction, whatever its type.</summary>
internal interface IQueuedReply : IPendingReply
{
    Exception? Error { get; }

    /// <summary>It did not run, or its result is not known.</summary>
    void Refuse(Exception reason);
}
