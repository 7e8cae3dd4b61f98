namespace Asyncio.Http;

/// <summary>A header, or a cookie, that cannot be sent: its name is no token, or its value holds a line break, another control character or what is not ASCII. Nothing was sent.</summary>
public sealed class InvalidHeaderException : ClientException
{
    /// <inheritdoc cref="InvalidHeaderException"/>
    public InvalidHeaderException()
    {
    }

    /// <inheritdoc cref="InvalidHeaderException"/>
    public InvalidHeaderException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="InvalidHeaderException"/>
    public InvalidHeaderException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
