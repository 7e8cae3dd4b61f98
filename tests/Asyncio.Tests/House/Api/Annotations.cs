using System.Reflection;

namespace Asyncio.Tests.House.Api;

/// <summary>
/// What the compiler notes beside a use of a type: which of its parts may be null, and the names of its tuples' elements,
/// each as a flat list in the order in which the type is read. One object is read once, from front to back.
/// </summary>
internal sealed class Annotations
{
    private const byte NeverNull = 1;
    private const byte MayBeNull = 2;

    private readonly byte[] _flags;
    private readonly string?[]? _names;
    private int _nextFlag;
    private int _nextName;

    private Annotations(byte[] flags, string?[]? names)
    {
        _flags = flags;
        _names = names;
    }

    public static Annotations None => new([0], null);

    public static Annotations Of(ParameterInfo parameter) => Of(parameter.GetCustomAttributesData(), parameter.Member);

    public static Annotations Of(MemberInfo member) => Of(member.GetCustomAttributesData(), member);

    public bool NextIsNullable() => NextFlag() == MayBeNull;

    /// <summary>Whether the next part is marked as never null; neither this nor nullable is what was compiled without nullability.</summary>
    public bool NextIsNotNull() => NextFlag() == NeverNull;

    public IReadOnlyList<string?> NextTupleNames(int count)
    {
        _nextName += count;
        return _names is null ? new string?[count] : _names[(_nextName - count).._nextName];
    }

    private byte NextFlag() => _flags.Length == 1 ? _flags[0] : _flags[_nextFlag++];

    private static Annotations Of(IList<CustomAttributeData> attributes, MemberInfo context) =>
        new(Values<byte>(attributes, "NullableAttribute") ?? [DefaultFlag(context)], Values<string?>(attributes, "TupleElementNamesAttribute"));

    /// <summary>The flag of everything that has none of its own: that of the method, else of its type, else of the type around it.</summary>
    private static byte DefaultFlag(MemberInfo? member)
    {
        while (member is not null)
        {
            if (Values<byte>(member.GetCustomAttributesData(), "NullableContextAttribute") is { } flag)
            {
                return flag[0];
            }

            member = member is Type { IsGenericMethodParameter: true } parameter ? parameter.DeclaringMethod : member.DeclaringType;
        }

        return 0;
    }

    private static T[]? Values<T>(IList<CustomAttributeData> attributes, string name) =>
        attributes.FirstOrDefault(attribute => attribute.AttributeType.Name == name)?.ConstructorArguments[0].Value switch
        {
            null => null,
            IEnumerable<CustomAttributeTypedArgument> several => [.. several.Select(argument => (T)argument.Value!)],
            var one => [(T)one],
        };
}
