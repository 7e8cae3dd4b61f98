using Asyncio;
using Asyncio.Files;

namespace Guide;

/// <summary>A PostgreSQL server in a temporary directory, on a socket file there; gone when it is disposed of.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly string _programs;

    private PostgresServer(TemporaryDirectory directory, string programs) => (_directory, _programs) = (directory, programs);

    public string ConnectionString => $"Host={_directory.Path};Username=guide;Database=postgres";

    private string Data => Path.Combine(_directory.Path, "data");

    /// <summary>Starts one; null if PostgreSQL's server is not installed.</summary>
    public static async Coroutine<PostgresServer?> Start()
    {
        if (!OperatingSystem.IsLinux() || FindPrograms() is not { } programs)
        {
            return null;
        }

        var server = new PostgresServer(await TemporaryDirectory.CreateAsync(prefix: "guide-"), programs);
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await Run("chown", "postgres", server._directory.Path); // as root it refuses to run
            }

            await server.RunOwn("initdb", "--username=guide", "--auth=trust", "--no-sync", "--pgdata", server.Data);
            var options = $"-c listen_addresses= -c fsync=off -k {server._directory.Path}";
            var log = Path.Combine(server._directory.Path, "log");
            await server.RunOwn("pg_ctl", "start", "--wait", "--pgdata", server.Data, "--log", log, "--options", options);
            return server;
        }
        catch
        {
            await server._directory.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RunOwn("pg_ctl", "stop", "--wait", "--mode=fast", "--pgdata", Data);
        await _directory.DisposeAsync();
    }

    // Debian keeps them out of the PATH.
    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var folders = Directory.Exists(Debian) ? Directory.GetDirectories(Debian).Select(version => $"{version}/bin") : [];
        return folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private Coroutine RunOwn(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        return Environment.IsPrivilegedProcess
            ? Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : Run(path, arguments);
    }

    private static async Coroutine Run(string program, params string[] arguments)
    {
        // What it says goes to a file: the server inherits it and would keep a pipe open.
        await using var output = await TemporaryFile.CreateNamedAsync();
        await using var process = await Aio.CreateSubprocessExec(
            program, arguments, stdin: StdioTarget.DevNull, stdout: StdioTarget.FromFile(output.Name), stderr: StdioTarget.Stdout, workingDirectory: "/");
        if (await process.WaitAsync() is var code and not 0)
        {
            throw new InvalidOperationException($"{program} ended with {code}: {await AsyncFile.ReadAllTextAsync(output.Name)}");
        }
    }
}
