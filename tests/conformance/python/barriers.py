"""Barriers: filling, draining, resetting, aborting, and cancelled parties."""

import asyncio

from harness import attempt, error_of, kind, outcome, scenario, show, spin, ticker


async def party(barrier, trace, name):
    try:
        index = await barrier.wait()
        trace(f"{name} passes with {index}")
    except asyncio.BrokenBarrierError as exc:
        trace(f"{name}: {kind(exc)}")


def describe(barrier):
    return f"parties {barrier.parties} waiting {barrier.n_waiting} broken {barrier.broken}"


@scenario
async def number_of_parties(trace):
    trace(f"zero: {error_of(lambda: asyncio.Barrier(0))}")
    trace(f"negative: {error_of(lambda: asyncio.Barrier(-1))}")
    trace(describe(asyncio.Barrier(3)))


@scenario
async def single_party_never_waits(trace):
    barrier = asyncio.Barrier(1)
    asyncio.get_running_loop().call_soon(trace, "callback")
    trace(f"index {await barrier.wait()}")
    trace(f"index {await barrier.wait()}")
    await asyncio.sleep(0)


@scenario
async def parties_pass_together(trace):
    """The last one does not block, and goes first."""
    barrier = asyncio.Barrier(3)
    tasks = [asyncio.create_task(party(barrier, trace, name)) for name in ("a", "b")]
    await spin(2)
    trace(describe(barrier))
    await party(barrier, trace, "c")
    for task in tasks:
        await task
    trace(describe(barrier))


@scenario
async def barrier_is_used_again(trace):
    barrier = asyncio.Barrier(2)

    async def walker(name):
        for lap in range(3):
            index = await barrier.wait()
            trace(f"{name} lap {lap} index {index}")

    await asyncio.gather(walker("a"), walker("b"))
    trace(describe(barrier))


@scenario
async def as_a_scope(trace):
    barrier = asyncio.Barrier(2)

    async def walker(name):
        async with barrier as index:
            trace(f"{name} inside with {index}")

    await asyncio.gather(walker("a"), walker("b"))


@scenario
async def nobody_is_waiting_while_it_drains(trace):
    """#143. All but the last to leave see it draining."""
    barrier = asyncio.Barrier(3)

    async def walker(name):
        await barrier.wait()
        trace(f"{name} leaves, waiting {barrier.n_waiting}")

    tasks = [asyncio.create_task(walker(name)) for name in ("a", "b", "c")]
    for task in tasks:
        await task


@scenario
async def newcomer_waits_until_it_has_drained(trace):
    barrier = asyncio.Barrier(2)
    first = asyncio.create_task(party(barrier, trace, "a"))
    await spin(2)
    second = asyncio.create_task(party(barrier, trace, "b"))
    third = asyncio.create_task(party(barrier, trace, "c"))
    await spin(8)
    trace(f"third {outcome(third)}, {describe(barrier)}")
    await party(barrier, trace, "d")
    for task in (first, second, third):
        await task


@scenario
async def five_through_a_barrier_of_two(trace):
    barrier = asyncio.Barrier(2)
    tasks = [asyncio.create_task(party(barrier, trace, name)) for name in ("a", "b", "c", "d", "e")]
    await spin(20)
    trace(f"{describe(barrier)} done {show([task.done() for task in tasks])}")
    await party(barrier, trace, "f")
    for task in tasks:
        await task


@scenario
async def iterations_of_passing(trace):
    barrier = asyncio.Barrier(2)
    task = asyncio.create_task(party(barrier, trace, "first"))
    await spin(2)
    ticks = asyncio.create_task(ticker(trace, 4))
    await party(barrier, trace, "second")
    await task
    await ticks


@scenario
async def cancelled_party_lowers_the_count(trace):
    """#144. The barrier is not broken."""
    barrier = asyncio.Barrier(3)
    tasks = [asyncio.create_task(party(barrier, trace, name)) for name in ("a", "b")]
    await spin(2)
    trace(describe(barrier))
    tasks[1].cancel()
    trace(await attempt(tasks[1]))
    trace(describe(barrier))
    more = [asyncio.create_task(party(barrier, trace, name)) for name in ("c", "d")]
    for task in [tasks[0], *more]:
        await task


@scenario
async def indices_repeat_after_a_cancelled_party(trace):
    """An oddity: the index is the count at the arrival, and the count went down meanwhile."""
    barrier = asyncio.Barrier(3)
    tasks = [asyncio.create_task(party(barrier, trace, name)) for name in ("a", "b")]
    await spin(2)
    tasks[0].cancel()
    await spin(2)
    more = [asyncio.create_task(party(barrier, trace, name)) for name in ("c", "d")]
    for task in [tasks[1], *more]:
        await task


@scenario
async def cancelled_party_while_draining(trace):
    """It was released and cancelled before it ran; the others pass."""
    barrier = asyncio.Barrier(3)
    tasks = [asyncio.create_task(party(barrier, trace, name)) for name in ("a", "b")]
    await spin(2)
    await party(barrier, trace, "c")
    tasks[0].cancel()
    for task in tasks:
        trace(await attempt(task))
    trace(describe(barrier))


@scenario
async def reset_of_an_idle_barrier(trace):
    barrier = asyncio.Barrier(2)
    await barrier.reset()
    trace(describe(barrier))
    await asyncio.gather(party(barrier, trace, "a"), party(barrier, trace, "b"))


@scenario
async def reset_while_parties_wait(trace):
    """#145. They get the error; the barrier can be used again."""
    barrier = asyncio.Barrier(3)
    tasks = [asyncio.create_task(party(barrier, trace, name)) for name in ("a", "b")]
    await spin(2)
    await barrier.reset()
    trace(f"reset, {describe(barrier)}")
    for task in tasks:
        await task
    trace(describe(barrier))
    await asyncio.gather(party(barrier, trace, "c"), party(barrier, trace, "d"), party(barrier, trace, "e"))


@scenario
async def arrival_during_a_reset_waits_for_its_end(trace):
    barrier = asyncio.Barrier(2)
    first = asyncio.create_task(party(barrier, trace, "a"))
    await spin(2)
    await barrier.reset()
    second = asyncio.create_task(party(barrier, trace, "b"))
    third = asyncio.create_task(party(barrier, trace, "c"))
    for task in (first, second, third):
        await task
    trace(describe(barrier))


@scenario
async def reset_while_it_drains(trace):
    """Those who have not left yet get the error."""
    barrier = asyncio.Barrier(3)
    tasks = [asyncio.create_task(party(barrier, trace, name)) for name in ("a", "b")]
    await spin(2)
    await party(barrier, trace, "c")
    await barrier.reset()
    trace("reset")
    for task in tasks:
        await task
    trace(describe(barrier))


@scenario
async def abort_breaks_it_for_those_who_wait_and_those_who_come(trace):
    barrier = asyncio.Barrier(3)
    tasks = [asyncio.create_task(party(barrier, trace, name)) for name in ("a", "b")]
    await spin(2)
    await barrier.abort()
    trace(describe(barrier))
    for task in tasks:
        await task
    await party(barrier, trace, "late")
    trace(describe(barrier))


@scenario
async def abort_then_reset_then_use(trace):
    """#146."""
    barrier = asyncio.Barrier(2)

    async def failing():
        try:
            raise ZeroDivisionError
        except ZeroDivisionError as exc:
            trace(kind(exc))
            await barrier.abort()

    task = asyncio.create_task(party(barrier, trace, "a"))
    await spin(2)
    await failing()
    await task
    trace(describe(barrier))
    await barrier.reset()
    trace(describe(barrier))
    await asyncio.gather(party(barrier, trace, "b"), party(barrier, trace, "c"))
