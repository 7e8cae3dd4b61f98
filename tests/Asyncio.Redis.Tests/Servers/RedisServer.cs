using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Asyncio.Redis.Tests.Servers;

/// <summary>A real server in a folder of its own, on ports that were free; gone with this object.</summary>
internal sealed class RedisServer : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<RedisServer> s_shared = new(() => Start());

    private readonly StringBuilder _log = new();
    private readonly string[] _settings;
    private Process? _process;

    private RedisServer(int port, int tlsPort, string folder, string[] settings)
    {
        Port = port;
        TlsPort = tlsPort;
        Folder = folder;
        _settings = settings;
    }

    /// <summary>One for all tests that do not disturb one another; ended with this process.</summary>
    public static RedisServer Shared
    {
        get
        {
            SkipIfMissing();
            return s_shared.Value;
        }
    }

    public int Port { get; }

    public int TlsPort { get; }

    public string Folder { get; }

    public string Socket => Path.Combine(Folder, "redis.sock");

    /// <summary>With patience: this machine may have other things to do.</summary>
    public string Url => $"redis://127.0.0.1:{Port}?response_timeout=30&connect_timeout=30";

    /// <summary>A server; skips the test where none is installed.</summary>
    public static RedisServer Start(params string[] settings)
    {
        SkipIfMissing();
        for (var attempt = 1; ; attempt++)
        {
            var server = new RedisServer(FreePort(), FreePort(), Directory.CreateTempSubdirectory("asyncio-redis-").FullName, settings);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
            try
            {
                server.Begin();
                return server;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                server.Dispose(); // somebody has taken a port meanwhile
            }
        }
    }

    /// <summary>Ends it without a word to its clients, and keeps the folder.</summary>
    public void Kill()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    /// <summary>Begins it, again or for the first time, and waits until it answers.</summary>
    public void Begin()
    {
        var certificates = Certificates.Files;
        string[] arguments =
        [
            "--port", $"{Port}", "--tls-port", $"{TlsPort}", "--bind", "127.0.0.1", "--dir", Folder, "--unixsocket", Socket, "--save", "", "--appendonly", "no",
            "--daemonize", "no", "--tls-cert-file", certificates.Certificate, "--tls-key-file", certificates.Key, "--tls-ca-cert-file", certificates.Certificate,
            "--tls-auth-clients", "no", .. _settings,
        ];
        _process = new Process { StartInfo = new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        _process.OutputDataReceived += Log;
        _process.ErrorDataReceived += Log;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        WaitUntilItAnswers(_process);
    }

    public void Dispose()
    {
        Kill();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private void WaitUntilItAnswers(Process process)
    {
        var time = Stopwatch.StartNew();
        while (!Answers())
        {
            if (process.HasExited || time.Elapsed > Limit)
            {
                lock (_log)
                {
                    throw new InvalidOperationException($"redis-server does not answer on port {Port}:\n{_log}");
                }
            }

            Thread.Sleep(20);
        }
    }

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", Port) { ReceiveTimeout = 1000 };
            client.GetStream().Write("PING\r\n"u8);
            return client.GetStream().ReadByte() is '+' or '-';
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private void Log(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.AppendLine(line.Data);
        }
    }

    private static void SkipIfMissing() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "redis-server"))),
        "redis-server is not installed.");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
