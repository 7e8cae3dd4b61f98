namespace Asyncio.Tests.House.Api;

/// <summary>What two sheets differ in. Their order is fixed, so a line is known by its text and the declaration it stands under.</summary>
internal static class SheetDiff
{
    /// <summary>The lines of only one of the two, <c>-</c> and <c>+</c>, each group below its type; empty if there are none.</summary>
    public static IEnumerable<string> Of(string committed, string actual)
    {
        var before = Lines(committed).ToList();
        var after = Lines(actual).ToList();
        var changes = before.Except(after).Select(line => (Sign: '-', line.Heading, line.Text))
            .Concat(after.Except(before).Select(line => (Sign: '+', line.Heading, line.Text)));

        foreach (var group in changes.GroupBy(change => change.Heading).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            if (group.All(change => change.Text != group.Key))
            {
                yield return $"  {group.Key}";
            }

            foreach (var (sign, _, text) in group)
            {
                yield return $"{sign} {text}";
            }
        }
    }

    private static IEnumerable<(string Heading, string Text)> Lines(string sheet)
    {
        var heading = "";
        foreach (var line in sheet.Split('\n').Where(line => line.Length > 0))
        {
            heading = line.StartsWith(' ') ? heading : line;
            yield return (heading, line);
        }
    }
}
