"""gather: order of results, first failure, cancellation both ways, outcomes as values."""

import asyncio

from harness import attempt, collect_garbage, error_of, kind, outcome, scenario, show, spin, ticker


def forever():
    return asyncio.get_running_loop().create_future()


async def give(value, turns=0):
    await spin(turns)
    return value


async def fail(exc, turns=0):
    await spin(turns)
    raise exc


@scenario
async def results_come_in_the_order_of_the_arguments(trace):
    """Whatever the order of completion."""

    async def work(name, turns):
        await spin(turns)
        trace(f"{name} ends")
        return name

    trace("results " + show(await asyncio.gather(work("a", 3), work("b", 1), work("c", 2))))


@scenario
async def children_start_in_the_order_of_the_arguments(trace):
    async def work(name):
        trace(name)
        return name

    gathering = asyncio.gather(work("a"), work("b"), work("c"))
    trace("gathered")
    trace("results " + show(await gathering))


@scenario
async def gather_of_nothing(trace):
    gathering = asyncio.gather()
    trace(f"done {gathering.done()}")
    trace("results " + show(await gathering))


@scenario
async def gather_takes_one_iteration_more_than_its_slowest_child(trace):
    """The child ends, its callback completes the gathering, which wakes the waiter."""
    ticks = asyncio.create_task(ticker(trace, 6))

    async def work(name, turns):
        await spin(turns)
        trace(f"{name} ends")

    await asyncio.gather(work("a", 0), work("b", 2))
    trace("gathered")
    await ticks


@scenario
async def mixture_of_coroutines_tasks_and_futures(trace):
    future = forever()
    task = asyncio.create_task(give("task", 1))
    asyncio.get_running_loop().call_soon(future.set_result, "future")
    trace("results " + show(await asyncio.gather(give("coroutine"), task, future)))
    trace(f"task done {task.done()}")


@scenario
async def same_awaitable_twice_runs_once(trace):
    """#81. Its result appears at each place."""

    async def work():
        trace("runs")
        return "r"

    coroutine = work()
    trace("results " + show(await asyncio.gather(coroutine, give("between"), coroutine)))
    task = asyncio.create_task(work())
    trace("results " + show(await asyncio.gather(task, task)))


@scenario
async def futures_of_two_loops_are_an_error(trace):
    """#80."""
    other = asyncio.new_event_loop()
    mine = forever()
    foreign = other.create_future()
    trace(error_of(lambda: asyncio.gather(mine, foreign)))
    other.close()


@scenario
async def children_done_beforehand_complete_the_gathering_at_once(trace):
    """Finished tasks and futures only: it is done when gather returns, and awaiting it does not suspend."""
    future = forever()
    future.set_result(1)
    task = asyncio.create_task(give(2))
    await task
    gathering = asyncio.gather(future, task)
    trace(f"done {gathering.done()}")
    ticks = asyncio.create_task(ticker(trace, 3))
    trace("results " + show(await gathering))
    await ticks


@scenario
async def first_failure_ends_the_gathering(trace):
    """#77. The siblings keep running, and their outcomes are ignored."""

    async def work(name, turns):
        await spin(turns)
        trace(f"{name} ends")
        return name

    gathering = asyncio.gather(work("a", 3), fail(ValueError("v"), 1), work("b", 4))
    trace(await attempt(gathering))
    trace("caught")
    await spin(4)
    trace("end")


@scenario(handler=True)
async def later_failures_are_considered_retrieved(trace):
    """#83."""

    async def use():
        gathering = asyncio.gather(fail(ValueError("first")), fail(KeyError("second"), 1), fail(KeyError("third"), 2))
        trace(await attempt(gathering))

    await use()
    await spin(4)
    await collect_garbage()
    trace("end")


@scenario
async def of_two_failures_in_one_iteration_the_earlier_counts(trace):
    trace(await attempt(asyncio.gather(fail(ValueError()), fail(KeyError()))))
    trace(await attempt(asyncio.gather(fail(ValueError(), 1), fail(KeyError()))))


@scenario
async def cancelled_child_is_a_failure_of_the_gathering(trace):
    """#79. The gathering is not cancelled: it failed with a cancellation; the siblings go on."""
    victim = asyncio.create_task(give("never", 9))
    sibling = asyncio.create_task(give("sibling", 3))
    gathering = asyncio.gather(victim, sibling)
    await asyncio.sleep(0)
    victim.cancel("child")
    await spin(2)
    trace(f"done {gathering.done()} cancelled {gathering.cancelled()}")
    trace(f"exception {kind(gathering.exception())}")
    trace(await attempt(sibling))


@scenario
async def task_that_awaits_a_gathering_with_a_cancelled_child_is_cancelled(trace):
    victim = asyncio.create_task(give("never", 9))

    async def waiter():
        await asyncio.gather(victim)

    task = asyncio.create_task(waiter())
    await spin(2)
    victim.cancel()
    trace(await attempt(task))
    trace(f"cancelled {task.cancelled()} requests {task.cancelling()}")


@scenario
async def outcomes_as_values(trace):
    """#78. return_exceptions: results and failures in the order of the arguments."""
    outcomes = await asyncio.gather(give(1, 2), fail(ValueError(), 1), give(3), fail(KeyError()),
                                    return_exceptions=True)
    trace("results " + show(outcomes))


@scenario
async def outcomes_contain_cancellations(trace):
    """A cancelled child is a value among the others."""
    victim = asyncio.create_task(give("never", 9))
    gathering = asyncio.gather(victim, give("ok", 2), return_exceptions=True)
    await asyncio.sleep(0)
    victim.cancel()
    trace("results " + show(await gathering))


@scenario
async def message_of_a_cancelled_child_is_lost_among_the_outcomes(trace):
    """An oddity: what stands there is a new exception."""
    victim = asyncio.create_task(give("never", 9))
    gathering = asyncio.gather(victim, return_exceptions=True)
    await asyncio.sleep(0)
    victim.cancel("why")
    trace("results " + show(await gathering))


@scenario
async def cancelling_the_gathering_cancels_the_children(trace):
    """It is not cancelled on the spot, and never counts as cancelled: it fails with the cancellation."""

    async def work(name):
        try:
            await forever()
        except asyncio.CancelledError as exc:
            trace(f"{name}: {kind(exc)}")
            raise

    gathering = asyncio.gather(work("a"), work("b"))
    await asyncio.sleep(0)
    trace(f"cancel: {gathering.cancel('all')}")
    trace(f"done {gathering.done()}")
    trace(await attempt(gathering))
    trace(f"cancelled {gathering.cancelled()}")


@scenario
async def cancelling_the_gathering_ends_it_with_the_first_cancelled_child(trace):
    """The other child still cleans up when the gathering is done."""

    async def quick():
        try:
            await forever()
        finally:
            trace("quick ends")

    async def slow():
        try:
            await forever()
        finally:
            await spin(3)
            trace("slow ends")

    gathering = asyncio.gather(slow(), quick())
    await asyncio.sleep(0)
    gathering.cancel()
    trace(await attempt(gathering))
    trace("gathering ended")
    await spin(4)


@scenario
async def cancelling_a_gathering_of_outcomes_waits_for_all(trace):
    """#71. And raises although outcomes were to be values, with the message."""

    async def quick():
        try:
            await forever()
        finally:
            trace("quick ends")

    async def slow():
        try:
            await forever()
        finally:
            await spin(3)
            trace("slow ends")

    gathering = asyncio.gather(slow(), quick(), return_exceptions=True)
    await asyncio.sleep(0)
    trace(f"cancel: {gathering.cancel('why')}")
    trace(await attempt(gathering))
    trace(f"cancelled {gathering.cancelled()}")


@scenario
async def cancelling_a_gathering_whose_children_are_done_is_refused(trace):
    """#70. Also when it has not noticed yet that they are."""
    children = [asyncio.create_task(give(number)) for number in range(2)]
    gathering = asyncio.gather(*children)
    await asyncio.sleep(0)
    trace(f"children done {show([child.done() for child in children])} gathering done {gathering.done()}")
    trace(f"cancel: {gathering.cancel()}")
    trace("results " + show(await gathering))
    trace(f"cancel: {gathering.cancel()}")


@scenario
async def cancelling_a_gathering_with_some_children_done(trace):
    """Accepted as soon as one child accepts."""
    quick = asyncio.create_task(give("quick"))
    slow = asyncio.create_task(give("slow", 9))
    gathering = asyncio.gather(quick, slow)
    await spin(2)
    trace(f"quick {outcome(quick)}")
    trace(f"cancel: {gathering.cancel()}")
    trace(await attempt(gathering))
    trace(f"quick {outcome(quick)} slow {outcome(slow)}")


@scenario
async def cancelling_the_gathering_task_cancels_all_children(trace):
    """#82. The request passes through the gathering."""

    async def work(name):
        try:
            await forever()
        except asyncio.CancelledError as exc:
            trace(f"{name}: {kind(exc)}")
            raise

    async def gatherer():
        try:
            await asyncio.gather(work("a"), work("b"))
        finally:
            trace("gatherer ends")

    task = asyncio.create_task(gatherer())
    await spin(2)
    ticks = asyncio.create_task(ticker(trace, 4))
    task.cancel("m")
    trace(await attempt(task))
    await ticks


@scenario
async def cancelling_the_gathering_task_after_the_children_are_done(trace):
    """#82. The gathering refuses: the request is delivered at the same await all the same."""
    children = [asyncio.create_task(give(number, 1)) for number in range(2)]

    async def gatherer():
        try:
            trace(f"never {await asyncio.gather(*children)}")
        except asyncio.CancelledError as exc:
            trace(kind(exc))
            raise

    task = asyncio.create_task(gatherer())
    await spin(2)
    trace(f"children done {show([child.done() for child in children])} gatherer done {task.done()}")
    trace(f"cancel: {task.cancel('late')}")
    trace(await attempt(task))


@scenario
async def child_that_swallows_the_cancellation(trace):
    """All children return values after a cancel: the gathering raises all the same."""

    async def stubborn(name):
        try:
            await forever()
        except asyncio.CancelledError:
            trace(f"{name} swallows")
        return name

    gathering = asyncio.gather(stubborn("a"), stubborn("b"))
    await asyncio.sleep(0)
    gathering.cancel()
    trace(await attempt(gathering))


@scenario
async def child_that_fails_when_cancelled(trace):
    async def failing():
        try:
            await forever()
        except asyncio.CancelledError:
            raise ValueError("in the cleanup")

    async def polite():
        try:
            await forever()
        finally:
            await spin(2)
            trace("polite ends")

    gathering = asyncio.gather(polite(), failing())
    await asyncio.sleep(0)
    gathering.cancel()
    trace(await attempt(gathering))
    await spin(3)


@scenario
async def nested_gatherings(trace):
    result = await asyncio.gather(asyncio.gather(give(1, 1), give(2)), give(3), asyncio.gather())
    trace("results " + show(result))


@scenario
async def cancelling_through_nested_gatherings(trace):
    async def work(name):
        try:
            await forever()
        finally:
            trace(f"{name} ends")

    inner = asyncio.gather(work("a"), work("b"))
    outer = asyncio.gather(inner, work("c"))
    await asyncio.sleep(0)
    outer.cancel()
    trace(await attempt(outer))
    trace(f"inner done {inner.done()} cancelled {inner.cancelled()}")
