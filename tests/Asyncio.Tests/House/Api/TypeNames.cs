using System.Reflection;

namespace Asyncio.Tests.House.Api;

/// <summary>Types as C# spells them: keywords, <c>?</c>, tuples with their names, and no namespace where none is needed.</summary>
internal sealed class TypeNames(Assembly assembly)
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(sbyte)] = "sbyte", [typeof(byte)] = "byte", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint", [typeof(nuint)] = "nuint", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
    };

    // A name that this assembly has too is written in full where it means another assembly's type.
    private readonly HashSet<string> _own = [.. assembly.GetTypes().Where(type => type.IsPublic).Select(type => type.Name)];

    public string Render(Type type) => Render(type, Annotations.None);

    /// <summary>Spells <paramref name="type"/>, taking from <paramref name="annotations"/> what reflection's types do not hold.</summary>
    public string Render(Type type, Annotations annotations)
    {
        if (type.IsByRef || type.IsPointer)
        {
            return Render(type.GetElementType()!, annotations) + (type.IsPointer ? "*" : "");
        }

        if (type.IsFunctionPointer)
        {
            var signature = type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).Select(Render);
            return $"delegate*<{string.Join(", ", signature)}>";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying && !type.IsGenericTypeDefinition)
        {
            return $"{Render(underlying, annotations)}?";
        }

        // The compiler writes a flag for every type but a plain struct, in the order in which the types are read from left to right.
        var isPlainStruct = type is { IsValueType: true, IsGenericType: false, IsGenericParameter: false };
        var mark = !isPlainStruct && annotations.NextIsNullable() ? "?" : "";
        return type switch
        {
            { IsArray: true } => $"{Render(type.GetElementType()!, annotations)}[{new string(',', type.GetArrayRank() - 1)}]{mark}",
            { IsGenericParameter: true } => type.Name + mark,
            _ when IsTuple(type) => $"({string.Join(", ", TupleElements(type, annotations))}){mark}",
            _ => Name(type, type.GetGenericArguments(), annotations) + mark,
        };
    }

    /// <summary>The declared name with the names of the type parameters, and their variance.</summary>
    public string Declared(Type type) => Name(type, type.GetGenericArguments(), annotations: null);

    private string Name(Type type, Type[] arguments, Annotations? annotations)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        var isForeign = type.Assembly != assembly && _own.Contains(type.Name) && !type.IsNested && type.Namespace is not null;
        var outerCount = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var prefix = type.DeclaringType is { } outer ? $"{Name(outer, arguments[..outerCount], annotations)}."
            : isForeign ? $"{type.Namespace}."
            : "";
        var own = arguments[outerCount..]
            .Select(argument => annotations is null ? Variance(argument) + argument.Name : Render(argument, annotations));
        var name = type.Name.Split('`')[0];
        return arguments.Length == outerCount ? prefix + name : $"{prefix}{name}<{string.Join(", ", own)}>";
    }

    private static string Variance(Type parameter) => (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
    {
        GenericParameterAttributes.Covariant => "out ",
        GenericParameterAttributes.Contravariant => "in ",
        _ => "",
    };

    private static bool IsTuple(Type type) =>
        type is { IsGenericType: true, IsGenericTypeDefinition: false, Namespace: "System" }
        && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)
        && type.GenericTypeArguments.Length > 1;

    private List<string> TupleElements(Type tuple, Annotations annotations)
    {
        const int MaxElements = 7; // the eighth argument is a tuple of the rest

        var names = annotations.NextTupleNames(CountElements(tuple));
        var elements = new List<string>();
        foreach (var (index, argument) in tuple.GenericTypeArguments.Index())
        {
            if (index == MaxElements)
            {
                annotations.NextIsNullable(); // the rest's own flag
                annotations.NextTupleNames(CountElements(argument));
                elements.AddRange(argument.GenericTypeArguments.Select(rest => Render(rest, annotations)));
            }
            else
            {
                elements.Add(Render(argument, annotations));
            }
        }

        return [.. elements.Select((element, index) => names[index] is { } name ? $"{element} {name}" : element)];
    }

    // Tuples of up to fourteen elements; no public member has a longer one.
    private static int CountElements(Type tuple) => tuple.GenericTypeArguments.Sum(argument =>
        argument == tuple.GenericTypeArguments.ElementAtOrDefault(7) ? argument.GenericTypeArguments.Length : 1);
}
