using System.Net;

namespace Asyncio;

/// <summary>In which order the addresses of a host are tried.</summary>
internal static class AddressOrder
{
    /// <summary>The kinds of addresses alternate, after <paramref name="ahead"/> of the first kind; 0 leaves the order.</summary>
    internal static IPEndPoint[] Interleave(IPEndPoint[] addresses, int ahead)
    {
        if (ahead == 0)
        {
            return addresses;
        }

        var families = addresses.GroupBy(address => address.AddressFamily).Select(family => new Queue<IPEndPoint>(family)).ToArray();
        var ordered = new List<IPEndPoint>(addresses.Length);
        while (ordered.Count < ahead - 1 && families[0].Count > 1)
        {
            ordered.Add(families[0].Dequeue());
        }

        while (ordered.Count < addresses.Length)
        {
            foreach (var family in families)
            {
                if (family.TryDequeue(out var address))
                {
                    ordered.Add(address);
                }
            }
        }

        return [.. ordered];
    }
}
