namespace Asyncio.Conformance;

/// <summary>Futures: states, callbacks, waiting, cancellation, reports, wrapped .NET tasks.</summary>
[Area("futures")]
internal static partial class Futures
{
    [Scenario]
    public static async Coroutine ResultAndExceptionInEachState(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var pending = loop.CreateFuture<string>();
        var finished = loop.CreateFuture<string>();
        finished.SetResult("r");
        var failed = loop.CreateFuture<string>();
        failed.SetException(new KeyNotFoundException("k"));
        var cancelled = loop.CreateFuture<string>();
        cancelled.Cancel("why");
        trace($"pending: {ErrorOf(pending.Result)}, {ErrorOf(pending.Exception)}");
        trace($"finished: {finished.Result()}, {Show(finished.Exception())}");
        trace($"failed: {ErrorOf(failed.Result)}, {Show(failed.Exception())}");
        trace($"cancelled: {ErrorOf(cancelled.Result)}, {ErrorOf(cancelled.Exception)}");
    }

    [Scenario]
    public static async Coroutine FutureIsCompletedOnce(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var future = loop.CreateFuture<int>();
        future.SetResult(1);
        trace($"result again: {ErrorOf(() => future.SetResult(2))}");
        trace($"exception: {ErrorOf(() => future.SetException(new ArgumentException()))}");
        trace($"cancel: {future.Cancel()}");
        trace(Outcome(future));
    }

    [Scenario]
    public static async Coroutine CancelledFutureStaysCancelled(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<int>();
        trace($"cancel: {future.Cancel("first")}");
        trace($"cancel: {future.Cancel("second")}");
        trace($"result: {ErrorOf(() => future.SetResult(2))}");
        trace($"exception: {ErrorOf(() => future.SetException(new KeyNotFoundException()))}");
        trace(Outcome(future));
    }

    [Scenario]
    public static async Coroutine LoopOfAFuture(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        trace($"created by the loop: {loop.CreateFuture<Unit>().Loop == loop}");
        trace($"constructed: {new Future<Unit>().Loop == loop}");
        var other = Aio.NewEventLoop();
        trace($"constructed for another: {new Future<Unit>(loop: other).Loop == other}");
        other.Close();
    }

    [Scenario]
    public static async Coroutine CallbacksRunInOrderOnTheNextIteration(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<int>();
        foreach (var name in new[] { "a", "b", "c" })
        {
            future.AddDoneCallback(done => trace($"{name}: {((Future<int>)done).Result()}"));
        }

        future.SetResult(5);
        trace("set");
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine CallbackOfAFinishedFutureIsQueued(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();
        future.SetResult(default);
        future.AddDoneCallback(_ => trace("callback"));
        trace("registered");
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine SameCallbackMayBeRegisteredTwice(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();

        void Callback(Future done) => trace($"called with it: {done == future}");

        future.AddDoneCallback(Callback);
        future.AddDoneCallback(Callback);
        future.SetResult(default);
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine RemovingACallbackRemovesAllItsRegistrations(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();

        void First(Future done) => trace("first");

        void Second(Future done) => trace("second");

        foreach (var callback in new Action<Future>[] { First, Second, First, First })
        {
            future.AddDoneCallback(callback);
        }

        trace($"removed {future.RemoveDoneCallback(First)}");
        trace($"removed {future.RemoveDoneCallback(First)}");
        future.SetResult(default);
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine RemovingDoesNotReachWhatIsAlreadyQueued(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();

        void Callback(Future done) => trace("ran all the same");

        future.AddDoneCallback(Callback);
        future.SetResult(default);
        trace($"removed {future.RemoveDoneCallback(Callback)}");
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingCallbackIsReportedAndTheOthersRun(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();

        void Fail(Future done)
        {
            trace("fails");
            throw new InvalidOperationException("in a callback");
        }

        future.AddDoneCallback(_ => trace("before"));
        future.AddDoneCallback(Fail);
        future.AddDoneCallback(_ => trace("after"));
        future.SetResult(default);
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine AwaitingRaisesTheExceptionEachTime(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();
        var original = new ArgumentException("v");
        Aio.GetRunningLoop().CallSoon(() => future.SetException(original));
        for (var number = 0; number < 3; number++)
        {
            try
            {
                await future;
            }
            catch (ArgumentException error)
            {
                trace($"await {number}: same {error == original}");
            }
        }
    }

    [Scenario]
    public static async Coroutine AllWaitersGetTheCancellationInOrder(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();

        async Coroutine Waiter(string name)
        {
            try
            {
                await future;
            }
            catch (CancelledException error)
            {
                trace($"{name}: {Kind(error)} requests {Aio.CurrentTask()!.Cancelling()}");
                throw;
            }
        }

        var waiters = new[] { "a", "b" }.Select(name => Aio.CreateTask(Waiter(name))).ToList();
        await Aio.Sleep(0);
        future.Cancel("gone");
        await Spin(2);
        foreach (var each in waiters)
        {
            trace(Outcome(each));
        }
    }

    [Scenario]
    public static async Coroutine CompletionBetweenTwoWaitersStarts(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<int>();

        async Coroutine Waiter(string name)
        {
            trace($"{name} starts");
            trace($"{name} got {await future}");
        }

        var first = Aio.CreateTask(Waiter("a"));
        Aio.GetRunningLoop().CallSoon(() => future.SetResult(1));
        var second = Aio.CreateTask(Waiter("b"));
        await first;
        await second;
    }

    [Scenario(Handler = true)]
    public static async Coroutine FutureWhoseFailureNobodyRetrievedIsReported(Trace trace)
    {
        void Abandon() => Aio.GetRunningLoop().CreateFuture<Unit>().SetException(new ArgumentException("lost"));

        Abandon();
        await CollectGarbage();
        trace("end");
    }

    [Scenario(Handler = true)]
    public static async Coroutine RetrievedFailuresAreNotReported(Trace trace)
    {
        async Coroutine Use()
        {
            var loop = Aio.GetRunningLoop();
            var futures = Enumerable.Range(0, 4).Select(_ => loop.CreateFuture<Unit>()).ToList();
            foreach (var future in futures)
            {
                future.SetException(new ArgumentException("seen"));
            }

            trace($"result: {ErrorOf(futures[0].Result)}");
            trace($"exception: {Kind(futures[1].Exception())}");
            trace($"await: {await Attempt(futures[2])}");
            trace($"cancel: {futures[3].Cancel()}");
        }

        await Use();
        await CollectGarbage();
        trace("end");
    }

    [Scenario]
    public static void FutureWithoutALoopIsAnError(Trace trace) => trace(ErrorOf(() => new Future<Unit>()));

    [Scenario]
    public static void FutureOfAnIdleLoop(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        var future = loop.CreateFuture<string>();
        future.AddDoneCallback(_ => trace("callback"));
        future.SetResult("r");
        trace(Outcome(future));
        trace("runs");
        trace($"result {loop.RunUntilComplete(future)}");
        loop.Close();
    }

    [Scenario]
    public static void CompletingAFutureOfAClosedLoop(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        var quiet = loop.CreateFuture<int>();
        var watched = loop.CreateFuture<int>();
        watched.AddDoneCallback(_ => trace("never"));
        loop.Close();
        trace($"quiet: {ErrorOf(() => quiet.SetResult(1))}");
        trace($"watched: {ErrorOf(() => watched.SetResult(1))}");
        trace($"states: {Outcome(quiet)}, {Outcome(watched)}");
    }

    [Scenario]
    public static async Coroutine WrappedFutureGetsTheResult(Trace trace)
    {
        var source = new TaskCompletionSource<int>();
        var wrapped = Aio.WrapFuture(source.Task);
        trace($"unchanged: {Aio.WrapFuture(wrapped) == wrapped}");
        source.SetResult(8);
        trace($"not yet: {Outcome(wrapped)}");
        trace($"awaited {await wrapped}");
    }

    [Scenario]
    public static async Coroutine CancelledSourceCancelsTheWrappedFuture(Trace trace)
    {
        var source = new TaskCompletionSource<int>();
        var wrapped = Aio.WrapFuture(source.Task);
        trace($"cancel: {source.TrySetCanceled()}");
        trace(await Attempt(wrapped));
        trace($"cancelled: {wrapped.Cancelled()}");
    }

    [Scenario]
    public static async Coroutine CancellingTheWrappedFutureCancelsTheSource(Trace trace)
    {
        var source = new TaskCompletionSource<int>();
        var wrapped = Aio.WrapFuture(source.Task);
        wrapped.Cancel();
        await Aio.Sleep(0);
        trace($"source cancelled: {source.Task.IsCanceled}");
    }

    [Scenario]
    public static async Coroutine WrappedFutureIsCancelledAlthoughTheSourceIsFinished(Trace trace)
    {
        var source = new TaskCompletionSource<int>();
        var wrapped = Aio.WrapFuture(source.Task);
        source.SetResult(1);
        trace($"cancel: {wrapped.Cancel()}");
        trace(await Attempt(wrapped));
        await Aio.Sleep(0);
        trace($"source cancelled: {source.Task.IsCanceled} result {source.Task.Result}");
    }
}
