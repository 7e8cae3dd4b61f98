using System.Net;
using System.Net.Sockets;

namespace Asyncio;

/// <summary>
/// Tries to connect to several addresses: the next when the one before has failed, or has not answered for some time. The first that
/// answers wins. Known as "happy eyeballs".
/// </summary>
internal sealed class ConnectionRace(EventLoop loop, IPEndPoint[] addresses, IPEndPoint[]? locals)
{
    private readonly List<AsyncTask<Socket?>> _attempts = [];
    private bool _isOver;

    /// <summary>Why the attempts have failed.</summary>
    internal List<Exception> Errors { get; } = [];

    /// <returns>Null: all have failed.</returns>
    internal async Coroutine<Socket?> Run(double delay)
    {
        Socket? winner = null;
        try
        {
            foreach (var address in addresses)
            {
                _attempts.Add(loop.CreateTask(Attempt(address)));
                await FailureOfLast(delay);
                if (Winner is not null)
                {
                    break;
                }
            }

            while (Winner is null && Running is { Length: > 0 } running)
            {
                await Aio.Wait(running, ReturnWhen.FirstCompleted);
            }

            winner = Winner?.Result();
            return winner;
        }
        finally
        {
            _isOver = true;
            await EndOthers(winner);
        }
    }

    /// <summary>Also one that failed by a mistake, not by the network: that ends the race.</summary>
    private AsyncTask<Socket?>? Winner => _attempts.Find(attempt => attempt.IsFaulted || (attempt.IsCompletedSuccessfully && attempt.Result() is not null));

    private AsyncTask<Socket?>[] Running => [.. _attempts.Where(attempt => !attempt.IsCompleted)];

    /// <summary>Ends when the last attempt has failed, any has succeeded, or the time is over.</summary>
    private async Coroutine FailureOfLast(double delay)
    {
        var deadline = loop.Time() + delay;
        while (Winner is null && !_attempts[^1].IsCompleted && deadline - loop.Time() is > 0 and var left)
        {
            await Aio.Wait(Running, left, ReturnWhen.FirstCompleted);
        }
    }

    private async Coroutine EndOthers(Socket? winner)
    {
        foreach (var attempt in Running)
        {
            attempt.Cancel();
        }

        try
        {
            if (Running is { Length: > 0 } running)
            {
                await Aio.Wait(running);
            }
        }
        finally
        {
            foreach (var attempt in _attempts)
            {
                if (attempt.IsCompletedSuccessfully && attempt.Result() is { } socket && socket != winner)
                {
                    loop.CloseBorrowed(socket);
                }
            }
        }
    }

    /// <returns>Null: it has failed.</returns>
    private async Coroutine<Socket?> Attempt(IPEndPoint address)
    {
        Socket? socket = null;
        try
        {
            socket = SocketErrors.Open(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (locals is not null)
            {
                BindLocal(socket);
            }

            await loop.SockConnect(socket, address);
            if (_isOver)
            {
                // Cancelled too late; and whoever waited for this end may have been cancelled again and be gone.
                loop.CloseBorrowed(socket);
                return null;
            }

            return socket;
        }
        catch (Exception e)
        {
            if (socket is not null)
            {
                loop.CloseBorrowed(socket);
            }

            if (e is not SocketException)
            {
                throw;
            }

            Errors.Add(e);
            return null;
        }
    }

    private void BindLocal(Socket socket)
    {
        SocketException? last = null;
        foreach (var local in locals!.Where(local => local.AddressFamily == socket.AddressFamily))
        {
            try
            {
                socket.Bind(local);
                return;
            }
            catch (SocketException e)
            {
                last = SocketErrors.Bind(e, local);
            }
        }

        throw last ?? SocketErrors.Make(SocketError.AddressNotAvailable, $"no matching local address with family={socket.AddressFamily} found");
    }
}
