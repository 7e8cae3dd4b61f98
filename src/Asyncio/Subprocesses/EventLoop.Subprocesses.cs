using Asyncio.LowLevel;

namespace Asyncio;

// Child processes.
public sealed partial class EventLoop
{
    internal const string Shell = "/bin/sh";

    private HashSet<ProcessTransport>? _children;

    /// <summary>Those that were not reaped yet.</summary>
    internal HashSet<ProcessTransport> Children => _children ??= [];

    /// <summary>Starts a program as a child process, told to a protocol. Its standard streams are pipes unless something else is said. Asyncio: <c>subprocess_exec()</c>.</summary>
    /// <typeparam name="TProtocol">The protocol.</typeparam>
    /// <param name="protocolFactory">Makes the protocol.</param>
    /// <param name="program">Its path, or a name to be searched in PATH.</param>
    /// <param name="arguments">Given to it as they are; null for none.</param>
    /// <param name="stdin">Where its standard input comes from; null is a pipe.</param>
    /// <param name="stdout">Where its standard output goes; null is a pipe.</param>
    /// <param name="stderr">Where its standard error goes; null is a pipe.</param>
    /// <param name="workingDirectory">Where it runs; null is this process's directory.</param>
    /// <param name="environment">All its environment variables; null is this process's.</param>
    /// <param name="startNewSession">Whether it leads a session of its own.</param>
    /// <param name="processGroup">The process group that it joins; 0 is a new one.</param>
    /// <inheritdoc cref="Aio.CreateSubprocessExec(string, IEnumerable{string}, StdioTarget, StdioTarget, StdioTarget, string?, IReadOnlyDictionary{string, string}?, int, bool, int?)"/>
    public async Coroutine<(SubprocessTransport Transport, TProtocol Protocol)> SubprocessExec<TProtocol>(
        Func<TProtocol> protocolFactory,
        string program,
        IEnumerable<string>? arguments = null,
        StdioTarget? stdin = null,
        StdioTarget? stdout = null,
        StdioTarget? stderr = null,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null,
        bool startNewSession = false,
        int? processGroup = null)
        where TProtocol : SubprocessProtocol
    {
        ArgumentNullException.ThrowIfNull(protocolFactory);
        var request = new SpawnRequest(program, [.. arguments ?? []])
        {
            Stdin = stdin ?? StdioTarget.Pipe,
            Stdout = stdout ?? StdioTarget.Pipe,
            Stderr = stderr ?? StdioTarget.Pipe,
            WorkingDirectory = workingDirectory,
            Environment = environment,
            StartNewSession = startNewSession,
            ProcessGroup = processGroup,
        };
        return await Spawn(protocolFactory, request);
    }

    /// <summary>Has <c>/bin/sh</c> run a command line, told to a protocol. Asyncio: <c>subprocess_shell()</c>.</summary>
    /// <param name="protocolFactory">Makes the protocol.</param>
    /// <param name="command">What the shell is to run.</param>
    /// <inheritdoc cref="SubprocessExec"/>
    public Coroutine<(SubprocessTransport Transport, TProtocol Protocol)> SubprocessShell<TProtocol>(
        Func<TProtocol> protocolFactory,
        string command,
        StdioTarget? stdin = null,
        StdioTarget? stdout = null,
        StdioTarget? stderr = null,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null,
        bool startNewSession = false,
        int? processGroup = null)
        where TProtocol : SubprocessProtocol =>
        SubprocessExec(protocolFactory, Shell, ShellArguments(command), stdin, stdout, stderr, workingDirectory, environment, startNewSession, processGroup);

    internal static string[] ShellArguments(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return ["-c", command];
    }

    /// <summary>Starts the child and waits until its protocol has its transport.</summary>
    internal async Coroutine<(ProcessTransport Transport, TProtocol Protocol)> Spawn<TProtocol>(Func<TProtocol> protocolFactory, SpawnRequest request)
        where TProtocol : SubprocessProtocol
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Subprocesses need Linux. Elsewhere use System.Diagnostics.Process, whose WaitForExitAsync and streams can be awaited.");
        }

        request.Check();
        var protocol = protocolFactory() ?? throw new InvalidOperationException("The protocol factory gave null instead of a protocol.");
        var transport = StartChild(protocol, request);
        try
        {
            await transport.Begun;
        }
        catch
        {
            transport.Close();
            await transport.WaitAsync();
            throw;
        }

        return (transport, protocol);
    }

    /// <summary>The transport of this process's end of a pipe.</summary>
    internal Transport ConnectChildPipe(ChildStdio stdio, int fd, ChildPipe protocol, ExecutionContext? execution) =>
        stdio.UsesSockets ? new SocketTransport(this, stdio.TakeSocket(fd), protocol, null, execution, hasOnlyOutput: fd == 0)
        : fd == 0 ? new WritePipeTransport(this, stdio.TakePipe(fd), protocol, null, execution)
        : new ReadPipeTransport(this, stdio.TakePipe(fd), protocol, null, execution);

    private ProcessTransport StartChild(SubprocessProtocol protocol, SpawnRequest request)
    {
        using var stdio = new ChildStdio(request, useSockets: ReactorKind == ReactorKind.Portable);
        var transport = new ProcessTransport(this, protocol, ChildProcess.Start(request, stdio));
        try
        {
            transport.Connect(stdio);
            return transport;
        }
        catch
        {
            transport.Close(); // kills it; its end is watched already
            throw;
        }
    }

    private void CloseChildren()
    {
        foreach (var child in _children?.ToArray() ?? [])
        {
            child.Abandon();
        }

        _children = null;
    }
}
