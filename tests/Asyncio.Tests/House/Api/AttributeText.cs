using System.Reflection;

namespace Asyncio.Tests.House.Api;

/// <summary>The attributes that change what a caller may write or which overload is taken.</summary>
internal static class AttributeText
{
    private static readonly HashSet<string> Shown =
    [
        "AsyncMethodBuilderAttribute", "CallerArgumentExpressionAttribute", "CallerFilePathAttribute", "CallerLineNumberAttribute",
        "CallerMemberNameAttribute", "ExperimentalAttribute", "FlagsAttribute", "ObsoleteAttribute", "OverloadResolutionPriorityAttribute",
        "RequiresDynamicCodeAttribute", "RequiresUnreferencedCodeAttribute", "SupportedOSPlatformAttribute", "UnsupportedOSPlatformAttribute",
    ];

    public static string Of(MemberInfo member, TypeNames names) => Of(member.GetCustomAttributesData(), names);

    public static string Of(ParameterInfo parameter, TypeNames names) => Of(parameter.GetCustomAttributesData(), names);

    private static string Of(IList<CustomAttributeData> attributes, TypeNames names)
    {
        // The compiler marks ref structs and constructors with required members as obsolete, for compilers that do not know them.
        var isForOldCompilers = attributes.Any(attribute => attribute.AttributeType.Name == "CompilerFeatureRequiredAttribute");
        return string.Concat(attributes
            .Where(attribute => Shown.Contains(attribute.AttributeType.Name))
            .Where(attribute => !(isForOldCompilers && attribute.AttributeType == typeof(ObsoleteAttribute)))
            .Select(attribute => $"[{Text(attribute, names)}] ")
            .Order(StringComparer.Ordinal));
    }

    private static string Text(CustomAttributeData attribute, TypeNames names)
    {
        var name = attribute.AttributeType.Name[..^"Attribute".Length];
        var arguments = attribute.ConstructorArguments.Select(argument => argument.Value switch
        {
            Type type => $"typeof({names.Render(type)})",
            var value => Literal.Of(value, argument.ArgumentType, names),
        });

        // The wording of a message is not part of the surface; that it is an error to use the member is.
        if (attribute.AttributeType == typeof(ObsoleteAttribute))
        {
            arguments = attribute.ConstructorArguments.Any(argument => argument.Value is true) ? ["error: true"] : [];
        }

        var list = string.Join(", ", arguments);
        return list.Length > 0 ? $"{name}({list})" : name;
    }
}
