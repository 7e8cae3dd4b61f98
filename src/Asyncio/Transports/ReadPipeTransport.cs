using System.Runtime.InteropServices;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>The end of a pipe from which is read.</summary>
internal sealed class ReadPipeTransport(
    EventLoop loop, SafeHandle pipe, BaseProtocol protocol, Future<Unit>? begun, ExecutionContext? execution)
    : StreamTransport(loop, loop.Reactor.Open(pipe), protocol, begun, execution)
{
    public override bool CanWriteEof => false;

    public override object? GetExtraInfo(string name) => name == "pipe" ? pipe : base.GetExtraInfo(name);

    protected override bool StaysOpenAtEof => false;

    protected override string WhyNotWritable => "This is the end of a pipe from which is read.";

    protected override void EndWriting()
    {
        // It has no writing side.
    }
}
