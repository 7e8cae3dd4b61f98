using Microsoft.CodeAnalysis.CSharp;

namespace Asyncio.Tests.House.Api;

/// <summary>A constant as C# spells it.</summary>
internal static class Literal
{
    public static string Of(object? value, Type type, TypeNames names)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => type.IsValueType && plain == type || type.IsGenericParameter ? "default" : "null",
            _ when plain.IsEnum => OfEnum(Enum.ToObject(plain, value), plain, names),
            _ => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false) ?? $"{value}",
        };
    }

    private static string OfEnum(object value, Type type, TypeNames names)
    {
        var text = $"{value}";
        return char.IsLetter(text[0])
            ? string.Join(" | ", text.Split(", ").Select(name => $"{names.Render(type)}.{name}"))
            : $"({names.Render(type)}){text}";
    }
}
