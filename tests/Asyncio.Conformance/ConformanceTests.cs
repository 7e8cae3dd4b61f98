using Xunit;

namespace Asyncio.Conformance;

/// <summary>
/// Every scenario of <c>tests/conformance</c> in C#, against what CPython traced. One area only:
/// <c>dotnet run --project tests/Asyncio.Conformance -c Release -- -trait area=execution</c>.
/// </summary>
public class ConformanceTests
{
    public static IEnumerable<TheoryDataRow<string>> Areas =>
        Area.All.Keys.Select(name => new TheoryDataRow<string>(name) { TestDisplayName = $"{name}: every scenario is written" }.WithTrait("area", name));

    public static IEnumerable<TheoryDataRow<string, string>> Twins =>
        from area in Area.All.Values
        where area.Reactors.Count == 0
        from name in area.Expected.Keys
        where area.Twins.ContainsKey(name)
        select new TheoryDataRow<string, string>(area.Name, name) { TestDisplayName = $"{area.Name}/{name}" }.WithTrait("area", area.Name);

    public static IEnumerable<TheoryDataRow<string, string, ReactorKind>> TwinsOnReactors =>
        from area in Area.All.Values
        from name in area.Expected.Keys
        where area.Twins.ContainsKey(name)
        from reactor in area.Reactors
        select new TheoryDataRow<string, string, ReactorKind>(area.Name, name, reactor) { TestDisplayName = $"{area.Name}/{name} on {reactor}" }
            .WithTrait("area", area.Name);

    [Theory]
    [MemberData(nameof(Twins))]
    public void Traces_what_CPython_traced(string area, string scenario) =>
        Compare(area, scenario, Area.All[area].Twins[scenario].RunTwice());

    [Theory]
    [MemberData(nameof(TwinsOnReactors))]
    public void Traces_on_each_reactor_what_CPython_traced(string area, string scenario, ReactorKind reactor)
    {
        Assert.SkipWhen(Area.All[area].NeedsLinux && !OperatingSystem.IsLinux(), "needs Linux");
        var obstacle = Scenario.WhyNot(reactor);
        Assert.SkipWhen(obstacle is not null, $"{reactor}: {obstacle}");
        Compare(area, scenario, Area.All[area].Twins[scenario].RunTwice(reactor));
    }

    [Theory]
    [MemberData(nameof(Areas))]
    public void Every_scenario_is_written(string area)
    {
        var (expected, twins) = (Area.All[area].Expected.Keys, Area.All[area].Twins);
        var missing = expected.Where(name => !twins.ContainsKey(name) && Deviation.All.GetValueOrDefault($"{area}/{name}") is not { HasTwin: false });
        var both = expected.Where(name => twins.ContainsKey(name) && Deviation.All.GetValueOrDefault($"{area}/{name}") is { HasTwin: false });

        FailIfAny($"{area}: neither written in C# nor marked 'no twin:' in deviations.txt:", missing);
        FailIfAny($"{area}: written in C# and marked 'no twin:' in deviations.txt:", both);
        FailIfAny($"{area}: twins of no Python scenario, or of one that has a twin already:", Area.All[area].Strays);
    }

    [Fact]
    public void Every_deviation_names_a_scenario() =>
        FailIfAny("No such scenario:", Deviation.All.Keys.Where(key =>
            key.Split('/') is not [var area, var scenario] || !Area.All.TryGetValue(area, out var found) || !found.Expected.ContainsKey(scenario)));

    private static void Compare(string area, string scenario, (Recording First, Recording Second) runs)
    {
        var (first, second) = runs;
        var expected = Area.All[area].Expected[scenario];
        var title = "CPython";
        if (Deviation.All.TryGetValue($"{area}/{scenario}", out var deviation))
        {
            Assert.False(first.Lines.SequenceEqual(expected), $"Listed as a deviation, and deviates no more ({deviation.Reason})");
            (expected, title) = (deviation.Lines, "deviations.txt");
        }

        Check(title, expected, first, "C#");
        Check(title, expected, second, "C#, second run");
    }

    private static void Check(string title, IReadOnlyList<string> expected, Recording actual, string actualTitle)
    {
        if (actual.Failures.Count > 0 || !actual.Lines.SequenceEqual(expected))
        {
            Assert.Fail(string.Join(Environment.NewLine, [.. actual.Failures, SideBySide.Render(title, expected, actualTitle, actual.Lines)]));
        }
    }

    private static void FailIfAny(string message, IEnumerable<string> names)
    {
        string[] found = [.. names];
        Assert.True(found.Length == 0, string.Join($"{Environment.NewLine}  ", [message, .. found]));
    }
}
