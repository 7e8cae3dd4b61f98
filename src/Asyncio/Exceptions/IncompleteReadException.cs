namespace Asyncio;

/// <summary>The stream ended before all that was asked for had come. The counterpart of <c>asyncio.IncompleteReadError</c>.</summary>
public sealed class IncompleteReadException : EndOfStreamException
{
    /// <summary>Nothing is known of what came.</summary>
    public IncompleteReadException()
        : this([], null)
    {
    }

    /// <summary>With a message.</summary>
    public IncompleteReadException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public IncompleteReadException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>With what came until then.</summary>
    /// <param name="partial">What came; it is no longer in the reader.</param>
    /// <param name="expected">How many bytes were asked for; null where that was not known.</param>
    public IncompleteReadException(byte[] partial, int? expected)
        : base($"{partial.Length} bytes read on a total of {expected?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "undefined"} expected bytes")
    {
        Partial = partial;
        Expected = expected;
    }

    /// <summary>What came before the end.</summary>
    public byte[] Partial { get; } = [];

    /// <summary>How many bytes were asked for; null where the reader looked for a separator.</summary>
    public int? Expected { get; }
}
