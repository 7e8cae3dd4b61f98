namespace Asyncio.Http;

/// <summary>A place among those who are under way, and the leases that go with it. Left once.</summary>
internal sealed class Slot
{
    private readonly AsyncSemaphore? _gate;
    private readonly HostState? _host;
    private readonly IDisposable? _lease;
    private readonly IDisposable? _hostLease;
    private bool _left;

    public Slot(AsyncSemaphore? gate, HostState? host, IDisposable? lease, IDisposable? hostLease)
    {
        _gate = gate;
        _host = host;
        _lease = lease;
        _hostLease = hostLease;
        if (host is not null)
        {
            host.Users++;
        }
    }

    public void Leave()
    {
        if (_left)
        {
            return;
        }

        _left = true;
        _lease?.Dispose();
        _hostLease?.Dispose();
        _gate?.Release();
        _host?.Gate?.Release();
        if (_host is not null)
        {
            _host.Users--;
        }
    }
}
