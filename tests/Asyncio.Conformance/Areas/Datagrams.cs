using System.Net;
using System.Net.Sockets;

namespace Asyncio.Conformance;

/// <summary>Datagram endpoints: with and without a peer of their own, errors, failing callbacks, closing, addresses, socket files.</summary>
[Area("datagrams", OnEachReactor = true)]
internal static partial class Datagrams
{
    /// <summary>An endpoint with an address of its own and no peer, and its address.</summary>
    private static async Coroutine<(DatagramTransport Transport, DatagramTape Tape, EndPoint Address)> Bound(DatagramTape? protocol = null)
    {
        var (transport, tape) = await Aio.GetRunningLoop().CreateDatagramEndpoint(() => protocol ?? new DatagramTape(), new IPEndPoint(Local, 0));
        return (transport, tape, transport.GetExtraInfo<EndPoint>("sockname")!);
    }

    /// <summary>An endpoint that knows its peer.</summary>
    private static Coroutine<(DatagramTransport Transport, DatagramTape Tape)> Connected(EndPoint address, DatagramTape? protocol = null) =>
        Aio.GetRunningLoop().CreateDatagramEndpoint(() => protocol ?? new DatagramTape(), remoteAddress: address);

    private static IPEndPoint NobodysAddress() => new(Local, ClosedPort());

    private static void SendTo(this DatagramTransport transport, string data, EndPoint? address = null) => transport.SendTo(Bytes(data), address);

    private static async Coroutine End(params DatagramTape[] tapes)
    {
        foreach (var tape in tapes)
        {
            tape.Transport.Close();
            await tape.Gone();
        }
    }

    [Scenario]
    public static async Coroutine ThereAndBack(Trace trace)
    {
        var (server, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        trace($"{heard.Line}, {tape.Line}");
        client.SendTo("question");
        await heard.Has(2);
        trace($"from the client {heard.Senders[0].Equals(client.GetExtraInfo("sockname"))}");
        server.SendTo("answer", heard.Senders[0]);
        await tape.Has(2);
        trace($"from the server {tape.Senders[0].Equals(address)}");
        await End(tape, heard);
        trace($"server {heard.Line}");
        trace($"client {tape.Line}");
    }

    [Scenario]
    public static async Coroutine EachDatagramIsToldByItself(Trace trace)
    {
        var (_, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        foreach (var piece in (string[])["one", "two", "three"])
        {
            client.SendTo(piece);
        }

        await heard.Has(4);
        trace(heard.Line);
        await End(tape, heard);
    }

    [Scenario]
    public static async Coroutine EmptyDatagram(Trace trace)
    {
        var (_, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        client.SendTo("");
        client.SendTo("more");
        await heard.Has(3);
        trace(heard.Line);
        await End(tape, heard);
    }

    [Scenario]
    public static async Coroutine PeerGivenOnceOrEachTime(Trace trace)
    {
        var (_, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        client.SendTo("without");
        client.SendTo("with", address);
        trace(ErrorOf(() => client.SendTo("another", NobodysAddress())));
        await heard.Has(3);
        await Settle();
        trace(heard.Line);
        await End(tape, heard);
    }

    [Scenario]
    public static async Coroutine SeveralPeers(Trace trace)
    {
        var (first, one, _) = await Bound();
        var (second, two, _) = await Bound();
        var (server, heard, address) = await Bound();
        foreach (var (transport, name) in ((DatagramTransport, string)[])[(first, "first"), (second, "second")])
        {
            transport.SendTo(name, address);
        }

        await heard.Has(3);
        foreach (var (text, sender) in heard.Events.Skip(1).Zip(heard.Senders))
        {
            server.SendTo($"hello {text}", sender);
        }

        await one.Has(2);
        await two.Has(2);
        trace($"{one.Line}, {two.Line}");
        await End(one, two, heard);
    }

    [Scenario]
    public static async Coroutine StrangersAreNotHeard(Trace trace)
    {
        var (server, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        var (stranger, other, _) = await Bound();
        stranger.SendTo("boo", client.GetExtraInfo<EndPoint>("sockname"));
        await Settle();
        server.SendTo("hello", client.GetExtraInfo<EndPoint>("sockname"));
        await tape.Has(2);
        trace(tape.Line);
        await End(tape, heard, other);
    }

    [Scenario]
    public static async Coroutine WhatAnEndpointKnows(Trace trace)
    {
        var (server, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        trace($"server's peer {Show(server.GetExtraInfo("peername"))}");
        trace($"client's peer {address.Equals(client.GetExtraInfo("peername"))}");
        trace($"socket {client.GetExtraInfo<Socket>("socket")!.LocalEndPoint!.Equals(client.GetExtraInfo("sockname"))}");
        trace($"nothing {Show(client.GetExtraInfo("nothing"))}");
        trace($"protocol {client.GetProtocol() == tape}");
        trace($"closing {client.IsClosing}");
        await End(tape, heard);
        trace($"closing {client.IsClosing}");
    }

    [Scenario]
    public static async Coroutine DatagramThatIsTooLong(Trace trace)
    {
        var (_, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        client.SendTo(new byte[100_000]);
        await tape.Has(2);
        trace($"{tape.Line}, closing {client.IsClosing}");
        client.SendTo("short");
        await heard.Has(2);
        trace(heard.Line);
        await End(tape, heard);
    }

    [Scenario]
    public static async Coroutine NobodyListens(Trace trace)
    {
        var (client, tape) = await Connected(NobodysAddress());
        client.SendTo("x");
        await tape.Has(2);
        trace($"{tape.Line}, closing {client.IsClosing}");
        await End(tape);
        trace(tape.Line);
    }

    [Scenario]
    public static async Coroutine PeerThatComesBack(Trace trace)
    {
        var (_, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        await End(heard);
        await Settle();
        client.SendTo("lost");
        await tape.Has(2);
        trace(tape.Line);
        (_, heard) = await Aio.GetRunningLoop().CreateDatagramEndpoint(() => new DatagramTape(), address);
        client.SendTo("found");
        await heard.Has(2);
        trace(heard.Line);
        await End(tape, heard);
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingDatagramReceivedIsReportedAndTheEndpointLives(Trace trace)
    {
        var (_, heard, address) = await Bound(new DatagramTape { WhenData = DatagramTape.Fail });
        var (client, tape) = await Connected(address);
        client.SendTo("one");
        await heard.Has(2);
        client.SendTo("two");
        await heard.Has(3);
        await End(tape, heard);
        trace(heard.Line);
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingErrorReceivedIsReportedAndTheEndpointLives(Trace trace)
    {
        var (client, tape) = await Connected(NobodysAddress(), new DatagramTape { WhenError = DatagramTape.Fail });
        client.SendTo("x");
        await tape.Has(2);
        await Spin(2);
        trace($"closing {client.IsClosing}");
        await End(tape);
        trace(tape.Line);
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingConnectionLostIsReported(Trace trace)
    {
        var (_, heard, _) = await Bound(new DatagramTape { WhenLost = DatagramTape.Fail });
        await End(heard);
        trace(heard.Line);
    }

    [Scenario]
    public static async Coroutine CloseSendsWhatWasGiven(Trace trace)
    {
        var (_, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        for (var number = 0; number < 5; number++)
        {
            client.SendTo($"{number}");
        }

        client.Close();
        client.Close();
        trace($"closing {client.IsClosing}: {tape.Line}");
        await tape.Gone();
        await heard.Has(6);
        trace(heard.Line);
        trace(tape.Line);
        await End(heard);
    }

    [Scenario]
    public static async Coroutine DatagramAfterCloseGoesNowhere(Trace trace)
    {
        var (_, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        client.Close();
        trace(ErrorOf(() => client.SendTo("x")));
        await tape.Gone();
        trace(ErrorOf(() => client.SendTo("x")));
        await Settle();
        trace(heard.Line);
        await End(heard);
    }

    [Scenario]
    public static async Coroutine AbortEndsIt(Trace trace)
    {
        var (server, heard, _) = await Bound();
        server.Abort();
        server.Abort();
        trace($"closing {server.IsClosing}: {heard.Line}");
        await heard.Gone();
        server.Close();
        await Settle();
        trace(heard.Line);
    }

    [Scenario]
    public static async Coroutine DatagramThatComesAfterTheCloseIsNotTold(Trace trace)
    {
        var (server, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        await Settle();
        client.SendTo("x");
        server.Close();
        await heard.Gone();
        await Settle();
        trace(heard.Line);
        await End(tape);
    }

    [Scenario]
    public static async Coroutine CloseInTheCallback(Trace trace)
    {
        var (_, heard, address) = await Bound(new DatagramTape { WhenData = tape => tape.Transport.Close() });
        var (client, tape) = await Connected(address);
        client.SendTo("one");
        await heard.Gone();
        trace(heard.Line);
        await End(tape);
    }

    [Scenario]
    public static async Coroutine AnotherProtocolTakesOver(Trace trace)
    {
        var (server, heard, address) = await Bound();
        var (client, tape) = await Connected(address);
        client.SendTo("one");
        await heard.Has(2);
        var second = new DatagramTape();
        server.SetProtocol(second);
        client.SendTo("two");
        await second.Has(1);
        server.Close();
        await second.Gone();
        trace($"first {heard.Line}");
        trace($"second {second.Line}");
        await End(tape);
    }
}
