using System.Text;
using Asyncio.LowLevel;

namespace Asyncio.IO.Tests.Transports;

/// <summary>A protocol that writes down what it is told.</summary>
internal class Tape : Protocol
{
    private readonly Future<Unit> _lost = EventLoop.Running!.CreateFuture<Unit>();
    private readonly StringBuilder _text = new();

    public List<string> Events { get; } = [];

    public string Line => string.Join(' ', Events);

    public Transport Transport { get; private set; } = null!;

    public Exception? Error { get; private set; }

    public long Received { get; private set; }

    public string Text => _text.ToString();

    public bool KeepsOpenAtEof { get; init; }

    public Action<Transport>? WhenMade { get; init; }

    public Action<Tape>? WhenData { get; init; }

    public async Coroutine Lost() => await Aio.Shield(_lost);

    public override void ConnectionMade(BaseTransport transport)
    {
        Transport = (Transport)transport;
        Events.Add("made");
        WhenMade?.Invoke(Transport);
    }

    public override void DataReceived(ReadOnlySpan<byte> data)
    {
        Received += data.Length;
        _text.Append(Encoding.ASCII.GetString(data));
        if (Events[^1] != "data")
        {
            Events.Add("data");
        }

        WhenData?.Invoke(this);
    }

    public override bool EofReceived()
    {
        Events.Add("eof");
        return KeepsOpenAtEof;
    }

    public override void PauseWriting() => Events.Add("pause");

    public override void ResumeWriting() => Events.Add("resume");

    public override void ConnectionLost(Exception? error)
    {
        Error = error;
        Events.Add(error is null ? "lost" : $"lost:{error.GetType().Name}");
        _lost.TrySetResult(default);
    }
}
