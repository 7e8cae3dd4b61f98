using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Asyncio.Files;

namespace Asyncio.Http;

/// <summary>The body of a request. Aiohttp: the arguments <c>json</c> and <c>data</c>, and <c>FormData</c>.</summary>
public sealed class RequestContent
{
    private const int PieceSize = 65536;

    private readonly Func<BodySource, HttpContent> _make;
    private readonly string? _mediaType;
    private bool _used;

    private RequestContent(Func<BodySource, HttpContent> make, string? mediaType, bool isRepeatable)
    {
        _make = make;
        _mediaType = mediaType;
        IsRepeatable = isRepeatable;
    }

    /// <summary>Whether it can be sent more than once, as a retry or a redirect with status 307 or 308 has to. A stream and an enumeration cannot.</summary>
    public bool IsRepeatable { get; }

    /// <summary>True when there is nothing left to send: it was sent, and is not repeatable.</summary>
    internal bool IsSpent => _used && !IsRepeatable;

    /// <summary>A value as JSON, with the names that the web uses (<c>camelCase</c>). Written at once: what changes in the value later does not matter.</summary>
    [RequiresUnreferencedCode(ReflectionReason), RequiresDynamicCode(ReflectionReason)]
    public static RequestContent Json<T>(T value, JsonSerializerOptions? options = null) =>
        Bytes(JsonSerializer.SerializeToUtf8Bytes(value, options ?? JsonSerializerOptions.Web), "application/json");

    /// <inheritdoc cref="Json{T}(T, JsonSerializerOptions?)"/>
    /// <param name="value">The value.</param>
    /// <param name="typeInfo">What a <c>JsonSerializerContext</c> knows of the type; nothing is looked up by reflection.</param>
    public static RequestContent Json<T>(T value, JsonTypeInfo<T> typeInfo) => Bytes(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo), "application/json");

    /// <summary>The fields of a form, as <c>application/x-www-form-urlencoded</c>.</summary>
    public static RequestContent Form(IEnumerable<KeyValuePair<string, string>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        KeyValuePair<string, string>[] kept = [.. fields];
        return new RequestContent(_ => new FormUrlEncodedContent(kept), mediaType: null, isRepeatable: true);
    }

    /// <summary>Text as UTF-8.</summary>
    public static RequestContent Text(string text, string mediaType = "text/plain")
    {
        ArgumentNullException.ThrowIfNull(text);
        return Bytes(Encoding.UTF8.GetBytes(text), $"{mediaType}; charset=utf-8");
    }

    /// <summary>Bytes, which must not change until they were sent.</summary>
    public static RequestContent Bytes(ReadOnlyMemory<byte> bytes, string mediaType = "application/octet-stream") =>
        new(_ => new ReadOnlyMemoryContent(bytes), Checked(mediaType), isRepeatable: true);

    /// <summary>What is read from a stream, from where it stands to its end. It is left open.</summary>
    public static RequestContent Stream(Stream stream, string mediaType = "application/octet-stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new RequestContent(source => new LoopContent(source, output => CopyAsync(stream, source, output)), Checked(mediaType), isRepeatable: false);
    }

    /// <summary>Pieces as they come, each sent before the next is asked for. The enumeration runs on the loop, in a task of its own.</summary>
    public static RequestContent Chunks(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, string mediaType = "application/octet-stream")
    {
        ArgumentNullException.ThrowIfNull(chunks);
        return new RequestContent(source => new LoopContent(source, output => CopyAsync(chunks, source, output)), Checked(mediaType), isRepeatable: false);
    }

    /// <summary>A file, read while it is sent, anew for each attempt.</summary>
    public static RequestContent File(string path, string mediaType = "application/octet-stream")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new RequestContent(source => new LoopContent(source, output => CopyAsync(path, source, output)), Checked(mediaType), isRepeatable: true);
    }

    /// <summary>Several parts, as <c>multipart/form-data</c>.</summary>
    public static RequestContent Multipart(params IEnumerable<MultipartPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        MultipartPart[] kept = [.. parts];
        return new RequestContent(source => Join(kept, source), mediaType: null, kept.All(part => part.Content.IsRepeatable));
    }

    internal HttpContent Make(BodySource source)
    {
        _used = true;
        var content = _make(source);
        if (_mediaType is not null)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(_mediaType);
        }

        return content;
    }

    internal const string ReflectionReason = "Looks up the members of the type by reflection; give a JsonTypeInfo where code is trimmed or compiled ahead of time.";

    private static string Checked(string mediaType) => MediaTypeHeaderValue.TryParse(mediaType, out _)
        ? mediaType
        : throw new ArgumentException($"'{mediaType}' is not a media type, such as text/plain.", nameof(mediaType));

    private static MultipartFormDataContent Join(MultipartPart[] parts, BodySource source)
    {
        var form = new MultipartFormDataContent();
        foreach (var part in parts)
        {
            if (part.FileName is null)
            {
                form.Add(part.Content.Make(source), part.Name);
            }
            else
            {
                form.Add(part.Content.Make(source), part.Name, part.FileName);
            }
        }

        return form;
    }

    private static async Coroutine CopyAsync(Stream input, BodySource source, Stream output)
    {
        var buffer = new byte[PieceSize];
        while (await source.Take(() => ReadAsync(input, buffer)) is var count and > 0)
        {
            await output.WriteAsync(buffer.AsMemory(0, count), Aio.CancellationToken);
        }

        static async Coroutine<int> ReadAsync(Stream input, byte[] buffer) => await input.ReadAsync(buffer, Aio.CancellationToken);
    }

    private static async Coroutine CopyAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, BodySource source, Stream output)
    {
        var pieces = chunks.GetAsyncEnumerator(Aio.CancellationToken);
        try
        {
            while (await source.Take(() => MoveNextAsync(pieces)))
            {
                await output.WriteAsync(pieces.Current, Aio.CancellationToken);
            }
        }
        finally
        {
            await pieces.DisposeAsync();
        }

        static async Coroutine<bool> MoveNextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> pieces) => await pieces.MoveNextAsync();
    }

    private static async Coroutine CopyAsync(string path, BodySource source, Stream output)
    {
        await using var file = await source.Take(() => Aio.OpenFile(path, "rb"));
        var buffer = new byte[PieceSize];
        while (await source.Take(() => file.ReadAsync(buffer)) is var count and > 0)
        {
            await output.WriteAsync(buffer.AsMemory(0, count), Aio.CancellationToken);
        }
    }
}
