namespace Asyncio.Files;

/// <summary>
/// The process's standard input. A thread of its own reads it, and only while somebody waits: what a cancelled reader had waited for is
/// kept for the next. The thread does not keep the process from ending.
/// </summary>
internal sealed class StandardInput : FileBackend
{
    internal static readonly StandardInput Instance = new();

    private readonly object _gate = new();
    private readonly byte[] _bytes = new byte[AsyncFile.DefaultBufferSize];
    private int _start;
    private int _end;
    private bool _ended;
    private Exception? _error;
    private InputLeaf? _waiter;
    private bool _started;

    internal override bool CanRead => true;

    internal override bool CanWrite => false;

    internal override bool CanSeek => false;

    internal override bool IsTerminal => !Console.IsInputRedirected;

    internal override bool MustBeClosed(int unwritten) => false;

    internal override Coroutine<int> Read(Memory<byte> buffer, long position) => new(new InputLeaf(this, buffer));

    internal override Coroutine<Written> Write(ReadOnlyMemory<byte> data, long position, bool mustRun) => throw new NotSupportedException();

    internal override Coroutine<long> GetLength() => throw new NotSupportedException();

    internal override long LengthNow() => throw new NotSupportedException();

    internal override Coroutine SetLength(long length) => throw new NotSupportedException();

    internal override Coroutine Flush(bool toDisk) => Coroutine.Completed;

    internal override Coroutine Close() => Coroutine.Completed; // it is the process's

    /// <summary>True: there is an outcome to take. False: the leaf is told when there is.</summary>
    private bool TryTake(InputLeaf leaf, Span<byte> buffer, out int count)
    {
        lock (_gate)
        {
            count = Math.Min(_end - _start, buffer.Length);
            _bytes.AsSpan(_start, count).CopyTo(buffer);
            _start += count;
            if (count > 0 || _ended)
            {
                _ended &= count > 0; // told once: a terminal goes on after its end
                return true;
            }

            if (_error is { } error)
            {
                _error = null;
                throw error;
            }

            _waiter = leaf;
            if (!_started)
            {
                _started = true;
                new Thread(Pump) { IsBackground = true, Name = "asyncio-stdin" }.UnsafeStart();
            }

            Monitor.Pulse(_gate);
            return false;
        }
    }

    private bool TryLeave(InputLeaf leaf)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_waiter, leaf))
            {
                return false;
            }

            _waiter = null;
            return true;
        }
    }

    private void Pump()
    {
        var input = Console.OpenStandardInput();
        while (true)
        {
            lock (_gate)
            {
                while (_waiter is null) // nobody waits while there is something to take: it is not overwritten
                {
                    Monitor.Wait(_gate);
                }
            }

            var count = 0;
            Exception? error = null;
            try
            {
                count = input.Read(_bytes); // outside the lock: there is nothing in them for anybody
            }
            catch (Exception e)
            {
                error = e;
            }

            Hand(count, error);
        }
    }

    private void Hand(int count, Exception? error)
    {
        InputLeaf? waiter;
        lock (_gate)
        {
            (_start, _end, _ended, _error) = (0, count, count == 0 && error is null, error);
            waiter = _waiter;
            _waiter = null;
        }

        waiter?.Notify();
    }

    private sealed class InputLeaf(StandardInput input, Memory<byte> buffer) : PatientLeaf<int>
    {
        internal override string Name => "reading standard input";

        internal void Notify()
        {
            var strand = Waiter!;
            strand.Loop.EnqueueFromAnywhere(strand, null);
        }

        protected override bool Begin(Strand strand) => input.TryTake(this, buffer.Span, out Result);

        protected override bool TryWithdraw(CancelledException? request) => input.TryLeave(this);

        protected override bool Resume(Strand strand)
        {
            if (Status == FrameStatus.Failed)
            {
                return true;
            }

            if (!input.TryTake(this, buffer.Span, out Result))
            {
                return false; // another loop's reader was faster
            }

            Status = FrameStatus.Succeeded;
            return true;
        }

        internal override void Release() => Renew(); // people type slowly: no pool
    }
}
