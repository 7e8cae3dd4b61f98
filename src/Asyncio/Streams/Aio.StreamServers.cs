using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Asyncio.LowLevel;

namespace Asyncio;

public static partial class Aio
{
    private const int DefaultBacklog = 100;

    /// <summary>Listens for connections, and runs <paramref name="handler"/> for each as a task. Asyncio: <c>start_server()</c>.</summary>
    /// <param name="handler">Gets the streams of a client, and closes the writer at the end. If it fails, that is reported and the connection closed.</param>
    /// <param name="host">The name or address to listen on; null or empty is all interfaces.</param>
    /// <param name="port">The port; 0 lets the system choose, see <see cref="Server.Sockets"/>.</param>
    /// <param name="limit">See <see cref="AsyncStreamReader(int, EventLoop?)"/>.</param>
    /// <param name="ssl">TLS: with which certificate, and how. Null is without.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <param name="family">Which kind of addresses; without it, all.</param>
    /// <param name="backlog">How many connections may wait to be accepted.</param>
    /// <param name="reusePort">True lets other sockets listen on the same address, if all say so.</param>
    /// <param name="startServing">False leaves that to <see cref="Server.StartServingAsync"/> or <see cref="Server.ServeForeverAsync"/>.</param>
    /// <exception cref="SocketException">An address is in use, may not be used, or there is none (thrown at the await).</exception>
    /// <remarks>Acts when awaited.</remarks>
    [OverloadResolutionPriority(1)]
    public static Coroutine<Server> StartServer(
        Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> handler,
        string? host,
        int port,
        int limit = AsyncStreamReader.DefaultLimit,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        AddressFamily family = AddressFamily.Unspecified,
        int backlog = DefaultBacklog,
        bool reusePort = false,
        bool startServing = true)
    {
        var factory = new StreamProtocolFactory(handler, limit, TlsSettings.ForServerOrNull(ssl, sslHandshakeTimeout, sslShutdownTimeout));
        return Serving();

        async Coroutine<Server> Serving() =>
            factory.Serving(await EventLoop.RequireRunning().CreateServer(factory.Make, host, port, family: family, backlog: backlog, reusePort: reusePort, startServing: startServing));
    }

    /// <summary>The same for a handler that is an <c>async Task</c> method.</summary>
    /// <inheritdoc cref="StartServer(Func{AsyncStreamReader, AsyncStreamWriter, Coroutine}, string?, int, int, SslServerAuthenticationOptions?, TimeSpan?, TimeSpan?, AddressFamily, int, bool, bool)"/>
    public static Coroutine<Server> StartServer(
        Func<AsyncStreamReader, AsyncStreamWriter, Task> handler,
        string? host,
        int port,
        int limit = AsyncStreamReader.DefaultLimit,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        AddressFamily family = AddressFamily.Unspecified,
        int backlog = DefaultBacklog,
        bool reusePort = false,
        bool startServing = true) =>
        StartServer(StreamProtocolFactory.Lift(handler), host, port, limit, ssl, sslHandshakeTimeout, sslShutdownTimeout, family, backlog, reusePort, startServing);

    /// <summary>The same for a handler that only takes the streams and awaits nothing. An <c>async</c> lambda never binds to this one.</summary>
    /// <inheritdoc cref="StartServer(Func{AsyncStreamReader, AsyncStreamWriter, Coroutine}, string?, int, int, SslServerAuthenticationOptions?, TimeSpan?, TimeSpan?, AddressFamily, int, bool, bool)"/>
    public static Coroutine<Server> StartServer(
        Action<AsyncStreamReader, AsyncStreamWriter> handler,
        string? host,
        int port,
        int limit = AsyncStreamReader.DefaultLimit,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        AddressFamily family = AddressFamily.Unspecified,
        int backlog = DefaultBacklog,
        bool reusePort = false,
        bool startServing = true) =>
        StartServer(StreamProtocolFactory.Lift(handler), host, port, limit, ssl, sslHandshakeTimeout, sslShutdownTimeout, family, backlog, reusePort, startServing);

    /// <summary>Listens on a socket that is bound already, which belongs to the server from here on. Asyncio: <c>start_server(sock=…)</c>.</summary>
    /// <inheritdoc cref="StartServer(Func{AsyncStreamReader, AsyncStreamWriter, Coroutine}, string?, int, int, SslServerAuthenticationOptions?, TimeSpan?, TimeSpan?, AddressFamily, int, bool, bool)"/>
    /// <param name="socket">A bound stream socket.</param>
    [OverloadResolutionPriority(1)]
    public static Coroutine<Server> StartServer(
        Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> handler,
        Socket socket,
        int limit = AsyncStreamReader.DefaultLimit,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        int backlog = DefaultBacklog,
        bool startServing = true)
    {
        var factory = new StreamProtocolFactory(handler, limit, TlsSettings.ForServerOrNull(ssl, sslHandshakeTimeout, sslShutdownTimeout));
        return Serving();

        async Coroutine<Server> Serving() =>
            factory.Serving(await EventLoop.RequireRunning().CreateServer(factory.Make, socket, backlog: backlog, startServing: startServing));
    }

    /// <summary>The same for a handler that is an <c>async Task</c> method.</summary>
    /// <inheritdoc cref="StartServer(Func{AsyncStreamReader, AsyncStreamWriter, Coroutine}, Socket, int, SslServerAuthenticationOptions?, TimeSpan?, TimeSpan?, int, bool)"/>
    public static Coroutine<Server> StartServer(
        Func<AsyncStreamReader, AsyncStreamWriter, Task> handler,
        Socket socket,
        int limit = AsyncStreamReader.DefaultLimit,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        int backlog = DefaultBacklog,
        bool startServing = true) =>
        StartServer(StreamProtocolFactory.Lift(handler), socket, limit, ssl, sslHandshakeTimeout, sslShutdownTimeout, backlog, startServing);

    /// <summary>Listens on a socket file, for connections from this machine. Asyncio: <c>start_unix_server()</c>.</summary>
    /// <inheritdoc cref="StartServer(Func{AsyncStreamReader, AsyncStreamWriter, Coroutine}, string?, int, int, SslServerAuthenticationOptions?, TimeSpan?, TimeSpan?, AddressFamily, int, bool, bool)"/>
    /// <param name="path">The file; one that begins with a null character is an abstract name, without a file. One that was left behind is removed first.</param>
    [OverloadResolutionPriority(1)]
    public static Coroutine<Server> StartUnixServer(
        Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> handler,
        string path,
        int limit = AsyncStreamReader.DefaultLimit,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        int backlog = DefaultBacklog,
        bool startServing = true)
    {
        var factory = new StreamProtocolFactory(handler, limit, TlsSettings.ForServerOrNull(ssl, sslHandshakeTimeout, sslShutdownTimeout));
        return Serving();

        async Coroutine<Server> Serving() =>
            factory.Serving(await EventLoop.RequireRunning().CreateUnixServer(factory.Make, path, backlog: backlog, startServing: startServing));
    }

    /// <summary>The same for a handler that is an <c>async Task</c> method.</summary>
    /// <inheritdoc cref="StartUnixServer(Func{AsyncStreamReader, AsyncStreamWriter, Coroutine}, string, int, SslServerAuthenticationOptions?, TimeSpan?, TimeSpan?, int, bool)"/>
    public static Coroutine<Server> StartUnixServer(
        Func<AsyncStreamReader, AsyncStreamWriter, Task> handler,
        string path,
        int limit = AsyncStreamReader.DefaultLimit,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        int backlog = DefaultBacklog,
        bool startServing = true) =>
        StartUnixServer(StreamProtocolFactory.Lift(handler), path, limit, ssl, sslHandshakeTimeout, sslShutdownTimeout, backlog, startServing);
}
