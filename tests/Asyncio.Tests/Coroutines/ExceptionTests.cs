using Xunit;

namespace Asyncio.Tests.Coroutines;

public class ExceptionTests
{
    [Fact]
    public void One_exception_object_may_fly_through_several_loops_at_a_time()
    {
        var error = new FormatException("static");
        var caught = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() => Aio.Run(Catch()))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(4 * 500, caught);

        async Coroutine Catch()
        {
            for (var i = 0; i < 500; i++)
            {
                try
                {
                    await Deep(30);
                }
                catch (FormatException)
                {
                    Interlocked.Increment(ref caught);
                }
            }
        }

        async Coroutine Deep(int depth)
        {
            if (depth == 0)
            {
                await Coroutine.FromException(error);
            }

            await Deep(depth - 1);
        }
    }

    [Fact]
    public void The_very_object_arrives_through_frames_of_both_kinds() => OnLoop.Run(async () =>
    {
        var error = new FormatException("it");
        Assert.Same(error, await OnLoop.Throws<FormatException>(() => Outer(error)));
        var task = Aio.CreateTask(Outer(error));
        Assert.Same(error, await OnLoop.Throws<FormatException>(async () => await task));
        Assert.Same(error, task.Exception());

        static async Coroutine Outer(Exception error) => await Guarded(error);

        static async Coroutine Guarded(Exception error)
        {
            try
            {
                await Middle(error);
            }
            finally
            {
                await Aio.Yield();
            }
        }

        static async Coroutine Middle(Exception error) => await Inner(error);

        static async Coroutine Inner(Exception error)
        {
            await Aio.Yield();
            throw error;
        }
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_stack_trace_names_every_frame_once_and_in_order(bool suspend) => OnLoop.Run(async () =>
    {
        var error = await OnLoop.Throws<FormatException>(() => TraceTop(suspend));
        var lines = Lines(error);
        var places = new[] { "TraceBottom", "TraceLow", "TraceGuarded", "TraceHigh", "TraceTop" }
            .Select(name => Assert.Single(Enumerable.Range(0, lines.Length), i => lines[i].Contains($"ExceptionTests.{name}(", StringComparison.Ordinal)))
            .ToArray();
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain(lines, line => line.Length == 0 || line.Contains("at Asyncio.Frame", StringComparison.Ordinal) || line.Contains("Awaiter", StringComparison.Ordinal));
    });

    [Fact]
    public void So_does_that_of_a_failed_task_also_at_the_second_await() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(TraceTop(true));
        var first = Lines(await OnLoop.Throws<FormatException>(async () => await task)).Length;
        for (var i = 0; i < 3; i++)
        {
            var error = await OnLoop.Throws<FormatException>(async () => await task);
            Assert.Single(Lines(error), line => line.Contains("TraceBottom(", StringComparison.Ordinal));
            Assert.Single(Lines(error), line => line.Contains("TraceTop(", StringComparison.Ordinal));
            Assert.True(Lines(error).Length <= first, error.StackTrace);
        }
    });

    [Fact]
    public void An_exception_thrown_before_elsewhere_keeps_that_trace() => OnLoop.Run(async () =>
    {
        Exception before;
        try
        {
            ThrowPlainly();
            return;
        }
        catch (FormatException e)
        {
            before = e;
        }

        var after = await OnLoop.Throws<FormatException>(() => Through(before));
        Assert.Same(before, after);

        static async Coroutine Through(Exception error) => await Coroutine.FromException(error);
    });

    [Fact]
    public void Usings_and_finally_run_on_an_exception_and_on_a_cancellation() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        await OnLoop.Throws<FormatException>(() => Body(() => throw new FormatException()));
        Assert.Equal(["finally", "async disposed", "disposed"], log);

        log.Clear();
        var task = Aio.CreateTask(Body(() => Aio.Sleep(1_000)));
        await Aio.Yield();
        task.Cancel();
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal(["finally", "async disposed", "disposed"], log);

        async Coroutine Body(Func<Coroutine> code)
        {
            using var plain = new Disposable(() => log.Add("disposed"));
            await using var asynchronous = new AsyncDisposable(() => log.Add("async disposed"));
            try
            {
                await Aio.Yield();
                await code();
                log.Add("not reached");
            }
            finally
            {
                await Aio.Yield();
                log.Add("finally");
            }
        }
    });

    [Fact]
    public void Filters_see_the_exception_and_choose() => OnLoop.Run(async () =>
    {
        Assert.Equal("second", await Filtered(new FormatException("b")));
        Assert.Equal("first", await Filtered(new FormatException("a")));
        await OnLoop.Throws<FormatException>(async () => await Filtered(new FormatException("c")));

        static async Coroutine<string> Filtered(Exception error)
        {
            try
            {
                await Deep(error);
                return "none";
            }
            catch (FormatException e) when (e.Message == "a")
            {
                return "first";
            }
            catch (FormatException e) when (e.Message == "b")
            {
                await Aio.Yield();
                return "second";
            }
        }

        static async Coroutine Deep(Exception error)
        {
            await Aio.Yield();
            await Coroutine.FromException(error);
        }
    });

    [Fact]
    public void An_await_in_catch_and_finally_and_a_rethrow() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        var error = new FormatException();
        Assert.Same(error, await OnLoop.Throws<FormatException>(Body));
        Assert.Equal(["caught", "slept", "finally"], log);

        async Coroutine Body()
        {
            try
            {
                await Coroutine.FromException(error);
            }
            catch (FormatException)
            {
                log.Add("caught");
                await Aio.Sleep(0.001);
                log.Add("slept");
                throw;
            }
            finally
            {
                await Aio.Yield();
                log.Add("finally");
            }
        }
    });

    [Fact]
    public void A_failure_can_be_caught_and_the_coroutine_goes_on() => OnLoop.Run(async () =>
    {
        var caught = 0;
        for (var i = 0; i < 5; i++)
        {
            try
            {
                await Fail();
            }
            catch (FormatException)
            {
                caught++;
            }
        }

        Assert.Equal(5, caught);

        static async Coroutine<int> Fail()
        {
            await Aio.Yield();
            throw new FormatException();
        }
    });

    private static string[] Lines(Exception error) => error.StackTrace!.TrimEnd().Split(Environment.NewLine);

    private static void ThrowPlainly() => throw new FormatException("thrown");

    private static async Coroutine TraceTop(bool suspend) => await TraceHigh(suspend);

    private static async Coroutine TraceHigh(bool suspend) => await TraceGuarded(suspend);

    private static async Coroutine TraceGuarded(bool suspend)
    {
        try
        {
            await TraceLow(suspend);
        }
        finally
        {
            GC.KeepAlive(suspend); // an await here would make the compiler throw it once more
        }
    }

    private static async Coroutine TraceLow(bool suspend) => await TraceBottom(suspend);

    private static async Coroutine TraceBottom(bool suspend)
    {
        if (suspend)
        {
            await Aio.Yield();
        }

        throw new FormatException();
    }

    private sealed class Disposable(Action action) : IDisposable
    {
        public void Dispose() => action();
    }

    private sealed class AsyncDisposable(Action action) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Aio.Yield();
            action();
        }
    }
}
