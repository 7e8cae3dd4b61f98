"""shield: what is cancelled, what lives on."""

import asyncio

from harness import attempt, error_of, kind, outcome, scenario, spin, ticker


def forever():
    return asyncio.get_running_loop().create_future()


async def give(value, turns=0):
    await spin(turns)
    return value


@scenario
async def result_passes_through(trace):
    trace(await attempt(asyncio.shield(give("r", 2))))


@scenario
async def finished_future_is_given_back_itself(trace):
    future = forever()
    future.set_result(1)
    trace(f"same {asyncio.shield(future) is future}")
    pending = forever()
    trace(f"same {asyncio.shield(pending) is pending}")


@scenario
async def cancelled_inner_cancels_the_outer(trace):
    """#61."""
    inner = forever()
    outer = asyncio.shield(inner)
    inner.cancel()
    trace(f"outer {outcome(outer)}")
    await asyncio.sleep(0)
    trace(f"outer {outcome(outer)} cancelled {outer.cancelled()}")


@scenario
async def cancelled_outer_leaves_the_inner(trace):
    """#62."""
    inner = forever()
    outer = asyncio.shield(inner)
    trace(f"cancel: {outer.cancel('m')}")
    trace(f"outer {outcome(outer)} inner {outcome(inner)}")
    inner.set_result("later")
    await asyncio.sleep(0)
    trace(f"outer {outcome(outer)} inner {outcome(inner)}")


@scenario
async def inner_completes_after_the_outer_task_was_cancelled(trace):
    """#63."""
    gate = forever()

    async def inner():
        trace(f"inner got {await gate}")
        return "inner ends"

    inner_task = asyncio.create_task(inner())

    async def outer():
        try:
            await asyncio.shield(inner_task)
        except asyncio.CancelledError as exc:
            trace(f"outer: {kind(exc)}")
            raise

    task = asyncio.create_task(outer())
    await spin(2)
    task.cancel("m")
    trace(await attempt(task))
    gate.set_result("late")
    trace(await attempt(inner_task))
    trace(f"requests of the inner {inner_task.cancelling()}")


@scenario
async def shield_around_a_gathering(trace):
    """#64. The children finish."""
    gates = [forever(), forever()]
    gathering = asyncio.gather(*gates)
    outer = asyncio.shield(gathering)

    async def waiter():
        await outer

    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    task.cancel()
    trace(await attempt(task))
    for number, gate in enumerate(gates):
        gate.set_result(number)
    trace(await attempt(gathering))


@scenario
async def gathering_of_shields(trace):
    """#65. Cancelling it cancels the shields only."""
    inner = [forever(), forever()]
    gathering = asyncio.gather(*(asyncio.shield(future) for future in inner))
    trace(f"cancel: {gathering.cancel()}")
    trace(await attempt(gathering))
    trace(f"{outcome(inner[0])}, {outcome(inner[1])}")


@scenario
async def cancelling_the_inner_task_cancels_the_waiter(trace):
    async def body():
        await forever()

    inner = asyncio.create_task(body())

    async def waiter():
        await asyncio.shield(inner)

    task = asyncio.create_task(waiter())
    await spin(2)
    inner.cancel()
    trace(await attempt(task))
    trace(f"requests of the waiter {task.cancelling()}")


@scenario
async def shielded_twice(trace):
    inner = forever()
    first = asyncio.shield(inner)
    second = asyncio.shield(inner)
    first.cancel()
    inner.set_result("r")
    trace(f"second {await attempt(second)}")
    trace(f"first {outcome(first)}")


@scenario
async def cancelled_waiter_can_go_back_to_waiting(trace):
    """The documented idiom: finish the critical part in spite of a cancellation, then raise it."""
    gate = forever()

    async def critical():
        return await gate

    async def waiter():
        work = asyncio.create_task(critical())
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            trace("cancelled, waits all the same")
            trace(f"finished: {await work}")
            raise

    task = asyncio.create_task(waiter())
    await spin(2)
    task.cancel()
    await spin(2)
    trace(f"waiter done {task.done()}")
    gate.set_result("critical part")
    trace(await attempt(task))


@scenario
async def iterations_of_a_shield(trace):
    """One more than the inner takes: its callback completes the outer."""

    async def body():
        trace("body")

    ticks = asyncio.create_task(ticker(trace, 5))
    await asyncio.shield(body())
    trace("awaited")
    await ticks


@scenario
async def outer_cancelled_while_the_inner_result_is_on_its_way(trace):
    inner = forever()
    outer = asyncio.shield(inner)
    inner.set_result("r")
    trace(f"cancel: {outer.cancel()}")
    await spin(2)
    trace(f"outer {outcome(outer)} inner {outcome(inner)}")
    trace(error_of(outer.result))
