using Asyncio.Tests.Coroutines;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>What is said on standard error when nothing else is left.</summary>
[Collection(nameof(NeverAwaitedTests))] // which takes standard error away from the others, too
public class BrokenLoggerTests
{
    [Fact]
    public void A_logger_or_a_text_that_fails_does_not_stop_the_loop()
    {
        var ran = false;
        var said = NeverAwaitedTests.Capture(Run);
        Assert.True(ran);
        Assert.Contains("Exception in default exception handler: System.InvalidOperationException: The disk is full.", said);
        Assert.Contains("It was to log: System.FormatException", said);

        void Run()
        {
            using var logs = new BrokenLogs();
            using var loop = new EventLoop(new EventLoopOptions { LoggerFactory = logs, Debug = true });
            loop.SlowCallbackDuration = 0;
            loop.CallSoon((Action)(() => throw new FormatException()));
            var future = loop.CreateFuture<Unprintable>();
            future.AddDoneCallback((Action<Future>)(_ => throw new FormatException()));
            future.SetResult(new Unprintable());
            loop.CallSoon(() => loop.CallSoon(() =>
            {
                ran = true;
                loop.Stop();
            }));
            loop.RunForever();
            Assert.True(logs.Calls > 0);
        }
    }

    private sealed class Unprintable
    {
        public override string ToString() => throw new NotSupportedException();
    }

    private sealed class BrokenLogs : ILoggerFactory, ILogger
    {
        public int Calls { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Calls++;
            throw new InvalidOperationException("The disk is full.");
        }
    }
}
