using Asyncio.LowLevel;

namespace Asyncio;

// Input and output.
public sealed partial class EventLoop
{
    private readonly ReactorKind? _demandedReactor;
    private readonly Func<Reactor>? _reactorMaker;
    private bool _hasNoFileQueue;
    private Reactor? _reactor; // null until the first use: a program without input and output pays one test an iteration

    /// <summary>How it waits for input and output. If it has not done any yet, what that needs is made now.</summary>
    /// <exception cref="PlatformNotSupportedException">The kind that was demanded cannot be had on this system.</exception>
    /// <exception cref="InvalidOperationException">The loop is closed.</exception>
    public ReactorKind ReactorKind => Reactor.Kind;

    /// <summary>What it waits on; made at the first use. On the loop's thread.</summary>
    internal Reactor Reactor => _reactor ?? MakeReactor();

    private Reactor MakeReactor()
    {
        CheckClosed();
        return _reactor = _reactorMaker?.Invoke() ?? ReactorFactory.Create(_demandedReactor);
    }

    /// <summary>
    /// Where files are read and written without a thread; null where only threads can. A loop that has no reactor yet gets one for this if it
    /// is io_uring; another kind would be of no use to files.
    /// </summary>
    internal IFileQueue? FileQueue
    {
        get
        {
            if (_reactor is null && !_hasNoFileQueue)
            {
                CheckClosed();
                _reactor = _reactorMaker?.Invoke() ?? ReactorFactory.TryCreateForFiles(_demandedReactor);
                _hasNoFileQueue = _reactor is null;
            }

            return _reactor?.Files;
        }
    }

    private void CloseReactor()
    {
        _reactor?.Dispose();
        _reactor = null;
    }
}
