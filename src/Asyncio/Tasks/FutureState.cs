namespace Asyncio;

internal enum FutureState : byte
{
    Pending,
    Succeeded,
    Canceled,
    Faulted,
}
