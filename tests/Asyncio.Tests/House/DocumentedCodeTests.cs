using System.Diagnostics;
using Xunit;

namespace Asyncio.Tests.House;

/// <summary>What documents show compiles, and whole programs do what is said beside them.</summary>
public class DocumentedCodeTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(10);

    [Fact]
    public void Programs_in_documents_compile()
    {
        var programs = DocumentedCode.Documents
            .SelectMany(document => DocumentedCode.BlocksOf(File.ReadAllText(Repository.PathOf(document))).Select(block => (document, block)))
            .Where(program => DocumentedCode.IsProgram(program.block))
            .ToArray();

        Assert.Contains(programs, program => program.document == "README.md");
        Report.FailIfAny(
            programs.SelectMany(program => Snippets.ErrorsOf(program.block).Select(error => $"{program.document}: {error}")),
            "Programs in documents that do not compile:");
    }

    [Fact]
    public async Task Programs_with_their_output_beneath_them_print_it()
    {
        var programs = DocumentedCode.Documents
            .SelectMany(document => DocumentedCode.RunnableBlocksOf(File.ReadAllText(Repository.PathOf(document))))
            .ToArray();
        Assert.True(programs.Length >= 20, $"Only {programs.Length} were found.");

        var folder = Directory.CreateTempSubdirectory("asyncio-documents-").FullName;
        try
        {
            foreach (var library in (string[])["Asyncio", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions"])
            {
                File.Copy(Path.Combine(AppContext.BaseDirectory, $"{library}.dll"), Path.Combine(folder, $"{library}.dll"));
            }

            var settings = Path.ChangeExtension(typeof(DocumentedCodeTests).Assembly.Location, "runtimeconfig.json");
            foreach (var (program, expected) in programs)
            {
                var path = Path.Combine(folder, "Snippet.dll");
                Assert.Empty(Snippets.Emit(program, path));
                var (output, error) = await Run("exec", "--runtimeconfig", settings, path);
                var printed = (output + error).ReplaceLineEndings("\n").Trim();
                Assert.True(DocumentedCode.Fits(printed, expected), $"{program}\n\nis to print:\n{expected}\n\nand prints:\n{printed}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("a\nb", "a\nb", true)]
    [InlineData("a\nb\nc", "a\n…", true)]
    [InlineData("took 0.2 s", "took … s", true)]
    [InlineData("a\nb", "a", false)]
    [InlineData("axb", "a.b", false)]
    public void An_ellipsis_stands_for_anything(string printed, string expected, bool fits) => Assert.Equal(fits, DocumentedCode.Fits(printed, expected));

    [Fact]
    public void Examples_in_doc_comments_compile()
    {
        var errors =
            from source in Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            from example in DocumentedCode.ExamplesOf(File.ReadAllText(source))
            from error in DocumentedCode.IsProgram(example) ? Snippets.ErrorsOf(example) : Snippets.ErrorsInCoroutine(example)
            select $"{Path.GetRelativePath(Repository.Root, source)}: {error}";

        Report.FailIfAny(errors, "Examples in doc comments that do not compile (statements stand in a coroutine that has a `loop`):");
    }

    [Fact]
    public void An_example_that_does_not_compile_is_seen()
    {
        const string Source = """
            /// <summary>Text.</summary>
            /// <example><code>
            /// var list = new List&lt;int&gt;();
            /// await Aio.Slep(1);
            /// </code></example>
            class C;
            """;

        var error = Assert.Single(Snippets.ErrorsInCoroutine(Assert.Single(DocumentedCode.ExamplesOf(Source))));
        Assert.Contains("Slep", error);
    }

    [Theory]
    [InlineData("text\n```csharp\na\nb\n```\n```\nc\n```\n```cs\nd\n```", "a\nb|d")]
    [InlineData("```text\na\n```", "")]
    public void Blocks_are_found(string markdown, string blocks) => Assert.Equal(blocks, string.Join('|', DocumentedCode.BlocksOf(markdown)));

#if DEBUG
    /// <summary>As the README tells to: in a clone, with the lines that it shows. Takes seconds, and is the same program in both configurations.</summary>
    [Fact]
    public async Task The_program_at_the_top_of_the_README_runs_and_prints_what_it_says()
    {
        string[] blocks = [.. DocumentedCode.BlocksOf(File.ReadAllText(Repository.PathOf("README.md")))];
        var program = blocks[0];
        var header = blocks[1];
        Assert.Contains("#:project src/Asyncio", header);
        Assert.Contains("Aio.Run(MainAsync()); // 10, then a TimeoutException", program);

        // Two folders down from the root, where the settings of the clone apply; git does not look there.
        var file = Path.Combine(Directory.CreateDirectory(Repository.PathOf("obj/readme")).FullName, "hello.cs");
        File.WriteAllText(file, $"{header.Replace("src/Asyncio", "../../src/Asyncio")}\n{program}\n");
        var (output, error) = await Run("run", file);

        Assert.Equal("10", output.Trim());
        Assert.Contains("Unhandled exception. System.TimeoutException: The time limit of Aio.Timeout was exceeded: 0.1 s.", error);
    }
#endif

    private static async Task<(string Output, string Error)> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Hang);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
