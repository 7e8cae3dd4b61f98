using System.Runtime.InteropServices;
using System.Text;
using Asyncio.LowLevel;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Asyncio.IO.Tests.Reactors.Uring;

/// <summary>A terminal and a pipe, each blocking and not: the kernel treats all four differently.</summary>
public unsafe partial class UringTerminalTests
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int ReadWrite = 0x2;
    private const int NotControlling = 0x100;
    private const nuint BytesToRead = 0x541B; // FIONREAD

    [Theory, InlineData(0), InlineData(NonBlocking)]
    public void A_terminal_is_read_stopped_and_read_again(int flags)
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (user, terminal) = OpenTerminal(flags);
        using var keep = user;
        var channel = rig.Reactor.Open(terminal);
        var receiver = new Recorder();
        channel.StartReceiving(receiver);
        rig.Settle();
        Type(user, "abc\n");
        rig.Until(() => receiver.Bytes.Count == 4, "a line is received");
        channel.StopReceiving();
        rig.Settle();
        Type(user, "de\n");
        rig.Settle();
        Assert.Equal(4, receiver.Bytes.Count);
        channel.StartReceiving(receiver);
        rig.Until(() => receiver.Bytes.Count == 7, "the next line is received");
        Assert.Equal("abc\nde\n", Encoding.ASCII.GetString(receiver.Bytes.ToArray()));
        channel.Close();
        rig.Until(() => terminal.IsClosed, "the terminal is closed while it is read");
    }

    [Theory, InlineData(0), InlineData(NonBlocking)]
    public void A_pipe_takes_more_than_it_holds(int flags)
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var ends = stackalloc int[2];
        Assert.Equal(0, Pipe(ends, CloseOnExec | flags));
        var reading = rig.Reactor.Open(new SafeFileHandle(ends[0], ownsHandle: true));
        var writing = rig.Reactor.Open(new SafeFileHandle(ends[1], ownsHandle: true));
        var data = CountingStream.Take(0, 1_000_000);
        var send = new TestRequest(IoKind.Send, data);
        Rig.Submit(writing, send);
        var output = ends[0];
        rig.Until(() => Waiting(output) > 0, "something is in the pipe"); // of a pipe that blocks, a thread of the kernel's writes it
        rig.Settle();
        Assert.Equal(0, send.Completions);
        writing.Cancel(send);
        var part = rig.Finish(send);
        Assert.InRange(part, 1, data.Length - 1);

        var receiver = new Recorder();
        reading.StartReceiving(receiver);
        Rig.Submit(writing, send);
        rig.Until(() => send.Completions == 1 && receiver.Bytes.Count == part + data.Length, "the rest comes, and all once more");
        Assert.Equal(data.Length, send.Result);
        var bytes = receiver.Bytes.ToArray().AsSpan();
        Assert.Equal(-1, CountingStream.FirstWrong(bytes[..part], 0));
        Assert.Equal(-1, CountingStream.FirstWrong(bytes[part..], 0));
    }

    private static (SafeFileHandle User, SafeFileHandle Terminal) OpenTerminal(int flags)
    {
        var user = OpenMaster(ReadWrite | NotControlling);
        Assert.True(user >= 0);
        Assert.Equal(0, Grant(user));
        Assert.Equal(0, Unlock(user));
        var terminal = Open((byte*)NameOf(user), ReadWrite | NotControlling | CloseOnExec | flags);
        Assert.True(terminal >= 0);
        return (new(user, ownsHandle: true), new(terminal, ownsHandle: true));
    }

    private static int Waiting(int descriptor)
    {
        int count;
        return Control(descriptor, BytesToRead, &count) == 0 ? count : -1;
    }

    private static void Type(SafeFileHandle user, string text)
    {
        fixed (byte* bytes = Encoding.ASCII.GetBytes(text))
        {
            Assert.Equal(text.Length, Write(user, bytes, text.Length));
        }
    }

    [LibraryImport("libc", EntryPoint = "pipe2")]
    private static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, int* result);

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname")]
    private static partial nint NameOf(int descriptor);

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeFileHandle descriptor, byte* bytes, nint length);
}
