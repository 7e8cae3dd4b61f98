using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Asyncio;

// Operations on sockets that belong to the user.
public sealed partial class EventLoop
{
    private BorrowedChannels? _borrowed;

    internal BorrowedChannels Borrowed => _borrowed ??= new BorrowedChannels(this);

    /// <summary>Receives at most <paramref name="count"/> bytes; none at the end of the stream. Asyncio: <c>sock_recv()</c>.</summary>
    public Coroutine<byte[]> SockRecv(Socket socket, int count)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Receive(socket, count);

        async Coroutine<byte[]> Receive(Socket socket, int count)
        {
            var buffer = new byte[count];
            var received = await SockRecvInto(socket, buffer);
            return received == count ? buffer : buffer[..received];
        }
    }

    /// <summary>Receives into <paramref name="buffer"/>. Asyncio: <c>sock_recv_into()</c>.</summary>
    /// <returns>How many bytes; zero at the end of the stream.</returns>
    public Coroutine<int> SockRecvInto(Socket socket, Memory<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return buffer.IsEmpty ? Coroutine.FromResult(0) : SocketLeaf.Create(IoKind.Receive, socket, buffer);
    }

    /// <summary>Receives one datagram of at most <paramref name="count"/> bytes; the rest of a longer one is dropped. Asyncio: <c>sock_recvfrom()</c>.</summary>
    public Coroutine<(byte[] Data, EndPoint Address)> SockRecvFrom(Socket socket, int count)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Receive(socket, count);

        async Coroutine<(byte[], EndPoint)> Receive(Socket socket, int count)
        {
            var buffer = new byte[count];
            var (received, address) = await SockRecvFromInto(socket, buffer);
            return (received == count ? buffer : buffer[..received], address);
        }
    }

    /// <summary>Receives one datagram into <paramref name="buffer"/>. Asyncio: <c>sock_recvfrom_into()</c>.</summary>
    /// <returns>How many bytes, and who sent them.</returns>
    public Coroutine<(int Count, EndPoint Address)> SockRecvFromInto(Socket socket, Memory<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return Receive(socket, buffer);

        static async Coroutine<(int, EndPoint)> Receive(Socket socket, Memory<byte> buffer)
        {
            var address = new SocketAddress(socket.AddressFamily, SocketAddress.GetMaximumAddressSize(socket.AddressFamily));
            var count = await SocketLeaf.Create(IoKind.ReceiveFrom, socket, buffer, address);
            return (count, SocketNames.EndPointOf(address));
        }
    }

    /// <summary>Sends all of <paramref name="data"/>. After an error or a cancellation nobody can tell how much was sent. Asyncio: <c>sock_sendall()</c>.</summary>
    /// <param name="data">Must not be changed before this has ended.</param>
    public Coroutine SockSendall(Socket socket, ReadOnlyMemory<byte> data)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return data.IsEmpty ? Coroutine.Completed : Send(socket, data);

        static async Coroutine Send(Socket socket, ReadOnlyMemory<byte> data) =>
            await SocketLeaf.Create(IoKind.Send, socket, MemoryMarshal.AsMemory(data));
    }

    /// <summary>Sends one datagram. Asyncio: <c>sock_sendto()</c>.</summary>
    /// <returns>How many bytes were sent.</returns>
    public Coroutine<int> SockSendTo(Socket socket, ReadOnlyMemory<byte> data, EndPoint address)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(address);
        return SocketLeaf.Create(
            IoKind.SendTo, socket, MemoryMarshal.AsMemory(data), (SocketNames.IsDual(socket) ? SocketNames.Mapped(address) : address).Serialize());
    }

    /// <summary>Connects the socket. A <see cref="DnsEndPoint"/> is resolved first. After a cancellation the socket is only fit to be closed. Asyncio: <c>sock_connect()</c>.</summary>
    public Coroutine SockConnect(Socket socket, EndPoint address)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(address);
        return Connect(socket, address);

        async Coroutine Connect(Socket socket, EndPoint address)
        {
            var isDual = SocketNames.IsDual(socket);
            if (address is DnsEndPoint name)
            {
                address = (await Resolve(name, isDual ? AddressFamily.Unspecified : socket.AddressFamily))[0];
            }

            address = isDual ? SocketNames.Mapped(address) : address;
            try
            {
                await SocketLeaf.Create(IoKind.Connect, socket, address: address.Serialize());
            }
            catch (SocketException e)
            {
                throw SocketErrors.Connect(e.SocketErrorCode, address);
            }

            SocketNames.SetConnected(socket, address);
        }
    }

    /// <summary>Accepts one connection. Asyncio: <c>sock_accept()</c>.</summary>
    /// <returns>The connection; its <see cref="Socket.RemoteEndPoint"/> is the address.</returns>
    public Coroutine<Socket> SockAccept(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return AcceptLeaf.Create(socket);
    }
}
