"""Semaphores: rotation, no barging, several releases, cancellation of waiters; the bounded kind."""

import asyncio

from harness import attempt, error_of, scenario, show, spin, ticker


async def take(semaphore, trace, name, turns=0):
    await semaphore.acquire()
    trace(f"{name} acquired")
    await spin(turns)
    semaphore.release()


@scenario
async def value_of_a_semaphore(trace):
    """Zero is allowed, less is not."""
    trace(f"negative: {error_of(lambda: asyncio.Semaphore(-1))}")
    trace(f"zero: locked {asyncio.Semaphore(0).locked()}")
    trace(f"one: locked {asyncio.Semaphore().locked()}")


@scenario
async def free_permits_are_acquired_without_suspending(trace):
    semaphore = asyncio.Semaphore(2)
    asyncio.get_running_loop().call_soon(trace, "callback")
    trace(f"acquired {await semaphore.acquire()} locked {semaphore.locked()}")
    trace(f"acquired {await semaphore.acquire()} locked {semaphore.locked()}")
    semaphore.release()
    trace(f"released, locked {semaphore.locked()}")
    await asyncio.sleep(0)


@scenario
async def releases_have_no_upper_bound(trace):
    semaphore = asyncio.Semaphore(1)
    for _ in range(3):
        semaphore.release()
    for _ in range(4):
        await semaphore.acquire()
    trace(f"four acquired, locked {semaphore.locked()}")


@scenario
async def bounded_semaphore_refuses_too_many_releases(trace):
    semaphore = asyncio.BoundedSemaphore(2)
    trace(error_of(semaphore.release))
    await semaphore.acquire()
    semaphore.release()
    trace(error_of(semaphore.release))
    trace(f"negative: {error_of(lambda: asyncio.BoundedSemaphore(-1))}")


@scenario
async def scope_releases_on_every_way_out(trace):
    semaphore = asyncio.Semaphore(1)
    async with semaphore:
        trace(f"inside: locked {semaphore.locked()}")
    try:
        async with semaphore:
            raise ValueError
    except ValueError:
        trace(f"after a failure: locked {semaphore.locked()}")


@scenario
async def concurrency_is_limited(trace):
    semaphore = asyncio.Semaphore(2)
    inside = []
    most = [0]

    async def work(name):
        async with semaphore:
            inside.append(name)
            most[0] = max(most[0], len(inside))
            trace(f"{name} in, {len(inside)} inside")
            await spin(2)
            inside.remove(name)

    tasks = [asyncio.create_task(work(name)) for name in ("a", "b", "c", "d", "e")]
    for task in tasks:
        await task
    trace(f"at most {most[0]}")


@scenario
async def waiters_are_served_in_order(trace):
    semaphore = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(take(semaphore, trace, name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    semaphore.release()
    for task in tasks:
        await task
    trace(f"locked {semaphore.locked()}")


@scenario
async def rotation_among_three(trace):
    """#138."""
    semaphore = asyncio.Semaphore(1)
    order = []

    async def work(name):
        for _ in range(3):
            async with semaphore:
                order.append(name)
                await asyncio.sleep(0)

    await asyncio.gather(work("a"), work("b"), work("c"))
    trace(f"order {show(order)}")


@scenario
async def releasing_task_cannot_barge(trace):
    """#139."""
    semaphore = asyncio.Semaphore(1)
    order = []

    async def greedy():
        for number in range(3):
            await semaphore.acquire()
            order.append(f"greedy{number}")
            semaphore.release()

    await semaphore.acquire()
    waiters = [asyncio.create_task(take(semaphore, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    task = asyncio.create_task(greedy())
    semaphore.release()
    trace(f"locked for newcomers {semaphore.locked()}")
    for each in [*waiters, task]:
        await each
    trace(f"order {show(order)}")


@scenario
async def release_hands_the_permit_to_the_waiter_at_once(trace):
    """The value stays zero: the waiter has it before it runs."""
    semaphore = asyncio.Semaphore(0)
    task = asyncio.create_task(take(semaphore, trace, "waiter", 1))
    await asyncio.sleep(0)
    semaphore.release()
    trace(f"locked {semaphore.locked()}")
    await take(semaphore, trace, "newcomer")
    await task


@scenario
async def several_releases_wake_several(trace):
    """#140. Locked until they have run."""
    semaphore = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(take(semaphore, trace, name, 3)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    for _ in range(3):
        semaphore.release()
    trace(f"locked {semaphore.locked()}")
    await asyncio.sleep(0)
    trace("an iteration later")
    for task in tasks:
        await task
    trace(f"locked {semaphore.locked()}")


@scenario
async def more_releases_than_waiters(trace):
    semaphore = asyncio.Semaphore(0)
    task = asyncio.create_task(take(semaphore, trace, "a", 5))
    await asyncio.sleep(0)
    semaphore.release()
    semaphore.release()
    trace(f"before the waiter ran: locked {semaphore.locked()}")
    await asyncio.sleep(0)
    trace(f"after: locked {semaphore.locked()}")
    await take(semaphore, trace, "b")
    await task


@scenario
async def hand_over_takes_one_iteration(trace):
    semaphore = asyncio.Semaphore(0)
    task = asyncio.create_task(take(semaphore, trace, "waiter"))
    await asyncio.sleep(0)
    ticks = asyncio.create_task(ticker(trace, 3))
    semaphore.release()
    await task
    await ticks


@scenario
async def woken_waiter_cancelled_gives_its_permit_back(trace):
    semaphore = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(take(semaphore, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    semaphore.release()
    tasks[0].cancel()
    trace(f"a: {await attempt(tasks[0])}")
    trace(f"b: {await attempt(tasks[1])}")
    trace(f"locked {semaphore.locked()}")


@scenario
async def only_waiter_woken_and_cancelled_gives_its_permit_back(trace):
    semaphore = asyncio.Semaphore(0)
    task = asyncio.create_task(take(semaphore, trace, "a"))
    await asyncio.sleep(0)
    semaphore.release()
    task.cancel()
    trace(await attempt(task))
    trace(f"locked {semaphore.locked()}")
    trace(f"acquired {await semaphore.acquire()}")


@scenario
async def cancel_and_release_in_one_step_strand_nobody(trace):
    """#141."""
    semaphore = asyncio.Semaphore(1)
    await semaphore.acquire()
    tasks = [asyncio.create_task(take(semaphore, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    tasks[0].cancel()
    semaphore.release()
    trace(f"a: {await attempt(tasks[0])}")
    trace(f"b: {await attempt(tasks[1])}")
    trace(f"locked {semaphore.locked()}")


@scenario
async def holder_cancels_a_waiter(trace):
    """#142. The semaphore stays usable."""
    semaphore = asyncio.Semaphore(1)

    async def holder():
        async with semaphore:
            await asyncio.sleep(0)
            waiter.cancel()
        async with semaphore:
            trace("holder again")

    task = asyncio.create_task(holder())
    waiter = asyncio.create_task(take(semaphore, trace, "waiter"))
    await task
    trace(await attempt(waiter))
    trace(f"locked {semaphore.locked()}")


@scenario
async def two_permits_one_of_two_woken_is_cancelled(trace):
    semaphore = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(take(semaphore, trace, name, 4)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    semaphore.release()
    semaphore.release()
    tasks[0].cancel()
    await spin(2)
    trace(f"a cancelled {tasks[0].cancelled()}, locked {semaphore.locked()}")
    for task in tasks:
        await attempt(task)
    trace(f"locked {semaphore.locked()}")


@scenario
async def many_waiters_woken_then_every_other_cancelled(trace):
    semaphore = asyncio.Semaphore(0)
    order = []

    async def work(number):
        await semaphore.acquire()
        order.append(number)

    tasks = [asyncio.create_task(work(number)) for number in range(8)]
    await asyncio.sleep(0)
    for _ in range(4):
        semaphore.release()
    for number in range(0, 8, 2):
        tasks[number].cancel()
    done, pending = await asyncio.wait(tasks, timeout=100)
    trace(f"order {show(order)} pending {len(pending)} locked {semaphore.locked()}")


@scenario
def semaphore_used_under_a_second_loop(trace):
    """#135."""
    semaphore = asyncio.Semaphore(0)

    async def contend(release):
        waiter = asyncio.create_task(semaphore.acquire())
        await asyncio.sleep(0)
        if release:
            semaphore.release()
        trace(await attempt(waiter))

    asyncio.run(contend(True))
    asyncio.run(contend(False))
