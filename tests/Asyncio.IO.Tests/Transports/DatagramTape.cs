using System.Net;
using System.Text;
using Asyncio.LowLevel;

namespace Asyncio.IO.Tests.Transports;

/// <summary>A datagram protocol that writes down what it is told.</summary>
internal sealed class DatagramTape : DatagramProtocol
{
    private readonly Future<Unit> _lost = EventLoop.Running!.CreateFuture<Unit>();

    public List<string> Events { get; } = [];

    public List<string> Texts { get; } = [];

    public EndPoint? Sender { get; private set; }

    public async Coroutine Lost() => await Aio.Shield(_lost);

    public override void ConnectionMade(BaseTransport transport) => Events.Add("made");

    public override void DatagramReceived(ReadOnlySpan<byte> data, EndPoint address)
    {
        Texts.Add(Encoding.ASCII.GetString(data));
        Sender = address;
    }

    public override void ErrorReceived(Exception error) => Events.Add($"error:{error.GetType().Name}");

    public override void PauseWriting() => Events.Add("pause");

    public override void ResumeWriting() => Events.Add("resume");

    public override void ConnectionLost(Exception? error)
    {
        Events.Add(error is null ? "lost" : $"lost:{error.GetType().Name}");
        _lost.TrySetResult(default);
    }
}
