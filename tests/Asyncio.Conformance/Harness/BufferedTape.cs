namespace Asyncio.Conformance;

/// <summary>The same for one that lends its own buffer, with room for so many bytes.</summary>
internal sealed class BufferedTape(int size, Told told, Func<Memory<byte>>? give = null) : BufferedProtocol
{
    private readonly byte[] _buffer = new byte[size];

    public Told Told => told;

    public override void ConnectionMade(BaseTransport transport) => told.Made(transport);

    public override Memory<byte> GetBuffer(int sizeHint) => give is null ? _buffer : give();

    public override void BufferUpdated(int count) => told.Data(_buffer.AsSpan(0, count));

    public override bool EofReceived() => told.Eof();

    public override void PauseWriting() => told.Pause();

    public override void ResumeWriting() => told.Resume();

    public override void ConnectionLost(Exception? error) => told.Lost(error);
}
