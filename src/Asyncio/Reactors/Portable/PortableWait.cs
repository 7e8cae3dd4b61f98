using System.Net.Sockets;

namespace Asyncio;

/// <summary>One asynchronous operation of .NET's that tells when a channel can go on. It is used again and again.</summary>
/// <remarks>It flows no execution context: whatever it leads to runs on the loop, in the context of whoever waits there.</remarks>
internal sealed class PortableWait(PortableReactor reactor, PortableChannel channel) : SocketAsyncEventArgs(true), IPortableEnd
{
    internal PortableChannel Channel => channel;

    internal bool IsUnderWay { get; private set; }

    /// <param name="begin">Gives false if it has ended at once.</param>
    internal void Begin(Func<PortableWait, bool> begin)
    {
        IsUnderWay = true;
        try
        {
            if (!begin(this))
            {
                reactor.Arrive(this);
            }
        }
        catch
        {
            IsUnderWay = false;
            throw;
        }
    }

    void IPortableEnd.End()
    {
        IsUnderWay = false;
        channel.OnWaitEnded(this);
    }

    /// <summary>On some thread of .NET's.</summary>
    protected override void OnCompleted(SocketAsyncEventArgs e) => reactor.Arrive(this);
}
