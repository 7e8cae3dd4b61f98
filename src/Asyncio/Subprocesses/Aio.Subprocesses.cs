using Asyncio.LowLevel;

namespace Asyncio;

public static partial class Aio
{
    /// <summary>Starts a program as a child process. Asyncio: <c>create_subprocess_exec()</c>.</summary>
    /// <param name="program">Its path, or a name to be searched in PATH.</param>
    /// <param name="arguments">Given to it as they are: no shell sees them, nothing needs quotes.</param>
    /// <param name="stdin">Where its standard input comes from; <c>default</c> is this process's.</param>
    /// <param name="stdout">Where its standard output goes.</param>
    /// <param name="stderr">Where its standard error goes.</param>
    /// <param name="workingDirectory">Where it runs; null is this process's directory. Asyncio: <c>cwd</c>.</param>
    /// <param name="environment">All its environment variables; null is this process's. Asyncio: <c>env</c>.</param>
    /// <param name="limit">Of its readers: how long a line may be. If twice as much waits to be read, the child is held up.</param>
    /// <param name="startNewSession">Whether it leads a session of its own: Ctrl-C does not reach it, and its number is that of a group, too.</param>
    /// <param name="processGroup">The process group that it joins; 0 is a new one.</param>
    /// <exception cref="FileNotFoundException">There is no such program (thrown at the await).</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such directory (thrown at the await).</exception>
    /// <exception cref="UnauthorizedAccessException">The program may not be executed (thrown at the await).</exception>
    /// <exception cref="ArgumentException">Something cannot be given to a process (thrown at the await).</exception>
    /// <exception cref="PlatformNotSupportedException">The system is not Linux (thrown at the await).</exception>
    /// <remarks>
    /// Acts when awaited. Cancelled before it returns, the child is killed and waited for. Use the result with <c>await using</c>, unless the child is to
    /// outlive the scope; it never outlives the loop.
    /// </remarks>
    public static Coroutine<Subprocess> CreateSubprocessExec(
        string program,
        IEnumerable<string> arguments,
        StdioTarget stdin = default,
        StdioTarget stdout = default,
        StdioTarget stderr = default,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null,
        int limit = AsyncStreamReader.DefaultLimit,
        bool startNewSession = false,
        int? processGroup = null)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return StartSubprocess(
            new SpawnRequest(program, [.. arguments])
            {
                Stdin = stdin,
                Stdout = stdout,
                Stderr = stderr,
                WorkingDirectory = workingDirectory,
                Environment = environment,
                StartNewSession = startNewSession,
                ProcessGroup = processGroup,
            },
            limit);
    }

    /// <summary>Starts a program with this process's standard streams. Asyncio: <c>create_subprocess_exec()</c>.</summary>
    /// <inheritdoc cref="CreateSubprocessExec(string, IEnumerable{string}, StdioTarget, StdioTarget, StdioTarget, string?, IReadOnlyDictionary{string, string}?, int, bool, int?)"/>
    public static Coroutine<Subprocess> CreateSubprocessExec(string program, params ReadOnlySpan<string> arguments) =>
        StartSubprocess(new SpawnRequest(program, arguments.ToArray()), AsyncStreamReader.DefaultLimit);

    /// <summary>Has <c>/bin/sh</c> run a command line. Asyncio: <c>create_subprocess_shell()</c>.</summary>
    /// <param name="command">What the shell is to run. Quoting what comes from outside is the caller's task; with <c>CreateSubprocessExec</c> there is nothing to quote.</param>
    /// <inheritdoc cref="CreateSubprocessExec(string, IEnumerable{string}, StdioTarget, StdioTarget, StdioTarget, string?, IReadOnlyDictionary{string, string}?, int, bool, int?)"/>
    public static Coroutine<Subprocess> CreateSubprocessShell(
        string command,
        StdioTarget stdin = default,
        StdioTarget stdout = default,
        StdioTarget stderr = default,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null,
        int limit = AsyncStreamReader.DefaultLimit,
        bool startNewSession = false,
        int? processGroup = null) =>
        CreateSubprocessExec(
            EventLoop.Shell, EventLoop.ShellArguments(command), stdin, stdout, stderr, workingDirectory, environment, limit, startNewSession, processGroup);

    private static async Coroutine<Subprocess> StartSubprocess(SpawnRequest request, int limit)
    {
        var loop = EventLoop.RequireRunning();
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var (transport, protocol) = await loop.Spawn(() => new StreamSubprocessProtocol(loop, limit), request);
        return new Subprocess(transport, protocol);
    }
}
