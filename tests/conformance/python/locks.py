"""Locks: FIFO hand-over, no barging, cancellation of waiters in every phase."""

import asyncio

from harness import attempt, error_of, kind, outcome, scenario, show, spin, ticker


async def take(lock, trace, name, turns=0):
    """Acquires, holds for some iterations, releases."""
    await lock.acquire()
    trace(f"{name} acquired")
    await spin(turns)
    trace(f"{name} releases")
    lock.release()


@scenario
async def free_lock_is_acquired_without_suspending(trace):
    lock = asyncio.Lock()
    asyncio.get_running_loop().call_soon(trace, "callback")
    trace(f"locked {lock.locked()}")
    trace(f"acquired {await lock.acquire()}")
    trace(f"locked {lock.locked()}")
    lock.release()
    trace(f"locked {lock.locked()}")
    await asyncio.sleep(0)


@scenario
async def releasing_a_free_lock_is_an_error(trace):
    lock = asyncio.Lock()
    trace(error_of(lock.release))
    await lock.acquire()
    lock.release()
    trace(error_of(lock.release))


@scenario
async def scope_releases_on_every_way_out(trace):
    lock = asyncio.Lock()
    async with lock:
        trace(f"inside: locked {lock.locked()}")
    trace(f"after: locked {lock.locked()}")
    try:
        async with lock:
            raise ValueError
    except ValueError:
        trace(f"after a failure: locked {lock.locked()}")


@scenario
async def waiters_are_served_in_order(trace):
    """#128."""
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [asyncio.create_task(take(lock, trace, name, 1)) for name in ("a", "b", "c")]
    await spin(2)
    trace("main releases")
    lock.release()
    for task in tasks:
        await task
    trace(f"locked {lock.locked()}")


@scenario
async def late_arrival_does_not_overtake(trace):
    """#128. The lock is free between release and hand-over, yet a newcomer queues."""
    lock = asyncio.Lock()
    await lock.acquire()
    first = asyncio.create_task(take(lock, trace, "waiter"))
    await asyncio.sleep(0)
    lock.release()
    trace(f"released, locked {lock.locked()}")
    await take(lock, trace, "newcomer")
    await first


@scenario
async def lock_released_and_taken_again_by_its_holder(trace):
    """The holder queues behind the waiter whom it has just woken."""
    lock = asyncio.Lock()

    async def greedy():
        for number in range(3):
            await lock.acquire()
            trace(f"greedy {number}")
            await asyncio.sleep(0)
            lock.release()

    first = asyncio.create_task(greedy())
    second = asyncio.create_task(take(lock, trace, "modest"))
    await first
    await second


@scenario
async def hand_over_takes_one_iteration(trace):
    lock = asyncio.Lock()
    await lock.acquire()
    task = asyncio.create_task(take(lock, trace, "waiter"))
    await asyncio.sleep(0)
    ticks = asyncio.create_task(ticker(trace, 3))
    trace("main releases")
    lock.release()
    await task
    await ticks


@scenario
async def lock_is_not_reentrant(trace):
    lock = asyncio.Lock()
    async with lock:
        try:
            async with asyncio.timeout(0.01):
                await lock.acquire()
                trace("never")
        except TimeoutError as exc:
            trace(kind(exc))
    trace(f"locked {lock.locked()}")


@scenario
async def any_task_may_release(trace):
    """A lock is not owned."""
    lock = asyncio.Lock()
    await lock.acquire()

    async def release():
        lock.release()
        trace("released by another")

    await asyncio.create_task(release())
    trace(f"locked {lock.locked()}")


@scenario
async def cancelled_waiter_leaves_the_queue(trace):
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [asyncio.create_task(take(lock, trace, name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    tasks[1].cancel()
    trace(f"b: {await attempt(tasks[1])}")
    lock.release()
    await tasks[0]
    await tasks[2]
    trace(f"locked {lock.locked()}")


@scenario
async def release_and_cancelled_first_waiter_in_one_iteration(trace):
    """#129. Released first: the wake-up is passed on."""
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [asyncio.create_task(take(lock, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    lock.release()
    tasks[0].cancel()
    trace(f"a: {await attempt(tasks[0])}")
    trace(f"b: {await attempt(tasks[1])}")
    trace(f"locked {lock.locked()}")


@scenario
async def cancelled_first_waiter_and_release_in_one_iteration(trace):
    """#130. Cancelled first: the release goes to the second."""
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [asyncio.create_task(take(lock, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    tasks[0].cancel()
    lock.release()
    trace(f"a: {await attempt(tasks[0])}")
    trace(f"b: {await attempt(tasks[1])}")
    trace(f"locked {lock.locked()}")


@scenario
async def woken_waiter_is_cancelled_before_it_runs(trace):
    """#131. With three waiters: exactly one gets the lock."""
    lock = asyncio.Lock()
    await lock.acquire()
    acquired = []

    async def waiter(name):
        await lock.acquire()
        acquired.append(name)

    tasks = [asyncio.create_task(waiter(name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    lock.release()
    tasks[0].cancel()
    await spin(4)
    trace(f"acquired {show(acquired)} locked {lock.locked()}")
    trace(f"c {outcome(tasks[2])}")
    lock.release()
    await spin(2)
    trace(f"acquired {show(acquired)}")


@scenario
async def two_woken_waiters_cancelled_in_turn(trace):
    """#131."""
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [asyncio.create_task(take(lock, trace, name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    lock.release()
    tasks[0].cancel()
    await asyncio.sleep(0)
    tasks[1].cancel()
    for task in tasks:
        trace(await attempt(task))
    trace(f"locked {lock.locked()}")


@scenario
async def waiter_cancelled_after_it_was_woken_does_not_hold_the_lock(trace):
    lock = asyncio.Lock()
    await lock.acquire()
    task = asyncio.create_task(take(lock, trace, "a"))
    await asyncio.sleep(0)
    lock.release()
    task.cancel()
    trace(await attempt(task))
    trace(f"locked {lock.locked()}")
    trace(f"acquired {await lock.acquire()}")


@scenario
async def waiter_that_swallows_the_cancellation_queues_anew(trace):
    lock = asyncio.Lock()
    await lock.acquire()

    async def stubborn():
        try:
            await lock.acquire()
        except asyncio.CancelledError:
            trace("stubborn: again")
            await lock.acquire()
        trace("stubborn acquired")
        lock.release()

    first = asyncio.create_task(stubborn())
    second = asyncio.create_task(take(lock, trace, "second"))
    await asyncio.sleep(0)
    first.cancel()
    await spin(2)
    lock.release()
    await first
    await second


@scenario
async def timeout_on_acquiring(trace):
    lock = asyncio.Lock()
    await lock.acquire()
    trace(await attempt(asyncio.wait_for(lock.acquire(), 0.01)))
    lock.release()
    trace(await attempt(asyncio.wait_for(lock.acquire(), 0.01)))
    trace(f"locked {lock.locked()}")


@scenario
async def chain_of_hand_overs_among_many(trace):
    lock = asyncio.Lock()
    order = []

    async def work(number):
        async with lock:
            order.append(number)

    await lock.acquire()
    tasks = [asyncio.create_task(work(number)) for number in range(10)]
    await asyncio.sleep(0)
    for number in (1, 4, 5, 9):
        tasks[number].cancel()
    lock.release()
    await asyncio.wait(tasks)
    trace(f"order {show(order)}")


@scenario
def lock_used_under_a_second_loop(trace):
    """#135. A mismatch is found only when somebody has to wait."""
    lock = asyncio.Lock()

    async def contend(first_time):
        await lock.acquire()
        waiter = asyncio.create_task(lock.acquire())
        await asyncio.sleep(0)
        if first_time:
            lock.release()
        trace(await attempt(waiter))
        lock.release()

    async def uncontended():
        async with lock:
            trace("no need to wait")

    asyncio.run(contend(True))
    asyncio.run(uncontended())
    asyncio.run(contend(False))
