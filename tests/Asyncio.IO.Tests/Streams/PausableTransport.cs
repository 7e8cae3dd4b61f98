using Asyncio.LowLevel;

namespace Asyncio.IO.Tests.Streams;

/// <summary>A transport of which only the pauses are of interest.</summary>
internal sealed class PausableTransport(bool canPause = true) : Transport
{
    public bool IsPaused { get; private set; }

    public int Refusals { get; private set; }

    public override bool IsClosing => false;

    public override bool IsReading => !IsPaused;

    public override bool CanWriteEof => false;

    public override void PauseReading()
    {
        if (!canPause)
        {
            Refusals++;
            throw new NotSupportedException();
        }

        IsPaused = true;
    }

    public override void ResumeReading() => IsPaused = false;

    public override void Close() => throw new NotSupportedException();

    public override void Abort() => throw new NotSupportedException();

    public override void SetProtocol(BaseProtocol protocol) => throw new NotSupportedException();

    public override BaseProtocol GetProtocol() => throw new NotSupportedException();

    public override void Write(ReadOnlySpan<byte> data) => throw new NotSupportedException();

    public override void WriteEof() => throw new NotSupportedException();

    public override int GetWriteBufferSize() => 0;

    public override void SetWriteBufferLimits(int? high = null, int? low = null) => throw new NotSupportedException();

    public override (int Low, int High) GetWriteBufferLimits() => (0, 0);
}
