using System.Net.Sockets;
using System.Runtime.InteropServices;
using Asyncio.LowLevel;

namespace Asyncio.IO.Tests.Faults;

/// <summary>Stands between a loop and its reactor and lets happen what seldom does: whatever the contract allows, by a plan.</summary>
internal sealed class FaultReactor(Reactor inner, FaultPlan plan) : Reactor
{
    private readonly HashSet<FaultChannel> _channels = [];
    private List<(int Due, Action Tell)> _later = [];
    private List<(int Due, Action Tell)> _spare = [];
    private int _polls;
    private bool _disposed;

    public FaultPlan Plan => plan;

    /// <summary>How much is held back.</summary>
    public int Held => _later.Count;

    internal override ReactorKind Kind => inner.Kind;

    internal override int Active => inner.Active + _later.Count;

    internal override void Poll()
    {
        inner.Poll();
        TellDue();
    }

    internal override void Wait(double seconds)
    {
        inner.Wait(_later.Count > 0 || plan.WakesForNothing() ? 0 : seconds);
        TellDue();
    }

    internal override void Wake() => inner.Wake();

    internal override void Leave() => inner.Leave();

    internal override Channel Open(Socket socket) => Add(inner.Open(socket));

    internal override Channel Open(SafeHandle handle) => Add(inner.Open(handle));

    public override void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var channel in _channels.ToArray())
        {
            channel.Close();
        }

        TellAll();
        inner.Dispose();
        TellAll();
    }

    public void Forget(FaultChannel channel) => _channels.Remove(channel);

    /// <summary>To be told in the next poll, or so many later.</summary>
    public void Later(Action tell, int polls = 0) => _later.Add((_polls + 1 + polls, tell));

    private FaultChannel Add(Channel channel)
    {
        var faulty = new FaultChannel(this, channel);
        _channels.Add(faulty);
        return faulty;
    }

    // What it leads to is for the next poll.
    private void TellDue()
    {
        _polls++;
        (_later, _spare) = (_spare, _later);
        foreach (var each in _spare)
        {
            if (each.Due <= _polls)
            {
                each.Tell();
            }
            else
            {
                _later.Add(each);
            }
        }

        _spare.Clear();
    }

    private void TellAll()
    {
        while (_later.Count > 0)
        {
            TellDue();
        }
    }
}
