using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>What the kernel is to do: one entry of the submission queue. A field has the name of its most frequent use.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct SubmissionEntry
{
    [FieldOffset(0)] internal UringOpcode Opcode;
    [FieldOffset(1)] internal EntryFlags Flags;

    /// <summary>Of receive and accept: whether once or many times.</summary>
    [FieldOffset(2)] internal ushort Repetition;

    [FieldOffset(4)] internal int Descriptor;

    /// <summary>Of connect: how long the address is.</summary>
    [FieldOffset(8)] internal ulong Offset;

    [FieldOffset(16)] internal ulong Address;
    [FieldOffset(24)] internal uint Length;

    /// <summary>Flags of a message, of accept or of cancel; the events of a poll.</summary>
    [FieldOffset(28)] internal uint OperationFlags;

    [FieldOffset(32)] internal ulong UserData;
    [FieldOffset(40)] internal ushort BufferGroup;
}

/// <summary>What came of it: one entry of the completion queue.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CompletionEntry
{
    internal ulong UserData;
    internal int Result;
    internal CompletionFlags Flags;
}

/// <summary>What a ring is made with, and where its parts then lie.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UringParameters
{
    internal uint SubmissionEntries;
    internal uint CompletionEntries;
    internal SetupFlags Flags;
    internal uint PollThreadProcessor;
    internal uint PollThreadIdle;
    internal UringFeatures Features;
    internal uint WorkersOf;
    private readonly uint _reserved0;
    private readonly uint _reserved1;
    private readonly uint _reserved2;
    internal SubmissionOffsets Submission;
    internal CompletionOffsets Completion;
}

[StructLayout(LayoutKind.Sequential)]
internal struct SubmissionOffsets
{
    internal uint Head;
    internal uint Tail;
    internal uint Mask;
    internal uint Entries;
    internal uint Flags;
    internal uint Dropped;
    internal uint Array;
    private readonly uint _reserved;
    private readonly ulong _address;
}

[StructLayout(LayoutKind.Sequential)]
internal struct CompletionOffsets
{
    internal uint Head;
    internal uint Tail;
    internal uint Mask;
    internal uint Entries;
    internal uint Overflow;
    internal uint CompletionEntries;
    internal uint Flags;
    private readonly uint _reserved;
    private readonly ulong _address;
}

/// <summary>How long to wait.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EnterArguments
{
    internal ulong SignalMask;
    internal uint SignalMaskSize;
    internal uint LeastWait;
    internal ulong Timeout;
}

[StructLayout(LayoutKind.Sequential)]
internal struct KernelTimespec
{
    internal long Seconds;
    internal long Nanoseconds;
}

[StructLayout(LayoutKind.Sequential)]
internal struct BufferRingRegistration
{
    internal ulong Address;
    internal uint Entries;
    internal ushort Group;
    internal ushort Flags;
    private readonly ulong _reserved0;
    private readonly ulong _reserved1;
    private readonly ulong _reserved2;
}

/// <summary>A buffer that the kernel may choose. The ring's tail lies in the last field of its first entry.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProvidedBuffer
{
    internal ulong Address;
    internal uint Length;
    internal ushort Id;
    internal ushort Tail;
}

/// <summary>A datagram with its address, as the kernel reads and writes it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 208)]
internal unsafe struct NativeMessage
{
    internal const int MaxAddressLength = 128;

    [FieldOffset(0)] internal byte* AddressPointer;
    [FieldOffset(8)] internal uint AddressLength;
    [FieldOffset(16)] internal nint* Parts;
    [FieldOffset(24)] internal nuint PartCount;
    [FieldOffset(32)] internal void* Control;
    [FieldOffset(40)] internal nuint ControlLength;
    [FieldOffset(48)] internal uint Flags;

    // Here the kernel's structure ends. What it points to follows, so that all is one block.
    [FieldOffset(56)] internal nint PartStart;
    [FieldOffset(64)] internal nuint PartLength;
    [FieldOffset(72)] internal fixed byte Address[MaxAddressLength];
}
