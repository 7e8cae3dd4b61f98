using System.Net.Sockets;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>Open connections that are secured at a bad moment.</summary>
public class TlsUpgradeTests
{
    /// <summary>Long before the handshake's timeout, which would come after this test's.</summary>
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_peer_that_has_ended_already_fails_at_once(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        foreach (var asServer in new[] { false, true })
        {
            await using var peer = await RawPeer.Connect();
            peer.Socket.Shutdown(SocketShutdown.Send);
            Assert.Empty(await peer.Reader.ReadAsync());
            await Stage.Throws<IOException>(async () => await Upgrade(peer.Writer, asServer));
            Assert.True(peer.Writer.IsClosing);
        }

        static Coroutine Upgrade(AsyncStreamWriter writer, bool asServer) => asServer
            ? writer.StartTlsAsync(Certificates.ServerOptions, sslHandshakeTimeout: TimeSpan.FromHours(1))
            : writer.StartTlsAsync(Certificates.ClientOptions, "localhost", sslHandshakeTimeout: TimeSpan.FromHours(1));
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void So_it_is_for_a_protocol_that_kept_the_connection_open(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Asyncio.IO.Tests.Transports.Stage.Pair();
        var (transport, tape) = await loop.CreateConnection(() => new Tape { KeepsOpenAtEof = true }, ours);
        theirs.Shutdown(SocketShutdown.Send);
        await Stage.Until(() => tape.Line == "made eof");
        await Stage.Throws<IOException>(async () =>
            await loop.StartTls(transport, tape, Certificates.ClientOptions, "localhost", sslHandshakeTimeout: TimeSpan.FromHours(1)));
        await tape.Lost();
        theirs.Dispose();
    });

    /// <summary>They pause nobody for ever, and do not let more come than there may be.</summary>
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Many_early_bytes_leave_the_flow_control_whole(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var loop = Aio.GetRunningLoop();
        var raw = new FedTransport();
        var below = new TlsProtocol(loop, TlsSettings.ForServer(Certificates.ServerOptions, null, null), new Tape(), isAccepted: false);
        below.TakeOver(raw, new byte[300_000]);
        Assert.False(raw.IsPaused);
        below.DataReceived(new byte[1]);
        Assert.True(raw.IsPaused); // there is more than it wants, and nobody reads
    });

    private sealed class FedTransport : Transport
    {
        private BaseProtocol? _protocol;

        public bool IsPaused { get; private set; }

        public override bool IsClosing => false;

        public override bool IsReading => !IsPaused;

        public override bool CanWriteEof => false;

        public override void PauseReading() => IsPaused = true;

        public override void ResumeReading() => IsPaused = false;

        public override void Close() => throw new NotSupportedException();

        public override void Abort() => throw new NotSupportedException();

        public override void SetProtocol(BaseProtocol protocol) => _protocol = protocol;

        public override BaseProtocol GetProtocol() => _protocol!;

        public override void Write(ReadOnlySpan<byte> data) => throw new NotSupportedException();

        public override void WriteEof() => throw new NotSupportedException();

        public override int GetWriteBufferSize() => 0;

        public override void SetWriteBufferLimits(int? high = null, int? low = null) => throw new NotSupportedException();

        public override (int Low, int High) GetWriteBufferLimits() => (0, 0);
    }
}
