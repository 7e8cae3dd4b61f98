"""Timeouts: deadlines, conversion, nesting, rescheduling, what is counted and given back."""

import asyncio
import time

from harness import attempt, error_of, kind, outcome, scenario, show, spin, ticker


def forever():
    return asyncio.get_running_loop().create_future()


def requests():
    return asyncio.current_task().cancelling()


@scenario
async def body_in_time(trace):
    async with asyncio.timeout(60) as scope:
        await asyncio.sleep(0)
        trace(f"inside: expired {scope.expired()}")
    trace(f"after: expired {scope.expired()} requests {requests()}")


@scenario
async def body_too_late(trace):
    try:
        async with asyncio.timeout(0.01) as scope:
            try:
                await forever()
            except asyncio.CancelledError as exc:
                trace(f"inside: {kind(exc)} expired {scope.expired()} requests {requests()}")
                raise
    except TimeoutError as exc:
        trace(f"outside: {kind(exc)}")
    trace(f"after: expired {scope.expired()} requests {requests()}")


@scenario
async def cause_of_the_timeout_is_the_cancellation(trace):
    """#111 (the chain beyond the cause is Python's own)."""
    try:
        async with asyncio.timeout(0.01):
            await forever()
    except TimeoutError as exc:
        trace(f"{kind(exc)} because of {kind(exc.__cause__)}")


@scenario
async def without_a_deadline(trace):
    """None disables it."""
    async with asyncio.timeout(None) as scope:
        trace(f"deadline {show(scope.when())}")
        await asyncio.sleep(0.01)
    trace(f"expired {scope.expired()}")
    async with asyncio.timeout_at(None) as scope:
        trace(f"deadline {show(scope.when())}")


@scenario
async def deadline_of_a_timeout(trace):
    """The time of the call plus the delay; kept after the exit."""
    loop = asyncio.get_running_loop()
    before = loop.time()
    async with asyncio.timeout(60) as scope:
        trace(f"in its bounds {before + 60 <= scope.when() <= loop.time() + 60}")
        deadline = scope.when()
    trace(f"kept {scope.when() == deadline}")
    async with asyncio.timeout_at(before + 30) as scope:
        trace(f"absolute {scope.when() == before + 30}")


@scenario
async def deadline_is_computed_at_the_call(trace):
    """Not at the entry: one made too early has expired when it is entered."""
    scope = asyncio.timeout(0.01)
    await asyncio.sleep(0.03)
    try:
        async with scope:
            trace("entered")
            await asyncio.sleep(60)
            trace("never")
    except TimeoutError as exc:
        trace(kind(exc))


@scenario
async def zero_interrupts_even_a_sleep_of_zero(trace):
    """#109."""
    try:
        async with asyncio.timeout(0) as scope:
            await asyncio.sleep(0)
            trace("never")
    except TimeoutError as exc:
        trace(kind(exc))
    trace(f"expired {scope.expired()}")


@scenario
async def past_interrupts_even_a_sleep_of_zero(trace):
    """#110."""
    try:
        async with asyncio.timeout(-5) as scope:
            await asyncio.sleep(0)
            trace("never")
    except TimeoutError as exc:
        trace(kind(exc))
    trace(f"expired {scope.expired()}")
    try:
        async with asyncio.timeout_at(asyncio.get_running_loop().time() - 1):
            await asyncio.sleep(0)
            trace("never")
    except TimeoutError as exc:
        trace(kind(exc))


@scenario
async def zero_spares_a_body_that_does_not_suspend(trace):
    async with asyncio.timeout(0) as scope:
        trace("body")
    trace(f"expired {scope.expired()}")
    await asyncio.sleep(0)
    trace(f"requests {requests()}")


@scenario
async def zero_fires_on_the_next_iteration(trace):
    ticks = asyncio.create_task(ticker(trace, 4))
    try:
        async with asyncio.timeout(0):
            await forever()
    except TimeoutError as exc:
        trace(kind(exc))
    await ticks


@scenario
async def body_that_swallows_the_cancellation(trace):
    """Nothing is raised; it has expired all the same, and the request is taken back."""
    async with asyncio.timeout(0.01) as scope:
        try:
            await forever()
        except asyncio.CancelledError:
            trace(f"swallowed, requests {requests()}")
    trace(f"expired {scope.expired()} requests {requests()}")


@scenario
async def body_that_fails_when_interrupted(trace):
    """#112. Its exception propagates, not the time-out."""
    try:
        async with asyncio.timeout(0.01) as scope:
            try:
                await forever()
            except asyncio.CancelledError:
                raise ZeroDivisionError
    except ZeroDivisionError as exc:
        trace(kind(exc))
    trace(f"expired {scope.expired()} requests {requests()}")


@scenario
async def timeout_raised_by_the_body_itself(trace):
    try:
        async with asyncio.timeout(60) as scope:
            raise TimeoutError("the body's own")
    except TimeoutError as exc:
        trace(f"{kind(exc)} because of {kind(exc.__cause__)} expired {scope.expired()}")


@scenario
async def cleanup_of_the_body_is_waited_for(trace):
    try:
        async with asyncio.timeout(0.01):
            try:
                await forever()
            finally:
                trace("cleanup starts")
                await asyncio.sleep(0.01)
                trace("cleanup ends")
    except TimeoutError as exc:
        trace(kind(exc))


@scenario
async def inner_of_two_fires(trace):
    async with asyncio.timeout(60) as outer:
        try:
            async with asyncio.timeout(0.01) as inner:
                await forever()
        except TimeoutError as exc:
            trace(f"inner: {kind(exc)}")
        await asyncio.sleep(0)
        trace("goes on")
    trace(f"outer expired {outer.expired()} inner expired {inner.expired()}")


@scenario
async def outer_of_two_fires(trace):
    try:
        async with asyncio.timeout(0.01) as outer:
            try:
                async with asyncio.timeout(60) as inner:
                    await forever()
            except asyncio.CancelledError as exc:
                trace(f"between: {kind(exc)} requests {requests()}")
                raise
    except TimeoutError as exc:
        trace(f"outer: {kind(exc)}")
    trace(f"outer expired {outer.expired()} inner expired {inner.expired()}")


@scenario
async def equal_deadlines_fire_the_outermost(trace):
    """#108. The inner one has expired too, and lets the cancellation pass."""
    when = asyncio.get_running_loop().time() + 0.01
    try:
        async with asyncio.timeout_at(when) as outer:
            try:
                async with asyncio.timeout_at(when) as inner:
                    await forever()
            except asyncio.CancelledError as exc:
                trace(f"between: {kind(exc)} requests {requests()}")
                raise
    except TimeoutError as exc:
        trace(f"outer: {kind(exc)}")
    trace(f"outer expired {outer.expired()} inner expired {inner.expired()} requests {requests()}")


@scenario
async def both_deadlines_pass_while_the_loop_is_busy(trace):
    """#114. Both strike before the task runs: as with equal deadlines, the outermost raises."""
    try:
        async with asyncio.timeout(0.03) as outer:
            try:
                async with asyncio.timeout(0.01) as inner:
                    time.sleep(0.05)
                    await asyncio.sleep(60)
            except asyncio.CancelledError as exc:
                trace(f"between: {kind(exc)} requests {requests()}")
                raise
            except TimeoutError:
                trace("never")
    except TimeoutError as exc:
        trace(f"outer: {kind(exc)}")
    trace(f"outer expired {outer.expired()} inner expired {inner.expired()}")


@scenario
async def inner_fires_then_the_body_is_busy_past_the_outer(trace):
    """#114. The inner converts; the outer then cancels the following sleep."""
    try:
        async with asyncio.timeout(60) as outer:
            try:
                async with asyncio.timeout(0.01) as inner:
                    await asyncio.sleep(60)
            except TimeoutError as exc:
                trace(f"inner: {kind(exc)}")
            outer.reschedule(asyncio.get_running_loop().time() + 0.01)
            time.sleep(0.03)
            await asyncio.sleep(60)
            trace("never")
    except TimeoutError as exc:
        trace(f"outer: {kind(exc)}")
    trace(f"outer expired {outer.expired()} inner expired {inner.expired()}")


@scenario
async def outer_fires_while_the_inner_cleans_up(trace):
    try:
        async with asyncio.timeout(60) as outer:
            try:
                async with asyncio.timeout(0.01):
                    try:
                        await forever()
                    finally:
                        trace("inner cleanup")
                        outer.reschedule(asyncio.get_running_loop().time())
                        await forever()
            except asyncio.CancelledError as exc:
                trace(f"between: {kind(exc)} requests {requests()}")
                raise
            except TimeoutError:
                trace("never")
    except TimeoutError as exc:
        trace(f"outer: {kind(exc)}")
    trace(f"requests {requests()}")


@scenario
async def foreign_cancellation_stays_one(trace):
    """#113."""
    scopes = []

    async def body():
        async with asyncio.timeout(60) as scope:
            scopes.append(scope)
            await forever()

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel("foreign")
    trace(await attempt(task))
    trace(f"expired {scopes[0].expired()} requests {task.cancelling()}")


@scenario
async def foreign_cancellation_and_timeout_together(trace):
    """Both requested before the task ran: the cancellation wins, the timeout has expired."""
    scopes = []

    async def body():
        async with asyncio.timeout(0) as scope:
            scopes.append(scope)
            await forever()

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel("foreign")
    trace(await attempt(task))
    trace(f"expired {scopes[0].expired()} requests {task.cancelling()}")


@scenario
async def foreign_cancellation_while_the_body_cleans_up_after_the_timeout(trace):
    scopes = []

    async def body():
        async with asyncio.timeout(0) as scope:
            scopes.append(scope)
            try:
                await forever()
            finally:
                trace("cleanup")
                await forever()

    task = asyncio.create_task(body())
    await spin(4)
    task.cancel("foreign")
    trace(await attempt(task))
    trace(f"expired {scopes[0].expired()} requests {task.cancelling()}")


@scenario
async def cancelled_future_is_not_a_timeout(trace):
    """A cancellation that nobody requested of the task."""
    future = forever()
    asyncio.get_running_loop().call_soon(future.cancel)
    try:
        async with asyncio.timeout(60) as scope:
            await future
    except asyncio.CancelledError as exc:
        trace(f"{kind(exc)} expired {scope.expired()} requests {requests()}")


@scenario
async def in_the_cleanup_of_a_cancelled_task(trace):
    """#116. The request that is already counted is the baseline."""

    async def body():
        try:
            await forever()
        finally:
            trace(f"requests {requests()}")
            try:
                async with asyncio.timeout(0.01):
                    await forever()
            except TimeoutError as exc:
                trace(f"{kind(exc)} requests {requests()}")

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel()
    trace(await attempt(task))


@scenario
async def cancelled_again_in_the_cleanup_of_a_cancelled_task(trace):
    """#117."""

    async def body():
        try:
            await forever()
        except asyncio.CancelledError:
            try:
                async with asyncio.timeout(60):
                    await forever()
            except asyncio.CancelledError as exc:
                trace(f"{kind(exc)} requests {requests()}")
                raise

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel("first")
    await spin(2)
    task.cancel("second")
    trace(await attempt(task))


@scenario
async def result_and_timeout_in_one_iteration_result_first(trace):
    """The future got its result, then the timer struck before the task ran: a time-out."""
    loop = asyncio.get_running_loop()
    future = forever()
    loop.call_later(0.01, future.set_result, "result")
    try:
        async with asyncio.timeout(0.03) as scope:
            time.sleep(0.05)
            trace(f"never {await future}")
    except TimeoutError as exc:
        trace(kind(exc))
    trace(f"expired {scope.expired()} future {outcome(future)}")


@scenario
async def reschedule_to_a_later_time(trace):
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(0.01) as scope:
        scope.reschedule(loop.time() + 60)
        await asyncio.sleep(0.03)
        trace("not interrupted")
    trace(f"expired {scope.expired()}")


@scenario
async def reschedule_to_an_earlier_time(trace):
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(60) as scope:
            when = loop.time() + 0.01
            scope.reschedule(when)
            trace(f"deadline {scope.when() == when}")
            await forever()
    except TimeoutError as exc:
        trace(kind(exc))


@scenario
async def reschedule_to_the_past_strikes_at_the_next_await(trace):
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(60) as scope:
            scope.reschedule(loop.time() - 1)
            trace(f"expired {scope.expired()}")
            await asyncio.sleep(0)
            trace("never")
    except TimeoutError as exc:
        trace(kind(exc))


@scenario
async def reschedule_to_none_disarms(trace):
    async with asyncio.timeout(0.01) as scope:
        scope.reschedule(None)
        trace(f"deadline {show(scope.when())}")
        await asyncio.sleep(0.03)
        trace("not interrupted")
    trace(f"expired {scope.expired()}")


@scenario
async def reschedule_from_another_task(trace):
    """#115."""
    loop = asyncio.get_running_loop()
    scopes = []

    async def limited():
        async with asyncio.timeout(None) as scope:
            scopes.append(scope)
            await forever()

    task = asyncio.create_task(limited())
    await asyncio.sleep(0)
    scopes[0].reschedule(loop.time() + 60)
    await spin(2)
    trace(f"done {task.done()}")
    scopes[0].reschedule(loop.time())
    trace(await attempt(task))


@scenario
async def reschedule_where_it_is_an_error(trace):
    """#118. Before the entry, while expiring, after the exit, after it expired."""
    loop = asyncio.get_running_loop()
    scope = asyncio.timeout(60)
    trace(f"created: {error_of(lambda: scope.reschedule(loop.time()))}")
    async with scope:
        pass
    trace(f"finished: {error_of(lambda: scope.reschedule(loop.time()))}")
    try:
        async with asyncio.timeout(0.01) as scope:
            try:
                await forever()
            finally:
                trace(f"expiring: {error_of(lambda: scope.reschedule(loop.time() + 60))}")
    except TimeoutError as exc:
        trace(kind(exc))
    trace(f"expired: {error_of(lambda: scope.reschedule(None))}")


@scenario
async def entering_twice_is_an_error(trace):
    scope = asyncio.timeout(60)
    async with scope:
        try:
            async with scope:
                trace("never")
        except RuntimeError as exc:
            trace(f"nested: {kind(exc)}")
    try:
        async with scope:
            trace("never")
    except RuntimeError as exc:
        trace(f"afterwards: {kind(exc)}")


@scenario
async def entering_outside_a_task_is_an_error(trace):
    """#119. In a callback of the loop there is no current task."""

    def callback():
        entering = asyncio.timeout(1).__aenter__()
        trace(error_of(lambda: entering.send(None)))

    asyncio.get_running_loop().call_soon(callback)
    await asyncio.sleep(0)


@scenario
def without_a_running_loop(trace):
    trace(error_of(lambda: asyncio.timeout(1)))


@scenario
async def timeout_around_a_group(trace):
    """#120 (without the splicing of contexts): the children are cancelled, a time-out comes out."""

    async def work(name):
        try:
            await forever()
        finally:
            trace(f"{name} ends")

    try:
        async with asyncio.timeout(0.01):
            async with asyncio.TaskGroup() as group:
                group.create_task(work("child"))
    except TimeoutError as exc:
        trace(kind(exc))
    trace(f"requests {requests()}")


@scenario
async def timeout_around_a_group_whose_child_fails_when_cancelled(trace):
    """#120. The group's error wins; the timeout has expired."""

    async def work():
        try:
            await forever()
        except asyncio.CancelledError:
            raise ValueError("cleanup")

    try:
        async with asyncio.timeout(0.01) as scope:
            async with asyncio.TaskGroup() as group:
                group.create_task(work())
    except ExceptionGroup as exc:
        trace(kind(exc))
    trace(f"expired {scope.expired()} requests {requests()}")
