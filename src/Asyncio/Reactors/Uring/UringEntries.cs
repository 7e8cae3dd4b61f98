namespace Asyncio;

/// <summary>What is written for the kernel, for each kind of operation.</summary>
internal static unsafe class UringEntries
{
    private const uint KnownMessageFlags = 0x1 | 0x2 | 0x4; // out of band, peek, do not route: numbered alike in .NET and here

    internal static SubmissionEntry Of(in Operation operation) => operation.Kind switch
    {
        OperationKind.Receiving => Receiving(operation.Channel),
        OperationKind.Accepting => Accept(operation.Channel) with { Repetition = UringValues.AcceptMany },
        _ => Request(operation, operation.Request!),
    };

    internal static SubmissionEntry Poll(in Operation operation) =>
        Poll(operation.Channel, operation.Request?.Kind is IoKind.Send or IoKind.SendTo or IoKind.Connect ? UringValues.PollOut : UringValues.PollIn);

    private static SubmissionEntry Request(in Operation operation, IoRequest request)
    {
        var channel = operation.Channel;
        return request.Kind switch
        {
            IoKind.Receive when channel.Socket is null => Data(UringOpcode.Read, channel, request) with { Offset = UringValues.CurrentPosition },
            IoKind.Receive => Data(UringOpcode.Receive, channel, request) with { OperationFlags = FlagsOf(request) },
            IoKind.Send when channel.Socket is null => Data(UringOpcode.Write, channel, request) with { Offset = UringValues.CurrentPosition },
            IoKind.Send => Data(UringOpcode.Send, channel, request) with
            {
                OperationFlags = FlagsOf(request) | UringValues.MessageWaitAll | UringValues.MessageNoSignal,
            },
            IoKind.ReceiveFrom => Message(UringOpcode.ReceiveMessage, operation) with { OperationFlags = FlagsOf(request) },
            IoKind.SendTo => Message(UringOpcode.SendMessage, operation) with { OperationFlags = FlagsOf(request) | UringValues.MessageNoSignal },
            IoKind.Connect => new SubmissionEntry
            {
                Opcode = UringOpcode.Connect,
                Descriptor = channel.Descriptor,
                Address = (ulong)operation.Message->Address,
                Offset = operation.Message->AddressLength,
            },
            IoKind.Accept => Accept(channel),
            IoKind.WaitReadable => Poll(channel, UringValues.PollIn),
            IoKind.WaitWritable => Poll(channel, UringValues.PollOut),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };
    }

    private static uint FlagsOf(IoRequest request) => (uint)request.Flags & KnownMessageFlags;

    private static SubmissionEntry Data(UringOpcode opcode, UringChannel channel, IoRequest request) => new()
    {
        Opcode = opcode,
        Descriptor = channel.Descriptor,
        Address = (ulong)request.Pin.Pointer + (uint)request.Progress,
        Length = (uint)(request.Buffer.Length - request.Progress),
    };

    private static SubmissionEntry Message(UringOpcode opcode, in Operation operation) => new()
    {
        Opcode = opcode,
        Descriptor = operation.Channel.Descriptor,
        Address = (ulong)operation.Message,
        Length = 1,
    };

    // A socket is received from many times. What is no socket may be a file too, to which that cannot be said: it is read once each.
    private static SubmissionEntry Receiving(UringChannel channel)
    {
        var entry = new SubmissionEntry
        {
            Descriptor = channel.Descriptor,
            Flags = EntryFlags.SelectBuffer,
            BufferGroup = ReceiveBuffers.Group,
        };
        return channel.Socket is null
            ? entry with { Opcode = UringOpcode.Read, Offset = UringValues.CurrentPosition, Length = ReceiveBuffers.BufferLength }
            : entry with { Opcode = UringOpcode.Receive, Repetition = UringValues.ReceiveMany };
    }

    private static SubmissionEntry Accept(UringChannel channel) => new()
    {
        Opcode = UringOpcode.Accept,
        Descriptor = channel.Descriptor,
        OperationFlags = UringValues.SocketNonBlocking | UringValues.SocketCloseOnExec,
    };

    private static SubmissionEntry Poll(UringChannel channel, uint events) => new()
    {
        Opcode = UringOpcode.PollAdd,
        Descriptor = channel.Descriptor,
        OperationFlags = events,
    };
}
