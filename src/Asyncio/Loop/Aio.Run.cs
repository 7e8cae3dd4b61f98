using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Asyncio;

public static partial class Aio
{
    /// <summary>
    /// Runs a program: makes a loop, runs <paramref name="main"/> on it in this thread, then cancels the tasks that are left, waits for
    /// them and closes the loop. Asyncio: <c>run()</c>.
    /// </summary>
    /// <param name="main">What to run; used up by this, also when the call is refused.</param>
    /// <param name="debug">Debug mode; null is what the environment variable <c>ASYNCIO_DEBUG</c> says.</param>
    /// <param name="loopFactory">Makes the loop; null is a plain one.</param>
    /// <param name="cancellationToken">Cancels main when it is tripped, from any thread.</param>
    /// <exception cref="InvalidOperationException">A loop runs in this thread already: await the coroutine instead.</exception>
    /// <exception cref="KeyboardInterruptException">Ctrl-C ended main. Where nobody catches it, the process ends with exit code 130 and without a dump.</exception>
    /// <exception cref="CancelledException">Main was cancelled by something else. Whatever it failed with is thrown likewise.</exception>
    /// <remarks>
    /// The first Ctrl-C cancels main, which may clean up; the second ends the process at once. Errors of the tasks that are left go
    /// to the loop's exception handler and do not change the outcome.
    /// </remarks>
    public static void Run(Coroutine main, bool? debug = null, Func<EventLoop>? loopFactory = null, CancellationToken cancellationToken = default) =>
        RunAndClose(main, debug, loopFactory, [StackTraceHidden] (runner) =>
        {
            runner.Run(main, null, cancellationToken);
            return default(Unit);
        });

    /// <inheritdoc cref="Run(Coroutine, bool?, Func{EventLoop}?, CancellationToken)"/>
    /// <returns>What main returned.</returns>
    public static T Run<T>(Coroutine<T> main, bool? debug = null, Func<EventLoop>? loopFactory = null, CancellationToken cancellationToken = default) =>
        RunAndClose(main, debug, loopFactory, [StackTraceHidden] (runner) => runner.Run(main, null, cancellationToken));

    /// <inheritdoc cref="Run{T}(Coroutine{T}, bool?, Func{EventLoop}?, CancellationToken)"/>
    public static T Run<T>(IAwaitable<T> main, bool? debug = null, Func<EventLoop>? loopFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Run(main.AsCoroutine(), debug, loopFactory, cancellationToken);
    }

    /// <inheritdoc cref="Run(Coroutine, bool?, Func{EventLoop}?, CancellationToken)"/>
    /// <param name="main">Called as part of the main task.</param>
    [OverloadResolutionPriority(1)]
    public static void Run(Func<Coroutine> main, bool? debug = null, Func<EventLoop>? loopFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(main);
        Run(Main(main), debug, loopFactory, cancellationToken);

        static async Coroutine Main(Func<Coroutine> main) => await main();
    }

    /// <inheritdoc cref="Run{T}(Coroutine{T}, bool?, Func{EventLoop}?, CancellationToken)"/>
    /// <param name="main">Called as part of the main task.</param>
    [OverloadResolutionPriority(1)]
    public static T Run<T>(Func<Coroutine<T>> main, bool? debug = null, Func<EventLoop>? loopFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Run(Main(main), debug, loopFactory, cancellationToken);

        static async Coroutine<T> Main(Func<Coroutine<T>> main) => await main();
    }

    /// <inheritdoc cref="Run(Func{Coroutine}, bool?, Func{EventLoop}?, CancellationToken)"/>
    public static void Run(Func<Task> main, bool? debug = null, Func<EventLoop>? loopFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(main);
        Run(Main(main), debug, loopFactory, cancellationToken);

        static async Coroutine Main(Func<Task> main) => await main();
    }

    /// <inheritdoc cref="Run{T}(Func{Coroutine{T}}, bool?, Func{EventLoop}?, CancellationToken)"/>
    public static T Run<T>(Func<Task<T>> main, bool? debug = null, Func<EventLoop>? loopFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Run(Main(main), debug, loopFactory, cancellationToken);

        static async Coroutine<T> Main(Func<Task<T>> main) => await main();
    }

    [StackTraceHidden]
    private static T RunAndClose<T, TClosable>(TClosable main, bool? debug, Func<EventLoop>? loopFactory, Func<Runner, T> run)
        where TClosable : IClosable
    {
        if (EventLoop.Running is not null)
        {
            main.Close();
            throw new InvalidOperationException("Aio.Run() cannot be called from a running event loop.");
        }

        var runner = new Runner(debug, loopFactory);
        T result;
        try
        {
            result = run(runner);
        }
        catch
        {
            // Not in a finally: .NET runs none for an exception that nobody catches, and the program's tasks are to be cancelled then too.
            runner.CloseAfterFailure();
            throw;
        }

        runner.Close();
        return result;
    }
}
