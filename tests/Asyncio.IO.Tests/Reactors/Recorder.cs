using System.Net.Sockets;

namespace Asyncio.IO.Tests.Reactors;

/// <summary>Keeps what a channel receives and accepts.</summary>
internal sealed class Recorder : IReceiver, IAcceptor
{
    public List<byte> Bytes { get; } = [];

    public List<Socket> Accepted { get; } = [];

    public SocketError? Ended { get; private set; }

    public int Pieces { get; private set; }

    public Action? Then { get; set; }

    public void OnReceived(ReadOnlySpan<byte> data)
    {
        Pieces++;
        Bytes.AddRange(data);
        Then?.Invoke();
    }

    public void OnReceiveEnded(SocketError error) => Ended = error;

    public void OnAccepted(Socket socket)
    {
        Accepted.Add(socket);
        Then?.Invoke();
    }

    public void OnAcceptFailed(SocketError error) => Ended = error;
}
