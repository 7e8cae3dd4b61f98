using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>What <see cref="System.Net.Security.SslStream"/> sits on: reads may wait, writes never do, since the transport below buffers them and its pauses go up to the protocol above.</summary>
internal sealed class TlsWire(AsyncStreamReader received, Transport transport) : ReaderStream(received)
{
    public override bool CanWrite => true;

    public override void Write(byte[] buffer, int offset, int count) => transport.Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => transport.Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        transport.Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        transport.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }
}
