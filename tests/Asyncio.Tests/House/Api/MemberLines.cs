using System.Reflection;
using System.Runtime.CompilerServices;

namespace Asyncio.Tests.House.Api;

/// <summary>The members of a type, one a line: constants and fields, constructors, properties, events, methods, operators.</summary>
internal static class MemberLines
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Type type, TypeNames names)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [];
        }

        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.Name} = {field.GetRawConstantValue()}");
        }

        var accessors = type.GetProperties(All).SelectMany(property => property.GetAccessors(nonPublic: true))
            .Concat(type.GetEvents(All).SelectMany(@event => new[] { @event.AddMethod!, @event.RemoveMethod! }))
            .ToHashSet();
        var methods = type.GetMethods(All).Where(method => !accessors.Contains(method) && IsShown(method, method)).ToArray();
        var constructors = type.GetConstructors(All).Where(constructor => !constructor.IsStatic && IsShown(constructor, constructor));
        var properties = type.GetProperties(All)
            .Where(property => property.GetAccessors(nonPublic: true).Any(accessor => IsShown(accessor, property)));
        var events = type.GetEvents(All).Where(@event => IsShown(@event.AddMethod!, @event));

        return
        [
            .. Sorted(type.GetFields(All).Where(IsShown), field => MemberLine.Of(field, names)),
            .. Sorted(constructors, constructor => MemberLine.Of(constructor, names)),
            .. Sorted(properties, property => MemberLine.Of(property, names)),
            .. Sorted(events, @event => MemberLine.Of(@event, names)),
            .. Sorted(methods.Where(method => !IsOperator(method)), method => MemberLine.Of(method, names)),
            .. Sorted(methods.Where(IsOperator), method => MemberLine.Of(method, names)),
        ];
    }

    /// <summary>Whether code outside the assembly may use <paramref name="method"/>, if only from a derived class.</summary>
    public static bool IsVisible(MethodBase method) => method.IsPublic || (IsProtected(method) && !method.DeclaringType!.IsSealed);

    public static bool IsProtected(MethodBase method) => method.IsFamily || method.IsFamilyOrAssembly;

    public static bool IsOperator(MethodInfo method) => method.IsSpecialName && method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static IEnumerable<string> Sorted<T>(IEnumerable<T> members, Func<T, string> line) where T : MemberInfo =>
        members.Select(member => (member.Name, Line: line(member)))
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .ThenBy(member => member.Line, StringComparer.Ordinal)
            .Select(member => member.Line);

    private static bool IsShown(FieldInfo field) =>
        (field.IsPublic || ((field.IsFamily || field.IsFamilyOrAssembly) && !field.DeclaringType!.IsSealed)) && !IsGenerated(field);

    /// <param name="method">The member itself, or an accessor of it.</param>
    private static bool IsShown(MethodBase method, MemberInfo member) => IsVisible(method) && !IsOverride(method) && !IsGenerated(member);

    private static bool IsOverride(MethodBase method) =>
        method is MethodInfo info && info.GetBaseDefinition().DeclaringType != info.DeclaringType;

    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<') || member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
