using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>What a stream server does with each client: runs the user's coroutine as a task, and closes the connection if that fails.</summary>
internal sealed class ClientHandler(EventLoop loop, Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> handler, HashSet<AsyncTask> running)
{
    internal void Invoke(AsyncStreamReader reader, AsyncStreamWriter writer, Transport transport)
    {
        AsyncTask task;
        try
        {
            task = loop.CreateTask(handler(reader, writer));
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            Fail(e, writer, transport);
            return;
        }

        running.Add(task);
        task.AddDoneCallback(_ => OnEnded(task, writer, transport));
    }

    private void OnEnded(AsyncTask task, AsyncStreamWriter writer, Transport transport)
    {
        running.Remove(task);
        if (task.IsCanceled)
        {
            writer.Close();
        }
        else if (task.Exception() is { } error)
        {
            Fail(error, writer, transport);
        }
    }

    private void Fail(Exception error, AsyncStreamWriter writer, Transport transport)
    {
        loop.CallExceptionHandler(new ExceptionContext("Unhandled exception in client_connected_cb")
        {
            Exception = error,
            Extra = new Dictionary<string, object?> { ["transport"] = transport },
        });
        writer.Close(); // its transport: the handler may have upgraded the connection
    }
}
