namespace Asyncio;

/// <summary>Descriptors of a loop that has servers, which nobody uses: given up when connections have taken all others, until there are enough again.</summary>
/// <remarks>
/// Without any, not only accepting fails. .NET takes a descriptor to start a thread and to load code, and ends the process where it gets
/// none: it would survive the connections, and fall over the next thread of its pool.
/// </remarks>
internal sealed class DescriptorReserve : IDisposable
{
    private const int Size = 8;

    private readonly Stack<int> _descriptors = new(Size);
    private readonly bool _isUsed;

    /// <summary>Where there are not even so many, it has none.</summary>
    internal DescriptorReserve() => _isUsed = OperatingSystem.IsLinux() && TryFill();

    /// <summary>False: there are still too few.</summary>
    internal bool TryRestore() => !_isUsed || TryFill();

    internal void GiveUp()
    {
        while (_descriptors.TryPop(out var descriptor))
        {
            Libc.Close(descriptor);
        }
    }

    public void Dispose() => GiveUp();

    private bool TryFill()
    {
        while (_descriptors.Count < Size)
        {
            var descriptor = Libc.EventFd(0, Libc.EFD_CLOEXEC);
            if (descriptor < 0)
            {
                GiveUp();
                return false;
            }

            _descriptors.Push(descriptor);
        }

        return true;
    }
}
