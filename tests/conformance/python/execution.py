"""The execution model: FIFO, iteration boundaries, hops of completion, the order in which tasks start."""

import asyncio

from harness import attempt, error_of, kind, scenario, show, spin, ticker


@scenario
async def call_soon_is_fifo(trace):
    """Callbacks run in the order in which they were scheduled, after the current step."""
    loop = asyncio.get_running_loop()
    for name in ("a", "b", "c"):
        loop.call_soon(trace, name)
    trace("scheduled")
    await asyncio.sleep(0)
    trace("resumed")


@scenario
async def callback_scheduled_by_a_callback_waits_for_the_next_iteration(trace):
    """#187. What a callback schedules runs after everything that was ready before it."""
    loop = asyncio.get_running_loop()

    def first():
        trace("first")
        loop.call_soon(trace, "from first")

    def second():
        trace("second")
        loop.call_soon(trace, "from second")

    loop.call_soon(first)
    loop.call_soon(second)
    loop.call_soon(trace, "third")
    await asyncio.sleep(0)
    trace("main, iteration 1")
    await asyncio.sleep(0)
    trace("main, iteration 2")


@scenario
async def cancelled_handle_is_skipped(trace):
    """A handle that is cancelled before its turn never runs; cancelling twice is harmless."""
    loop = asyncio.get_running_loop()
    loop.call_soon(trace, "a")
    handle = loop.call_soon(trace, "never")
    loop.call_soon(trace, "b")
    trace(f"cancelled before: {handle.cancelled()}")
    handle.cancel()
    handle.cancel()
    trace(f"cancelled after: {handle.cancelled()}")
    await asyncio.sleep(0)
    trace("done")


@scenario
async def handle_cancelled_by_an_earlier_callback_of_the_same_iteration(trace):
    """A handle that is already in the ready queue can still be cancelled."""
    loop = asyncio.get_running_loop()
    handles = []

    def canceller():
        trace("canceller")
        handles[0].cancel()

    loop.call_soon(canceller)
    handles.append(loop.call_soon(trace, "never"))
    loop.call_soon(trace, "later")
    await asyncio.sleep(0)
    trace("done")


@scenario
async def threadsafe_callbacks_share_the_queue(trace):
    """call_soon and call_soon_threadsafe are one FIFO."""
    loop = asyncio.get_running_loop()
    loop.call_soon(trace, "a")
    loop.call_soon_threadsafe(trace, "b")
    loop.call_soon(trace, "c")
    loop.call_soon_threadsafe(trace, "d")
    await asyncio.sleep(0)
    trace("resumed")


@scenario
async def coroutine_function_runs_nothing_when_called(trace):
    """Calling makes a coroutine; its body runs at the await."""

    async def body():
        trace("body")
        return 7

    coroutine = body()
    trace("called")
    trace(f"result {await coroutine}")


@scenario
async def coroutine_closed_before_it_started_never_runs(trace):
    async def body():
        trace("never")

    coroutine = body()
    coroutine.close()
    trace("closed")
    await asyncio.sleep(0)
    trace("end")


@scenario
async def awaiting_a_coroutine_does_not_yield(trace):
    """A directly awaited coroutine runs inside the current step."""
    loop = asyncio.get_running_loop()

    async def inner():
        trace("inner")
        return "value"

    loop.call_soon(trace, "callback")
    trace(f"got {await inner()}")
    trace("still the same step")
    await asyncio.sleep(0)


@scenario
async def exception_through_nested_coroutines_does_not_yield(trace):
    loop = asyncio.get_running_loop()

    async def fail(depth):
        try:
            if depth == 0:
                raise ValueError("bottom")
            await fail(depth - 1)
        finally:
            trace(f"finally {depth}")

    loop.call_soon(trace, "callback")
    try:
        await fail(3)
    except ValueError as exc:
        trace(kind(exc))
    await asyncio.sleep(0)
    trace("end")


@scenario
async def suspension_deep_inside_resumes_inside_out(trace):
    """A leaf ten frames down suspends the whole chain once."""

    async def descend(depth):
        if depth == 0:
            trace("leaf suspends")
            await asyncio.sleep(0)
            trace("leaf resumed")
        else:
            await descend(depth - 1)
        trace(f"leaves {depth}")

    asyncio.get_running_loop().call_soon(trace, "callback")
    await descend(4)


@scenario
async def awaiting_a_finished_future_does_not_yield(trace):
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    future.set_result(3)
    loop.call_soon(trace, "callback")
    trace(f"result {await future}")
    trace(f"again {await future}")
    await asyncio.sleep(0)
    trace("end")


@scenario
async def awaiting_a_finished_task_does_not_yield(trace):
    async def body():
        trace("body")
        return 5

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(trace, "callback")
    trace(f"result {await task}")
    await asyncio.sleep(0)
    trace("end")


@scenario
async def tasks_start_in_the_order_of_their_creation(trace):
    """A task starts on the next iteration, never inside create_task."""

    async def body(name):
        trace(f"{name} starts")
        return name

    tasks = [asyncio.create_task(body(name)) for name in ("a", "b", "c")]
    trace("created")
    trace(f"done: {tasks[0].done()}")
    await asyncio.sleep(0)
    trace(f"done: {show([task.done() for task in tasks])}")


@scenario
async def tasks_and_callbacks_share_one_queue(trace):
    loop = asyncio.get_running_loop()

    async def body(name):
        trace(name)

    first = asyncio.create_task(body("task 1"))
    loop.call_soon(trace, "callback 1")
    second = asyncio.create_task(body("task 2"))
    loop.call_soon(trace, "callback 2")
    await asyncio.sleep(0)
    trace(f"done: {first.done()} {second.done()}")


@scenario
async def tasks_created_by_tasks_start_breadth_first(trace):
    tasks = []

    async def node(name, depth):
        trace(name)
        if depth > 0:
            for child in ("l", "r"):
                tasks.append(asyncio.create_task(node(name + child, depth - 1)))

    tasks.append(asyncio.create_task(node("n", 2)))
    await ticker(trace, 4)
    trace(f"tasks: {len(tasks)}")


@scenario
async def sleep_zero_interleaves_two_tasks(trace):
    async def body(name):
        for number in range(3):
            trace(f"{name}{number}")
            await asyncio.sleep(0)
        trace(f"{name} ends")

    first = asyncio.create_task(body("a"))
    second = asyncio.create_task(body("b"))
    await first
    trace("first awaited")
    await second
    trace("second awaited")


@scenario
async def sleep_zero_runs_queued_callbacks_first(trace):
    """#53. sleep(0) lets everything already queued run, and gives its result."""
    loop = asyncio.get_running_loop()
    loop.call_soon(trace, "queued 1")
    loop.call_soon(trace, "queued 2")
    result = await asyncio.sleep(0, "given")
    trace(f"result {result}")


@scenario
async def negative_sleep_yields_exactly_once(trace):
    ticks = asyncio.create_task(ticker(trace, 3))
    await asyncio.sleep(-5)
    trace("after the first")
    await asyncio.sleep(-1)
    trace("after the second")
    await ticks


@scenario
async def sleep_of_a_nan_is_an_error(trace):
    """#51."""
    trace(await attempt(asyncio.sleep(float("nan"))))


@scenario
async def completing_a_future_runs_nothing_inline(trace):
    """set_result only queues: the waiter runs on the next iteration."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    async def waiter():
        trace("waiter waits")
        trace(f"waiter got {await future}")

    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    future.set_result(1)
    trace("set")
    await asyncio.sleep(0)
    trace(f"waiter done: {task.done()}")


@scenario
async def waiters_resume_in_the_order_of_their_awaits(trace):
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    async def waiter(name):
        trace(f"{name} waits")
        await future
        trace(f"{name} resumes")

    tasks = [asyncio.create_task(waiter(name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    future.set_result(None)
    await tasks[2]
    trace("main")


@scenario
async def callbacks_and_waiters_share_the_registration_order(trace):
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    async def waiter(name):
        await future
        trace(name)

    future.add_done_callback(lambda _: trace("callback 1"))
    first = asyncio.create_task(waiter("waiter 1"))
    await asyncio.sleep(0)
    future.add_done_callback(lambda _: trace("callback 2"))
    second = asyncio.create_task(waiter("waiter 2"))
    await asyncio.sleep(0)
    future.add_done_callback(lambda _: trace("callback 3"))
    future.set_result(None)
    await second
    trace(f"first done: {first.done()}")


@scenario
async def order_of_completion_decides_among_futures(trace):
    """Waiters of different futures resume in the order in which the futures were completed."""
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(3)]

    async def waiter(number):
        await futures[number]
        trace(f"waiter {number}")

    tasks = [asyncio.create_task(waiter(number)) for number in range(3)]
    await asyncio.sleep(0)
    for number in (2, 0, 1):
        futures[number].set_result(None)
    for task in tasks:
        await task


@scenario
async def woken_task_queues_behind_what_is_ready(trace):
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    async def waiter():
        await future
        trace("waiter")

    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    loop.call_soon(trace, "before")
    future.set_result(None)
    loop.call_soon(trace, "after")
    await task
    trace("main")


@scenario
async def awaiting_a_new_task_takes_two_iterations(trace):
    """One for the task's only step, one to wake the waiter."""

    async def body():
        trace("body")

    ticks = asyncio.create_task(ticker(trace, 4))
    await asyncio.create_task(body())
    trace("awaited")
    await ticks


@scenario
async def chain_of_tasks_unwinds_one_iteration_a_task(trace):
    async def link(depth):
        trace(f"link {depth} starts")
        if depth > 0:
            await asyncio.create_task(link(depth - 1))
        trace(f"link {depth} ends")

    ticks = asyncio.create_task(ticker(trace, 9))
    await asyncio.create_task(link(3))
    trace("main")
    await ticks


@scenario
async def relay_of_futures_hops_once_each(trace):
    """Five tasks hand a token on: one iteration a hand-over."""
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(6)]

    async def relay(number):
        token = await futures[number]
        trace(f"relay {number} has {token}")
        futures[number + 1].set_result(token + 1)

    tasks = [asyncio.create_task(relay(number)) for number in range(5)]
    await asyncio.sleep(0)
    ticks = asyncio.create_task(ticker(trace, 6))
    futures[0].set_result(10)
    trace(f"end has {await futures[5]}")
    await ticks
    trace(f"done: {show([task.done() for task in tasks])}")


@scenario
async def future_of_another_loop_is_an_error(trace):
    """#3. Awaiting it fails, the task can go on."""
    other = asyncio.new_event_loop()
    foreign = other.create_future()
    trace(await attempt(foreign))
    await asyncio.sleep(0)
    trace(f"foreign done: {foreign.done()}")
    other.close()


@scenario
async def task_cannot_await_itself(trace):
    """#4."""
    tasks = []

    async def body():
        await asyncio.sleep(0)
        try:
            await tasks[0]
        except RuntimeError as exc:
            trace(f"inside: {kind(exc)}")
        return "went on"

    tasks.append(asyncio.create_task(body()))
    trace(await attempt(tasks[0]))


@scenario
async def awaiting_a_coroutine_that_a_task_drives_is_an_error(trace):
    """#204."""

    async def body():
        trace("body starts")
        await spin(2)
        return "body ends"

    coroutine = body()
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0)
    trace(await attempt(coroutine))
    trace(await attempt(task))


@scenario
async def awaiting_a_coroutine_twice_is_an_error(trace):
    async def body():
        return 1

    coroutine = body()
    trace(f"first {await coroutine}")
    trace(f"second {await attempt(coroutine)}")


@scenario(handler=True)
async def failing_callback_does_not_stop_the_others(trace):
    loop = asyncio.get_running_loop()

    def fail():
        trace("fails")
        raise ZeroDivisionError()

    loop.call_soon(trace, "before")
    loop.call_soon(fail)
    loop.call_soon(trace, "after")
    await asyncio.sleep(0)
    trace("main goes on")


@scenario
async def timer_due_now_runs_after_what_was_ready(trace):
    """A delay of zero is a timer: it joins the next iteration behind the ready callbacks."""
    loop = asyncio.get_running_loop()
    loop.call_later(0, trace, "timer")
    loop.call_soon(trace, "soon 1")
    loop.call_soon(trace, "soon 2")
    await asyncio.sleep(0)
    trace("main, iteration 1")
    await asyncio.sleep(0)
    trace("main, iteration 2")


@scenario
async def running_loop_is_known_inside(trace):
    """get_running_loop gives the loop, in callbacks too."""
    loop = asyncio.get_running_loop()
    trace(f"same: {asyncio.get_running_loop() is loop}")

    def callback():
        trace(f"in a callback: {asyncio.get_running_loop() is loop}")

    loop.call_soon(callback)
    await asyncio.sleep(0)


@scenario
def no_running_loop_without_run(trace):
    trace(error_of(asyncio.get_running_loop))
    loop = asyncio.new_event_loop()
    trace(error_of(asyncio.get_running_loop))
    loop.close()
