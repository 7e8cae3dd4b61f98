using System.Reflection;
using System.Runtime.CompilerServices;

namespace Asyncio.Tests.House.Api;

/// <summary>The parts that methods, constructors, indexers and delegates have in common: result and parameters.</summary>
internal static class Signature
{
    public static string Result(ParameterInfo result, TypeNames names)
    {
        var passing = !result.ParameterType.IsByRef ? "" : Has(result, "IsReadOnlyAttribute") ? "ref readonly " : "ref ";
        return passing + names.Render(result.ParameterType, Annotations.Of(result));
    }

    public static string Parameters(MethodBase method, TypeNames names) => $"({List(method.GetParameters(), names)})";

    public static string List(IEnumerable<ParameterInfo> parameters, TypeNames names) =>
        string.Join(", ", parameters.Select(parameter => Parameter(parameter, names)));

    private static string Parameter(ParameterInfo parameter, TypeNames names)
    {
        var isReceiver = parameter.Position == 0 && parameter.Member.IsDefined(typeof(ExtensionAttribute), inherit: false);
        var isParams = Has(parameter, "ParamArrayAttribute") || Has(parameter, "ParamCollectionAttribute");
        var value = parameter.HasDefaultValue ? $" = {Literal.Of(parameter.RawDefaultValue, parameter.ParameterType, names)}" : "";
        return AttributeText.Of(parameter, names)
            + (isReceiver ? "this " : "")
            + (isParams ? "params " : "")
            + (Has(parameter, "ScopedRefAttribute") ? "scoped " : "")
            + Passing(parameter)
            + $"{names.Render(parameter.ParameterType, Annotations.Of(parameter))} {parameter.Name}{value}";
    }

    private static string Passing(ParameterInfo parameter) =>
        !parameter.ParameterType.IsByRef ? ""
        : parameter.IsOut ? "out "
        : Has(parameter, "RequiresLocationAttribute") ? "ref readonly "
        : Has(parameter, "IsReadOnlyAttribute") ? "in "
        : "ref ";

    private static bool Has(ParameterInfo parameter, string attribute) =>
        parameter.GetCustomAttributesData().Any(data => data.AttributeType.Name == attribute);
}
