using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>What is known of an error that nobody awaits: given to the loop's exception handler. Asyncio: the <c>context</c> dictionary.</summary>
/// <param name="message">What happened.</param>
public sealed class ExceptionContext(string message)
{
    /// <summary>What happened.</summary>
    public string Message { get; } = message;

    /// <summary>The exception, if there is one.</summary>
    public Exception? Exception { get; init; }

    /// <summary>The future or task concerned.</summary>
    public Future? Future { get; init; }

    /// <summary>The task concerned, when it is one.</summary>
    public IAsyncTask? Task => Future as IAsyncTask;

    /// <summary>The handle whose callback failed.</summary>
    public Handle? Handle { get; init; }

    /// <summary>The asynchronous enumerable concerned.</summary>
    public object? AsyncGenerator { get; init; }

    /// <summary>More that a library wants to say, by name.</summary>
    public IReadOnlyDictionary<string, object?> Extra { get; init; } = new Dictionary<string, object?>();

    /// <summary>The text that the default handler logs.</summary>
    public override string ToString()
    {
        var lines = new List<string> { string.IsNullOrEmpty(Message) ? "Unhandled exception in event loop" : Message };
        Add("asyncgen", AsyncGenerator);
        Add(Future is IAsyncTask ? "task" : "future", Future);
        Add("handle", Handle);

        // No LINQ, here of all places: with no descriptor left its assembly cannot be loaded any more.
        var keys = new List<string>(Extra.Keys);
        keys.Sort(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            Add(key, Extra[key]);
        }

        return string.Join(Environment.NewLine, lines);

        void Add(string key, object? value)
        {
            if (value is not null)
            {
                lines.Add($"{key}: {value}");
            }
        }
    }
}
