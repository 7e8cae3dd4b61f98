namespace Asyncio.LowLevel;

/// <summary>How an event loop waits for input and output.</summary>
public enum ReactorKind
{
    /// <summary>Linux's io_uring: operations are put into memory that is shared with the kernel, so that an iteration costs one system call at most.</summary>
    IoUring,

    /// <summary>Linux's epoll, where io_uring is not allowed.</summary>
    Epoll,

    /// <summary>.NET's own asynchronous sockets: everywhere else.</summary>
    Portable,
}
