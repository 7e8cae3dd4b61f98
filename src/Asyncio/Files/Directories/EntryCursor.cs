namespace Asyncio.Files;

/// <summary>The entries of a directory, so many at a time: each by itself would be a way to a thread and back.</summary>
internal sealed class EntryCursor(string path, string pattern, bool recursive) : FileCursor<DirectoryEntry>
{
    private const int BatchSize = 256;

    private readonly Queue<DirectoryEntry> _read = new();
    private IEnumerator<DirectoryEntry>? _entries;
    private bool _ended;

    internal override async Coroutine<bool> MoveNext()
    {
        if (_read.Count == 0 && !_ended)
        {
            await InThread.Call("AsyncDirectory.EnumerateAsync", static cursor => cursor.ReadBatch(), this);
        }

        return _read.TryDequeue(out Current);
    }

    internal override Coroutine Close() =>
        _entries is null ? Coroutine.Completed : InThread.Call("closing a directory", static entries => entries.Dispose(), _entries, mustRun: true);

    private void ReadBatch()
    {
        _entries ??= AsyncDirectory.Entries(path, pattern, recursive).GetEnumerator();
        while (_read.Count < BatchSize)
        {
            if (!_entries.MoveNext())
            {
                _ended = true;
                return;
            }

            _read.Enqueue(_entries.Current);
        }
    }
}
