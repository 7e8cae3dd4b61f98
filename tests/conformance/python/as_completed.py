"""as_completed: awaitables in the order of their completion, in both styles of iteration."""

import asyncio

from harness import attempt, kind, names, outcome, scenario, spin


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
async def tasks_come_in_the_order_of_their_completion(trace):
    tasks = [start("a", give(1, 6)), start("b", give(2, 1)), start("c", give(3, 3))]
    async for task in asyncio.as_completed(tasks):
        trace(f"{task.get_name()}: {await task}")
    trace("end")


@scenario
async def tasks_come_out_as_they_went_in(trace):
    """#43. The identical objects."""
    tasks = [start("a", give(1, 2)), start("b", give(2))]
    seen = []
    async for task in asyncio.as_completed(tasks):
        trace(f"done {task.done()}")
        seen.append(task)
    trace(f"same {seen[0] is tasks[1]} {seen[1] is tasks[0]}")


@scenario
async def futures_come_out_as_they_went_in(trace):
    """#43."""
    first = forever()
    second = forever()
    asyncio.get_running_loop().call_soon(second.set_result, 2)
    asyncio.get_running_loop().call_soon(first.set_result, 1)
    async for future in asyncio.as_completed([first, second]):
        trace(f"first {future is first} second {future is second}: {await future}")


@scenario
async def coroutine_becomes_a_task(trace):
    """#43."""
    coroutine = give("value", 1)
    async for task in asyncio.as_completed([coroutine]):
        trace(f"a task {isinstance(task, asyncio.Task)}: {await task}")


@scenario
async def failures_come_like_results(trace):
    tasks = [start("a", fail(ValueError(), 2)), start("b", give(2)), start("c", fail(KeyError(), 5))]
    async for task in asyncio.as_completed(tasks):
        trace(f"{task.get_name()}: {await attempt(task)}")


@scenario
async def nothing_to_complete(trace):
    async for _ in asyncio.as_completed([]):
        trace("never")
    trace("end")


@scenario
async def duplicates_come_once(trace):
    """#49."""
    task = start("a", give(1))
    count = 0
    async for _ in asyncio.as_completed([task, task]):
        count += 1
    trace(f"came {count}")


@scenario
async def work_goes_on_while_the_body_is_busy(trace):
    """What completes meanwhile is delivered without suspending, in the order of completion."""
    tasks = [start("a", give(1, 4)), start("b", give(2)), start("c", give(3, 2))]
    async for task in asyncio.as_completed(tasks):
        trace(task.get_name())
        if task.get_name() == "b":
            await spin(8)
            trace(f"done {names(task for task in tasks if task.done())}")


@scenario
async def iteration_can_be_resumed(trace):
    """#46. Breaking out and iterating again goes on where it was."""
    completed = asyncio.as_completed([start("a", give(1, 3)), start("b", give(2)), start("c", give(3, 6))])
    async for task in completed:
        trace(f"first loop {task.get_name()}")
        break
    async for task in completed:
        trace(f"second loop {task.get_name()}")


@scenario
async def timeout_in_the_iteration(trace):
    """#44. What was finished is delivered, then the time-out; the pending task lives on."""
    gate = forever()

    async def slow():
        return await gate

    pending = start("slow", slow())
    quick = start("quick", give(1))
    await quick
    try:
        async for task in asyncio.as_completed([pending, quick], timeout=0.02):
            trace(task.get_name())
        trace("never")
    except TimeoutError as exc:
        trace(kind(exc))
    trace(outcome(pending))
    gate.set_result("later")
    trace(await attempt(pending))


@scenario
async def timeout_starts_at_the_call(trace):
    gate = forever()
    completed = asyncio.as_completed([gate], timeout=0.02)
    await asyncio.sleep(0.05)
    try:
        async for _ in completed:
            trace("never")
    except TimeoutError as exc:
        trace(kind(exc))
    trace(outcome(gate))


@scenario
async def finished_before_the_timeout_but_fetched_after(trace):
    gate = forever()
    task = start("a", give(1))
    await task
    completed = asyncio.as_completed([gate, task], timeout=0.02)
    await asyncio.sleep(0.05)
    try:
        async for future in completed:
            trace(f"delivered {future is task}")
    except TimeoutError as exc:
        trace(kind(exc))


@scenario
async def unused_timeout_does_no_harm(trace):
    """#45."""
    finished = start("a", give(1))
    await finished
    async for task in asyncio.as_completed([finished], timeout=0.02):
        trace(task.get_name())
    await asyncio.sleep(0.04)
    trace("end")


@scenario
async def cancelled_consumer_leaves_the_tasks_alone(trace):
    slow = start("slow", give("slow ends", 6))

    async def consumer():
        async for _ in asyncio.as_completed([slow]):
            trace("never")

    task = start("consumer", consumer())
    await spin(2)
    task.cancel()
    trace(await attempt(task))
    trace(await attempt(slow))


@scenario
async def plain_iteration_gives_awaitables_for_the_next_result(trace):
    """#47. Whichever of them is awaited first gets the first result."""
    tasks = [start("a", give("slow", 6)), start("b", give("quick", 1))]
    awaitables = list(asyncio.as_completed(tasks))
    trace(f"count {len(awaitables)}")
    trace(f"last one first: {await awaitables[1]}")
    trace(f"first one last: {await awaitables[0]}")


@scenario
async def plain_iteration_awaited_concurrently(trace):
    """#48."""
    tasks = [start("a", give("a", 6)), start("b", give("b", 1)), start("c", give("c", 3))]

    async def consumer(name, awaitable):
        trace(f"{name}: {await awaitable}")

    consumers = [asyncio.create_task(consumer(number, awaitable))
                 for number, awaitable in enumerate(asyncio.as_completed(tasks))]
    for each in consumers:
        await each


@scenario
async def plain_iteration_with_timeout(trace):
    """#44. Each remaining one raises."""
    quick = start("quick", give("quick"))
    await quick
    awaitables = list(asyncio.as_completed([forever(), forever(), quick], timeout=0.02))
    for awaitable in awaitables:
        trace(await attempt(awaitable))
