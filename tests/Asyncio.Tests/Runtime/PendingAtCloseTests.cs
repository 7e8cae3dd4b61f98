using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>Tasks that are left when a loop is closed never end, and nobody else would say so.</summary>
public class PendingAtCloseTests
{
    [Fact]
    public void Each_is_reported_to_the_handler_once()
    {
        var reports = new List<(string Message, string? Name, bool Closed)>();
        var loop = new EventLoop();
        loop.SetExceptionHandler((l, context) => reports.Add((context.Message, context.Task?.Name, l.IsClosed)));
        loop.RunUntilComplete(Main());
        loop.Close();
        loop.Close();
        Assert.Equal(
            [("Task was destroyed but it is pending!", "a", true), ("Task was destroyed but it is pending!", "b", true)],
            reports.OrderBy(report => report.Name));

        async Coroutine Main()
        {
            _ = loop.CreateTask(Aio.Sleep(3600), name: "a");
            _ = loop.CreateTask(Aio.Sleep(3600), name: "b");
            await loop.CreateTask(Aio.Sleep(0), name: "c");
        }
    }

    [Fact]
    public void One_that_never_began_is_reported_too()
    {
        using var logs = new RecordingLogs();
        using (var loop = new EventLoop(new EventLoopOptions { LoggerFactory = logs }))
        {
            loop.CreateTask(Aio.Sleep(0), name: "early");
        }

        Assert.StartsWith($"Task was destroyed but it is pending!{Environment.NewLine}task: <Task early", Assert.Single(logs.Entries).Text);
    }

    [Fact]
    public void Run_cancels_what_is_left_and_reports_nothing()
    {
        using var logs = new RecordingLogs();
        Aio.Run(Main(), loopFactory: () => new EventLoop(new EventLoopOptions { LoggerFactory = logs }));
        Assert.Empty(logs.Entries);

        static async Coroutine Main()
        {
            var tasks = new List<AsyncTask>();
            for (var i = 0; i < 10; i++)
            {
                tasks.Add(Aio.CreateTask(Aio.Sleep(3600)));
                tasks.Add(Aio.CreateTask(CleanUpSlowly()));
            }

            await Aio.Sleep(0);
            _ = Aio.CreateTask(Aio.Sleep(0)); // not begun
            _ = Aio.ToThread(() => 1).AsFuture();
        }

        static async Coroutine CleanUpSlowly()
        {
            try
            {
                await Aio.Sleep(3600);
            }
            finally
            {
                await Aio.Sleep(0.01);
            }
        }
    }
}
