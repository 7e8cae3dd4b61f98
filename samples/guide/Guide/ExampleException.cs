namespace Guide;

/// <summary>Ends an example: its message is all that is said.</summary>
public sealed class ExampleException(string message, Exception? inner = null) : Exception(message, inner);
