using System.Diagnostics.CodeAnalysis;

namespace Asyncio.LowLevel;

/// <summary>What all transports have in common: they can be closed, and they have a protocol. The counterpart of <c>asyncio.BaseTransport</c>.</summary>
/// <remarks>Not thread-safe: only the loop's thread may use it.</remarks>
public abstract class BaseTransport
{
    /// <summary>True from <see cref="Close"/>, an abort or a failure on. Asyncio: <c>is_closing()</c>.</summary>
    public abstract bool IsClosing { get; }

    /// <summary>
    /// Closes it: nothing is received any more, what was written is still sent, then <see cref="BaseProtocol.ConnectionLost"/> is called
    /// with null. Does nothing a second time. Asyncio: <c>close()</c>.
    /// </summary>
    public abstract void Close();

    /// <summary>Closes it at once: what was written and not sent is dropped. Asyncio: <c>abort()</c>.</summary>
    public abstract void Abort();

    /// <summary>Gives it another protocol, from the next event on; <see cref="BaseProtocol.ConnectionMade"/> is not called. Asyncio: <c>set_protocol()</c>.</summary>
    public abstract void SetProtocol(BaseProtocol protocol);

    /// <summary>The protocol. Asyncio: <c>get_protocol()</c>.</summary>
    public abstract BaseProtocol GetProtocol();

    /// <summary>
    /// What is known of what is beneath: <c>"socket"</c> (<see cref="System.Net.Sockets.Socket"/>), <c>"sockname"</c> and <c>"peername"</c>
    /// (<see cref="System.Net.EndPoint"/>), <c>"pipe"</c> (<see cref="System.Runtime.InteropServices.SafeHandle"/>), <c>"sslobject"</c>
    /// (<see cref="System.Net.Security.SslStream"/>). Asyncio: <c>get_extra_info()</c>.
    /// </summary>
    /// <param name="name">What is asked for.</param>
    /// <returns>Null if this transport has nothing of that name.</returns>
    public virtual object? GetExtraInfo(string name) => null;

    /// <inheritdoc cref="GetExtraInfo(string)"/>
    /// <typeparam name="T">The type that is expected.</typeparam>
    /// <param name="name">What is asked for.</param>
    /// <param name="fallback">Given instead where the transport has nothing of that name and type.</param>
    [return: NotNullIfNotNull(nameof(fallback))]
    public T? GetExtraInfo<T>(string name, T? fallback = default) => GetExtraInfo(name) is T value ? value : fallback;
}
