using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>A reactor with faults, polled by hand.</summary>
internal sealed class FaultRig : IDisposable
{
    private readonly Rig _rig;

    public FaultRig(ReactorKind kind, FaultPlan plan)
    {
        _rig = new Rig(kind);
        Reactor = new FaultReactor(_rig.Reactor, plan);
    }

    public FaultReactor Reactor { get; }

    public (Channel Channel, Socket Peer) Connect()
    {
        var (ours, theirs) = Transports.Stage.Pair();
        return (Reactor.Open(ours), _rig.Keep(theirs));
    }

    public Socket Listen() => _rig.Listen();

    public void Turn(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Reactor.Poll();
        }
    }

    public void Until(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 10_000, "It does not become so.");
            Reactor.Wait(0.003);
        }
    }

    public int Do(Channel channel, TestRequest request)
    {
        channel.Submit(request);
        Assert.Equal(0, request.Completions);
        return Finish(request);
    }

    public int Finish(TestRequest request)
    {
        Until(() => request.Completions > 0);
        return request.Result;
    }

    public void Dispose()
    {
        Reactor.Dispose();
        _rig.Dispose();
    }
}
