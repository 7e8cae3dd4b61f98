using System.Net;

namespace Asyncio.Http;

/// <summary>A body that a coroutine writes: on the loop, whatever thread the handler asks on.</summary>
internal sealed class LoopContent(BodySource source, Func<Stream, Coroutine> write) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Aio.RunCoroutineThreadsafe(write(stream), source.Loop, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
