namespace Asyncio.Conformance;

/// <summary>The files of <c>tests/conformance</c>: CPython's traces, and the list of deviations.</summary>
internal static class Oracle
{
    public static string Folder { get; } = FindFolder();

    /// <summary>The sections of a file of traces: <c>[name]</c>, its lines, an empty line.</summary>
    public static Dictionary<string, IReadOnlyList<string>> Read(string path)
    {
        var sections = new Dictionary<string, IReadOnlyList<string>>();
        List<string>? lines = null;
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith('['))
            {
                lines = [];
                sections.Add(line.Trim('[', ']'), lines);
            }
            else if (line.Length > 0)
            {
                lines!.Add(line);
            }
        }

        return sections;
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "conformance");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds tests/conformance.");
    }
}
