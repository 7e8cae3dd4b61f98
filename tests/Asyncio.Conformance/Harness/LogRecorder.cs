using Microsoft.Extensions.Logging;

namespace Asyncio.Conformance;

/// <summary>What reaches a loop's logger: a line of the trace where the scenario wants it, else a failure.</summary>
internal sealed class LogRecorder(Recording recording, bool wanted) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var message = formatter(state, exception);
        if (wanted)
        {
            var line = $"log: {Reports.NeutralMessage(message.Split('\n')[0].TrimEnd())}";
            recording.Add(exception is null ? line : $"{line}: {Neutral.Kind(exception)}");
        }
        else
        {
            recording.Fail($"unexpected log: {message} {exception}");
        }
    }
}
