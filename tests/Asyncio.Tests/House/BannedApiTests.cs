using Xunit;

namespace Asyncio.Tests.House;

public class BannedApiTests
{
    [Fact]
    public void Sources_use_no_banned_API()
    {
        var uses = BannedApis.FindUses(Repository.Sources)
            .Where(use => !BannedApis.AllowList.Any(allowed => allowed.File == use.File && allowed.Symbol == use.Symbol))
            .Select(use => $"src/{use.File}:{use.Line}: {use.Symbol}");

        Report.FailIfAny(uses, "Banned APIs in src/. Go through the loop, or add the file to BannedApis.AllowList with a reason:");
    }

    [Fact]
    public void Allow_list_names_no_use_that_is_gone()
    {
        var uses = BannedApis.FindUses(Repository.Sources).Select(use => (use.File, use.Symbol)).ToHashSet();
        var stale = BannedApis.AllowList
            .Where(allowed => !uses.Contains((allowed.File, allowed.Symbol)))
            .Select(allowed => $"{allowed.File}: {allowed.Symbol} ({allowed.Reason})");

        Report.FailIfAny(stale, "Entries of BannedApis.AllowList that match nothing any more; remove them:");
    }

    [Theory]
    [InlineData("var now = DateTime.Now;")]
    [InlineData("var now = System.DateTime\n    .Now;")]
    [InlineData("var text = $\"at {DateTime.Now}\";")]
    [InlineData("#if DEBUG\nvar now = DateTime.Now;\n#endif")]
    [InlineData("#if !DEBUG\nvar now = DateTime.Now;\n#endif")]
    public void Scan_sees_code(string code) => Assert.NotEmpty(new SourceFile("File.cs", code).LinesWith("DateTime.Now"));

    [Theory]
    [InlineData("// DateTime.Now")]
    [InlineData("/* DateTime.Now */")]
    [InlineData("/// <see cref=\"DateTime.Now\"/>\nclass C;")]
    [InlineData("var text = \"DateTime.Now\";")]
    [InlineData("var text = $\"DateTime.Now {1}\";")]
    [InlineData("var text = \"\"\"\nDateTime.Now\n\"\"\";")]
    [InlineData("var now = MyDateTime.Now + DateTime.Nowhere;")]
    public void Scan_passes_over_comments_strings_and_longer_names(string code) =>
        Assert.Empty(new SourceFile("File.cs", code).LinesWith("DateTime.Now"));

    [Fact]
    public void Scan_counts_lines_from_one() =>
        Assert.Equal([1, 3], new SourceFile("File.cs", "Stopwatch a;\n\nStopwatch b;").LinesWith("Stopwatch"));
}
