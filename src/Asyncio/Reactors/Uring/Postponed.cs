namespace Asyncio;

/// <summary>What the next poll of a ring has to do first. One of the three.</summary>
internal readonly struct Postponed
{
    internal readonly IoRequest? Request;
    internal readonly int Result;
    internal readonly UringChannel? Channel;
    internal readonly int Slot;

    internal Postponed(IoRequest request, int result)
    {
        Request = request;
        Result = result;
    }

    internal Postponed(UringChannel channel) => Channel = channel;

    internal Postponed(int slot) => Slot = slot;
}
