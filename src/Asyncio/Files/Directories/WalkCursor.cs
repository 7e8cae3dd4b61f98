namespace Asyncio.Files;

/// <summary>A tree, each directory before those in it.</summary>
internal sealed class WalkCursor : FileCursor<DirectoryWalk>
{
    private readonly Stack<string> _ahead = new();
    private readonly bool _followLinks;
    private readonly bool _ignoreInaccessible;
    private HashSet<string> _links = [];
    private bool _descends; // the current directory's own have not been looked at: its reader may still alter the list

    internal WalkCursor(string path, bool followLinks, bool ignoreInaccessible)
    {
        _followLinks = followLinks;
        _ignoreInaccessible = ignoreInaccessible;
        _ahead.Push(path);
    }

    internal override async Coroutine<bool> MoveNext()
    {
        Descend();
        while (_ahead.TryPeek(out var path))
        {
            try
            {
                (Current, _links) = await InThread.Call("AsyncDirectory.WalkAsync", Read, path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _ahead.Pop();
                if (_ignoreInaccessible)
                {
                    continue;
                }

                throw;
            }

            _ahead.Pop(); // only now: a cancelled step is made again
            _descends = true;
            return true;
        }

        return false;
    }

    private void Descend()
    {
        if (!_descends)
        {
            return;
        }

        _descends = false;
        foreach (var name in Current.Directories.Reverse())
        {
            if (_followLinks || !_links.Contains(name))
            {
                _ahead.Push(Path.Join(Current.Path, name));
            }
        }
    }

    private static (DirectoryWalk Walk, HashSet<string> Links) Read(string path)
    {
        var directories = new List<string>();
        var files = new List<string>();
        var links = new HashSet<string>();
        foreach (var entry in AsyncDirectory.Entries(path))
        {
            (entry.IsDirectory ? directories : files).Add(entry.Name);
            if (entry is { IsDirectory: true, IsSymbolicLink: true })
            {
                links.Add(entry.Name);
            }
        }

        return (new DirectoryWalk(path, directories, files), links);
    }
}
