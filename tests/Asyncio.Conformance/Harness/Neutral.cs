using System.Collections;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Asyncio.Conformance;

/// <summary>Neutral names for exceptions and values, and small awaitables: the counterpart of <c>python/harness.py</c>.</summary>
internal static class Neutral
{
    /// <summary>The neutral name of an exception; a cancellation with its message (unless empty), a group with its members.</summary>
    public static string Kind(Exception? error) => error switch
    {
        null => "none",
        CancelledException { CancelMessage: not (null or "") and var message } => $"Cancelled({message})",
        CancelledException => "Cancelled",
        KeyboardInterruptException => "KeyboardInterrupt",
        TaskCanceledException => "Cancelled", // of a wrapped .NET task: concurrent.futures.CancelledError
        InvalidStateException => "InvalidState",
        QueueEmptyException => "QueueEmpty",
        QueueFullException => "QueueFull",
        QueueShutDownException => "QueueShutDown",
        BrokenBarrierException => "BrokenBarrier",
        IncompleteReadException incomplete => $"IncompleteRead({Show(incomplete.Partial)} of {Show(incomplete.Expected)})",
        LimitOverrunException overrun => $"LimitOverrun({overrun.Consumed})",
        SocketException socket => Kind(socket),
        FileNotFoundException or DirectoryNotFoundException => "NotFound",
        UnauthorizedAccessException => "NotPermitted",
        AuthenticationException => "Tls",
        AggregateException group => $"Group[{string.Join(", ", group.InnerExceptions.Select(Kind))}]",
        TimeoutException => "Timeout",
        DivideByZeroException => "ZeroDivision",
        KeyNotFoundException => "Key",
        InvalidCastException => "Type",
        ArgumentException => "Value",
        NotSupportedException => "NotSupported",
        InvalidOperationException => "Runtime",
        _ => throw new UnreachableException($"No neutral name for {error.GetType().Name}: {error}"),
    };

    // In asyncio some of these are classes of their own, others have numbers.
    private static string Kind(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "ConnectionRefused",
        SocketError.ConnectionReset => "ConnectionReset",
        SocketError.ConnectionAborted => "ConnectionAborted",
        SocketError.Shutdown => "BrokenPipe",
        SocketError.AddressAlreadyInUse => "AddressInUse",
        SocketError.AddressNotAvailable => "AddressNotAvailable",
        SocketError.MessageSize => "MessageTooLong",
        var code => throw new UnreachableException($"No neutral name for {code}: {error}"),
    };

    /// <summary>The neutral text of a value.</summary>
    public static string Show(object? value) => value switch
    {
        null or Unit => "none",
        Exception error => Kind(error),
        bool or int or long or string => value.ToString()!,
        byte[] bytes => Show(bytes),
        AsyncLockReleaser or AsyncSemaphoreReleaser => Show(true), // what acquire() gives, asyncio's is True
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Show))}]",
        System.Runtime.CompilerServices.ITuple tuple => $"[{string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Show(tuple[i])))}]",
        _ => throw new UnreachableException($"No neutral text for {value.GetType().Name}"),
    };

    /// <inheritdoc cref="Show(object?)"/>
    public static string Show(byte[]? bytes) => bytes is null ? "none" : Show(bytes.AsSpan());

    /// <summary>The neutral text of bytes.</summary>
    public static string Show(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? "nothing" : Encoding.ASCII.GetString(bytes).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>The names of tasks, sorted: for sets, whose order means nothing.</summary>
    public static string Names(IEnumerable<IAsyncTask> tasks) => Show(tasks.Select(task => task.Name).Order(StringComparer.Ordinal));

    /// <summary>How a future stands: pending, its result, or its exception.</summary>
    public static string Outcome<T>(Future<T> future) => Outcome(future, () => future.Result());

    /// <summary>The same where the type of the result is not known, as in a done callback.</summary>
    public static string Outcome(Future future) => Outcome(future, () => ResultOf(future));

    private static string Outcome(Future future, Func<object?> result)
    {
        if (!future.Done())
        {
            return "pending";
        }

        try
        {
            return $"result {Show(result())}";
        }
        catch (Exception error)
        {
            return Kind(error);
        }
    }

    private static object? ResultOf(Future future)
    {
        if (future.Exception() is { } error)
        {
            throw error;
        }

        return future.GetType().GetMethod(nameof(Future<int>.Result))!.Invoke(future, null);
    }

    /// <summary>Awaits, and tells the result or the exception.</summary>
    public static async Coroutine<string> Attempt<T>(Future<T> future)
    {
        try
        {
            return $"result {Show(await future)}";
        }
        catch (Exception error)
        {
            return Kind(error);
        }
    }

    /// <inheritdoc cref="Attempt{T}(Future{T})"/>
    public static async Coroutine<string> Attempt<T>(Coroutine<T> coroutine)
    {
        try
        {
            return $"result {Show(await coroutine)}";
        }
        catch (Exception error)
        {
            return Kind(error);
        }
    }

    /// <inheritdoc cref="Attempt{T}(Future{T})"/>
    public static async Coroutine<string> Attempt(Coroutine coroutine)
    {
        try
        {
            await coroutine;
            return "result none";
        }
        catch (Exception error)
        {
            return Kind(error);
        }
    }

    /// <summary>The same for a call that checks its arguments at once, where asyncio's does at the await: <c>Attempt(() => Aio.Sleep(double.NaN))</c>.</summary>
    public static async Coroutine<string> Attempt(Func<Coroutine> call)
    {
        try
        {
            await call();
            return "result none";
        }
        catch (Exception error)
        {
            return Kind(error);
        }
    }

    /// <inheritdoc cref="Attempt(Func{Coroutine})"/>
    public static async Coroutine<string> Attempt<T>(Func<Coroutine<T>> call)
    {
        try
        {
            return $"result {Show(await call())}";
        }
        catch (Exception error)
        {
            return Kind(error);
        }
    }

    /// <summary><c>anext()</c>.</summary>
    public static async Coroutine<T> Next<T>(IAsyncEnumerator<T> generator) =>
        await generator.MoveNextAsync() ? generator.Current : throw new InvalidOperationException("The generator has ended.");

    /// <summary>Calls, and tells which exception came out.</summary>
    public static string ErrorOf(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error)
        {
            return Kind(error);
        }

        return "no error";
    }

    /// <inheritdoc cref="ErrorOf(Action)"/>
    public static string ErrorOf<T>(Func<T> function) => ErrorOf(() => { function(); });

    /// <summary>Traces one line an iteration: the trace then shows how many iterations something took.</summary>
    public static async Coroutine Ticker(Trace trace, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            trace($"tick {number}");
            await Aio.Sleep(0);
        }
    }

    /// <summary><c>time.sleep()</c> where it stands for a step that takes long, in a scenario on its own clock.</summary>
    public static void Work(double seconds) => ((JumpingClock)Aio.GetRunningLoop().TimeProvider).Pass(seconds);

    /// <summary>Lets the loop run that many iterations.</summary>
    public static async Coroutine Spin(int count)
    {
        for (var turn = 0; turn < count; turn++)
        {
            await Aio.Sleep(0);
        }
    }

    /// <summary>Destroys what nobody refers to any more, and lets the loop report about it.</summary>
    public static async Coroutine CollectGarbage()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Spin(3);
    }
}
