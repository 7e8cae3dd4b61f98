namespace Asyncio.Http;

/// <summary>A part of a form with several: a field, or a file if it has a file name.</summary>
public sealed class MultipartPart
{
    /// <summary>A part.</summary>
    /// <exception cref="ArgumentException">The name is empty, or a name holds a line break or a quotation mark.</exception>
    public MultipartPart(string name, RequestContent content, string? fileName = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(content);
        Name = Checked(name, nameof(name));
        Content = content;
        FileName = fileName is null ? null : Checked(fileName, nameof(fileName));
    }

    /// <summary>A field with text.</summary>
    public MultipartPart(string name, string text)
        : this(name, RequestContent.Text(text))
    {
    }

    /// <summary>The field's name.</summary>
    public string Name { get; }

    /// <summary>Its body.</summary>
    public RequestContent Content { get; }

    /// <summary>What the file is to be called; null for a field that is none.</summary>
    public string? FileName { get; }

    // Either would end the quoted name and begin a header of the caller's.
    private static string Checked(string text, string parameter) => text.AsSpan().IndexOfAny("\r\n\"\0") < 0
        ? text
        : throw new ArgumentException($"'{text}' holds a line break, a quotation mark or a null character.", parameter);
}
