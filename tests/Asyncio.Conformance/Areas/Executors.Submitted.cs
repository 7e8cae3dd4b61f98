namespace Asyncio.Conformance;

// Coroutines submitted from other threads.
internal static partial class Executors
{
    /// <summary><c>future.result(timeout)</c>: blocks.</summary>
    private static T Result<T>(Task<T> future, double? seconds = null) =>
        future.WaitAsync(seconds is { } limit ? TimeSpan.FromSeconds(limit) : Patience).GetAwaiter().GetResult();

    private static void Result(Task future, double? seconds = null) =>
        future.WaitAsync(seconds is { } limit ? TimeSpan.FromSeconds(limit) : Patience).GetAwaiter().GetResult();

    [Scenario]
    public static async Coroutine CoroutineSubmittedFromAnotherThread(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var main = Environment.CurrentManagedThreadId;

        async Coroutine<bool> Body()
        {
            await Aio.Sleep(0);
            return Environment.CurrentManagedThreadId == main;
        }

        bool Work() => Result(Aio.RunCoroutineThreadsafe(Body(), loop));

        trace($"ran on the thread of the loop: {await Aio.ToThread(Work)}");
    }

    [Scenario]
    public static async Coroutine FailureOfACoroutineSubmittedFromAnotherThread(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        async Coroutine Body() => throw new KeyNotFoundException("k");

        string Work()
        {
            var future = Aio.RunCoroutineThreadsafe(Body(), loop);
            return ErrorOf(() => Result(future));
        }

        trace(await Aio.ToThread(Work));
    }

    [Scenario]
    public static async Coroutine CoroutineCancelledFromAnotherThread(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var ended = new AsyncEvent();
        var started = new ManualResetEventSlim();

        async Coroutine Body()
        {
            try
            {
                started.Set();
                await Aio.Sleep(60);
            }
            catch (CancelledException)
            {
                trace("task cancelled");
                throw;
            }
            finally
            {
                ended.Set();
            }
        }

        string Work()
        {
            var source = new CancellationTokenSource();
            var future = Aio.RunCoroutineThreadsafe(Body(), loop, source.Token);
            started.Wait(Patience);
            var cancelled = !future.IsCompleted;
            source.Cancel();
            return $"cancel {cancelled}, {ErrorOf(() => Result(future))}";
        }

        var result = await Aio.ToThread(Work);
        await ended.WaitAsync();
        trace(result);
    }

    [Scenario]
    public static async Coroutine SubmittedTaskThatIsCancelledOnTheLoop(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        async Coroutine Body()
        {
            Aio.CurrentTask()!.Cancel();
            await Aio.Sleep(0);
        }

        string Work()
        {
            var future = Aio.RunCoroutineThreadsafe(Body(), loop);
            return ErrorOf(() => Result(future));
        }

        trace(await Aio.ToThread(Work));
    }

    [Scenario]
    public static async Coroutine SubmitterThatWaitsNoLonger(Trace trace)
    {
        Aio.CurrentTask()!.Name = "main";
        var loop = Aio.GetRunningLoop();
        var started = new ManualResetEventSlim();
        var tasks = new List<Future<Unit>>();

        async Coroutine Body()
        {
            tasks.Add((Future<Unit>)Aio.CurrentTask()!);
            started.Set();
            await Aio.Sleep(60);
        }

        string Work()
        {
            var source = new CancellationTokenSource();
            var future = Aio.RunCoroutineThreadsafe(Body(), loop, source.Token);
            started.Wait(Patience);
            var error = ErrorOf(() => Result(future, 0.02));
            var pending = !future.IsCompleted;
            source.Cancel();
            return $"{error} pending {pending}";
        }

        trace(await Aio.ToThread(Work));
        trace(await Attempt(tasks[0]));
        trace($"tasks {Names(Aio.AllTasks())}");
    }

    [Scenario(Handler = true)]
    public static async Coroutine SubmittedCoroutineForWhichNoTaskCanBeMade(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        async Coroutine<Unit> Body()
        {
            trace("never");
            return default;
        }

        var coroutine = Body();

        string Work()
        {
            var future = Aio.RunCoroutineThreadsafe(coroutine, loop);
            return ErrorOf(() => Result(future));
        }

        var working = Aio.CreateTask(Aio.ToThread(Work));
        loop.SetTaskFactory(new RefusingFactory());
        var result = await working;
        loop.SetTaskFactory(null);
        coroutine.Close();
        trace($"submitter: {result}");
    }

    [Scenario]
    public static async Coroutine CoroutinesSubmittedInARowStartInThatOrder(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var order = new List<int>();

        async Coroutine Body(int number) => order.Add(number);

        void Work()
        {
            var futures = Enumerable.Range(0, 10).Select(number => Aio.RunCoroutineThreadsafe(Body(number), loop)).ToList();
            foreach (var future in futures)
            {
                Result(future);
            }
        }

        await Aio.ToThread(Work);
        trace($"order {Show(order)}");
    }

    [Scenario]
    public static async Coroutine SubmittedToALoopThatRunsInAnotherThread(Trace trace)
    {
        var other = Aio.NewEventLoop();
        var thread = new Thread(other.RunForever);
        thread.Start();

        async Coroutine<string> Body(string value)
        {
            await Aio.Sleep(0);
            trace($"on the other loop {Aio.GetRunningLoop() == other}");
            return value;
        }

        var wrapped = Aio.WrapFuture(Aio.RunCoroutineThreadsafe(Body("value"), other));
        trace(await Attempt(wrapped));
        other.CallSoonThreadsafe(other.Stop);
        thread.Join();
        other.Close();
        await Spin(1);
        trace($"closed {other.IsClosed}");
    }

    private sealed class RefusingFactory : AsyncTaskFactory
    {
        public override AsyncTask<T> Create<T>(EventLoop loop, Coroutine<T> coroutine, AsyncTaskOptions options) =>
            throw new ArgumentException("no task");

        public override AsyncTask Create(EventLoop loop, Coroutine coroutine, AsyncTaskOptions options) =>
            throw new ArgumentException("no task");
    }
}
