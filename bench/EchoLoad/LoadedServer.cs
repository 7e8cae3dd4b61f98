using System.Globalization;

namespace Asyncio.EchoLoad;

/// <summary>An echo server that is measured: where it listens, and its process.</summary>
internal readonly record struct LoadedServer(int Port, int Pid)
{
    internal static bool TryParse(string text, out LoadedServer server)
    {
        server = default;
        if (text.Split(':') is not [var port, var pid] || !int.TryParse(port, CultureInfo.InvariantCulture, out var portNumber) || !int.TryParse(pid, CultureInfo.InvariantCulture, out var pidNumber))
        {
            return false;
        }

        server = new LoadedServer(portNumber, pidNumber);
        return true;
    }

    /// <summary>What all its threads have used so far. From the scheduler's own account, which is exact; that of the process counts hundredths.</summary>
    internal double ProcessorSeconds()
    {
        var nanoseconds = 0L;
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{Pid}/task"))
        {
            try
            {
                nanoseconds += long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return nanoseconds / 1e9;
    }
}
