using System.Net.Sockets;

namespace Asyncio;

/// <summary>The file of a Unix socket: one that an earlier process left behind is removed, and ours is removed at the end, if it is still ours.</summary>
internal sealed class UnixSocketFile
{
    private readonly string _path;
    private readonly ulong _identity;

    private UnixSocketFile(string path, ulong identity)
    {
        _path = path;
        _identity = identity;
    }

    internal static bool IsAbstract(string path) => path[0] == '\0';

    /// <summary>Removes what was left behind. A file that is no socket stays, and binding to it fails.</summary>
    internal static void RemoveStale(string path, EventLoop loop)
    {
        try
        {
            if (!IsAbstract(path) && FileStatus.Of(path) is { IsSocket: true })
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            loop.Warn($"Unable to check or remove the stale UNIX socket {path}: {e.Message}");
        }
    }

    internal static void Bind(Socket socket, string path)
    {
        var address = new UnixDomainSocketEndPoint(path);
        try
        {
            socket.Bind(address);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw SocketErrors.Make(e.SocketErrorCode, $"Address {path} is already in use");
        }

        SocketNames.KeepFile(socket, address);
    }

    /// <summary>Null where there is nothing to remove at the end.</summary>
    internal static UnixSocketFile? Of(string path) =>
        !IsAbstract(path) && FileStatus.Of(path) is { } status ? new UnixSocketFile(path, status.Identity) : null;

    internal void Delete(EventLoop loop)
    {
        try
        {
            if (FileStatus.Of(_path) is { } status && status.Identity == _identity)
            {
                File.Delete(_path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            loop.Warn($"Unable to remove the UNIX socket {_path}: {e.Message}");
        }
    }
}
