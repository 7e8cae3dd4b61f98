using Asyncio.LowLevel;
using Microsoft.Win32.SafeHandles;

namespace Asyncio;

/// <summary>
/// Tells a transport that its process has ended: by a descriptor of the process (pidfd) in the reactor, and where there is none, by a
/// thread that waits for it. While the loop is open it is its thread that reaps.
/// </summary>
internal sealed class ExitWatch(EventLoop loop, ProcessTransport transport, ChildProcess child) : Runnable
{
    private Channel? _channel;

    internal void Start()
    {
        if (loop.ReactorKind != ReactorKind.Portable && TryOpen(child.Pid) is { } descriptor)
        {
            _channel = loop.Reactor.Open(descriptor);
            _channel.Submit(new End(this));
        }
        else
        {
            WatchInThread();
        }
    }

    /// <summary>The process has ended.</summary>
    internal override void Run(object? argument)
    {
        if (child.TryReap() is { } code)
        {
            _channel?.Close();
            transport.OnExited(code);
        }
    }

    /// <summary>The loop was closed before it could reap.</summary>
    internal override void GiveUp(object? argument) => ReapIfEnded();

    /// <summary>The loop closes: nobody is told any more, but no zombie is to be left either. A thread that waits already will find the loop closed.</summary>
    internal void Abandon()
    {
        if (_channel is { } channel && !ReapIfEnded())
        {
            channel.Close();
            InThread(child.Reap);
        }
    }

    // Never a second time: by then the number may be another child's.
    private bool ReapIfEnded() => child.IsReaped || child.TryReap() is not null;

    private void OnEnd() => loop.Ready.Enqueue(this, null);

    /// <summary>The reactor cannot watch it: it is out of memory, or of places for descriptors.</summary>
    private void OnWatchFailed()
    {
        if (_channel is { IsClosed: false } channel)
        {
            channel.Close();
            _channel = null;
            WatchInThread();
        }
    }

    private void WatchInThread() => InThread(() =>
    {
        child.AwaitEnd();
        loop.EnqueueFromAnywhere(this, null);
    });

    private static SafeFileHandle? TryOpen(int pid)
    {
        var descriptor = ProcessCalls.SystemCall(ProcessCalls.SYS_pidfd_open, pid, 0); // closed on exec
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static void InThread(Action action) => new Thread(action.Invoke, maxStackSize: 128 * 1024) { IsBackground = true, Name = "asyncio waitpid" }.Start();

    /// <summary>A pidfd is readable from the end of its process on.</summary>
    private sealed class End : IoRequest
    {
        private readonly ExitWatch _watch;

        internal End(ExitWatch watch)
        {
            _watch = watch;
            Kind = IoKind.WaitReadable;
        }

        internal override void OnCompleted(int result)
        {
            if (result >= 0)
            {
                _watch.OnEnd();
            }
            else
            {
                _watch.OnWatchFailed();
            }
        }
    }
}
