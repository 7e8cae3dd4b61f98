using System.Net;
using System.Net.Sockets;

namespace Asyncio;

/// <summary>Socket exceptions that say what was tried.</summary>
internal static class SocketErrors
{
    internal static SocketException Connect(SocketError error, EndPoint address) =>
        Make(error, $"Connect call failed: {address}: {Text(error)}");

    internal static SocketException Bind(SocketException error, EndPoint address) =>
        Make(error.SocketErrorCode, $"error while attempting to bind on address {address}: {Text(error.SocketErrorCode)}");

    /// <summary>An error with .NET's text, where that is true.</summary>
    internal static SocketException Of(SocketError error) => new((int)error, Text(error));

    /// <summary>As <c>new Socket(…)</c>, whose error says that the system has too many files open when it is this process that has.</summary>
    internal static Socket Open(AddressFamily family, SocketType type, ProtocolType protocol)
    {
        try
        {
            return new Socket(family, type, protocol);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.TooManyOpenSockets)
        {
            throw Of(e.SocketErrorCode);
        }
    }

    /// <summary>One error for several attempts: if all say the same, the first.</summary>
    internal static Exception Combine(List<Exception> errors)
    {
        var first = errors[0];
        if (errors.TrueForAll(error => error.Message == first.Message))
        {
            return first;
        }

        var code = first is SocketException { SocketErrorCode: var known } ? known : SocketError.SocketError;
        return Make(code, $"Multiple exceptions: {string.Join(", ", errors.Select(error => error.Message))}");
    }

    internal static SocketException Make(SocketError error, string message) => new((int)error, message);

    private static string Text(SocketError error) => error == SocketError.TooManyOpenSockets && OperatingSystem.IsLinux()
        ? $"Too many open files: this process may have {Libc.FileLimit} at a time. Close some, or raise the limit (ulimit -n)."
        : new SocketException((int)error).Message;
}
