using System.Reflection;
using System.Runtime.CompilerServices;

namespace Asyncio.Tests.House.Api;

/// <summary>The line that declares a type: kind, modifiers, bases, constraints; of a delegate, all of it.</summary>
internal sealed class TypeHeader(Type type, TypeNames names)
{
    public override string ToString()
    {
        var attributes = AttributeText.Of(type, names);
        var access = type.IsNestedFamily || type.IsNestedFamORAssem ? "protected " : "";
        var constraints = Constraints.Of(type.GetGenericArguments(), names);

        if (typeof(Delegate).IsAssignableFrom(type) && type.GetMethod("Invoke") is { } invoke)
        {
            var result = Signature.Result(invoke.ReturnParameter, names);
            return $"{attributes}{access}delegate {result} {names.Declared(type)}{Signature.Parameters(invoke, names)}{constraints}";
        }

        var bases = string.Join(", ", Bases());
        return $"{attributes}{access}{Kind()} {names.Declared(type)}{(bases.Length > 0 ? $" : {bases}" : "")}{constraints}";
    }

    private string Kind()
    {
        const BindingFlags Private = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

        var isReadOnly = type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false);
        var record = type.GetMethod("PrintMembers", Private) is not null ? "record " : "";
        return type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => $"{(isReadOnly ? "readonly " : "")}{(type.IsByRefLike ? "ref " : "")}{record}struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => $"abstract {record}class",
            { IsSealed: true } => $"sealed {record}class",
            _ => $"{record}class",
        };
    }

    private IEnumerable<string> Bases()
    {
        if (type.IsEnum)
        {
            return Enum.GetUnderlyingType(type) is var size && size == typeof(int) ? [] : [names.Render(size)];
        }

        var hasBase = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType);
        var interfaces = AddedInterfaces().Select(names.Render).Order(StringComparer.Ordinal);
        return hasBase ? interfaces.Prepend(names.Render(type.BaseType!, Annotations.Of(type))) : interfaces;
    }

    // Neither those that the base class implements nor those that another interface brings along.
    private IEnumerable<Type> AddedInterfaces()
    {
        var all = type.GetInterfaces();
        var implied = all.SelectMany(one => one.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        return all.Where(one => !implied.Contains(one) && ApiSheet.IsVisible(one));
    }
}
