"""wait: done and pending, the three modes, time limits, what it does not do to the tasks."""

import asyncio
import time

from harness import attempt, kind, names, outcome, scenario, spin, ticker


def forever():
    return asyncio.get_running_loop().create_future()


async def give(value, turns=0):
    await spin(turns)
    return value


async def fail(exc, turns=0):
    await spin(turns)
    raise exc


def start(name, coroutine):
    return asyncio.create_task(coroutine, name=name)


@scenario
async def all_completed_is_the_default(trace):
    tasks = [start("a", give(1, 2)), start("b", fail(ValueError())), start("c", give(3, 1))]
    done, pending = await asyncio.wait(tasks)
    trace(f"done {names(done)} pending {names(pending)}")
    for task in tasks:
        trace(outcome(task))


@scenario
async def failures_stay_in_the_tasks(trace):
    """#39."""
    task = start("a", fail(KeyError()))
    done, pending = await asyncio.wait([task])
    trace(f"done {names(done)} pending {names(pending)}")
    trace(kind(task.exception()))


@scenario
async def duplicates_collapse(trace):
    """#33."""
    task = start("a", give(1))
    done, pending = await asyncio.wait([task, task, task])
    trace(f"done {len(done)} pending {len(pending)}")
    trace(f"same {done.pop() is task}")


@scenario
async def nothing_to_wait_for_is_an_error(trace):
    """#34."""
    trace(await attempt(asyncio.wait([])))


@scenario
async def tasks_may_be_made_while_they_are_enumerated(trace):
    """#42."""

    def make():
        for name in ("a", "b"):
            trace(f"makes {name}")
            yield start(name, give(name))

    done, pending = await asyncio.wait(make())
    trace(f"done {names(done)} pending {names(pending)}")


@scenario
async def wait_always_suspends_for_two_iterations(trace):
    """Also when everything is done already: the callbacks go through the loop."""
    task = start("a", give(1))
    await task
    ticks = asyncio.create_task(ticker(trace, 4))
    done, _ = await asyncio.wait([task])
    trace(f"done {names(done)}")
    await ticks


@scenario
async def first_completed_splits_the_tasks(trace):
    """#35."""
    tasks = [start("a", give(1, 5)), start("b", give(2, 1)), start("c", give(3, 5))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    trace(f"done {names(done)} pending {names(pending)}")
    done, pending = await asyncio.wait(pending)
    trace(f"done {names(done)} pending {names(pending)}")


@scenario
async def first_completed_counts_a_failure(trace):
    tasks = [start("a", give(1, 5)), start("b", fail(ValueError(), 1))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    trace(f"done {names(done)} pending {names(pending)}")
    trace(outcome(tasks[1]))
    await asyncio.wait(pending)


@scenario
async def what_is_done_when_the_waiter_resumes_counts_as_done(trace):
    """#36. Two end in the same iteration: both are reported though one was waited for."""
    tasks = [start("a", give(1, 1)), start("b", give(2, 1)), start("c", give(3, 2)), start("d", give(4, 3)),
             start("e", give(5, 4))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    trace(f"done {names(done)} pending {names(pending)}")
    await asyncio.wait(pending)


@scenario
async def first_exception_ends_the_wait(trace):
    """#38."""
    tasks = [start("a", give(1)), start("b", give(2, 9)), start("c", fail(ValueError(), 3))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    trace(f"done {names(done)} pending {names(pending)}")
    trace(outcome(tasks[2]))
    await asyncio.wait(pending)


@scenario
async def first_exception_with_a_task_that_failed_beforehand(trace):
    """#37."""
    failed = start("failed", fail(ValueError()))
    await asyncio.wait([failed])
    slow = start("slow", give(1, 9))
    done, pending = await asyncio.wait([slow, failed], return_when=asyncio.FIRST_EXCEPTION)
    trace(f"done {names(done)} pending {names(pending)}")
    trace(outcome(failed))
    await slow


@scenario
async def first_exception_without_any_waits_for_all(trace):
    tasks = [start("a", give(1)), start("b", give(2, 3))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    trace(f"done {names(done)} pending {names(pending)}")


@scenario
async def first_exception_ignores_a_cancelled_task(trace):
    async def hang():
        await forever()

    victim = start("victim", hang())
    slow = start("slow", give(1, 5))
    asyncio.get_running_loop().call_soon(victim.cancel)
    done, pending = await asyncio.wait([victim, slow], return_when=asyncio.FIRST_EXCEPTION)
    trace(f"done {names(done)} pending {names(pending)}")
    trace(f"{outcome(victim)}, {outcome(slow)}")


@scenario
async def timeout_gives_what_is_done(trace):
    """#40. No error, nothing is cancelled."""

    async def slow():
        await gate
        return "finished later"

    gate = forever()
    tasks = [start("slow", slow()), start("quick", give(1))]
    done, pending = await asyncio.wait(tasks, timeout=0.02)
    trace(f"done {names(done)} pending {names(pending)}")
    gate.set_result(None)
    trace(await attempt(tasks[0]))


@scenario
async def timeout_of_zero_looks_once(trace):
    finished = start("finished", give(1))
    await finished
    hanging = start("hanging", give(2, 9))
    done, pending = await asyncio.wait([finished, hanging], timeout=0)
    trace(f"done {names(done)} pending {names(pending)}")
    await hanging


@scenario
async def task_due_before_the_timeout_of_the_same_iteration_counts_as_done(trace):
    """#41. The loop was busy past both deadlines: the timers run in their order, the task's step precedes the waiter's."""

    async def sleeper():
        await asyncio.sleep(0.01)

    tasks = [start("sleeper", sleeper())]
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(time.sleep, 0.05)
    done, pending = await asyncio.wait(tasks, timeout=0.03)
    trace(f"done {names(done)} pending {names(pending)}")


@scenario
async def task_due_after_the_timeout_of_the_same_iteration_is_still_pending(trace):
    """#41. The other order of the timers: the waiter's step precedes the task's."""

    async def sleeper():
        await asyncio.sleep(0.03)

    task = start("sleeper", sleeper())
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(time.sleep, 0.05)
    done, pending = await asyncio.wait([task], timeout=0.01)
    trace(f"done {names(done)} pending {names(pending)}")
    await task


@scenario
async def cancelled_waiter_leaves_the_tasks_alone(trace):
    """#60."""
    tasks = [start("a", give("a ends", 5)), start("b", give("b ends", 6))]

    async def waiter():
        try:
            await asyncio.wait(tasks)
        except asyncio.CancelledError as exc:
            trace(f"waiter: {kind(exc)}")
            raise

    task = start("waiter", waiter())
    await spin(2)
    task.cancel("m")
    trace(await attempt(task))
    trace(f"{outcome(tasks[0])}, {outcome(tasks[1])}")
    for each in tasks:
        trace(await attempt(each))


@scenario
async def iterations_that_a_wait_takes(trace):
    """The last task ends, its callback releases the waiter, the waiter resumes."""
    ticks = asyncio.create_task(ticker(trace, 5))

    async def body():
        await asyncio.sleep(0)
        trace("task ends")

    await asyncio.wait([start("a", body())])
    trace("waited")
    await ticks


@scenario
async def loop_of_waits_handles_tasks_as_they_come(trace):
    """The classic loop over FIRST_COMPLETED."""
    pending = {start(name, give(name, turns)) for name, turns in (("a", 9), ("b", 1), ("c", 5))}
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        trace(f"done {names(done)} pending {names(pending)}")
