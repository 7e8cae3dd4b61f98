namespace Asyncio;

/// <summary>Who waits for the bytes of a reader. It stays with the reader until its turn has come, so that it sees all that came until then.</summary>
internal interface IReadWaiter
{
    /// <summary>False once it has been woken: then the buffer has its usual bounds.</summary>
    bool WantsMore { get; }

    /// <summary>The buffer is empty: bytes may go straight to where they are wanted. Gives how many did.</summary>
    int Take(ReadOnlySpan<byte> data);

    /// <summary>More has come, or the end: wakes if that is what is waited for.</summary>
    void Look();

    /// <summary>The stream has failed. The reader has forgotten this one already.</summary>
    void Fail(Exception error);
}
