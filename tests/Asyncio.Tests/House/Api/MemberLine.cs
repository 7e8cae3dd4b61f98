using System.Reflection;
using System.Runtime.CompilerServices;

namespace Asyncio.Tests.House.Api;

/// <summary>One member as C# would declare it, without its body; <c>public</c> goes without saying.</summary>
internal static class MemberLine
{
    public static string Of(FieldInfo field, TypeNames names)
    {
        var access = field.IsPublic ? "" : "protected ";
        var modifiers = field.IsLiteral ? "const " : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}";
        var value = field.IsLiteral ? $" = {Literal.Of(field.GetRawConstantValue(), field.FieldType, names)}" : "";
        return $"{AttributeText.Of(field, names)}{access}{modifiers}{names.Render(field.FieldType, Annotations.Of(field))} {field.Name}{value}";
    }

    public static string Of(ConstructorInfo constructor, TypeNames names)
    {
        var name = constructor.DeclaringType!.Name.Split('`')[0];
        return $"{AttributeText.Of(constructor, names)}{Access(constructor)}{name}{Signature.Parameters(constructor, names)}";
    }

    public static string Of(PropertyInfo property, TypeNames names)
    {
        MethodInfo[] accessors = [.. property.GetAccessors(nonPublic: true).Where(MemberLines.IsVisible)];
        var widest = accessors.OrderBy(MemberLines.IsProtected).First();
        var required = property.IsDefined(typeof(RequiredMemberAttribute), inherit: false) ? "required " : "";
        var byRef = property.PropertyType.IsByRef ? "ref " : "";
        var name = property.GetIndexParameters() is { Length: > 0 } indices ? $"this[{Signature.List(indices, names)}]" : property.Name;
        var body = string.Concat(accessors.OrderBy(accessor => accessor.ReturnType == typeof(void)).Select(accessor => Accessor(accessor, widest)));
        return $"{AttributeText.Of(property, names)}{Access(widest)}{required}{Modifiers(widest)}{byRef}"
            + $"{names.Render(property.PropertyType, Annotations.Of(property))} {name} {{ {body}}}";
    }

    public static string Of(EventInfo @event, TypeNames names) =>
        $"{AttributeText.Of(@event, names)}{Access(@event.AddMethod!)}{Modifiers(@event.AddMethod!)}event "
        + $"{names.Render(@event.EventHandlerType!, Annotations.Of(@event))} {@event.Name}";

    public static string Of(MethodInfo method, TypeNames names)
    {
        var typeParameters = string.Join(", ", method.GetGenericArguments().Select(parameter => parameter.Name));
        return $"{AttributeText.Of(method, names)}{Access(method)}{Modifiers(method)}{ResultAndName(method, names)}"
            + $"{(typeParameters.Length > 0 ? $"<{typeParameters}>" : "")}{Signature.Parameters(method, names)}{Constraints.Of(method.GetGenericArguments(), names)}";
    }

    private static string ResultAndName(MethodInfo method, TypeNames names)
    {
        var result = Signature.Result(method.ReturnParameter, names);
        return method.Name switch
        {
            "op_Implicit" => $"implicit operator {result}",
            "op_Explicit" => $"explicit operator {result}",
            var name when MemberLines.IsOperator(method) => $"{result} operator {Operator(name)}",
            var name => $"{result} {name}",
        };
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method)
    {
        var isOfInterface = method.DeclaringType!.IsInterface;
        return (method.IsStatic ? "static " : "")
            + (method.IsAbstract && (method.IsStatic || !isOfInterface) ? "abstract " : "")
            + (method is { IsVirtual: true, IsAbstract: false, IsFinal: false } ? "virtual " : "");
    }

    private static string Accessor(MethodInfo accessor, MethodInfo widest)
    {
        var isInit = accessor.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit");
        var kind = accessor.ReturnType != typeof(void) ? "get" : isInit ? "init" : "set";
        return $"{(accessor.IsPublic == widest.IsPublic ? "" : Access(accessor))}{kind}; ";
    }

    private static string Operator(string name) => name switch
    {
        "op_Equality" => "==",
        "op_Inequality" => "!=",
        "op_LessThan" => "<",
        "op_LessThanOrEqual" => "<=",
        "op_GreaterThan" => ">",
        "op_GreaterThanOrEqual" => ">=",
        "op_Addition" => "+",
        "op_Subtraction" or "op_UnaryNegation" => "-",
        "op_Multiply" => "*",
        "op_Division" => "/",
        _ => name["op_".Length..],
    };
}
