using System.Collections;

namespace Asyncio.Http;

/// <summary>The headers of an answer, by names whose case does not matter.</summary>
public sealed class ResponseHeaders : IEnumerable<KeyValuePair<string, string>>
{
    private readonly HttpResponseMessage _message;

    internal ResponseHeaders(HttpResponseMessage message) => _message = message;

    /// <summary>The value of a header, several joined by commas; null if it is not there.</summary>
    public string? this[string name] =>
        _message.Headers.NonValidated.TryGetValues(name, out var values) || _message.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    /// <summary>The values of a header, one each time that it stands in the head.</summary>
    public IReadOnlyList<string> GetValues(string name) =>
        _message.Headers.NonValidated.TryGetValues(name, out var values) || _message.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? [.. values]
            : [];

    /// <summary>True if the header is there.</summary>
    public bool Contains(string name) => _message.Headers.NonValidated.Contains(name) || _message.Content.Headers.NonValidated.Contains(name);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        foreach (var header in _message.Headers.NonValidated.Concat(_message.Content.Headers.NonValidated))
        {
            foreach (var value in header.Value)
            {
                yield return new KeyValuePair<string, string>(header.Key, value);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
