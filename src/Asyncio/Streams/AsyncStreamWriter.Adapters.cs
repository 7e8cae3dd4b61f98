using System.IO.Pipelines;

namespace Asyncio;

// The same connection for code of .NET.
public sealed partial class AsyncStreamWriter
{
    /// <summary>The connection as a stream of .NET's, in both directions: for <c>SslStream</c>, <c>HttpClient</c>'s <c>ConnectCallback</c>, <c>StreamReader</c>.</summary>
    /// <returns>
    /// A stream that may be read and written at the same time. What is awaited on the loop's thread goes on there; other threads may use it, too, at the price of
    /// a way to the loop and back. Disposing it closes the connection.
    /// </returns>
    /// <exception cref="InvalidOperationException">The writer was made without a reader.</exception>
    public Stream AsStream() => new DuplexStream(Reader, this, _protocol);

    /// <summary>The connection as pipes of .NET's. Completing both ends of it does not close the connection.</summary>
    /// <inheritdoc cref="AsStream"/>
    public IDuplexPipe AsDuplexPipe() => new DuplexPipe(AsStream());

    private AsyncStreamReader Reader => _reader ?? throw new InvalidOperationException("The writer was made without a reader.");

    private sealed class DuplexPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }
}
