namespace Asyncio.Conformance;

// Groups in groups.
internal static partial class TaskGroups
{
    [Scenario]
    public static async Coroutine NestedGroupsNestTheirErrors(Trace trace)
    {
        try
        {
            await TaskGroup.Run(async outer =>
            {
                await TaskGroup.Run(async inner => { _ = inner.CreateTask(Fail(new ArgumentException())); });
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine FailureInTheOuterGroupCancelsTheInner(Trace trace)
    {
        try
        {
            await TaskGroup.Run(async outer =>
            {
                _ = outer.CreateTask(Fail(new ArgumentException(), 2));
                await TaskGroup.Run(async inner =>
                {
                    _ = inner.CreateTask(Hang(trace, "child of the inner"));
                    try
                    {
                        await Forever();
                    }
                    finally
                    {
                        trace("body cancelled");
                    }
                });
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine BothNestedGroupsFail(Trace trace)
    {
        try
        {
            await TaskGroup.Run(async outer =>
            {
                try
                {
                    await TaskGroup.Run(async inner =>
                    {
                        _ = outer.CreateTask(Fail(new ArgumentException()));
                        _ = inner.CreateTask(Fail(new KeyNotFoundException()));
                    });
                }
                catch (ExceptionGroup error)
                {
                    trace($"inner: {Kind(error)} requests {Requests()}");
                    throw;
                }
            });
        }
        catch (ExceptionGroup error)
        {
            trace($"outer: {Kind(error)} requests {Requests()}");
        }
    }

    [Scenario]
    public static async Coroutine HandledFailureOfTheInnerGroupLeavesTheOuterAlone(Trace trace)
    {
        AsyncTask<string> sibling = null!;
        await TaskGroup.Run(async outer =>
        {
            sibling = outer.CreateTask(Give("sibling", 6));
            try
            {
                await TaskGroup.Run(async inner => { _ = inner.CreateTask(Fail(new ArgumentException())); });
            }
            catch (ExceptionGroup error)
            {
                trace($"inner: {Kind(error)} requests {Requests()}");
            }

            await Aio.Sleep(0);
            trace("outer goes on");
        });
        trace(Outcome(sibling));
    }
}
