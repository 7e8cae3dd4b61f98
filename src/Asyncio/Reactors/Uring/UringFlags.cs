namespace Asyncio;

/// <summary>The kernel's numbers of the operations that are used here.</summary>
internal enum UringOpcode : byte
{
    NoOperation = 0,
    Flush = 3,
    PollAdd = 6,
    SendMessage = 9,
    ReceiveMessage = 10,
    Accept = 13,
    Cancel = 14,
    Connect = 16,
    Read = 22,
    Write = 23,
    Send = 26,
    Receive = 27,
}

[Flags]
internal enum SetupFlags : uint
{
    CompletionSize = 1 << 3,
    Clamp = 1 << 4,

    /// <summary>One entry that is refused does not hold up those behind it.</summary>
    SubmitAll = 1 << 7,

    /// <summary>The ring's flags tell whether entering the kernel would complete something.</summary>
    TaskRunFlag = 1 << 9,

    SingleIssuer = 1 << 12,

    /// <summary>Completions are worked out when the issuer enters the kernel for them, not by interrupting it.</summary>
    DeferTaskRun = 1 << 13,
}

[Flags]
internal enum UringFeatures : uint
{
    SingleMapping = 1 << 0,
    NoDrop = 1 << 1,
    SubmitStable = 1 << 2,
    FastPoll = 1 << 5,
    ExtendedArguments = 1 << 8,
    SkipCompletion = 1 << 11,
}

[Flags]
internal enum EnterFlags : uint
{
    GetEvents = 1 << 0,
    ExtendedArguments = 1 << 3,
}

/// <summary>The flags that the kernel raises in the submission queue.</summary>
[Flags]
internal enum RingFlags : uint
{
    CompletionsOverflowed = 1 << 1,
    TaskRun = 1 << 2,
}

[Flags]
internal enum EntryFlags : byte
{
    /// <summary>A kernel thread does it, also if it could be done at once.</summary>
    Async = 1 << 4,

    SelectBuffer = 1 << 5,
    SkipSuccess = 1 << 6,
}

[Flags]
internal enum CompletionFlags : uint
{
    /// <summary>The upper half is the number of the buffer that was used.</summary>
    Buffer = 1 << 0,

    /// <summary>The operation goes on: this was not its last completion.</summary>
    More = 1 << 1,
}

/// <summary>Values of fields that mean different things in different operations.</summary>
internal static class UringValues
{
    internal const ushort AcceptMany = 1 << 0;
    internal const ushort ReceiveMany = 1 << 1;
    internal const uint PollMany = 1 << 0;

    internal const uint CancelAll = 1 << 0;
    internal const uint CancelAny = 1 << 2;

    internal const uint PollIn = 0x1;
    internal const uint PollOut = 0x4;

    internal const uint MessageWaitAll = 0x100;
    internal const uint MessageNoSignal = 0x4000;

    internal const uint SocketNonBlocking = 0x800;
    internal const uint SocketCloseOnExec = 0x80000;

    /// <summary>In place of an offset: where the file stands.</summary>
    internal const ulong CurrentPosition = ulong.MaxValue;
}
