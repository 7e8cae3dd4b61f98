namespace Asyncio.Conformance;

/// <summary>A protocol that writes down what it is told.</summary>
internal sealed class Tape(Told told) : Protocol
{
    public Tape()
        : this(new Told())
    {
    }

    public Told Told => told;

    public override void ConnectionMade(BaseTransport transport) => told.Made(transport);

    public override void DataReceived(ReadOnlySpan<byte> data) => told.Data(data);

    public override bool EofReceived() => told.Eof();

    public override void PauseWriting() => told.Pause();

    public override void ResumeWriting() => told.Resume();

    public override void ConnectionLost(Exception? error) => told.Lost(error);
}
