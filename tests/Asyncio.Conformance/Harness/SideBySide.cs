namespace Asyncio.Conformance;

/// <summary>Two traces beside each other, for a failed test.</summary>
internal static class SideBySide
{
    public static string Render(string leftTitle, IReadOnlyList<string> left, string rightTitle, IReadOnlyList<string> right)
    {
        var width = left.Append(leftTitle).Max(line => line.Length) + 2;
        var rows = new List<string> { $"  {leftTitle.PadRight(width)}| {rightTitle}" };
        var (i, j) = (0, 0);
        var common = CommonSuffixes(left, right);
        while (i < left.Count || j < right.Count)
        {
            if (i < left.Count && j < right.Count && left[i] == right[j])
            {
                rows.Add($"  {left[i++].PadRight(width)}| {right[j++]}");
            }
            else if (j == right.Count || (i < left.Count && common[i + 1, j] >= common[i, j + 1]))
            {
                rows.Add($"- {left[i++].PadRight(width)}|");
            }
            else
            {
                rows.Add($"+ {"".PadRight(width)}| {right[j++]}");
            }
        }

        return string.Join(Environment.NewLine, rows);
    }

    /// <summary>The length of the longest common subsequence of what follows each pair of places.</summary>
    private static int[,] CommonSuffixes(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        var common = new int[left.Count + 1, right.Count + 1];
        for (var i = left.Count - 1; i >= 0; i--)
        {
            for (var j = right.Count - 1; j >= 0; j--)
            {
                common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}
