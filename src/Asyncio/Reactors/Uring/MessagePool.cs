using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>Blocks outside the managed heap for what the kernel reads and writes besides the data: a message's header and its address.</summary>
internal sealed unsafe class MessagePool : IDisposable
{
    private readonly Stack<nint> _free = [];

    /// <summary>A block that describes the request: its buffer, pinned at <paramref name="data"/>, and its address if it has one to tell.</summary>
    internal NativeMessage* Rent(IoRequest request, void* data)
    {
        var message = _free.TryPop(out var free) ? (NativeMessage*)free : (NativeMessage*)NativeMemory.Alloc((nuint)sizeof(NativeMessage));
        *message = new NativeMessage
        {
            AddressPointer = message->Address,
            AddressLength = NativeMessage.MaxAddressLength,
            Parts = &message->PartStart,
            PartCount = 1,
            PartStart = (nint)data,
            PartLength = (nuint)request.Buffer.Length,
        };
        if (request.Kind != IoKind.ReceiveFrom)
        {
            var address = request.Address!.Buffer.Span[..request.Address.Size];
            address.CopyTo(new Span<byte>(message->Address, NativeMessage.MaxAddressLength));
            message->AddressLength = (uint)address.Length;
        }

        return message;
    }

    internal void Return(NativeMessage* message) => _free.Push((nint)message);

    /// <summary>Tells the request who sent. An address object that it has is used again.</summary>
    internal static void TakeAddress(NativeMessage* message, IoRequest request, AddressFamily family)
    {
        if (request.Address is not { } address || address.Buffer.Length < message->AddressLength)
        {
            request.Address = address = new SocketAddress(family, SocketAddress.GetMaximumAddressSize(family));
        }

        var length = Math.Min((int)message->AddressLength, address.Buffer.Length);
        new ReadOnlySpan<byte>(message->Address, length).CopyTo(address.Buffer.Span);
        address.Size = length;
    }

    public void Dispose()
    {
        while (_free.TryPop(out var free))
        {
            NativeMemory.Free((void*)free);
        }
    }
}
