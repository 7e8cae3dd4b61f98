namespace Asyncio.Http;

/// <summary>The server answered with what is not HTTP, or with a head larger than allowed. The connection is closed.</summary>
public sealed class InvalidResponseException : ClientException
{
    /// <inheritdoc cref="InvalidResponseException"/>
    public InvalidResponseException()
    {
    }

    /// <inheritdoc cref="InvalidResponseException"/>
    public InvalidResponseException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="InvalidResponseException"/>
    public InvalidResponseException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
