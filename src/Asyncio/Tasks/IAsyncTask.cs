namespace Asyncio;

/// <summary>Any task, whatever its result: what <see cref="Aio.CurrentTask"/> and <see cref="Aio.AllTasks"/> give. Implemented by <see cref="AsyncTask{T}"/> only.</summary>
public interface IAsyncTask
{
    /// <summary>The task's name, <c>Task-N</c> unless given. Asyncio: <c>get_name()</c>, <c>set_name()</c>.</summary>
    string Name { get; set; }

    /// <summary>The loop that runs it. Asyncio: <c>get_loop()</c>.</summary>
    EventLoop Loop { get; }

    /// <summary>The context in which its steps run. Asyncio: <c>get_context()</c>.</summary>
    Context Context { get; }

    /// <summary>True when it has ended.</summary>
    bool IsCompleted { get; }

    /// <summary>True when it ended by cancellation.</summary>
    bool IsCanceled { get; }

    /// <summary>True when it ended with another exception.</summary>
    bool IsFaulted { get; }

    /// <inheritdoc cref="AsyncTask{T}.Cancel"/>
    bool Cancel(object? message = null);

    /// <inheritdoc cref="AsyncTask{T}.Cancelling"/>
    int Cancelling();

    /// <inheritdoc cref="AsyncTask{T}.Uncancel"/>
    int Uncancel();

    /// <inheritdoc cref="AsyncTask{T}.GetStack"/>
    IReadOnlyList<CoroutineFrame> GetStack(int? limit = null);

    /// <inheritdoc cref="AsyncTask{T}.PrintStack"/>
    void PrintStack(TextWriter? writer = null);

    /// <summary>The task as a future: to await it, or to give it to <see cref="Aio.Wait{TFuture}(IEnumerable{TFuture}, ReturnWhen)"/>.</summary>
    Future AsFuture();
}
