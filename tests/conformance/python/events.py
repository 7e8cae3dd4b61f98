"""Events: setting, clearing, waiting, and waiting that is cancelled."""

import asyncio

from harness import attempt, outcome, scenario, spin, ticker


async def wait(event, trace, name):
    trace(f"{name}: {await event.wait()}")


@scenario
async def flag(trace):
    event = asyncio.Event()
    trace(f"set {event.is_set()}")
    event.set()
    event.set()
    trace(f"set {event.is_set()}")
    event.clear()
    event.clear()
    trace(f"set {event.is_set()}")


@scenario
async def waiting_for_a_set_event_does_not_suspend(trace):
    event = asyncio.Event()
    event.set()
    asyncio.get_running_loop().call_soon(trace, "callback")
    trace(f"waited {await event.wait()}")
    await asyncio.sleep(0)


@scenario
async def set_wakes_all_in_order(trace):
    event = asyncio.Event()
    tasks = [asyncio.create_task(wait(event, trace, name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    event.set()
    trace("set")
    for task in tasks:
        await task


@scenario
async def set_then_clear_releases_the_waiters(trace):
    """#132. Also with a second set."""
    event = asyncio.Event()
    tasks = [asyncio.create_task(wait(event, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    event.set()
    event.clear()
    trace(f"cleared, is set {event.is_set()}")
    await spin(2)
    trace(f"done {tasks[0].done()} {tasks[1].done()}")
    late = asyncio.create_task(wait(event, trace, "late"))
    await spin(2)
    trace(f"late {outcome(late)}")
    event.set()
    event.set()
    event.clear()
    await late


@scenario
async def late_caller_runs_ahead_of_the_woken(trace):
    """The event is set: who asks now does not suspend, who was woken has yet to run."""
    event = asyncio.Event()
    first = asyncio.create_task(wait(event, trace, "first"))
    second = asyncio.create_task(wait(event, trace, "second"))
    await asyncio.sleep(0)
    event.set()
    await wait(event, trace, "third")
    await first
    await second


@scenario
async def waking_takes_one_iteration(trace):
    event = asyncio.Event()
    task = asyncio.create_task(wait(event, trace, "waiter"))
    await asyncio.sleep(0)
    ticks = asyncio.create_task(ticker(trace, 3))
    event.set()
    await task
    await ticks


@scenario
async def cancelled_waiter_is_removed(trace):
    event = asyncio.Event()
    tasks = [asyncio.create_task(wait(event, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    tasks[0].cancel()
    trace(f"a: {await attempt(tasks[0])}")
    event.set()
    await tasks[1]


@scenario
async def waiter_cancelled_after_the_set(trace):
    event = asyncio.Event()
    tasks = [asyncio.create_task(wait(event, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    event.set()
    tasks[0].cancel()
    trace(f"a: {await attempt(tasks[0])}")
    trace(f"b: {await attempt(tasks[1])}")


@scenario
async def cancelled_waiter_then_set_in_one_iteration(trace):
    event = asyncio.Event()
    task = asyncio.create_task(wait(event, trace, "a"))
    await asyncio.sleep(0)
    task.cancel()
    event.set()
    trace(await attempt(task))
    trace(f"is set {event.is_set()}")


@scenario
def event_used_under_a_second_loop(trace):
    """#135. A mismatch is found only when somebody has to wait."""
    event = asyncio.Event()

    async def first():
        task = asyncio.create_task(event.wait())
        await asyncio.sleep(0)
        event.set()
        trace(await attempt(task))

    async def second():
        trace(await attempt(event.wait()))
        event.clear()
        trace(await attempt(event.wait()))

    asyncio.run(first())
    asyncio.run(second())
