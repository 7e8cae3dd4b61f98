using Microsoft.Extensions.Logging;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>Where errors go that nobody awaits.</summary>
public class ExceptionHandlerTests
{
    private static readonly AsyncLocal<string?> Value = new();

    [Fact]
    public void A_handler_gets_the_loop_and_what_is_known()
    {
        using var loop = new EventLoop();
        var context = new ExceptionContext("something") { Exception = new FormatException() };
        (EventLoop, ExceptionContext)? got = null;
        loop.SetExceptionHandler((l, c) => got = (l, c));
        Assert.NotNull(loop.GetExceptionHandler());
        loop.CallExceptionHandler(context);
        Assert.Equal((loop, context), got);
        loop.SetExceptionHandler(null);
        Assert.Null(loop.GetExceptionHandler());
    }

    [Fact]
    public void The_default_one_logs_an_error()
    {
        using var logs = new RecordingLogs();
        using var loop = new EventLoop(new EventLoopOptions { LoggerFactory = logs });
        loop.CallExceptionHandler(new ExceptionContext("what happened") { Exception = new FormatException(), Extra = new Dictionary<string, object?> { ["b"] = 2, ["a"] = 1 } });
        loop.DefaultExceptionHandler(new ExceptionContext(""));
        Assert.All(logs.Entries, entry => Assert.Equal(LogLevel.Error, entry.Level));
        Assert.Equal(["what happened\na: 1\nb: 2", "Unhandled exception in event loop"], logs.Entries.Select(entry => entry.Text.ReplaceLineEndings("\n")));
    }

    [Fact]
    public void One_that_fails_is_itself_reported_by_the_default_one()
    {
        using var logs = new RecordingLogs();
        using var loop = new EventLoop(new EventLoopOptions { LoggerFactory = logs });
        loop.SetExceptionHandler((Action<EventLoop, ExceptionContext>)((_, _) => throw new FormatException()));
        loop.CallExceptionHandler(new ExceptionContext("first"));
        var entry = Assert.Single(logs.Entries);
        Assert.StartsWith("Unhandled error in exception handler", entry.Text);
        Assert.Contains("first", entry.Text);
    }

    [Fact]
    public void A_KeyboardInterruptException_goes_through_it()
    {
        using var loop = new EventLoop();
        loop.SetExceptionHandler((Action<EventLoop, ExceptionContext>)((_, _) => throw new KeyboardInterruptException()));
        Assert.Throws<KeyboardInterruptException>(() => loop.CallExceptionHandler(new ExceptionContext("first")));
    }

    [Fact]
    public void A_handler_that_fails_does_not_stop_the_loop()
    {
        using var logs = new RecordingLogs();
        var ran = Aio.Run(
            async () =>
            {
                var loop = Aio.GetRunningLoop();
                loop.SetExceptionHandler((Action<EventLoop, ExceptionContext>)((_, _) => throw new FormatException()));
                loop.CallSoon(Fail);
                await Aio.Sleep(0);
                await Aio.Sleep(0);
                return true;
            },
            loopFactory: () => new EventLoop(new EventLoopOptions { LoggerFactory = logs }));
        Assert.True(ran);
        Assert.Single(logs.Entries);

        static void Fail() => throw new InvalidDataException();
    }

    [Fact]
    public void It_runs_in_the_context_of_the_task_that_failed()
    {
        string? seen = null;
        using var runner = new Runner();
        runner.GetLoop().SetExceptionHandler((_, _) => seen = Value.Value);
        runner.Run(Main());
        runner.Close();
        Assert.Equal("the task's", seen);

        async Coroutine Main()
        {
            Value.Value = "main's";
            var task = Aio.CreateTask(Fail());
            await Aio.Sleep(0.001);
            Aio.GetRunningLoop().CallExceptionHandler(new ExceptionContext("for it") { Future = task, Exception = task.Exception() });
        }

        static async Coroutine Fail()
        {
            Value.Value = "the task's";
            await Aio.Sleep(0);
            throw new FormatException();
        }
    }
}
