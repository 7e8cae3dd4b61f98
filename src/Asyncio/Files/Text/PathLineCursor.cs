using System.Text;

namespace Asyncio.Files;

/// <summary>The lines of a file that is opened for this and closed at the end.</summary>
internal sealed class PathLineCursor(string path, Encoding? encoding) : FileCursor<string>
{
    private AsyncTextFile? _file;

    internal override async Coroutine<bool> MoveNext()
    {
        _file ??= await AsyncTextFile.OpenAsync(path, encoding: encoding);
        if (await _file.ReadLineAsync() is not { } line)
        {
            return false;
        }

        Current = line;
        return true;
    }

    internal override Coroutine Close() => _file?.CloseAsync() ?? Coroutine.Completed;
}
