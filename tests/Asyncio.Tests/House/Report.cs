using Xunit;

namespace Asyncio.Tests.House;

/// <summary>How a house rule fails: every offence at once, one a line.</summary>
internal static class Report
{
    public static void FailIfAny(IEnumerable<string> offences, string headline)
    {
        string[] lines = [.. offences];
        if (lines.Length > 0)
        {
            Assert.Fail($"{headline}\n{string.Join('\n', lines.Select(line => $"  {line}"))}");
        }
    }
}
