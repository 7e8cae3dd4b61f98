namespace Asyncio.IO.Tests.Files;

/// <summary>A stream in memory whose calls wait in their thread until the test lets them go: so a test knows what has begun.</summary>
internal sealed class GatedStream : MemoryStream
{
    private readonly SemaphoreSlim _permits = new(0);
    private volatile int _begun;

    public int Begun => _begun;

    public bool IsDisposed { get; private set; }

    /// <summary>What it holds at first; needs no permit.</summary>
    public void Fill(ReadOnlySpan<byte> bytes)
    {
        base.Write(bytes);
        Position = 0;
    }

    public void Permit(int calls = 1) => _permits.Release(calls);

    public async Coroutine UntilBegun(int calls)
    {
        while (_begun < calls)
        {
            await Aio.Sleep(0.001);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        Pass();
        return base.Read(buffer);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Pass();
        base.Write(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private void Pass()
    {
        Interlocked.Increment(ref _begun);
        _permits.Wait();
    }
}
