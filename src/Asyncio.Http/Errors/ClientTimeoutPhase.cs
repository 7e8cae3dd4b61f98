namespace Asyncio.Http;

/// <summary>Which limit of <see cref="ClientTimeout"/> struck.</summary>
public enum ClientTimeoutPhase
{
    /// <summary><see cref="ClientTimeout.Total"/>.</summary>
    Total,

    /// <summary><see cref="ClientTimeout.Pool"/>: as many requests as allowed were under way all the time. The server may be quite well.</summary>
    Pool,

    /// <summary><see cref="ClientTimeout.Connect"/>: name, connection, TLS. Nothing was sent.</summary>
    Connect,

    /// <summary><see cref="ClientTimeout.Send"/>: the server took nothing of the request's body.</summary>
    Send,

    /// <summary><see cref="ClientTimeout.Read"/>: nothing of the answer came.</summary>
    Read,
}
