"""Tasks: results, names, registry, current task, callbacks, reports about what nobody retrieved."""

import asyncio

from harness import (attempt, collect_garbage, error_of, kind, names, outcome, scenario, show, spin,
                     trace_errors)


@scenario
async def result_of_a_task(trace):
    async def body():
        return 42

    task = asyncio.create_task(body())
    trace(outcome(task))
    trace(f"awaited {await task}")
    trace(outcome(task))
    trace(f"exception {show(task.exception())}")
    trace(f"cancelled {task.cancelled()}")


@scenario
async def failure_of_a_task(trace):
    async def body():
        raise ZeroDivisionError()

    task = asyncio.create_task(body())
    trace(await attempt(task))
    trace(f"result: {error_of(task.result)}")
    trace(f"exception: {kind(task.exception())}")
    trace(f"done {task.done()} cancelled {task.cancelled()}")


@scenario
async def failed_task_raises_the_same_exception_at_each_await(trace):
    original = ValueError("v")

    async def body():
        raise original

    task = asyncio.create_task(body())
    for number in range(3):
        try:
            await task
        except ValueError as exc:
            trace(f"await {number}: same {exc is original}")
    trace(f"exception(): same {task.exception() is original}")


@scenario
async def several_waiters_of_one_task_resume_in_order(trace):
    gate = asyncio.get_running_loop().create_future()

    async def body():
        return await gate

    task = asyncio.create_task(body())

    async def waiter(name):
        trace(f"{name} got {await task}")

    waiters = [asyncio.create_task(waiter(name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    gate.set_result("it")
    await waiters[2]
    trace(f"done {show([each.done() for each in waiters])}")


@scenario
async def task_created_by_ensure_future(trace):
    """#5. A coroutine becomes a task; a future and a task come back unchanged."""

    async def body():
        return "made"

    task = asyncio.ensure_future(body())
    trace(f"same task: {asyncio.ensure_future(task) is task}")
    future = asyncio.get_running_loop().create_future()
    trace(f"same future: {asyncio.ensure_future(future) is future}")
    trace(await attempt(task))


@scenario
async def ensure_future_with_another_loop_is_an_error(trace):
    """#5."""
    other = asyncio.new_event_loop()
    future = asyncio.get_running_loop().create_future()
    trace(error_of(lambda: asyncio.ensure_future(future, loop=other)))
    trace(error_of(lambda: asyncio.ensure_future(future, loop=asyncio.get_running_loop())))
    other.close()


@scenario
async def coroutine_that_returns_a_future_gives_the_future(trace):
    """#57. It is not awaited implicitly."""
    future = asyncio.get_running_loop().create_future()

    async def body():
        return future

    got = await asyncio.create_task(body())
    trace(f"same: {got is future} done: {got.done()}")


@scenario
async def default_names_count_upwards(trace):
    """#9. Task-N, N one more each time."""

    async def body():
        pass

    tasks = [asyncio.create_task(body()) for _ in range(3)]
    numbers = [int(task.get_name().removeprefix("Task-")) for task in tasks]
    trace(f"differences: {numbers[1] - numbers[0]} {numbers[2] - numbers[1]}")
    trace(f"prefix: {tasks[0].get_name().startswith('Task-')}")
    for task in tasks:
        await task


@scenario
async def names_can_be_given_and_changed(trace):
    """#10 (numbers as names have no counterpart)."""

    async def body():
        trace(f"inside: {asyncio.current_task().get_name()}")

    task = asyncio.create_task(body(), name="first")
    trace(task.get_name())
    task.set_name("second")
    trace(task.get_name())
    await task
    task.set_name("after")
    trace(task.get_name())


@scenario
async def current_task_is_the_one_being_stepped(trace):
    """#58."""

    async def body(name):
        for _ in range(2):
            trace(f"{name}: {asyncio.current_task().get_name()}")
            await asyncio.sleep(0)

    first = asyncio.create_task(body("a"), name="A")
    second = asyncio.create_task(body("b"), name="B")
    await first
    await second
    trace(f"main is current: {asyncio.current_task() not in (first, second)}")


@scenario
async def current_task_is_none_in_a_callback(trace):
    """#58."""
    loop = asyncio.get_running_loop()

    def callback():
        trace(f"in a callback: {asyncio.current_task() is None}")

    loop.call_soon(callback)
    await asyncio.sleep(0)
    future = loop.create_future()
    future.add_done_callback(lambda _: callback())
    future.set_result(None)
    await asyncio.sleep(0)
    trace(f"in main: {asyncio.current_task() is None}")


@scenario
def current_task_without_a_loop_is_an_error(trace):
    trace(error_of(asyncio.current_task))
    loop = asyncio.new_event_loop()
    trace(f"of an idle loop: {show(asyncio.current_task(loop))}")
    loop.close()


@scenario
async def awaited_coroutine_belongs_to_the_current_task(trace):
    main = asyncio.current_task()

    async def inner():
        trace(f"same: {asyncio.current_task() is main}")
        await asyncio.sleep(0)
        trace(f"same after a suspension: {asyncio.current_task() is main}")

    await inner()


@scenario
async def all_tasks_are_those_not_done(trace):
    asyncio.current_task().set_name("main")

    async def body(turns):
        await spin(turns)

    first = asyncio.create_task(body(1), name="a")
    second = asyncio.create_task(body(2), name="b")
    trace(f"created: {names(asyncio.all_tasks())}")
    await asyncio.sleep(0)
    trace(f"started: {names(asyncio.all_tasks())}")
    await first
    trace(f"first awaited: {names(asyncio.all_tasks())}")
    await second
    trace(f"both awaited: {names(asyncio.all_tasks())}")


@scenario
def all_tasks_of_an_idle_loop(trace):
    loop = asyncio.new_event_loop()

    async def body():
        await asyncio.sleep(0)

    trace(f"before: {names(asyncio.all_tasks(loop))}")
    task = loop.create_task(body(), name="a")
    trace(f"created: {names(asyncio.all_tasks(loop))}")
    loop.run_until_complete(task)
    trace(f"finished: {names(asyncio.all_tasks(loop))}")
    trace(f"without a loop: {error_of(asyncio.all_tasks)}")
    loop.close()


@scenario
async def task_refuses_a_result_from_outside(trace):
    """#54."""

    async def body():
        return "own"

    task = asyncio.create_task(body())
    trace(f"set_result: {error_of(lambda: task.set_result(1))}")
    trace(f"set_exception: {error_of(lambda: task.set_exception(ValueError()))}")
    trace(await attempt(task))
    trace(f"set_result when done: {error_of(lambda: task.set_result(1))}")


@scenario
async def done_callbacks_of_a_task_run_in_order_before_its_waiter(trace):
    async def body():
        trace("body")
        return "r"

    task = asyncio.create_task(body())
    task.add_done_callback(lambda done: trace(f"callback 1: {done.result()}"))
    task.add_done_callback(lambda done: trace(f"callback 2, same: {done is task}"))
    trace(f"awaited {await task}")


@scenario(handler=True)
async def task_whose_failure_nobody_retrieved_is_reported(trace):
    async def body():
        raise ZeroDivisionError()

    def abandon():
        asyncio.create_task(body())

    abandon()
    await spin(2)
    await collect_garbage()
    trace("end")


@scenario(handler=True)
async def cancelling_a_failed_task_silences_the_report(trace):
    """#69. cancel() of a finished task gives False, and marks its exception as seen."""

    async def body():
        raise ZeroDivisionError()

    async def use():
        task = asyncio.create_task(body())
        await spin(2)
        trace(f"cancel: {task.cancel()}")

    await use()
    await collect_garbage()
    trace("end")


@scenario
async def failure_passes_from_task_to_task(trace):
    async def leaf():
        raise KeyError("k")

    async def middle():
        try:
            await asyncio.create_task(leaf())
        finally:
            trace("middle finally")

    async def top():
        try:
            await asyncio.create_task(middle())
        except KeyError as exc:
            trace(f"top caught {kind(exc)}")
            raise ValueError("translated") from exc

    task = asyncio.create_task(top())
    trace(await attempt(task))
    trace(f"cause {kind(task.exception().__cause__)}")


@scenario
def create_task_without_a_running_loop_is_an_error(trace):
    async def body():
        trace("never")

    coroutine = body()
    trace(error_of(lambda: asyncio.create_task(coroutine)))
    coroutine.close()


@scenario
def loop_creates_tasks_while_it_is_idle(trace):
    """They start when it runs."""
    loop = asyncio.new_event_loop()

    async def body(name):
        trace(name)
        await asyncio.sleep(0)
        trace(f"{name} ends")

    first = loop.create_task(body("a"))
    second = loop.create_task(body("b"))
    trace("idle")
    trace(f"loop of the task: {first.get_loop() is loop}")
    loop.run_until_complete(second)
    trace(f"done {first.done()} {second.done()}")
    loop.close()


@scenario
def interrupt_in_a_task_leaves_the_loop_and_stays_in_the_task(trace):
    """A KeyboardInterrupt in a step is the task's exception and comes out of the loop as well."""
    loop = asyncio.new_event_loop()
    trace_errors(trace, loop)

    async def body():
        trace("body")
        raise KeyboardInterrupt

    async def bystander():
        trace("bystander starts")
        await asyncio.sleep(0)
        trace("bystander ends")

    task = loop.create_task(body())
    other = loop.create_task(bystander())
    trace(error_of(loop.run_forever))
    trace(f"task {kind(task.exception())} bystander {outcome(other)}")
    loop.run_until_complete(other)
    trace(f"bystander {outcome(other)}")
    loop.close()


@scenario
def tasks_survive_when_the_loop_stops_and_starts_again(trace):
    loop = asyncio.new_event_loop()

    async def body():
        for number in range(3):
            trace(f"step {number}")
            await asyncio.sleep(0)

    task = loop.create_task(body())
    for run in range(3):
        trace(f"run {run}")
        loop.stop()
        loop.run_forever()
    trace(f"done {task.done()}")
    loop.run_until_complete(task)
    trace(f"done {task.done()}")
    loop.close()


@scenario
async def task_factory_makes_the_tasks(trace):
    loop = asyncio.get_running_loop()
    trace(f"default: {show(loop.get_task_factory())}")

    def factory(loop, coroutine, **options):
        trace("factory")
        return asyncio.Task(coroutine, loop=loop, **options)

    async def body(name):
        trace(f"body {name}")

    loop.set_task_factory(factory)
    trace(f"set: {loop.get_task_factory() is factory}")
    task = asyncio.create_task(body("a"), name="n")
    trace(f"name {task.get_name()}")
    await task
    await asyncio.gather(body("b"))
    await asyncio.wait_for(body("c"), 100)
    loop.set_task_factory(None)
    await asyncio.create_task(body("d"))


@scenario
async def task_that_nobody_refers_to_goes_on(trace):
    """What it waits for keeps it alive."""
    gate = asyncio.Event()

    async def body():
        await gate.wait()
        trace("task ends")

    def abandon():
        asyncio.create_task(body())

    abandon()
    await collect_garbage()
    trace("collected")
    gate.set()
    await spin(2)
    trace("end")
