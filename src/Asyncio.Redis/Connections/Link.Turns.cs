using Asyncio.Redis.Resp;

namespace Asyncio.Redis.Connections;

// What a burst of replies wakes goes in two turns, so that the server has the next commands of the first half while the second half is at work here.
internal sealed partial class Link
{
    private const int LeastTurn = 16;

    /// <summary>Iterations of the loop: those who were woken run, what they write is collected, it is sent.</summary>
    private const int TurnLength = 3;

    private readonly Action _continue;
    private byte[] _held = [];
    private int _heldLength;
    private int _hops;

    /// <summary>Reads what came, or half of it; the rest is kept for the next turn.</summary>
    private void Read(ReadOnlySpan<byte> data)
    {
        var turn = Math.Max(LeastTurn, _pending.Count / 2);
        while (_failure is null && _reader.TryRead(ref data, out var reply))
        {
            Deliver(reply);
            if (--turn == 0 && !data.IsEmpty)
            {
                Hold(data);
                _hops = TurnLength;
                _loop.CallSoon(_continue);
                return;
            }
        }
    }

    private void Hold(ReadOnlySpan<byte> data)
    {
        if (_heldLength + data.Length > _held.Length)
        {
            Array.Resize(ref _held, Math.Max(_heldLength + data.Length, 2 * _held.Length));
        }

        data.CopyTo(_held.AsSpan(_heldLength));
        _heldLength += data.Length;
    }

    private void OnTurn()
    {
        if (_failure is not null)
        {
            return;
        }

        if (--_hops > 0)
        {
            _loop.CallSoon(_continue);
            return;
        }

        ReadHeld();
    }

    private void ReadHeld()
    {
        var (bytes, length) = (_held, _heldLength);
        (_held, _heldLength) = ([], 0);
        Guarded(bytes.AsSpan(0, length));
        if (_heldLength == 0)
        {
            _held = bytes;
        }
    }
}
