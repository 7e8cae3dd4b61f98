namespace Asyncio.Conformance;

/// <summary>Contexts: which context each piece of code runs in, and who sees whose writes.</summary>
[Area("contexts")]
internal static partial class Contexts
{
    /// <summary>A <c>ContextVar</c> with a default, which an <see cref="AsyncLocal{T}"/> has not.</summary>
    private sealed class Variable
    {
        private readonly AsyncLocal<string?> _value = new();

        public string Get() => _value.Value ?? "default";

        public void Set(string value) => _value.Value = value;
    }

    [Scenario]
    public static async Coroutine TaskHasASnapshotTakenAtItsCreation(Trace trace)
    {
        var variable = new Variable();
        variable.Set("before");

        async Coroutine Body()
        {
            trace($"task sees {variable.Get()}");
            await Aio.Sleep(0);
            trace($"task still sees {variable.Get()}");
        }

        var task = Aio.CreateTask(Body());
        variable.Set("after");
        await task;
    }

    [Scenario]
    public static async Coroutine WritesOfATaskStayInside(Trace trace)
    {
        var variable = new Variable();

        async Coroutine Body()
        {
            variable.Set("written by the task");
            await Aio.Sleep(0);
            trace($"task sees {variable.Get()}");
        }

        await Aio.CreateTask(Body());
        trace($"creator sees {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine AwaitedCoroutineThatSuspendsSharesTheContextBothWays(Trace trace)
    {
        var variable = new Variable();

        async Coroutine Body()
        {
            await Aio.Sleep(0);
            trace($"coroutine sees {variable.Get()}");
            variable.Set("written after a suspension");
            await Aio.Sleep(0);
        }

        variable.Set("written by the caller");
        await Body();
        trace($"caller sees {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine TasksDoNotSeeEachOther(Trace trace)
    {
        var variable = new Variable();

        async Coroutine Body(string name)
        {
            for (var number = 0; number < 2; number++)
            {
                variable.Set($"{name}{number}");
                await Aio.Sleep(0);
                trace($"{name} sees {variable.Get()}");
            }
        }

        await Aio.GatherAll([Body("a"), Body("b")]);
        trace($"main sees {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine TaskWithAGivenContextSharesIt(Trace trace)
    {
        var variable = new AsyncLocal<int>();
        var context = Context.CopyCurrent();

        async Coroutine<int> Body()
        {
            variable.Value++;
            await Aio.Sleep(0);
            return variable.Value;
        }

        for (var turn = 0; turn < 3; turn++)
        {
            trace($"task: {await Aio.CreateTask(Body(), context: context)}");
        }

        trace($"context: {context.Run(() => variable.Value)} main: {variable.Value}");
    }

    [Scenario]
    public static async Coroutine ContextOfATask(Trace trace)
    {
        var context = Context.CopyCurrent();

        async Coroutine Body()
        {
        }

        var given = Aio.CreateTask(Body(), context: context);
        var own = Aio.CreateTask(Body());
        trace($"same {given.Context == context}");
        trace($"another {own.Context != context}");
        await given;
        await own;
    }

    [Scenario]
    public static async Coroutine CallbackHasASnapshotTakenWhenItWasScheduled(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var variable = new Variable();

        void Callback(string name)
        {
            trace($"{name} sees {variable.Get()}");
            variable.Set($"written by {name}");
        }

        variable.Set("one");
        loop.CallSoon(() => Callback("call_soon"));
        variable.Set("two");
        loop.CallLater(0, () => Callback("call_later"));
        variable.Set("three");
        loop.CallSoonThreadsafe(() => Callback("call_soon_threadsafe"));
        variable.Set("four");
        loop.CallAt(loop.Time() + 0.02, () => Callback("call_at"));
        variable.Set("main's own");
        await Aio.Sleep(0.04);
        trace($"main sees {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine CallbackWithAGivenContext(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var variable = new Variable();
        var context = Context.CopyCurrent();

        void Callback(string name)
        {
            trace($"{name} sees {variable.Get()}");
            variable.Set($"written by {name}");
        }

        loop.CallSoon(() => Callback("first"), context);
        loop.CallSoon(() => Callback("second"), context);
        loop.CallSoon(() => Callback("third"));
        await Aio.Sleep(0);
        trace($"context {context.Run(variable.Get)} main {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine ContextOfAHandle(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var context = Context.CopyCurrent();
        var handle = loop.CallSoon(() => { }, context);
        var timer = loop.CallLater(0, () => { }, context);
        trace($"same {handle.GetContext() == context} {timer.GetContext() == context}");
        await Spin(2);
    }

    [Scenario]
    public static async Coroutine DoneCallbackHasASnapshotTakenAtItsRegistration(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();
        var variable = new Variable();
        variable.Set("at registration");
        future.AddDoneCallback(_ => trace($"callback sees {variable.Get()}"));
        variable.Set("at completion");
        future.SetResult(default);
        variable.Set("later");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine DoneCallbackOfAFinishedFutureHasASnapshotOfThatMoment(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();
        var variable = new Variable();
        future.SetResult(default);
        variable.Set("at registration");
        future.AddDoneCallback(_ => trace($"callback sees {variable.Get()}"));
        variable.Set("later");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine DoneCallbackWithAGivenContext(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();
        var variable = new Variable();
        var context = Context.CopyCurrent();
        context.Run(() => variable.Set("given"));
        future.AddDoneCallback(_ => trace($"callback sees {variable.Get()}"), context);
        future.SetResult(default);
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine DoneCallbacksDoNotWriteIntoTheTask(Trace trace)
    {
        var variable = new Variable();

        async Coroutine<string> Body()
        {
            variable.Set("task");
            await Aio.Sleep(0);
            return variable.Get();
        }

        void Callback(Future done)
        {
            trace($"callback sees {variable.Get()}");
            variable.Set("callback");
        }

        var context = Context.CopyCurrent();
        var task = Aio.CreateTask(Body(), context: context);
        task.AddDoneCallback(Callback);
        trace($"task: {await task}");
        trace($"context {context.Run(variable.Get)} main {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine WokenTaskRunsInItsOwnContext(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();
        var variable = new Variable();

        async Coroutine Waiter()
        {
            variable.Set("waiter");
            await future;
            trace($"waiter sees {variable.Get()}");
        }

        async Coroutine Waker()
        {
            variable.Set("waker");
            future.SetResult(default);
        }

        await Aio.GatherAll([Waiter(), Waker()]);
    }
}
