namespace Asyncio;

/// <summary>What the next poll of a ring has to do first. One of the four.</summary>
internal readonly struct Postponed
{
    internal readonly IoRequest? Request;
    internal readonly int Result;
    internal readonly UringChannel? Channel;
    internal readonly int Slot;
    internal readonly FileRequest? File;

    internal Postponed(IoRequest request, int result)
    {
        Request = request;
        Result = result;
    }

    internal Postponed(UringChannel channel) => Channel = channel;

    internal Postponed(int slot) => Slot = slot;

    internal Postponed(FileRequest file) => File = file;
}
