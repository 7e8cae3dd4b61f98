using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Asyncio.Tests.House;

public class LayoutTests
{
    private const int MaxLines = 400;

    // A file with such a name is where things go that nobody found a place for.
    private static readonly string[] NamesThatSayNothing = ["Utils", "Helpers", "Common"];

    [Fact]
    public void No_file_or_folder_is_called_Utils_Helpers_or_Common()
    {
        var offences =
            from source in Repository.Sources
            from part in Path.ChangeExtension(source.Path, null).Split('/', '.')
            where NamesThatSayNothing.Any(name => part.EndsWith(name, StringComparison.OrdinalIgnoreCase))
            select $"src/{source.Path}";

        Report.FailIfAny(offences, "Name these after what they hold:");
    }

    [Fact]
    public void A_file_holds_one_public_type_and_is_named_after_it()
    {
        var offences =
            from source in Repository.Sources
            let names = source.PublicTopLevelTypes.Select(NameOf).Distinct().ToArray()
            where names.Length > 1 || source.PublicTopLevelTypes.Any(type => !IsNamedAfter(source.Name, type))
            select $"src/{source.Path} declares {string.Join(", ", names)}";

        Report.FailIfAny(offences, "One public top-level type a file, named after it (also Type{T}.cs, and Type.Part.cs for a part):");
    }

    [Fact]
    public void No_file_is_long()
    {
        var offences =
            from source in Repository.Sources
            where source.LineCount > MaxLines
            select $"src/{source.Path}: {source.LineCount} lines";

        Report.FailIfAny(offences, $"Longer than {MaxLines} lines; a file this long does more than one thing:");
    }

    [Theory]
    [InlineData("Future", "public class Future;", true)]
    [InlineData("Future", "public class Future<T>;", true)]
    [InlineData("Future{T}", "public class Future<T>;", true)]
    [InlineData("Future{T}", "public class Future;", false)]
    [InlineData("Future{T}.Callbacks", "public partial class Future<T>;", true)]
    [InlineData("Aio.Sleep", "public static partial class Aio;", true)]
    [InlineData("Sleep", "public static partial class Aio;", false)]
    [InlineData("Aio.Sleep", "public static class Aio;", false)]
    [InlineData("Handlers", "public delegate void Handler();", false)]
    public void A_file_name_fits_its_type(string file, string code, bool fits) =>
        Assert.Equal(fits, IsNamedAfter(file, Assert.Single(new SourceFile($"{file}.cs", code).PublicTopLevelTypes)));

    /// <summary><c>Type</c>, or <c>Type{T}</c> if it is generic; of a partial type also <c>Type.Part</c>.</summary>
    private static bool IsNamedAfter(string file, MemberDeclarationSyntax type)
    {
        var (name, part) = file.Split('.', count: 2) is [var first, var second] ? (first, second) : (file, null);
        return (name == NameOf(type) || name == GenericNameOf(type)) && (part is null || type.Modifiers.Any(SyntaxKind.PartialKeyword));
    }

    private static string? GenericNameOf(MemberDeclarationSyntax type)
    {
        var parameters = (type as TypeDeclarationSyntax)?.TypeParameterList ?? (type as DelegateDeclarationSyntax)?.TypeParameterList;
        return parameters is null
            ? null
            : $"{NameOf(type)}{{{string.Join(',', parameters.Parameters.Select(parameter => parameter.Identifier.Text))}}}";
    }

    private static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declaration => declaration.Identifier.Text,
        DelegateDeclarationSyntax declaration => declaration.Identifier.Text,
        _ => throw new ArgumentException($"Not a type declaration: {type.Kind()}", nameof(type)),
    };
}
