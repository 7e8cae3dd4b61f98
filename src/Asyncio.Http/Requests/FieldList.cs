using System.Collections;

namespace Asyncio.Http;

/// <summary>
/// Names with values, in order, a name as often as one likes: query parameters, the fields of a form, cookies.
/// Written as <c>new() { { "tag", "a" }, { "tag", "b" } }</c> or <c>{ ["page"] = "2" }</c>.
/// </summary>
public sealed class FieldList : IReadOnlyCollection<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _fields = [];

    /// <inheritdoc/>
    public int Count => _fields.Count;

    /// <summary>Gives a name this one value, whatever it had.</summary>
    /// <exception cref="ArgumentNullException">There is no name or no value.</exception>
    public string this[string name]
    {
        set
        {
            _fields.RemoveAll(field => field.Key == name);
            Add(name, value);
        }
    }

    /// <summary>Adds a value.</summary>
    /// <exception cref="ArgumentNullException">There is no name or no value.</exception>
    public void Add(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        _fields.Add(new KeyValuePair<string, string>(name, value));
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
