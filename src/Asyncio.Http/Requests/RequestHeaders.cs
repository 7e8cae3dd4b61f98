using System.Collections;

namespace Asyncio.Http;

/// <summary>Headers of a request, by names whose case does not matter; a name may have several values. What cannot be sent is refused when the request is made.</summary>
public sealed class RequestHeaders : IReadOnlyCollection<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    /// <summary>No headers.</summary>
    public RequestHeaders()
    {
    }

    /// <summary>A copy.</summary>
    public RequestHeaders(IEnumerable<KeyValuePair<string, string>> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        _headers.AddRange(headers);
    }

    /// <inheritdoc/>
    public int Count => _headers.Count;

    /// <summary>The value of a header (its first one); null if it is not there. Setting gives it this one value, setting null takes it out.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var header in _headers)
            {
                if (Matches(header, name))
                {
                    return header.Value;
                }
            }

            return null;
        }

        set
        {
            Remove(name);
            if (value is not null)
            {
                Add(name, value);
            }
        }
    }

    /// <summary>Adds a value, beside those that the header has.</summary>
    /// <exception cref="ArgumentNullException">There is no name or no value.</exception>
    public void Add(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        _headers.Add(new KeyValuePair<string, string>(name, value));
    }

    /// <summary>Takes a header out; true if it was there.</summary>
    public bool Remove(string name) => _headers.RemoveAll(header => Matches(header, name)) > 0;

    /// <summary>True if the header is there.</summary>
    public bool Contains(string name) => this[name] is not null;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _headers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Without an enumerator on the heap.</summary>
    internal List<KeyValuePair<string, string>> List => _headers;

    private static bool Matches(KeyValuePair<string, string> header, string name) => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
