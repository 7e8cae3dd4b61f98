namespace Asyncio.Conformance;

/// <summary>A scenario in which this library differs from CPython on purpose: a line of <c>deviations.txt</c>.</summary>
/// <param name="Key"><c>area/scenario</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="HasTwin">False: there is nothing to run, the line says <c>no twin:</c>.</param>
/// <param name="Lines">What the twin traces instead.</param>
internal sealed record Deviation(string Key, string Reason, bool HasTwin, IReadOnlyList<string> Lines)
{
    private const string NoTwin = "no twin:";

    public static IReadOnlyDictionary<string, Deviation> All { get; } = Load();

    private static Dictionary<string, Deviation> Load()
    {
        var all = new Dictionary<string, Deviation>();
        var lines = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(Oracle.Folder, "deviations.txt")))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == ' ')
            {
                lines.Add(line.Trim());
                continue;
            }

            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon < 0)
            {
                throw new FormatException($"deviations.txt: 'area/scenario: reason' expected: {line}");
            }

            var (key, reason) = (line[..colon], line[(colon + 2)..].Trim());
            lines = [];
            all.Add(key, new Deviation(key, reason, !reason.StartsWith(NoTwin, StringComparison.Ordinal), lines));
        }

        return all;
    }
}
