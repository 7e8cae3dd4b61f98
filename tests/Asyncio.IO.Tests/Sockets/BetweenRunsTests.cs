using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Sockets;

/// <summary>What is begun, left or closed while the loop does not run.</summary>
public partial class BetweenRunsTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_watch_of_before_the_run_works_in_any_thread(ReactorKind kind)
    {
        using var loop = Open(kind);
        var (ours, theirs) = Stage.Pair();
        var called = 0;
        loop.AddReader(ours, () =>
        {
            called++;
            loop.RemoveReader(ours);
            loop.Stop();
        });
        theirs.Send([1]);
        InAnotherThread(loop.RunForever);
        Assert.Equal(1, called);

        loop.AddReader(ours, () =>
        {
            called++;
            loop.RemoveReader(ours);
            loop.Stop();
        });
        InAnotherThread(loop.RunForever);
        Assert.Equal(2, called);
        ours.Dispose();
        theirs.Dispose();
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_socket_closed_between_runs_is_not_taken_for_the_next_of_its_number(ReactorKind kind)
    {
        using var loop = Open(kind);
        var (ours, theirs) = Stage.Pair();
        var (other, peer) = Stage.Pair();
        var buffer = new byte[10];
        var victim = loop.RunUntilComplete(Begin());
        var number = (int)ours.Handle;
        ours.Dispose();
        using var next = new Socket(new SafeSocketHandle(Duplicate((int)other.Handle, number), ownsHandle: true));
        Assert.Equal(number, next.Handle);
        peer.Send([1, 2, 3]);
        loop.RunUntilComplete(Pause());
        Assert.Equal(3, next.Available);
        Assert.Equal(0, buffer[0]);
        other.Dispose();
        peer.Dispose();
        theirs.Dispose();

        async Coroutine<AsyncTask<int>> Begin()
        {
            var task = Aio.CreateTask(loop.SockRecvInto(ours, buffer));
            await Aio.Sleep(0.01);
            return task;
        }

        async Coroutine Pause()
        {
            await Aio.Sleep(0.05);
            victim.Cancel();
            await Aio.Wait([victim], Hang.Limit);
            Assert.True(victim.IsCompleted);
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_socket_closed_while_it_connects_over_two_runs_fails_alone(ReactorKind kind)
    {
        using var loop = Open(kind);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var fill = Enumerable.Range(0, 3).Select(_ =>
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            Assert.ThrowsAny<SocketException>(() => client.Connect(listener.LocalEndPoint!));
            return client;
        }).ToArray();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        AsyncTask? connecting = null;
        loop.RunUntilComplete(Begin());
        loop.RunUntilComplete(End());
        Array.ForEach(fill, each => each.Dispose());

        async Coroutine Begin()
        {
            connecting = Aio.CreateTask(loop.SockConnect(socket, listener.LocalEndPoint!));
            await Aio.Sleep(0.05);
        }

        async Coroutine End()
        {
            await Aio.Sleep(0.05);
            socket.Dispose();
            for (var i = 0; i < 3; i++)
            {
                if (listener.Poll(100_000, SelectMode.SelectRead))
                {
                    listener.Accept().Dispose();
                }
            }

            await Aio.Sleep(1.5);
            connecting!.Cancel();
            await Aio.Wait([connecting], Hang.Limit);
            Assert.True(connecting.IsCompleted);
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_closed_pipe_is_refused(ReactorKind kind)
    {
        Assert.SkipWhen(kind == ReactorKind.Portable, "It has no pipes.");
        using var loop = Open(kind);
        var path = Path.GetTempFileName();
        var closed = File.OpenHandle(path);
        var number = closed.DangerousGetHandle();
        closed.Dispose();
        using var other = File.OpenHandle(path);
        Assert.Equal(number, other.DangerousGetHandle());
        var before = GetFlags((int)number, 3, 0);
        Assert.Throws<ObjectDisposedException>(() => loop.AddReader(closed, () => { }));
        Assert.Equal(before, GetFlags((int)number, 3, 0));
        File.Delete(path);
    }

    private static EventLoop Open(ReactorKind kind)
    {
        using (new Rig(kind))
        {
            // Only asks whether it can be had.
        }

        return new EventLoop(new EventLoopOptions { Reactor = kind });
    }

    private static void InAnotherThread(Action action)
    {
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(action));
        thread.Start();
        Assert.True(thread.Join(Hang.Limit), "the thread hangs");
        Assert.Null(error);
    }

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int descriptor, int number);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int GetFlags(int descriptor, int command, nint argument);
}
