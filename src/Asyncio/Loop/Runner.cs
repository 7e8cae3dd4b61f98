namespace Asyncio;

public static partial class Aio
{
    /// <summary>stub</summary>
    public static T Run<T>(Coroutine<T> main, EventLoop? l = null) { using var loop = new EventLoop(); return loop.RunUntilComplete<T>(main); }
    /// <summary>stub</summary>
    public static void Run(Coroutine main) { using var loop = new EventLoop(); loop.RunUntilComplete(main); }
}
