using System.Diagnostics.CodeAnalysis;

namespace Asyncio;

/// <summary>More than one listener of a future.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "Internal.")]
internal sealed class CallbackList : List<Runnable>
{
    internal CallbackList(Runnable first)
        : base(4) => Add(first);
}
