using System.Net;
using System.Net.Sockets;

namespace Asyncio;

// Names and addresses.
public sealed partial class EventLoop
{
    /// <summary>The addresses of a host, found in the default executor. Asyncio: <c>getaddrinfo()</c>.</summary>
    /// <param name="host">A name or an address; null or empty is this machine.</param>
    /// <param name="port">Put into each of the results.</param>
    /// <param name="family">Which kind of addresses; without it, all.</param>
    /// <param name="passive">To listen on: then this machine is all of its interfaces, else its loopback address.</param>
    /// <exception cref="SocketException">There is no such host.</exception>
    public async Coroutine<IPEndPoint[]> GetAddrInfo(string? host, int port, AddressFamily family = AddressFamily.Unspecified, bool passive = false)
    {
        if (string.IsNullOrEmpty(host))
        {
            return ThisMachine(port, family, passive);
        }

        if (ParseAddress(host) is { } literal)
        {
            return family is AddressFamily.Unspecified || literal.AddressFamily == family ? [new IPEndPoint(literal, port)] : [];
        }

        try
        {
            var addresses = await RunInExecutor(null, () => Dns.GetHostAddresses(host, family));
            return [.. addresses.Distinct().Select(address => new IPEndPoint(address, port))];
        }
        catch (SocketException e)
        {
            throw SocketErrors.Make(e.SocketErrorCode, $"{host}: {e.Message}"); // which of several names it was
        }
    }

    /// <summary>The name of the host with this address, found in the default executor. Asyncio: <c>getnameinfo()</c>.</summary>
    /// <exception cref="SocketException">It has none.</exception>
    public async Coroutine<string> GetNameInfo(IPEndPoint address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return (await RunInExecutor(null, () => Dns.GetHostEntry(address.Address))).HostName;
    }

    /// <summary>At least one.</summary>
    internal async Coroutine<IPEndPoint[]> Resolve(string? host, int port, AddressFamily family, bool passive = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        var addresses = await GetAddrInfo(host, port, family, passive);
        return addresses.Length > 0 ? addresses : throw SocketErrors.Make(SocketError.NoData, $"GetAddrInfo({host}) gave no addresses.");
    }

    internal async Coroutine<IPEndPoint[]> Resolve(EndPoint address, AddressFamily family, bool passive = false) => address switch
    {
        IPEndPoint known => [known],
        DnsEndPoint name => await Resolve(name.Host, name.Port, family == AddressFamily.Unspecified ? name.AddressFamily : family, passive),
        _ => throw new ArgumentException($"An IPEndPoint or a DnsEndPoint is expected, not {address}.", nameof(address)),
    };

    private static IPEndPoint[] ThisMachine(int port, AddressFamily family, bool passive)
    {
        IPAddress[] addresses = passive ? [IPAddress.Any, IPAddress.IPv6Any] : [IPAddress.IPv6Loopback, IPAddress.Loopback];
        return
        [
            .. from address in addresses
               where family is AddressFamily.Unspecified || family == address.AddressFamily
               where address.AddressFamily == AddressFamily.InterNetworkV6 ? Socket.OSSupportsIPv6 : Socket.OSSupportsIPv4
               select new IPEndPoint(address, port),
        ];
    }

    /// <summary>Null also for what .NET takes for an address and no other system does: "1" is not 0.0.0.1.</summary>
    private static IPAddress? ParseAddress(string host) =>
        IPAddress.TryParse(host, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || host.Count(c => c == '.') == 3) ? address : null;
}
