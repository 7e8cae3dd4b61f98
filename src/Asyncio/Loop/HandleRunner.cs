using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>Runs handles: the ready queue's slot has a second word for the handle, so handles need not be <see cref="Runnable"/>s, which users would see.</summary>
internal sealed class HandleRunner : Runnable
{
    internal static readonly HandleRunner Instance = new();

    internal override void Run(object? argument) => ((Handle)argument!).Invoke();
}
