using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Asyncio.Tests.House;

/// <summary>A C# file as the house rules see it: its code without comments and strings, and the types it declares.</summary>
internal sealed class SourceFile
{
    private readonly SyntaxTree[] _trees;
    private readonly Token[][] _code;

    /// <param name="path">Relative to <c>src/</c>, with forward slashes.</param>
    public SourceFile(string path, string text)
    {
        Path = path;
        LineCount = text.AsSpan().TrimEnd('\n').Count('\n') + 1;

        // Parsed as Debug and as Release, because what an #if leaves out is no code to the parser.
        _trees = [Parse(text, "DEBUG"), Parse(text)];
        _code = [.. _trees.Select(tree => tree.GetRoot().DescendantTokens().Select(token => new Token(token.Text, LineOf(tree, token))).ToArray())];
    }

    public string Path { get; }

    /// <summary>The file's name without its extension.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public int LineCount { get; }

    public IEnumerable<MemberDeclarationSyntax> PublicTopLevelTypes =>
        from node in _trees[0].GetRoot().DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        where node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        let type = (MemberDeclarationSyntax)node
        where type.Modifiers.Any(SyntaxKind.PublicKeyword)
        select type;

    /// <summary>The lines (from 1) where <paramref name="code"/> stands, token by token: never in a comment, a string or a longer name.</summary>
    public IEnumerable<int> LinesWith(string code)
    {
        string[] wanted = [.. SyntaxFactory.ParseTokens(code).Select(token => token.Text).Where(text => text.Length > 0)];

        return _code.SelectMany(tokens => Find(tokens, wanted)).Distinct().Order();
    }

    private static IEnumerable<int> Find(Token[] tokens, string[] wanted)
    {
        for (var start = 0; start + wanted.Length <= tokens.Length; start++)
        {
            if (wanted.Index().All(part => tokens[start + part.Index].Text == part.Item))
            {
                yield return tokens[start].Line;
            }
        }
    }

    private static SyntaxTree Parse(string text, params string[] symbols) =>
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Latest, preprocessorSymbols: symbols));

    private static int LineOf(SyntaxTree tree, SyntaxToken token) => tree.GetLineSpan(token.Span).StartLinePosition.Line + 1;

    private readonly record struct Token(string Text, int Line);
}
