using System.Net;

namespace Asyncio.Conformance;

/// <summary>A datagram protocol that writes down what it is told.</summary>
internal sealed class DatagramTape : DatagramProtocol
{
    public static Action<DatagramTape> Fail { get; } = static _ => throw new DivideByZeroException();

    public Action<DatagramTape>? WhenData { get; init; }

    public Action<DatagramTape>? WhenError { get; init; }

    public Action<DatagramTape>? WhenLost { get; init; }

    public List<string> Events { get; } = [];

    public List<EndPoint> Senders { get; } = [];

    public DatagramTransport Transport { get; private set; } = null!;

    public string Line => string.Join(' ', Events);

    /// <summary>Until it was told so many things.</summary>
    public Coroutine Has(int count) => Until(() => Events.Count >= count);

    public Coroutine Gone() => Until(() => Events.Count > 0 && Events[^1].StartsWith("lost", StringComparison.Ordinal));

    public override void ConnectionMade(BaseTransport transport)
    {
        Transport = (DatagramTransport)transport;
        Events.Add("made");
    }

    public override void DatagramReceived(ReadOnlySpan<byte> data, EndPoint address)
    {
        Events.Add(Show(data));
        Senders.Add(address);
        WhenData?.Invoke(this);
    }

    public override void ErrorReceived(Exception error)
    {
        Events.Add($"error:{Kind(error)}");
        WhenError?.Invoke(this);
    }

    public override void ConnectionLost(Exception? error)
    {
        Events.Add(error is null ? "lost" : $"lost:{Kind(error)}");
        WhenLost?.Invoke(this);
    }
}
