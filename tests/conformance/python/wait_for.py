"""wait_for: time limits on one awaitable."""

import asyncio

from harness import attempt, kind, outcome, scenario, spin, ticker


def forever():
    return asyncio.get_running_loop().create_future()


@scenario
async def result_in_time(trace):
    async def body():
        await asyncio.sleep(0)
        return "in time"

    trace(await attempt(asyncio.wait_for(body(), 60)))
    trace(f"requests {asyncio.current_task().cancelling()}")


@scenario
async def without_limit(trace):
    async def body():
        await spin(3)
        return "whenever"

    trace(await attempt(asyncio.wait_for(body(), None)))


@scenario
async def too_late(trace):
    """The awaited code is cancelled, then the time-out is raised; nothing is left of the request."""

    async def body():
        try:
            await forever()
        except asyncio.CancelledError as exc:
            trace(f"inside: {kind(exc)}")
            raise

    trace(await attempt(asyncio.wait_for(body(), 0.01)))
    trace(f"requests {asyncio.current_task().cancelling()}")


@scenario
async def cause_of_the_timeout_is_the_cancellation(trace):
    try:
        await asyncio.wait_for(forever(), 0.01)
    except TimeoutError as exc:
        trace(f"{kind(exc)} because of {kind(exc.__cause__)}")


@scenario
async def coroutine_runs_in_the_task_of_the_caller(trace):
    async def body():
        return asyncio.current_task()

    trace(f"same {await asyncio.wait_for(body(), 60) is asyncio.current_task()}")
    trace(f"same without limit {await asyncio.wait_for(body(), None) is asyncio.current_task()}")


@scenario
async def coroutine_that_does_not_suspend_costs_no_iteration(trace):
    async def body():
        return "at once"

    asyncio.get_running_loop().call_soon(trace, "callback")
    trace(await asyncio.wait_for(body(), 60))
    await asyncio.sleep(0)


@scenario
async def task_that_is_waited_for_is_cancelled(trace):
    async def body():
        try:
            await forever()
        finally:
            trace(f"requests {asyncio.current_task().cancelling()}")

    task = asyncio.create_task(body())
    trace(await attempt(asyncio.wait_for(task, 0.01)))
    trace(outcome(task))


@scenario
async def future_that_is_waited_for_is_cancelled(trace):
    future = forever()
    trace(await attempt(asyncio.wait_for(future, 0.01)))
    trace(outcome(future))


@scenario
async def limit_of_zero_never_starts_the_coroutine(trace):
    """#122."""

    async def body():
        trace("never")

    trace(await attempt(asyncio.wait_for(body(), 0)))
    trace(await attempt(asyncio.wait_for(body(), -1)))
    trace(f"requests {asyncio.current_task().cancelling()}")


@scenario
async def limit_of_zero_and_a_finished_future(trace):
    """#123. What is done wins."""
    finished = forever()
    finished.set_result("done")
    failed = forever()
    failed.set_exception(ValueError())
    trace(await attempt(asyncio.wait_for(finished, 0)))
    trace(await attempt(asyncio.wait_for(failed, -1)))


@scenario
async def limit_of_zero_and_a_running_task(trace):
    """It is cancelled and waited for."""

    async def body():
        try:
            await forever()
        finally:
            trace("cleanup starts")
            await spin(2)
            trace("cleanup ends")

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    trace(await attempt(asyncio.wait_for(task, 0)))
    trace(outcome(task))


@scenario
async def task_that_ignores_the_cancellation_is_waited_for(trace):
    """#121. The limit is exceeded, the value counts."""

    async def stubborn():
        try:
            await forever()
        except asyncio.CancelledError:
            trace("ignored")
        await asyncio.sleep(0.01)
        return "late"

    task = asyncio.create_task(stubborn())
    trace(await attempt(asyncio.wait_for(task, 0.01)))
    trace(f"requests {asyncio.current_task().cancelling()} of the task {task.cancelling()}")


@scenario
async def coroutine_that_swallows_the_cancellation_gives_its_value(trace):
    """#124."""

    async def swallow():
        try:
            await forever()
        except asyncio.CancelledError:
            return "swallowed"

    trace(await attempt(asyncio.wait_for(swallow(), 0.01)))
    trace(f"requests {asyncio.current_task().cancelling()}")


@scenario
async def failure_in_the_cleanup_replaces_the_timeout(trace):
    """#125."""

    async def body():
        try:
            await forever()
        except asyncio.CancelledError:
            raise ValueError("cleanup")

    trace(await attempt(asyncio.wait_for(body(), 0.01)))
    trace(await attempt(asyncio.wait_for(asyncio.create_task(body()), 0.01)))
    trace(f"requests {asyncio.current_task().cancelling()}")


@scenario
async def timeout_raised_by_the_awaited_code_itself(trace):
    async def body():
        raise TimeoutError("its own")

    try:
        await asyncio.wait_for(body(), 60)
    except TimeoutError as exc:
        trace(f"{kind(exc)} because of {kind(exc.__cause__)}")


@scenario
async def cancelled_waiter_cancels_what_it_waits_for(trace):
    async def body():
        try:
            await forever()
        except asyncio.CancelledError as exc:
            trace(f"inner: {kind(exc)}")
            raise

    inner = asyncio.create_task(body())

    async def waiter():
        await asyncio.wait_for(inner, 60)

    task = asyncio.create_task(waiter())
    await spin(2)
    task.cancel("m")
    trace(await attempt(task))
    trace(f"inner cancelled {inner.cancelled()} requests {inner.cancelling()}")


@scenario
async def cancellation_is_not_lost_when_the_inner_finished_in_the_same_iteration(trace):
    """#126."""
    future = forever()

    async def waiter():
        return await asyncio.wait_for(future, 60)

    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    future.set_result("result")
    trace(f"cancel: {task.cancel()}")
    trace(await attempt(task))
    trace(outcome(future))


@scenario
async def cancellation_and_finished_inner_task(trace):
    """#126. The inner task keeps its result."""

    async def body():
        await asyncio.sleep(0)
        return "kept"

    inner = asyncio.create_task(body())

    async def waiter():
        return await asyncio.wait_for(inner, 60)

    task = asyncio.create_task(waiter())
    await spin(2)
    trace(f"inner {outcome(inner)}")
    task.cancel()
    trace(await attempt(task))
    trace(f"inner {outcome(inner)}")


@scenario
async def shield_with_limit_zero(trace):
    """#127. The wrapper is cancelled, the task behind it runs on."""

    async def body():
        trace("runs")
        return "ends"

    task = asyncio.create_task(body())
    trace(await attempt(asyncio.wait_for(asyncio.shield(task), 0)))
    trace(outcome(task))
    trace(await attempt(task))


@scenario
async def iterations_that_a_limited_task_takes(trace):
    """No more than awaiting the task itself."""

    async def body():
        trace("body")

    ticks = asyncio.create_task(ticker(trace, 4))
    await asyncio.wait_for(asyncio.create_task(body()), 60)
    trace("awaited")
    await ticks


@scenario
async def iterations_of_a_limit_of_zero(trace):
    async def body():
        await forever()

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    ticks = asyncio.create_task(ticker(trace, 5))
    trace(await attempt(asyncio.wait_for(task, 0)))
    await ticks
