using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>A file of which every write goes to its end: what others have appended meanwhile stays.</summary>
internal sealed class AppendBackend(SafeFileHandle handle, FileAccess access, string path) : HandleBackend(handle, access, path)
{
    internal override bool Appends => true;

    internal override Coroutine<Written> Write(ReadOnlyMemory<byte> data, long position, bool mustRun) =>
        Queue is { } queue && AppendingHandle.IsKnownHere ? WriteThrough(queue, data, mustRun) : WriteInThread(data, 0, mustRun);

    internal override bool TryFinish(ReadOnlySpan<byte> unwritten, long position)
    {
        var error = AppendingHandle.Write(Handle, Path, unwritten).Error;
        Handle.Dispose();
        return error is null ? true : throw error;
    }

    private async Coroutine<Written> WriteThrough(IFileQueue queue, ReadOnlyMemory<byte> data, bool mustRun)
    {
        var (count, error) = await QueuedCall.Create(queue, FileOperation.Write, Handle, data, FileRequest.CurrentPosition, mustRun);
        return error == 0 ? new Written(AppendingHandle.PositionOf(Handle), count) : await WriteInThread(data, count, mustRun || count > 0);
    }

    private Coroutine<Written> WriteInThread(ReadOnlyMemory<byte> data, int done, bool mustRun) => InThread.Call(
        "appending to a file",
        static call =>
        {
            var rest = AppendingHandle.Write(call.Handle, call.Path, call.data.Span[call.done..]);
            return rest with { Count = rest.Count + call.done };
        },
        (Handle, Path, data, done),
        mustRun);
}
