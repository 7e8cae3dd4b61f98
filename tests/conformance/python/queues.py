"""Queues of all kinds: order, capacity, waiters and their cancellation, join, shutdown."""

import asyncio

from harness import attempt, error_of, kind, outcome, scenario, show, spin, ticker


async def put(queue, trace, item):
    await queue.put(item)
    trace(f"put {item}")


async def get(queue, trace, name):
    trace(f"{name} got {show(await queue.get())}")


def drain(queue):
    items = []
    while not queue.empty():
        items.append(queue.get_nowait())
    return show(items)


@scenario
async def first_in_first_out(trace):
    queue = asyncio.Queue()
    for item in (3, 1, 2):
        queue.put_nowait(item)
    trace(f"size {queue.qsize()} empty {queue.empty()} full {queue.full()}")
    trace(f"items {drain(queue)}")
    trace(f"size {queue.qsize()} empty {queue.empty()}")


@scenario
async def last_in_first_out(trace):
    queue = asyncio.LifoQueue()
    for item in (3, 1, 2):
        queue.put_nowait(item)
    trace(f"items {drain(queue)}")


@scenario
async def lowest_first(trace):
    queue = asyncio.PriorityQueue()
    for item in (5, 1, 4, 2, 3):
        queue.put_nowait(item)
    trace(f"first {queue.get_nowait()}")
    queue.put_nowait(0)
    trace(f"items {drain(queue)}")


@scenario
async def capacity(trace):
    queue = asyncio.Queue(2)
    trace(f"capacity {queue.maxsize}")
    queue.put_nowait("a")
    trace(f"full {queue.full()}")
    queue.put_nowait("b")
    trace(f"full {queue.full()}")
    trace(f"third: {error_of(lambda: queue.put_nowait('c'))}")
    queue.get_nowait()
    queue.get_nowait()
    trace(f"empty: {error_of(queue.get_nowait)}")


@scenario
async def capacity_of_zero_or_less_is_none(trace):
    for capacity in (0, -3):
        queue = asyncio.Queue(capacity)
        for number in range(100):
            queue.put_nowait(number)
        trace(f"capacity {queue.maxsize} size {queue.qsize()} full {queue.full()}")


@scenario
async def put_and_get_that_need_not_wait_do_not_suspend(trace):
    queue = asyncio.Queue(1)
    asyncio.get_running_loop().call_soon(trace, "callback")
    await queue.put("a")
    trace(f"got {await queue.get()}")
    await asyncio.sleep(0)


@scenario
async def getter_waits_for_an_item(trace):
    queue = asyncio.Queue()
    task = asyncio.create_task(get(queue, trace, "getter"))
    await asyncio.sleep(0)
    trace("puts")
    queue.put_nowait("item")
    trace(f"size {queue.qsize()}")
    await task
    trace(f"size {queue.qsize()}")


@scenario
async def putter_waits_for_room(trace):
    queue = asyncio.Queue(1)
    await put(queue, trace, "a")
    task = asyncio.create_task(put(queue, trace, "b"))
    await spin(2)
    trace(f"putter {outcome(task)}")
    trace(f"got {queue.get_nowait()}")
    await task
    trace(f"items {drain(queue)}")


@scenario
async def getters_are_served_in_order(trace):
    queue = asyncio.Queue()
    tasks = [asyncio.create_task(get(queue, trace, name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    for item in (1, 2, 3):
        queue.put_nowait(item)
    for task in tasks:
        await task


@scenario
async def putters_are_served_in_order(trace):
    queue = asyncio.Queue(1)
    queue.put_nowait(0)
    tasks = [asyncio.create_task(put(queue, trace, number)) for number in (1, 2, 3)]
    await asyncio.sleep(0)
    for _ in range(4):
        trace(f"got {await queue.get()}")
        await spin(2)
    for task in tasks:
        await task


@scenario
async def wake_up_takes_one_iteration(trace):
    queue = asyncio.Queue()
    task = asyncio.create_task(get(queue, trace, "getter"))
    await asyncio.sleep(0)
    ticks = asyncio.create_task(ticker(trace, 3))
    queue.put_nowait("item")
    await task
    await ticks


@scenario
async def newcomer_may_take_the_item_of_a_woken_getter(trace):
    """Who was woken looks again when it runs, and waits on."""
    queue = asyncio.Queue()
    task = asyncio.create_task(get(queue, trace, "waiter"))
    await asyncio.sleep(0)
    queue.put_nowait("first")
    trace(f"newcomer got {await queue.get()}")
    await spin(2)
    trace(f"waiter {outcome(task)}")
    queue.put_nowait("second")
    await task


@scenario
async def newcomer_may_take_the_room_of_a_woken_putter(trace):
    queue = asyncio.Queue(1)
    queue.put_nowait("a")
    task = asyncio.create_task(put(queue, trace, "waiter's"))
    await asyncio.sleep(0)
    queue.get_nowait()
    queue.put_nowait("newcomer's")
    await spin(2)
    trace(f"waiter {outcome(task)}")
    trace(f"got {queue.get_nowait()}")
    await task


@scenario
async def producer_and_consumer_with_room_for_one(trace):
    queue = asyncio.Queue(1)

    async def produce():
        for number in range(4):
            await queue.put(number)
            trace(f"put {number}")

    async def consume():
        for _ in range(4):
            trace(f"got {await queue.get()}")

    producer = asyncio.create_task(produce())
    consumer = asyncio.create_task(consume())
    await producer
    await consumer


@scenario
async def workers_share_the_items(trace):
    queue = asyncio.Queue()
    for number in range(6):
        queue.put_nowait(number)

    async def worker(name):
        while True:
            item = await queue.get()
            trace(f"{name} has {item}")
            await spin(item % 2 + 1)
            queue.task_done()

    workers = [asyncio.create_task(worker(name)) for name in ("a", "b")]
    await queue.join()
    trace("joined")
    for each in workers:
        each.cancel()
        trace(await attempt(each))


@scenario
async def waiting_getters_of_a_priority_queue(trace):
    queue = asyncio.PriorityQueue()
    tasks = [asyncio.create_task(get(queue, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    for item in (3, 1, 2):
        queue.put_nowait(item)
    for task in tasks:
        await task
    trace(f"items {drain(queue)}")


@scenario
async def cancelled_getter_is_skipped(trace):
    """#147."""
    queue = asyncio.Queue()
    tasks = [asyncio.create_task(get(queue, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    tasks[0].cancel()
    queue.put_nowait("item")
    trace(f"a: {await attempt(tasks[0])}")
    await tasks[1]
    trace(f"size {queue.qsize()}")


@scenario
async def item_offered_to_a_cancelled_getter_goes_to_the_next(trace):
    """#148. Woken, then cancelled before it ran."""
    queue = asyncio.Queue()
    tasks = [asyncio.create_task(get(queue, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    queue.put_nowait("item")
    tasks[0].cancel()
    trace(f"a: {await attempt(tasks[0])}")
    await tasks[1]
    trace(f"size {queue.qsize()}")


@scenario
async def item_offered_to_the_only_getter_stays_when_that_is_cancelled(trace):
    """#148."""
    queue = asyncio.Queue()
    task = asyncio.create_task(get(queue, trace, "getter"))
    await asyncio.sleep(0)
    queue.put_nowait("item")
    task.cancel()
    trace(await attempt(task))
    trace(f"items {drain(queue)}")


@scenario
async def cancelled_putter_is_skipped(trace):
    """#149."""
    queue = asyncio.Queue(1)
    queue.put_nowait("a")
    tasks = [asyncio.create_task(put(queue, trace, item)) for item in ("b", "c")]
    await asyncio.sleep(0)
    tasks[0].cancel()
    trace(f"got {queue.get_nowait()}")
    trace(f"b: {await attempt(tasks[0])}")
    await tasks[1]
    trace(f"items {drain(queue)}")


@scenario
async def room_offered_to_a_cancelled_putter_goes_to_the_next(trace):
    """#149, #151. Woken, no longer in the queue of waiters, then cancelled before it ran."""
    queue = asyncio.Queue(1)
    queue.put_nowait("a")
    tasks = [asyncio.create_task(put(queue, trace, item)) for item in ("b", "c")]
    await asyncio.sleep(0)
    trace(f"got {queue.get_nowait()}")
    tasks[0].cancel()
    trace(f"b: {await attempt(tasks[0])}")
    await tasks[1]
    trace(f"items {drain(queue)}")


@scenario
async def timeout_on_getting_loses_nothing(trace):
    queue = asyncio.Queue()
    trace(await attempt(asyncio.wait_for(queue.get(), 0.01)))
    queue.put_nowait("item")
    trace(await attempt(asyncio.wait_for(queue.get(), 0.01)))


@scenario
async def too_many_task_done(trace):
    queue = asyncio.Queue()
    trace(error_of(queue.task_done))
    queue.put_nowait(1)
    queue.get_nowait()
    queue.task_done()
    trace(error_of(queue.task_done))


@scenario
async def join_of_a_queue_that_was_never_used(trace):
    asyncio.get_running_loop().call_soon(trace, "callback")
    await asyncio.Queue().join()
    trace("joined at once")
    await asyncio.sleep(0)


@scenario
async def join_waits_for_task_done_not_for_get(trace):
    queue = asyncio.Queue()
    queue.put_nowait("a")
    queue.put_nowait("b")
    joiner = asyncio.create_task(queue.join())
    await asyncio.sleep(0)
    trace(f"items {drain(queue)}")
    await spin(2)
    trace(f"joiner {outcome(joiner)}")
    queue.task_done()
    await spin(2)
    trace(f"joiner {outcome(joiner)}")
    queue.task_done()
    await joiner
    trace("joined")


@scenario
async def items_put_after_the_join_began_count_too(trace):
    queue = asyncio.Queue()
    queue.put_nowait("a")
    joiner = asyncio.create_task(queue.join())
    await asyncio.sleep(0)
    queue.put_nowait("b")
    queue.task_done()
    await spin(2)
    trace(f"joiner {outcome(joiner)}")
    queue.task_done()
    await joiner
    trace(f"joined, items {drain(queue)}")


@scenario
async def shutdown_of_an_empty_queue(trace):
    queue = asyncio.Queue()
    queue.shutdown()
    trace(f"put: {await attempt(queue.put(1))}")
    trace(f"put_nowait: {error_of(lambda: queue.put_nowait(1))}")
    trace(f"get: {await attempt(queue.get())}")
    trace(f"get_nowait: {error_of(queue.get_nowait)}")
    await queue.join()
    trace("joined")


@scenario
async def shutdown_leaves_the_items(trace):
    """#152. They can be taken, and join still needs their task_done."""
    queue = asyncio.Queue()
    queue.put_nowait("a")
    queue.put_nowait("b")
    queue.shutdown()
    trace(f"put: {await attempt(queue.put('c'))}")
    joiner = asyncio.create_task(queue.join())
    trace(f"get: {await attempt(queue.get())}")
    trace(f"get_nowait: {queue.get_nowait()}")
    trace(f"get: {await attempt(queue.get())}")
    queue.task_done()
    await spin(2)
    trace(f"joiner {outcome(joiner)}")
    queue.task_done()
    await joiner
    trace("joined")


@scenario
async def shutdown_releases_waiting_getters(trace):
    queue = asyncio.Queue()
    tasks = [asyncio.create_task(get(queue, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    queue.shutdown()
    for task in tasks:
        trace(await attempt(task))


@scenario
async def shutdown_releases_waiting_putters(trace):
    """#152."""
    queue = asyncio.Queue(1)
    queue.put_nowait("a")
    tasks = [asyncio.create_task(put(queue, trace, item)) for item in ("b", "c")]
    await asyncio.sleep(0)
    queue.shutdown()
    for task in tasks:
        trace(await attempt(task))
    trace(f"items {drain(queue)}")


@scenario
async def putter_woken_before_the_shutdown(trace):
    """It had been given room, but did not run before the shutdown."""
    queue = asyncio.Queue(1)
    queue.put_nowait("a")
    task = asyncio.create_task(put(queue, trace, "b"))
    await asyncio.sleep(0)
    queue.get_nowait()
    queue.shutdown()
    trace(await attempt(task))
    trace(f"items {drain(queue)}")


@scenario
async def getter_woken_before_the_shutdown(trace):
    queue = asyncio.Queue()
    tasks = [asyncio.create_task(get(queue, trace, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    queue.put_nowait("item")
    queue.shutdown()
    for task in tasks:
        trace(await attempt(task))


@scenario
async def immediate_shutdown_discards_the_items(trace):
    """Each counts as done."""
    queue = asyncio.Queue()
    for item in ("a", "b", "c"):
        queue.put_nowait(item)
    joiner = asyncio.create_task(queue.join())
    await asyncio.sleep(0)
    queue.shutdown(immediate=True)
    trace(f"size {queue.qsize()}")
    await joiner
    trace("joined")
    trace(f"get: {await attempt(queue.get())}")
    trace(f"task_done: {error_of(queue.task_done)}")


@scenario
async def immediate_shutdown_with_unfinished_items(trace):
    """#153. join waits for those already taken."""
    queue = asyncio.Queue()
    queue.put_nowait("a")
    queue.put_nowait("b")
    trace(f"got {await queue.get()}")
    joiner = asyncio.create_task(queue.join())
    await asyncio.sleep(0)
    queue.shutdown(immediate=True)
    await spin(2)
    trace(f"joiner {outcome(joiner)} size {queue.qsize()}")
    queue.task_done()
    await joiner
    trace("joined")


@scenario
async def shutdown_twice_the_second_time_immediate(trace):
    queue = asyncio.Queue()
    queue.put_nowait("a")
    queue.shutdown()
    queue.shutdown()
    trace(f"size {queue.qsize()}")
    queue.shutdown(immediate=True)
    trace(f"size {queue.qsize()}")
    trace(f"get: {await attempt(queue.get())}")


@scenario
async def workers_end_by_shutdown(trace):
    """The idiom: consume until the queue is shut down."""
    queue = asyncio.Queue()

    async def worker(name):
        try:
            while True:
                item = await queue.get()
                trace(f"{name} has {item}")
                await asyncio.sleep(0)
                queue.task_done()
        except asyncio.QueueShutDown as exc:
            trace(f"{name}: {kind(exc)}")

    workers = [asyncio.create_task(worker(name)) for name in ("a", "b")]
    for number in range(3):
        await queue.put(number)
    queue.shutdown()
    for each in workers:
        await each


@scenario
async def hundred_items_through_a_narrow_queue(trace):
    queue = asyncio.Queue(3)
    received = []

    async def produce(first):
        for number in range(first, first + 50):
            await queue.put(number)

    async def consume():
        for _ in range(50):
            received.append(await queue.get())

    await asyncio.gather(produce(0), produce(100), consume(), consume())
    trace(f"received {len(received)} different {len(set(received))} left {queue.qsize()}")
    trace(f"first ten {show(received[:10])}")


@scenario
def queue_used_under_a_second_loop(trace):
    """#135. A mismatch is found only when somebody has to wait."""
    queue = asyncio.Queue()

    async def contend():
        task = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        queue.put_nowait("item")
        trace(await attempt(task))

    async def uncontended():
        queue.put_nowait("item")
        trace(f"got {await queue.get()}")
        trace(await attempt(queue.get()))

    asyncio.run(contend())
    asyncio.run(uncontended())
