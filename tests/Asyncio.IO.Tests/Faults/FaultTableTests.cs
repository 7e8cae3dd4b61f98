using System.Reflection;
using System.Text.RegularExpressions;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>The table of faults (README.md beside this) names tests that exist, and that run on each reactor.</summary>
public partial class FaultTableTests
{
    [Fact]
    public void Every_test_that_it_names_exists_and_runs_on_each_reactor()
    {
        var rows = File.ReadLines(TablePath()).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).ToArray();
        Assert.InRange(rows.Length, 15, 100);
        Assert.All(rows, row => Assert.NotEmpty(NamedTest().Matches(row)));
        var wrong = rows
            .SelectMany(row => NamedTest().Matches(row))
            .Select(match => match.Groups[1].Value)
            .Where(name => !IsTestOnEachReactor(name));
        Assert.Empty(wrong);
    }

    private static bool IsTestOnEachReactor(string name)
    {
        var dot = name.LastIndexOf('.');
        return typeof(FaultTableTests).Assembly.GetType($"Asyncio.IO.Tests.{name[..dot]}")?.GetMethod(name[(dot + 1)..]) is { } method
            && method.GetCustomAttribute<TheoryAttribute>() is not null
            && method.GetParameters()[0].ParameterType == typeof(ReactorKind);
    }

    private static string TablePath()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Asyncio.slnx")))
            {
                return Path.Combine(folder.FullName, "tests/Asyncio.IO.Tests/Faults/README.md");
            }
        }

        throw new DirectoryNotFoundException("These tests run inside a checkout.");
    }

    [GeneratedRegex("`([A-Z][A-Za-z]+\\.[A-Z][A-Za-z]+\\.[A-Z][A-Za-z_]+)`")]
    private static partial Regex NamedTest();
}
