using System.Reflection;
using System.Text;

namespace Asyncio.Tests.House.Api;

/// <summary>
/// The public surface of an assembly as text: namespaces, types, and their public and protected members, as C# would declare them,
/// sorted, one a line. Overrides are left out (they add nothing to call), and so is what the compiler adds to records.
/// </summary>
internal static class ApiSheet
{
    public static string Render(Assembly assembly) => Render(assembly, assembly.GetTypes().Where(IsVisible));

    public static string Render(Assembly assembly, IEnumerable<Type> types)
    {
        var names = new TypeNames(assembly);
        var sheet = new StringBuilder();
        sheet.Append($"# The public surface of {assembly.GetName().Name}. Written and compared by {nameof(ApiSheetTests)}; do not edit.\n");

        foreach (var space in types.GroupBy(type => type.Namespace ?? "").OrderBy(space => space.Key, StringComparer.Ordinal))
        {
            sheet.Append($"\nnamespace {space.Key}\n");
            foreach (var type in space.OrderBy(SortName, StringComparer.Ordinal))
            {
                sheet.Append($"\n{new TypeHeader(type, names)}\n");
                foreach (var member in MemberLines.Of(type, names))
                {
                    sheet.Append($"  {member}\n");
                }
            }
        }

        return sheet.ToString();
    }

    /// <summary>Whether a user's code, or a class that a user derives, can name the type.</summary>
    public static bool IsVisible(Type type) =>
        !type.Name.Contains('<')
        && (type.DeclaringType is { } outer
            ? (type.IsNestedPublic || ((type.IsNestedFamily || type.IsNestedFamORAssem) && !outer.IsSealed)) && IsVisible(outer)
            : type.IsPublic);

    // Nested types stand behind their outer type, and Future<T> behind Future, before FutureAwaiter: '!' and '"' sort before letters.
    private static string SortName(Type type) =>
        (type.DeclaringType is { } outer ? $"{SortName(outer)}!" : "") + type.Name.Replace('`', '"');
}
