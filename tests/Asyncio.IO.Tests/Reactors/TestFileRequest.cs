using Microsoft.Win32.SafeHandles;

namespace Asyncio.IO.Tests.Reactors;

internal sealed class TestFileRequest : FileRequest
{
    public TestFileRequest(FileOperation operation, SafeFileHandle handle, Memory<byte> buffer = default, long position = 0)
    {
        Operation = operation;
        Handle = handle;
        Buffer = buffer;
        Position = position;
    }

    public int Completions { get; private set; }

    public int Count { get; private set; }

    public int Outcome { get; private set; }

    internal override void OnCompleted(int count, int error)
    {
        Completions++;
        Count = count;
        Outcome = error;
    }
}
