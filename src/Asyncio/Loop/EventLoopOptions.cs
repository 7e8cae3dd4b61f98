using Asyncio.LowLevel;
using Microsoft.Extensions.Logging;

namespace Asyncio;

/// <summary>How a loop is made.</summary>
public sealed class EventLoopOptions
{
    /// <summary>The clock. Tests give one of their own; the loop reads it every iteration then, and asks its timers to be woken.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Debug mode; null is what the environment variable <c>ASYNCIO_DEBUG</c> says.</summary>
    public bool? Debug { get; init; }

    /// <summary>Where the default exception handler logs to; null is standard error.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Which ready handle runs next; null is first in, first out.</summary>
    public SchedulingPolicy? Scheduling { get; init; }

    /// <summary>
    /// How it waits for input and output; null is what the environment variable <c>ASYNCIO_REACTOR</c> says (<c>io_uring</c>, <c>epoll</c> or
    /// <c>portable</c>), and without that the best that the system allows. It is made when first used.
    /// </summary>
    public ReactorKind? Reactor { get; init; }

    /// <summary>Makes the reactor in place of <see cref="ReactorFactory"/>: for tests that stand between a loop and its reactor.</summary>
    internal Func<Reactor>? ReactorMaker { get; init; }
}
