using System.Runtime.InteropServices;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>What <see cref="EventLoop.AddSignalHandler(PosixSignal, Action, Context?)"/> registers. The handle may be replaced, the registration stays: no signal is missed between.</summary>
internal sealed class SignalHandler(EventLoop loop, PosixSignal signal) : SignalWatch(loop, signal)
{
    internal Handle? Handle { get; set; }

    // A signal that came before the handler was removed and runs after it is nobody's, as in asyncio.
    internal override void Run(object? argument)
    {
        if (IsActive)
        {
            Handle!.Invoke();
        }
    }
}
