using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Asyncio.Http;

/// <summary>A message of a WebSocket. Aiohttp: <c>WSMessage</c>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Data">Its bytes; of a text, as UTF-8.</param>
public readonly record struct WebSocketMessage(WebSocketMessageKind Kind, ReadOnlyMemory<byte> Data)
{
    /// <summary>The text of a message of text.</summary>
    public string Text => Encoding.UTF8.GetString(Data.Span);

    /// <summary>The message as a value of JSON.</summary>
    /// <exception cref="JsonException">It is not such a value.</exception>
    [RequiresUnreferencedCode(RequestContent.ReflectionReason), RequiresDynamicCode(RequestContent.ReflectionReason)]
    public T? Json<T>() => JsonSerializer.Deserialize<T>(Data.Span, JsonSerializerOptions.Web);

    /// <inheritdoc cref="Json{T}()"/>
    /// <param name="typeInfo">What a <c>JsonSerializerContext</c> knows of the type.</param>
    public T? Json<T>(JsonTypeInfo<T> typeInfo) => JsonSerializer.Deserialize(Data.Span, typeInfo);
}
