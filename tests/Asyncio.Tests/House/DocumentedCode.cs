using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Asyncio.Tests.House;

/// <summary>The code that documents show: in Markdown files, and in doc comments.</summary>
internal static class DocumentedCode
{
    private static readonly string[] Folders = [".", "docs", "docs/decisions", "docs/guide"];

    /// <summary>The Markdown files that users read, relative to the repository.</summary>
    public static IEnumerable<string> Documents =>
        Folders
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.md"))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>The C# blocks of a Markdown text, in their order.</summary>
    public static IEnumerable<string> BlocksOf(string markdown)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] is "```csharp" or "```cs")
            {
                string[] block = [.. lines.Skip(i + 1).TakeWhile(line => line != "```")];
                i += block.Length + 1;
                yield return string.Join('\n', block);
            }
        }
    }

    /// <summary>The C# blocks that a block of text follows at once, with that: what they print.</summary>
    public static IEnumerable<(string Program, string Output)> RunnableBlocksOf(string markdown) =>
        markdown.ReplaceLineEndings("\n").Split("\n```csharp\n").Skip(1)
            .Select(after => after.Split("\n```\n\n```text\n", 2))
            .Where(parts => parts.Length == 2 && !parts[0].Contains("\n```\n", StringComparison.Ordinal))
            .Select(parts => (parts[0], parts[1][..parts[1].IndexOf("\n```", StringComparison.Ordinal)]));

    /// <summary>Whether a program prints what a document says, in which <c>…</c> stands for anything.</summary>
    public static bool Fits(string printed, string expected) =>
        Regex.IsMatch(printed, $"^{Regex.Escape(expected).Replace("…", ".*")}$", RegexOptions.Singleline);

    /// <summary>True for a block that is a whole program; others are parts, or lines that go before one.</summary>
    public static bool IsProgram(string block) => block.Contains("Aio.Run(", StringComparison.Ordinal);

    /// <summary>What stands in a <c>code</c> element of a source's doc comments.</summary>
    public static IEnumerable<string> ExamplesOf(string source) =>
        from trivia in CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTrivia()
        where trivia.GetStructure() is DocumentationCommentTriviaSyntax
        let lines = trivia.ToFullString().Split('\n').Select(line => line.TrimStart().TrimStart('/'))
        from code in XElement.Parse($"<doc>{string.Join('\n', lines)}</doc>").Descendants("code")
        select code.Value;
}
