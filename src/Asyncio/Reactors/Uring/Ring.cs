using Microsoft.Win32.SafeHandles;

namespace Asyncio;

/// <summary>
/// One io_uring: the two queues in memory shared with the kernel, and the one system call. It is bound to the thread that made it: the
/// kernel refuses every other.
/// </summary>
internal sealed unsafe class Ring : IDisposable
{
    private const uint SubmissionEntries = 512;
    private const uint CompletionEntries = 4096;
    private const double LongestWait = 1e9;
    private const long MappingOfRings = 0;
    private const long MappingOfEntries = 0x1000_0000;

    private const SetupFlags WantedFlags = SetupFlags.SingleIssuer | SetupFlags.DeferTaskRun | SetupFlags.TaskRunFlag
        | SetupFlags.SubmitAll | SetupFlags.Clamp | SetupFlags.CompletionSize;

    private const UringFeatures NeededFeatures = UringFeatures.SingleMapping | UringFeatures.NoDrop | UringFeatures.SubmitStable
        | UringFeatures.FastPoll | UringFeatures.ExtendedArguments | UringFeatures.SkipCompletion;

    private readonly SafeFileHandle _handle;
    private readonly int _descriptor;
    private readonly Thread _owner = Thread.CurrentThread;

    private readonly nint _rings;
    private readonly nuint _ringsLength;
    private readonly nint _entriesMapping;
    private readonly nuint _entriesLength;

    private readonly uint* _submissionHead;
    private readonly uint* _submissionTail;
    private readonly uint* _submissionFlags;
    private readonly SubmissionEntry* _submissions;
    private readonly uint _submissionMask;

    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly CompletionEntry* _completions;
    private readonly uint _completionMask;

    // The loop alone moves these two: it need not read them back from shared memory.
    private uint _written;
    private uint _reaped;

    private Ring(int descriptor, in UringParameters parameters)
    {
        _descriptor = descriptor;
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);

        // One mapping holds both queues (SingleMapping); the longer of the two decides.
        _ringsLength = nuint.Max(
            parameters.Submission.Array + parameters.SubmissionEntries * sizeof(uint),
            parameters.Completion.CompletionEntries + parameters.CompletionEntries * (uint)sizeof(CompletionEntry));
        _entriesLength = parameters.SubmissionEntries * (uint)sizeof(SubmissionEntry);
        _rings = UringNative.MapRing(descriptor, _ringsLength, MappingOfRings);
        _entriesMapping = UringNative.MapRing(descriptor, _entriesLength, MappingOfEntries);
        if (!IsMapped)
        {
            return;
        }

        var rings = (byte*)_rings;
        _submissionHead = (uint*)(rings + parameters.Submission.Head);
        _submissionTail = (uint*)(rings + parameters.Submission.Tail);
        _submissionFlags = (uint*)(rings + parameters.Submission.Flags);
        _submissionMask = parameters.SubmissionEntries - 1;
        _submissions = (SubmissionEntry*)_entriesMapping;
        _completionHead = (uint*)(rings + parameters.Completion.Head);
        _completionTail = (uint*)(rings + parameters.Completion.Tail);
        _completionMask = parameters.CompletionEntries - 1;
        _completions = (CompletionEntry*)(rings + parameters.Completion.CompletionEntries);

        // The kernel looks its entries up through this table. They are used in order, so it is filled once.
        var table = (uint*)(rings + parameters.Submission.Array);
        for (var i = 0u; i < parameters.SubmissionEntries; i++)
        {
            table[i] = i;
        }
    }

    /// <summary>A ring for the thread that runs now; null if the kernel has none, with its errno, or zero if it lacks a feature.</summary>
    internal static Ring? TryCreate(out int error)
    {
        var parameters = new UringParameters { Flags = WantedFlags, CompletionEntries = CompletionEntries };
        var descriptor = UringNative.Setup(SubmissionEntries, &parameters);
        if (descriptor < 0)
        {
            error = -descriptor;
            return null;
        }

        var ring = new Ring(descriptor, parameters);
        error = ring.IsMapped ? 0 : Errno.ENOMEM;
        if (error != 0 || (parameters.Features & NeededFeatures) != NeededFeatures)
        {
            ring.Dispose();
            return null;
        }

        return ring;
    }

    internal int Descriptor => _descriptor;

    internal bool BelongsToThisThread => ReferenceEquals(_owner, Thread.CurrentThread);

    /// <summary>Entries that the kernel has not taken yet.</summary>
    internal uint Unsubmitted => _written - Volatile.Read(ref *_submissionHead);

    /// <summary>Whether a system call would do anything. Only memory is read.</summary>
    internal bool WantsKernel =>
        Unsubmitted != 0 || (Volatile.Read(ref *_submissionFlags) & (uint)(RingFlags.TaskRun | RingFlags.CompletionsOverflowed)) != 0;

    /// <summary>How many completions there are to take.</summary>
    internal uint Completed => Volatile.Read(ref *_completionTail) - _reaped;

    /// <summary>False: the queue is full; it is to be submitted first.</summary>
    internal bool TryWrite(in SubmissionEntry entry)
    {
        if (Unsubmitted > _submissionMask)
        {
            return false;
        }

        _submissions[_written & _submissionMask] = entry;
        Volatile.Write(ref *_submissionTail, ++_written);
        return true;
    }

    /// <summary>Takes the next completion, of which there must be one. Its place is the kernel's again.</summary>
    internal CompletionEntry Take()
    {
        var entry = _completions[_reaped & _completionMask];
        Volatile.Write(ref *_completionHead, ++_reaped);
        return entry;
    }

    /// <summary>Takes back what the kernel has not seen, to be written into another ring.</summary>
    internal bool TryTakeBack(out SubmissionEntry entry)
    {
        var head = Volatile.Read(ref *_submissionHead);
        entry = _submissions[head & _submissionMask];
        if (head == _written)
        {
            return false;
        }

        Volatile.Write(ref *_submissionHead, head + 1);
        return true;
    }

    /// <summary>Submits what is written, lets the kernel complete what it can, and waits for one completion if there is time.</summary>
    /// <returns>Zero or more, or a negative errno.</returns>
    internal int Enter(double seconds)
    {
        if (seconds <= 0)
        {
            return UringNative.Enter(_descriptor, Unsubmitted, 0, EnterFlags.GetEvents, null);
        }

        if (seconds > LongestWait)
        {
            return UringNative.Enter(_descriptor, Unsubmitted, 1, EnterFlags.GetEvents, null);
        }

        var whole = Math.Floor(seconds);
        var timeout = new KernelTimespec { Seconds = (long)whole, Nanoseconds = (long)((seconds - whole) * 1e9) };
        var arguments = new EnterArguments { Timeout = (ulong)&timeout };
        return UringNative.Enter(_descriptor, Unsubmitted, 1, EnterFlags.GetEvents | EnterFlags.ExtendedArguments, &arguments);
    }

    public void Dispose()
    {
        Unmap(_entriesMapping, _entriesLength);
        Unmap(_rings, _ringsLength);
        _handle.Dispose();
    }

    private bool IsMapped => _rings != -1 && _entriesMapping != -1;

    private static void Unmap(nint address, nuint length)
    {
        if (address != -1)
        {
            _ = UringNative.Unmap(address, length);
        }
    }
}
