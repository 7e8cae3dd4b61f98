using System.Net.Sockets;

namespace Asyncio.IO.Tests.Faults;

/// <summary>What goes wrong in one run, and when. By a seed, so that a run can be repeated as far as the system repeats itself.</summary>
internal sealed class FaultPlan
{
    private static readonly Dictionary<IoKind, SocketError[]> s_errors = new()
    {
        // By the names of errno: ECONNRESET, ETIMEDOUT, ENOBUFS or ENOMEM, EPIPE, ECONNREFUSED, ENETUNREACH, EMFILE.
        [IoKind.Receive] = [SocketError.ConnectionReset, SocketError.TimedOut, SocketError.NoBufferSpaceAvailable],
        [IoKind.Send] = [SocketError.Shutdown, SocketError.ConnectionReset, SocketError.NoBufferSpaceAvailable, SocketError.TimedOut],
        [IoKind.ReceiveFrom] = [SocketError.ConnectionRefused, SocketError.NoBufferSpaceAvailable],
        [IoKind.SendTo] = [SocketError.NoBufferSpaceAvailable, SocketError.NetworkUnreachable],
        [IoKind.Connect] = [SocketError.ConnectionRefused, SocketError.TimedOut, SocketError.NoBufferSpaceAvailable],
        [IoKind.Accept] = [SocketError.TooManyOpenSockets, SocketError.NoBufferSpaceAvailable],
        [IoKind.WaitReadable] = [SocketError.NoBufferSpaceAvailable],
        [IoKind.WaitWritable] = [SocketError.NoBufferSpaceAvailable],
    };

    private Random? _random;
    private string _struck = "";

    /// <summary>
    /// The seed of what is legal and seldom: received data in small pieces, sends in several, completions that are held back for some
    /// polls, requests that are handed over late, waits that end for nothing. Null is none of it.
    /// </summary>
    public int? Noise
    {
        get;
        init
        {
            field = value;
            _random = value is { } seed ? new Random(seed) : null;
        }
    }

    /// <summary>The operation, counted from 0, that fails; negative is none.</summary>
    public int ErrorAt { get; init; } = -1;

    /// <summary>Which operations are counted; null is all.</summary>
    public IoKind? Counted { get; init; }

    /// <summary>Which of the errors that such an operation can have.</summary>
    public int Variant { get; init; }

    /// <summary>For how many polls each outcome is held back.</summary>
    public int Held { get; init; }

    /// <summary>How many polls later each request is handed over.</summary>
    public int Late { get; init; }

    /// <summary>The operation that was to fail has come.</summary>
    public bool HasStruck => _struck.Length > 0;

    /// <summary>What the layers above have done that they must not do to a reactor.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>What comes need not be held back.</summary>
    public bool IsQuiet => _random is null && Held == 0;

    /// <summary>An error in the middle of a send comes after a part of it.</summary>
    public bool FailsInTheMiddle => Variant % 2 == 1;

    private int Operations { get; set; }

    /// <summary>An operation begins, or something has come: how it fails, if it is to.</summary>
    public SocketError Next(IoKind kind)
    {
        if ((Counted ?? kind) != kind || Operations++ != ErrorAt)
        {
            return SocketError.Success;
        }

        var errors = s_errors[kind];
        var error = errors[Variant % errors.Length];
        _struck = $", {kind} fails with {error}";
        return error;
    }

    /// <summary>For how many polls what has come is held back; mostly for none.</summary>
    public int Delay() => Held + Sometimes();

    /// <summary>How many polls later a request is handed over; mostly at once.</summary>
    public int Lateness() => Late + Sometimes();

    /// <summary>How much of so many bytes comes or goes at once.</summary>
    public int Part(int length)
    {
        if (_random is null || length < 2 || _random.Next(2) == 0)
        {
            return length;
        }

        return length <= 64 ? _random.Next(1, length + 1) : Math.Max(length / 6, _random.Next(1, length + 1));
    }

    public bool WakesForNothing() => _random is not null && _random.Next(8) == 0;

    public override string ToString() =>
        (Noise is null ? "no noise" : $"noise {Noise}") + (ErrorAt < 0 ? "" : $", an error at operation {ErrorAt}, variant {Variant}{_struck}");

    private int Sometimes() => _random is not null && _random.Next(3) == 0 ? _random.Next(1, 4) : 0;
}
