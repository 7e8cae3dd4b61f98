using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>Chooses a loop's reactor: the one that was demanded, else the best that this machine allows.</summary>
internal static class ReactorFactory
{
    internal const string Variable = "ASYNCIO_REACTOR";

    /// <summary>Those that could exist on this system, best first.</summary>
    internal static ReadOnlySpan<ReactorKind> Candidates =>
        OperatingSystem.IsLinux() ? [ReactorKind.IoUring, ReactorKind.Epoll, ReactorKind.Portable] : [ReactorKind.Portable];

    /// <param name="demanded">Null: what the environment says, and if it says nothing, the first that can be had.</param>
    /// <exception cref="PlatformNotSupportedException">The one that was demanded cannot be had here.</exception>
    internal static Reactor Create(ReactorKind? demanded)
    {
        if ((demanded ?? FromEnvironment()) is { } kind)
        {
            return TryCreate(kind, out var reason) ?? throw new PlatformNotSupportedException($"The reactor {NameOf(kind)} cannot be had: {reason}");
        }

        foreach (var candidate in Candidates)
        {
            if (TryCreate(candidate, out _) is { } reactor)
            {
                return reactor;
            }
        }

        throw new PlatformNotSupportedException("No reactor can be had on this system.");
    }

    /// <summary>A reactor that reads and writes files, if <see cref="Create"/> would choose it; else null.</summary>
    internal static Reactor? TryCreateForFiles(ReactorKind? demanded) =>
        (demanded ?? Parse(Environment.GetEnvironmentVariable(Variable)) ?? ReactorKind.IoUring) == ReactorKind.IoUring
            ? TryCreate(ReactorKind.IoUring, out _)
            : null;

    /// <summary>Null, and why, if the system does not have it or does not allow it (a sandbox, a limit, an old kernel).</summary>
    internal static Reactor? TryCreate(ReactorKind kind, out string? reason)
    {
        if (kind != ReactorKind.Portable && !OperatingSystem.IsLinux())
        {
            reason = "It is for Linux only.";
            return null;
        }

        switch (kind)
        {
            case ReactorKind.IoUring:
                return UringReactor.TryCreate(out reason);

            case ReactorKind.Epoll:
                return EpollReactor.TryCreate(out reason);

            case ReactorKind.Portable:
                reason = null;
                return new PortableReactor();

            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "A ReactorKind is expected.");
        }
    }

    /// <summary>What the environment demands; null for nothing. Asked when a loop is made: a mistake is not to wait for the first connection.</summary>
    internal static ReactorKind? FromEnvironment() => Parse(Environment.GetEnvironmentVariable(Variable));

    /// <summary>What the environment variable means; null for nothing.</summary>
    internal static ReactorKind? Parse(string? value) => value?.Trim().ToLowerInvariant() switch
    {
        null or "" => null,
        "io_uring" => ReactorKind.IoUring,
        "epoll" => ReactorKind.Epoll,
        "portable" => ReactorKind.Portable,
        _ => throw new InvalidOperationException($"{Variable} is \"{value}\"; it must be io_uring, epoll or portable, or not be set."),
    };

    private static string NameOf(ReactorKind kind) => kind == ReactorKind.IoUring ? "io_uring" : kind.ToString().ToLowerInvariant();
}
