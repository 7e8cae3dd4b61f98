using System.Globalization;

namespace Harness;

/// <summary>The output that all the compared programs share: one line a result, its fields separated by tabs.</summary>
internal static class Report
{
    /// <summary>The name of this program in the results.</summary>
    internal static string Peer { get; set; } = "?";

    internal static void Line(string workload, double value, string unit, FormattableString extra) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"R\t{Peer}\t{workload}\t{value:F1}\t{unit}\t{extra.ToString(CultureInfo.InvariantCulture)}"));

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
