using System.Diagnostics;
using System.Runtime.InteropServices;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>A child process and its pipes. Its protocol is told in asyncio's order: connection made, data and ends of pipes, exit, connection lost.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class ProcessTransport : SubprocessTransport
{
    private readonly EventLoop _loop;
    private readonly ChildProcess _child;
    private readonly ChildPipe?[] _pipes = new ChildPipe?[3];
    private readonly ExitWatch _exit;
    private readonly ExecutionContext? _execution = ThreadContext.Inherit();
    private readonly Future<Unit> _begun;
    private readonly List<Future<int>> _waiters = [];
    private List<Action>? _untold = []; // what happened before the protocol had its transport
    private int _pipesToConnect;
    private int? _returnCode;
    private bool _closed;
    private bool _ended;

    internal ProcessTransport(EventLoop loop, SubprocessProtocol protocol, ChildProcess child)
    {
        _loop = loop;
        Protocol = protocol;
        _child = child;
        _begun = loop.CreateFuture<Unit>();
        _exit = new ExitWatch(loop, this, child);
        loop.Children.Add(this);
    }

    internal SubprocessProtocol Protocol { get; private set; }

    public override int Pid => _child.Pid;

    public override int? ReturnCode => _returnCode;

    public override bool IsClosing => _closed;

    public override BaseProtocol GetProtocol() => Protocol;

    public override void SetProtocol(BaseProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        Protocol = protocol as SubprocessProtocol ?? throw new ArgumentException("A SubprocessProtocol is needed.", nameof(protocol));
    }

    public override Transport? GetPipeTransport(int fd) => (uint)fd < 3 ? _pipes[fd]?.Transport : null;

    public override void SendSignal(PosixSignal signal)
    {
        var number = SignalNumbers.Of(signal);
        if (_ended)
        {
            throw new InvalidOperationException($"Process {Pid} has ended.");
        }

        _child.Signal(number);
    }

    public override void Close() => Close(drop: false);

    public override void Abort() => Close(drop: true);

    public override string ToString() =>
        $"<SubprocessTransport{(_closed ? " closed" : "")} pid={Pid} {(_returnCode is { } code ? $"returncode={code}" : "running")}>";

    /// <summary>Watches for its end, and makes the transports of its pipes.</summary>
    internal void Connect(ChildStdio stdio)
    {
        _exit.Start();
        for (var fd = 0; fd < 3; fd++)
        {
            if (stdio.HasPipe(fd))
            {
                _pipes[fd] = Protocol is StreamSubprocessProtocol ? new ChildStreamPipe(this, fd) : new ChildPipe(this, fd);
                _pipesToConnect++;
            }
        }

        for (var fd = 0; fd < 3; fd++)
        {
            if (_pipes[fd] is { } pipe)
            {
                pipe.Transport = _loop.ConnectChildPipe(stdio, fd, pipe, _execution);
            }
        }

        if (_pipesToConnect == 0)
        {
            _loop.CallSoon(Begin);
        }
    }

    /// <summary>Until the protocol has its transport.</summary>
    internal Future<Unit> Begun => _begun;

    /// <summary>Its return code, when it has one.</summary>
    internal async Coroutine<int> WaitAsync()
    {
        if (_returnCode is { } code)
        {
            return code;
        }

        var waiter = _loop.CreateFuture<int>();
        _waiters.Add(waiter);
        return await waiter;
    }

    internal void Report(string message, Exception error) => _loop.ReportTransport(message, error, this, Protocol);

    internal void OnPipeConnected()
    {
        if (--_pipesToConnect == 0)
        {
            Begin();
        }
    }

    internal void OnPipeLost(int fd, Exception? error)
    {
        Tell(() => Protocol.PipeConnectionLost(fd, error));
        TryEnd();
    }

    /// <summary>On the loop's thread, as a callback: it has been reaped.</summary>
    internal void OnExited(int code)
    {
        _loop.EnterCallback(_execution);
        _loop.Children.Remove(this);
        if (_child.IsStolen)
        {
            _loop.Warn($"Unknown child process pid {Pid}, will report returncode 255");
        }

        _loop.CallSoon(() =>
        {
            _returnCode = code;
            Tell(TellExit);
            TryEnd();
        });
    }

    /// <summary>The loop closes and the process runs.</summary>
    internal void Abandon()
    {
        _loop.Warn($"Process {Pid} still runs while its event loop is closed; it is killed.");
        Close(drop: true);
        _exit.Abandon();
        foreach (var pipe in _pipes)
        {
            // The end of its transport is queued, and will not run any more.
            ((pipe?.Transport?.GetExtraInfo("pipe") ?? pipe?.Transport?.GetExtraInfo("socket")) as IDisposable)?.Dispose();
        }
    }

    private void Begin()
    {
        _loop.CallSoon(() =>
        {
            foreach (var pipe in _pipes.AsSpan(1))
            {
                pipe?.Transport!.ResumeReading(); // before the protocol, which may pause it again
            }

            Protocol.ConnectionMade(this);
        });
        foreach (var call in _untold!)
        {
            _loop.CallSoon(call);
        }

        _untold = null;
        _begun.TrySetResult(default);
    }

    private void Tell(Action call)
    {
        if (_untold is null)
        {
            _loop.CallSoon(call);
        }
        else
        {
            _untold.Add(call);
        }
    }

    private void TellExit()
    {
        try
        {
            Protocol.ProcessExited();
        }
        finally
        {
            WakeWaiters();
        }
    }

    private void TryEnd()
    {
        if (_returnCode is not null && Array.TrueForAll(_pipes, static pipe => pipe is null or { IsDisconnected: true }))
        {
            Tell(End);
        }
    }

    private void End()
    {
        _ended = true;
        Protocol.ConnectionLost(null);
    }

    private void WakeWaiters()
    {
        foreach (var waiter in _waiters)
        {
            waiter.TrySetResult(_returnCode!.Value);
        }

        _waiters.Clear();
    }

    private void Close(bool drop)
    {
        _loop.CheckThread();
        if (_closed)
        {
            return;
        }

        _closed = true;
        var kills = !_child.IsReaped;
        foreach (var pipe in _pipes)
        {
            if (drop || kills)
            {
                pipe?.Transport?.Abort(); // nobody is there to take what is unsent
            }
            else
            {
                pipe?.Transport?.Close();
            }
        }

        if (kills)
        {
            if (_loop.Debug)
            {
                _loop.Warn($"Close running child process: kill {this}");
            }

            Kill();
        }
    }
}
