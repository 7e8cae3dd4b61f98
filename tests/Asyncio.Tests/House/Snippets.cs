using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Asyncio.Tests.House;

/// <summary>Compiles pieces of code as a user's project would, against the library and everything that these tests run on.</summary>
internal static class Snippets
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Runtime.InteropServices;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Asyncio;
        """;

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The errors of a program.</summary>
    public static string[] ErrorsOf(string program) => Errors(Compile(program).GetDiagnostics());

    /// <summary>Writes a program to a file that <c>dotnet exec</c> can run.</summary>
    /// <returns>The errors.</returns>
    public static string[] Emit(string program, string path) => Errors(Compile(program).Emit(path).Diagnostics);

    /// <summary>The errors of statements inside a coroutine.</summary>
    public static string[] ErrorsInCoroutine(string statements) => ErrorsOf($$"""
        static async Coroutine Body(EventLoop loop)
        {
            await Aio.Sleep(0);
            {{statements}}
        }

        Aio.Run(Body(new EventLoop()));
        """);

    private static CSharpCompilation Compile(string program)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        SyntaxTree[] trees = [CSharpSyntaxTree.ParseText(Usings, options), CSharpSyntaxTree.ParseText(program, options)];
        return CSharpCompilation.Create("Snippet", trees, References, new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static string[] Errors(IEnumerable<Diagnostic> diagnostics) =>
    [
        .. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => $"{diagnostic.Id}: {diagnostic.GetMessage()}"),
    ];
}
