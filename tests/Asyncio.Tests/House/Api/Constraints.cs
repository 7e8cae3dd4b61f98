using System.Reflection;

namespace Asyncio.Tests.House.Api;

/// <summary>The <c>where</c> clauses of type parameters.</summary>
internal static class Constraints
{
    public static string Of(IEnumerable<Type> parameters, TypeNames names) => string.Concat(
        from parameter in parameters
        where parameter.IsGenericParameter
        let clauses = Clauses(parameter, names).ToArray()
        where clauses.Length > 0
        select $" where {parameter.Name} : {string.Join(", ", clauses)}");

    private static IEnumerable<string> Clauses(Type parameter, TypeNames names)
    {
        var flags = parameter.GenericParameterAttributes;
        var types = parameter.GetGenericParameterConstraints();
        var isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);

        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            yield return Annotations.Of(parameter).NextIsNullable() ? "class?" : "class";
        }
        else if (!isStruct && types.Length == 0 && Annotations.Of(parameter).NextIsNotNull())
        {
            yield return "notnull";
        }

        if (isStruct)
        {
            var isUnmanaged = parameter.GetCustomAttributesData().Any(attribute => attribute.AttributeType.Name == "IsUnmanagedAttribute");
            yield return isUnmanaged ? "unmanaged" : "struct";
        }

        foreach (var type in types.Where(type => type != typeof(ValueType)))
        {
            yield return names.Render(type);
        }

        if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct)
        {
            yield return "new()";
        }

        if (flags.HasFlag(GenericParameterAttributes.AllowByRefLike))
        {
            yield return "allows ref struct";
        }
    }
}
