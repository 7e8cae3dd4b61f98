using System.Net.Sockets;

namespace Asyncio.Conformance;

internal static partial class Sockets
{
    private static byte[] ReceiveNow(Socket socket)
    {
        var buffer = new byte[100];
        return buffer[..socket.Receive(buffer)];
    }

    [Scenario]
    public static async Coroutine ReaderIsCalledAsLongAsSomethingIsThere(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var calls = 0;

        void Ready()
        {
            if (++calls == 3)
            {
                trace(Show(ReceiveNow(ours)));
            }
        }

        loop.AddReader(ours, Ready);
        await Settle();
        trace($"{calls} calls");
        theirs.Send("hello");
        await Until(() => calls >= 3);
        await Settle();
        trace($"{calls} calls");
        trace($"removed {loop.RemoveReader(ours)}, {loop.RemoveReader(ours)}");
    }

    [Scenario]
    public static async Coroutine ReaderIsCalledAtTheEnd(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;

        var calls = new List<string>();

        void Ready()
        {
            calls.Add(Show(ReceiveNow(ours)));
            loop.RemoveReader(ours);
        }

        loop.AddReader(ours, Ready);
        theirs.Shutdown(SocketShutdown.Send);
        await Until(() => calls.Count > 0);
        trace(calls[0]);
    }

    [Scenario]
    public static async Coroutine WriterIsCalledAsLongAsThereIsRoom(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var calls = 0;
        loop.AddWriter(ours, () => calls++);
        await Until(() => calls >= 3);
        trace($"removed {loop.RemoveWriter(ours)}, {loop.RemoveWriter(ours)}");
        var count = calls;
        await Settle();
        trace($"called again {calls > count}");
    }

    [Scenario]
    public static async Coroutine WriterOfAFullSocketWaits(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var (calls, sent) = (0, 0);
        ours.Blocking = false;
        while (true)
        {
            var count = ours.Send(new byte[100_000], SocketFlags.None, out var error);
            if (error != SocketError.Success)
            {
                break;
            }

            sent += count;
        }

        loop.AddWriter(ours, () => calls++);
        await Settle();
        trace($"{calls} calls");
        await Receive(theirs, sent);
        await Until(() => calls > 0);
        loop.RemoveWriter(ours);
        trace("called");
    }

    [Scenario]
    public static async Coroutine ReaderAndWriterDoNotKnowEachOther(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var (reads, writes) = (0, 0);
        loop.AddReader(ours, () => reads++);
        loop.AddWriter(ours, () => writes++);
        await Until(() => writes > 0);
        trace($"{reads} reads, removed {loop.RemoveWriter(ours)}");
        theirs.Send("x");
        await Until(() => reads > 0);
        var count = writes;
        await Settle();
        trace($"written again {writes > count}, removed {loop.RemoveReader(ours)}");
    }

    [Scenario]
    public static async Coroutine SecondReaderReplacesTheFirst(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var (first, second) = (0, 0);
        loop.AddReader(ours, () => first++);
        await Settle();
        loop.AddReader(ours, () => second++);
        theirs.Send("x");
        await Until(() => second > 0);
        trace($"{first} calls of the first, removed {loop.RemoveReader(ours)}, {loop.RemoveReader(ours)}");
    }

    [Scenario]
    public static async Coroutine RemovedInTheCallback(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var calls = 0;

        void Ready()
        {
            calls++;
            loop.RemoveReader(ours);
        }

        loop.AddReader(ours, Ready);
        theirs.Send("x");
        await Until(() => calls > 0);
        await Settle();
        trace($"{calls} calls");
    }

    [Scenario]
    public static async Coroutine EachRemovesTheOther(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var calls = 0;

        void Ready()
        {
            calls++;
            loop.RemoveReader(ours);
            loop.RemoveReader(theirs);
        }

        ours.Send("x");
        theirs.Send("x");
        loop.AddReader(ours, Ready);
        loop.AddReader(theirs, Ready);
        await Until(() => calls > 0);
        await Settle();
        trace($"{calls} calls");
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingCallbackIsReportedAndCalledAgain(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var calls = 0;

        void Ready()
        {
            if (++calls == 2)
            {
                loop.RemoveReader(ours);
            }

            throw new DivideByZeroException();
        }

        loop.AddReader(ours, (Action)Ready);
        theirs.Send("x");
        await Until(() => calls == 2);
        await Settle();
        trace($"{calls} calls");
    }

    [Scenario]
    public static async Coroutine AddedAgainAfterItWasRemoved(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var calls = 0;
        for (var i = 0; i < 3; i++)
        {
            loop.AddReader(ours, () => calls++);
            theirs.Send("x");
            await Until(() => calls > 0);
            loop.RemoveReader(ours);
            trace(Show(ReceiveNow(ours)));
            calls = 0;
            await Settle();
            trace($"{calls} calls");
        }
    }

    [Scenario]
    public static async Coroutine SocketOfATransportIsNotToBeWatched(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        var (transport, protocol) = await loop.CreateConnection(() => new Tape(), ours);
        trace(ErrorOf(() => loop.AddReader(ours, () => { })));
        trace(ErrorOf(() => loop.AddWriter(ours, () => { })));
        trace(ErrorOf(() => loop.RemoveReader(ours)));
        trace(ErrorOf(() => loop.RemoveWriter(ours)));
        theirs.Send("hello");
        await protocol.Told.Has(5);
        trace(protocol.Told.Text);
        transport.Close();
        await protocol.Told.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine SocketOfATransportIsNotToBeReceivedFrom(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        var (transport, protocol) = await loop.CreateConnection(() => new Tape(), ours);
        trace(await Attempt(loop.SockRecv(ours, 100)));
        transport.Close();
        await protocol.Told.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine SocketOfATransportIsFreeWhenItIsClosed(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        for (var i = 0; i < 3; i++)
        {
            var (ours, theirs) = Pair();
            var (transport, protocol) = await loop.CreateConnection(() => new Tape(), ours);
            transport.Close();
            await protocol.Told.Gone();
            await Spin(2);
            theirs.Dispose();
            (ours, theirs) = Pair();
            using var _ = ours;
            using var __ = theirs;
            theirs.Send("x");
            trace(await Attempt(loop.SockRecv(ours, 100)));
        }
    }

    [Scenario]
    public static async Coroutine TransportOfASocketThatWasReceivedFrom(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        theirs.Send("one");
        trace(await Attempt(loop.SockRecv(ours, 100)));
        var (_, protocol) = await loop.CreateConnection(() => new Tape(), ours);
        theirs.Send("two");
        theirs.Dispose();
        await protocol.Told.Gone();
        trace($"{protocol.Told.Line}: {protocol.Told.Text}");
    }
}
