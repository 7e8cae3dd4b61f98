namespace Asyncio;

/// <summary>
/// A protocol of ours that runs no code of the user's in any of its callbacks. It is told inside the poll what has come, without a copy
/// between and without a way over the ready queue. What it wakes runs in the same iteration.
/// </summary>
/// <remarks>
/// <c>ConnectionMade</c> and <c>ConnectionLost</c> come through the ready queue as for every protocol. Nothing is told before the former,
/// and nothing while reading is paused, after the transport began to close, or after <see cref="OnEof"/>. It may pause, write, close and
/// abort from inside.
/// </remarks>
internal interface IStreamSink
{
    /// <summary>Bytes that came, at least one, to be copied before this returns.</summary>
    void OnReceived(ReadOnlySpan<byte> data);

    /// <summary>The peer will send no more. True keeps the transport open for writing; false closes it.</summary>
    bool OnEof();

    /// <summary>Its <c>ResumeWriting</c>, too, runs no code of the user's and is called in the poll; false has it called through the ready queue.</summary>
    bool ResumesInPoll => true;
}
