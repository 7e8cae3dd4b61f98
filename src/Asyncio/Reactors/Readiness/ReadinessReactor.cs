using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>
/// What the reactors have in common whose system tells when a channel is ready, not when an operation is done: the operations are
/// then made here, on the loop's thread, and need no buffer before.
/// </summary>
internal abstract class ReadinessReactor : Reactor
{
    /// <summary>Also the most that one channel receives before the others have their turn.</summary>
    private const int ScratchSize = 64 * 1024;

    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(ScratchSize, pinned: true);
    private readonly CompletionQueue _completed = new();
    private List<ReadinessChannel> _turns = [];
    private List<ReadinessChannel> _spareTurns = [];
    private int _active;

    internal sealed override int Active => _active;

    /// <summary>What receivers are told from: one for all channels, because it is empty again before the next receives.</summary>
    internal Span<byte> Scratch => MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(_scratch), ScratchSize);

    internal ChannelTable Channels { get; } = new();

    /// <summary>There is something to tell without asking the system.</summary>
    protected bool HasLocalWork => _completed.Count > 0 || _turns.Count > 0;

    /// <summary>A request, a receiver or an acceptor has begun.</summary>
    internal void Begin() => _active++;

    /// <summary>A receiver or an acceptor has ended. A request ends when it is told so.</summary>
    internal void End() => _active--;

    internal void Complete(IoRequest request, int result) => _completed.Enqueue(request, result);

    /// <summary>The channel's receiver or acceptor can go on, in this poll or the next.</summary>
    internal void GiveTurn(ReadinessChannel channel) => _turns.Add(channel);

    /// <summary>Only what is there now: what it leads to waits for the next poll, so that this one ends.</summary>
    protected void TellLocalWork()
    {
        if (_turns.Count > 0)
        {
            TakeTurns();
        }

        for (var count = _completed.Count; count > 0; count--)
        {
            _active--;
            _completed.Dequeue(out var result).OnCompleted(result);
        }
    }

    private void TakeTurns()
    {
        (_turns, _spareTurns) = (_spareTurns, _turns);
        foreach (var channel in _spareTurns)
        {
            channel.TakeTurn();
        }

        _spareTurns.Clear();
    }

    public override void Dispose()
    {
        Channels.CloseAll();

        // Whoever is told may submit again; on a closed channel that ends at once.
        while (_completed.Count > 0)
        {
            TellLocalWork();
        }
    }
}
