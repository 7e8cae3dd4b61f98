namespace Asyncio;

/// <summary>What a delegate is called in messages.</summary>
internal static class CallbackNames
{
    internal static string Of(Delegate callback)
    {
        var method = callback.Method;
        return method.DeclaringType is { } type ? $"{type.Name}.{method.Name}" : method.Name;
    }
}
