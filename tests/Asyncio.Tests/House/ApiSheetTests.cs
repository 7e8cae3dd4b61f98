using System.Reflection;
using Asyncio.Tests.House.Api;
using Xunit;

namespace Asyncio.Tests.House;

/// <summary>The public surface is what <c>api/</c> says, so that no change of it goes unseen.</summary>
public class ApiSheetTests
{
    private const string AcceptVariable = "ASYNCIO_ACCEPT_API";
    private const int MaxDiffLines = 200;

    [Theory]
    [InlineData("Asyncio")]
    [InlineData("Asyncio.Http")]
    [InlineData("Asyncio.Redis")]
    public void Public_surface_is_the_committed_sheet(string assembly)
    {
        var path = Repository.PathOf($"api/{assembly}.txt");
        var actual = ApiSheet.Render(Assembly.Load(assembly));

        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        var committed = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (committed == actual)
        {
            return;
        }

        string[] diff = [.. SheetDiff.Of(committed, actual)];
        var shown = diff.Length == 0 ? ["  (only the order of lines, or blank ones)"] : diff.Take(MaxDiffLines);
        var rest = diff.Length > MaxDiffLines ? $"\n  … and {diff.Length - MaxDiffLines} lines more" : "";
        Assert.Fail(
            $"The public surface of {assembly} is not what api/{assembly}.txt says (- committed, + built):\n{string.Join('\n', shown)}{rest}\n"
            + $"If the change is meant, accept it: set {AcceptVariable}=1, run `dotnet run test.cs -- --filter {nameof(ApiSheetTests)}`, "
            + "review the file and commit it.");
    }
}
