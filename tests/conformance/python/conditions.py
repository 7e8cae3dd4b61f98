"""Conditions: notifying, re-acquiring, predicates, cancellation in every phase."""

import asyncio

from harness import attempt, error_of, kind, outcome, scenario, show, spin, ticker


async def wait(condition, trace, name):
    async with condition:
        trace(f"{name} waits")
        result = await condition.wait()
        trace(f"{name} woken {result}, locked {condition.locked()}")


async def notify(condition, count):
    async with condition:
        condition.notify(count)


@scenario
async def waiting_without_the_lock_is_an_error(trace):
    condition = asyncio.Condition()
    trace(await attempt(condition.wait()))
    trace(error_of(condition.notify))
    trace(error_of(condition.notify_all))
    trace(f"locked {condition.locked()}")


@scenario
async def condition_is_its_lock(trace):
    lock = asyncio.Lock()
    condition = asyncio.Condition(lock)
    trace(f"acquired {await condition.acquire()}")
    trace(f"lock {lock.locked()} condition {condition.locked()}")
    lock.release()
    trace(f"lock {lock.locked()} condition {condition.locked()}")
    trace(error_of(condition.release))


@scenario
async def waiting_releases_the_lock_and_takes_it_again(trace):
    condition = asyncio.Condition()
    task = asyncio.create_task(wait(condition, trace, "a"))
    await asyncio.sleep(0)
    trace(f"while waiting: locked {condition.locked()}")
    await notify(condition, 1)
    await task
    trace(f"afterwards: locked {condition.locked()}")


@scenario
async def notify_wakes_one_in_order(trace):
    condition = asyncio.Condition()
    tasks = [asyncio.create_task(wait(condition, trace, name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    for number in range(3):
        trace(f"notify {number}")
        await notify(condition, 1)
        await spin(4)
    for task in tasks:
        await task


@scenario
async def notify_of_several(trace):
    condition = asyncio.Condition()
    tasks = [asyncio.create_task(wait(condition, trace, name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    await notify(condition, 2)
    await spin(6)
    trace(f"done {show([task.done() for task in tasks])}")
    await notify(condition, 100)
    await tasks[2]


@scenario
async def notify_without_waiters_is_lost(trace):
    condition = asyncio.Condition()
    await notify(condition, 1)
    task = asyncio.create_task(wait(condition, trace, "a"))
    await spin(3)
    trace(outcome(task))
    await notify(condition, 1)
    await task


@scenario
async def notify_all_wakes_all_one_by_one(trace):
    """Each has the lock when it goes on."""
    condition = asyncio.Condition()

    async def waiter(name):
        async with condition:
            await condition.wait()
            trace(f"{name} in")
            await asyncio.sleep(0)
            trace(f"{name} out")

    tasks = [asyncio.create_task(waiter(name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    async with condition:
        condition.notify_all()
        trace("notified")
    for task in tasks:
        await task


@scenario
async def notified_waits_until_the_notifier_releases(trace):
    condition = asyncio.Condition()
    task = asyncio.create_task(wait(condition, trace, "a"))
    await asyncio.sleep(0)
    async with condition:
        condition.notify()
        await spin(3)
        trace(f"notifier still inside, waiter {outcome(task)}")
    await task


@scenario
async def iterations_from_notify_to_wake_up(trace):
    condition = asyncio.Condition()
    task = asyncio.create_task(wait(condition, trace, "a"))
    await asyncio.sleep(0)
    ticks = asyncio.create_task(ticker(trace, 4))
    async with condition:
        condition.notify()
    await task
    await ticks


@scenario
async def waiting_for_a_predicate(trace):
    condition = asyncio.Condition()
    state = {"value": 0}

    async def waiter():
        async with condition:
            result = await condition.wait_for(check)
            trace(f"result {result}")

    def check():
        trace(f"checks {state['value']}")
        return state["value"] >= 2

    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    for _ in range(2):
        async with condition:
            state["value"] += 1
            condition.notify()
        await spin(3)
    await task


@scenario
async def predicate_is_checked_before_the_lock_is_asked_for(trace):
    """#134. One that holds needs no lock; one that does not is an error without it."""
    condition = asyncio.Condition()
    trace(f"holds: {await attempt(condition.wait_for(lambda: True))}")
    trace(f"does not: {await attempt(condition.wait_for(lambda: False))}")


@scenario
async def failing_predicate(trace):
    condition = asyncio.Condition()

    def check():
        raise ZeroDivisionError

    async with condition:
        trace(await attempt(condition.wait_for(check)))
        trace(f"locked {condition.locked()}")


@scenario
async def cancelled_waiter_holds_the_lock_when_it_is_interrupted(trace):
    condition = asyncio.Condition()

    async def waiter():
        async with condition:
            try:
                await condition.wait()
            except asyncio.CancelledError as exc:
                trace(f"{kind(exc)} locked {condition.locked()}")
                raise

    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    task.cancel("m")
    trace(await attempt(task))
    trace(f"afterwards: locked {condition.locked()}")


@scenario
async def cancellation_waits_for_the_lock(trace):
    """The canceller holds the lock: the waiter is interrupted when it has got it back."""
    condition = asyncio.Condition()
    task = asyncio.create_task(wait(condition, trace, "a"))
    await asyncio.sleep(0)
    async with condition:
        task.cancel()
        await spin(3)
        trace(f"still inside, waiter {outcome(task)}")
    trace(await attempt(task))


@scenario
async def cancelled_while_acquiring_again(trace):
    """#133. Notified, then cancelled while the lock is held by another: delivered with the lock."""
    condition = asyncio.Condition()

    async def waiter():
        async with condition:
            try:
                await condition.wait()
                trace("never")
            except asyncio.CancelledError as exc:
                trace(f"{kind(exc)} locked {condition.locked()}")
                raise

    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    await condition.acquire()
    condition.notify()
    await spin(2)
    task.cancel("late")
    await spin(2)
    trace(f"lock held, waiter {outcome(task)}")
    condition.release()
    trace(await attempt(task))


@scenario
async def cancelled_several_times_while_acquiring_again(trace):
    """The last of them comes out."""
    condition = asyncio.Condition()

    async def waiter():
        async with condition:
            await condition.wait()

    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    await condition.acquire()
    for message in ("one", "two", "three"):
        task.cancel(message)
        await spin(2)
    trace(outcome(task))
    condition.release()
    trace(await attempt(task))
    trace(f"requests {task.cancelling()}")


@scenario
async def cancellation_object_comes_out_unchanged(trace):
    """#136. The message, and the same object as the one that was thrown into the wait."""
    condition = asyncio.Condition()
    seen = []

    async def waiter():
        async with condition:
            try:
                await condition.wait()
            except asyncio.CancelledError as exc:
                seen.append(exc)
                raise

    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    await condition.acquire()
    task.cancel("the message")
    await spin(2)
    condition.release()
    try:
        await task
    except asyncio.CancelledError as exc:
        trace(f"{kind(exc)} same {exc is seen[0]}")


@scenario
async def notification_is_not_lost_when_the_notified_is_cancelled(trace):
    """#137. Another one is woken in its place."""
    condition = asyncio.Condition()
    tasks = [asyncio.create_task(wait(condition, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    async with condition:
        condition.notify()
        tasks[0].cancel()
    trace(f"a: {await attempt(tasks[0])}")
    trace(f"b: {await attempt(tasks[1])}")


@scenario
async def cancelled_then_notified_goes_to_the_next(trace):
    """#137, the other order: the cancelled one is no longer there to be notified."""
    condition = asyncio.Condition()
    tasks = [asyncio.create_task(wait(condition, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    async with condition:
        tasks[0].cancel()
        condition.notify()
    trace(f"a: {await attempt(tasks[0])}")
    trace(f"b: {await attempt(tasks[1])}")


@scenario
async def cancelled_waiter_wakes_another_by_itself(trace):
    """A waiter that is interrupted notifies one other: a spurious wake-up is allowed, a lost one is not."""
    condition = asyncio.Condition()
    tasks = [asyncio.create_task(wait(condition, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    tasks[0].cancel()
    trace(f"a: {await attempt(tasks[0])}")
    await spin(4)
    trace(f"b: {outcome(tasks[1])}")
    tasks[1].cancel()
    await attempt(tasks[1])


@scenario
async def two_conditions_share_one_lock(trace):
    lock = asyncio.Lock()
    full = asyncio.Condition(lock)
    empty = asyncio.Condition(lock)
    items = []

    async def producer():
        for number in range(3):
            async with full:
                await full.wait_for(lambda: not items)
                items.append(number)
                trace(f"puts {number}")
                empty.notify()

    async def consumer():
        for _ in range(3):
            async with empty:
                await empty.wait_for(lambda: items)
                trace(f"gets {items.pop()}")
                full.notify()

    await asyncio.gather(producer(), consumer())
