using System.Runtime.CompilerServices;
using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks.Foreign;

public class CancellationTokenTests
{
    [Fact]
    public void It_is_one_token_for_a_task_and_another_for_each() => OnLoop.Run(async () =>
    {
        var mine = Aio.CancellationToken;
        Assert.True(mine.CanBeCanceled);
        Assert.False(mine.IsCancellationRequested);
        await Aio.Yield();
        Assert.Equal(mine, Aio.CancellationToken);
        Assert.NotEqual(mine, await Aio.CreateTask(Read()));

        static async Coroutine<CancellationToken> Read()
        {
            await Aio.Yield();
            return Aio.CancellationToken;
        }
    });

    [Fact]
    public void Outside_a_task_there_is_none() => OnLoop.InThread(() =>
    {
        Assert.Throws<InvalidOperationException>(() => Aio.CancellationToken);
        Assert.Throws<InvalidOperationException>(() => { Aio.Uninterrupted(); });
    });

    [Fact]
    public void Its_callbacks_run_as_handles_and_not_inside_Cancel() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        var task = Aio.CreateTask(Body());
        await Aio.Yield();
        task.Cancel();
        log.Add("requested");
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal(["requested", "callback", "caught"], log);

        async Coroutine Body()
        {
            using var registration = Aio.CancellationToken.Register(() => log.Add("callback"));
            try
            {
                await Aio.Sleep(1_000);
            }
            catch (CancelledException)
            {
                log.Add("caught");
                throw;
            }
        }
    });

    [Fact]
    public void A_callback_that_fails_is_reported()
    {
        var reports = OnLoop.RunReporting(async _ =>
        {
            var task = Aio.CreateTask(Body());
            await Aio.Yield();
            task.Cancel();
            await OnLoop.Throws<CancelledException>(async () => await task);

            static async Coroutine Body()
            {
                Aio.CancellationToken.Register(() => throw new FormatException());
                await Aio.Sleep(1_000);
            }
        });
        Assert.Single(reports);
    }

    [Fact]
    public void It_stays_tripped_while_the_request_counts_and_is_renewed_after() => OnLoop.Run(async () =>
    {
        foreach (var readBefore in new[] { true, false })
        {
            var task = Aio.CreateTask(Body(readBefore));
            await OnLoop.Iterations(2);
            task.Cancel();
            await task;
        }

        static async Coroutine Body(bool readBefore)
        {
            var first = readBefore ? Aio.CancellationToken : default;
            try
            {
                await Aio.Sleep(1_000);
            }
            catch (CancelledException)
            {
            }

            var during = Aio.CancellationToken;
            Assert.True(during.IsCancellationRequested);
            Assert.True(!readBefore || first == during);
            Assert.Equal(0, Aio.CurrentTask()!.Uncancel());
            var renewed = Aio.CancellationToken;
            Assert.False(renewed.IsCancellationRequested);
            Assert.NotEqual(during, renewed);
            await Task.Delay(1, renewed);
        }
    });

    [Fact]
    public void Only_an_exception_with_its_own_tripped_token_cancels_the_task() => OnLoop.Run(async () =>
    {
        // As an HTTP client does when its own timeout is over.
        using var timeout = new CancellationTokenSource();
        timeout.Cancel();
        var failed = Aio.CreateTask(Throw(new TaskCanceledException("timeout", null, timeout.Token)));
        await OnLoop.Throws<TaskCanceledException>(async () => await failed);
        Assert.True(failed.IsFaulted);

        var bare = Aio.CreateTask(Throw(new OperationCanceledException()));
        await OnLoop.Throws<OperationCanceledException>(async () => await bare);
        Assert.True(bare.IsFaulted);

        // Its own token, but nobody has asked: a failure.
        var own = Aio.CreateTask(ThrowOwn());
        await OnLoop.Throws<OperationCanceledException>(async () => await own);
        Assert.True(own.IsFaulted);

        // The request was taken back: a failure again.
        var takenBack = Aio.CreateTask(ThrowOwnAfterUncancel());
        await OnLoop.Iterations(2);
        takenBack.Cancel();
        await OnLoop.Throws<OperationCanceledException>(async () => await takenBack);
        Assert.True(takenBack.IsFaulted);

        // A request that counts, but a foreign token.
        var foreign = Aio.CreateTask(ThrowWhenCancelled(new TaskCanceledException("timeout", null, timeout.Token)));
        await OnLoop.Iterations(2);
        foreign.Cancel();
        await OnLoop.Throws<TaskCanceledException>(async () => await foreign);
        Assert.True(foreign.IsFaulted);

        static async Coroutine Throw(Exception error)
        {
            await Aio.Yield();
            throw error;
        }

        static async Coroutine ThrowOwn()
        {
            await Aio.Yield();
            throw new OperationCanceledException(Aio.CancellationToken);
        }

        static async Coroutine ThrowOwnAfterUncancel()
        {
            var token = Aio.CancellationToken;
            try
            {
                await Aio.Sleep(1_000);
            }
            catch (CancelledException)
            {
                Aio.CurrentTask()!.Uncancel();
                throw new OperationCanceledException(token);
            }
        }

        static async Coroutine ThrowWhenCancelled(Exception error)
        {
            GC.KeepAlive(Aio.CancellationToken);
            try
            {
                await Aio.Sleep(1_000);
            }
            catch (CancelledException)
            {
                throw error;
            }
        }
    });

    [Fact]
    public void A_token_from_outside_cancels_a_task_from_any_thread() => OnLoop.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        var task = Aio.CreateTask(Aio.Sleep(1_000), cancellationToken: source.Token);
        await Aio.Yield();
        await Task.Run(source.Cancel);
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.True(task.IsCanceled);

        var ran = false;
        var late = Aio.CreateTask(Body(), cancellationToken: source.Token);
        await OnLoop.Throws<CancelledException>(async () => await late);
        Assert.False(ran);

        async Coroutine Body()
        {
            ran = true;
            await Aio.Yield();
        }
    });

    [Fact]
    public void A_long_lived_token_keeps_no_ended_task() => OnLoop.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        var weak = await Many(source.Token);
        await OnLoop.Iterations(2);
        OnLoop.CollectGarbage();
        Assert.Equal(0, weak.Count(reference => reference.IsAlive));
        source.Cancel();
        await Aio.Yield();

        static async Coroutine<List<WeakReference>> Many(CancellationToken token)
        {
            var references = new List<WeakReference>();
            for (var i = 0; i < 2_000; i++)
            {
                await One(token, references, i);
            }

            return references;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Coroutine One(CancellationToken token, List<WeakReference> references, int i)
        {
            var task = Aio.CreateTask(i % 2 == 0 ? Aio.Yield() : Aio.Sleep(1_000), cancellationToken: token);
            references.Add(new WeakReference(task));
            await Aio.Yield();
            if (i % 2 == 1)
            {
                task.Cancel();
            }

            await OnLoop.Iterations(2);
        }
    });
}
