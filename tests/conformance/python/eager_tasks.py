"""Eager tasks: the first step inside create_task."""

import asyncio
import contextvars

from harness import attempt, collect_garbage, names, outcome, scenario, show, spin, ticker


def eager():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)


@scenario
async def first_step_runs_inside_create_task(trace):
    eager()

    async def body():
        trace("first step")
        await asyncio.sleep(0)
        trace("second step")
        return "r"

    task = asyncio.create_task(body())
    trace(f"created, done {task.done()}")
    trace(await attempt(task))


@scenario
async def task_that_does_not_suspend_is_done_at_once(trace):
    eager()

    async def body():
        return "r"

    task = asyncio.create_task(body())
    trace(f"done {task.done()}: {outcome(task)}")


@scenario
async def awaiting_a_task_that_is_done_at_once_does_not_suspend(trace):
    eager()

    async def body():
        return "r"

    asyncio.get_running_loop().call_soon(trace, "callback")
    trace(f"awaited {await asyncio.create_task(body())}")
    await asyncio.sleep(0)


@scenario
async def failure_in_the_first_step_stays_in_the_task(trace):
    eager()

    async def body():
        raise ZeroDivisionError

    task = asyncio.create_task(body())
    trace(f"created, done {task.done()}")
    trace(await attempt(task))


@scenario(handler=True)
async def failure_in_the_first_step_that_nobody_retrieves(trace):
    eager()

    async def body():
        raise ZeroDivisionError

    def abandon():
        asyncio.create_task(body())

    abandon()
    await collect_garbage()
    trace("end")


@scenario
async def cancelled_after_it_was_done_at_once(trace):
    """#198. No effect."""
    eager()

    async def body():
        return "r"

    task = asyncio.create_task(body())
    trace(f"cancel {task.cancel('m')}")
    trace(await attempt(task))


@scenario
async def cancelled_after_its_first_step(trace):
    """Delivered with the message."""
    eager()

    async def body():
        try:
            await asyncio.sleep(60)
        finally:
            trace("interrupted")

    task = asyncio.create_task(body())
    trace(f"cancel {task.cancel('m')}")
    trace(await attempt(task))


@scenario
async def cancels_itself_in_its_first_step(trace):
    eager()

    async def body():
        asyncio.current_task().cancel("self")
        await asyncio.sleep(0)
        trace("never")

    task = asyncio.create_task(body())
    trace(f"created, done {task.done()}")
    trace(await attempt(task))


@scenario
async def cancels_itself_and_returns_in_its_first_step(trace):
    eager()

    async def body():
        asyncio.current_task().cancel("self")
        return "lost"

    task = asyncio.create_task(body())
    trace(f"created, done {task.done()} cancelled {task.cancelled()}")
    trace(await attempt(task))


@scenario
async def current_task_switches_and_returns(trace):
    eager()
    main = asyncio.current_task()

    async def body():
        trace(f"inside: main {asyncio.current_task() is main}")
        await asyncio.sleep(0)
        trace(f"later: main {asyncio.current_task() is main}")
        return asyncio.current_task()

    task = asyncio.create_task(body())
    trace(f"after: main {asyncio.current_task() is main}")
    trace(f"same {await task is task}")


@scenario
async def visible_among_all_tasks_during_its_first_step(trace):
    """#199. And no longer when it is done."""
    eager()
    counts = []

    async def body():
        counts.append(len(asyncio.all_tasks()))

    task = asyncio.create_task(body())
    counts.append(len(asyncio.all_tasks()))
    trace(f"during {counts[0]} after {counts[1]} done {task.done()}")


@scenario
async def first_step_has_a_context_of_its_own(trace):
    """#200."""
    eager()
    var = contextvars.ContextVar("variable", default="default")
    var.set("creator")

    async def body():
        trace(f"task sees {var.get()}")
        var.set("task")
        await asyncio.sleep(0)
        trace(f"task sees {var.get()}")

    task = asyncio.create_task(body())
    trace(f"creator sees {var.get()}")
    await task


@scenario
async def first_step_in_a_given_context(trace):
    eager()
    var = contextvars.ContextVar("variable", default="default")
    context = contextvars.copy_context()

    async def body():
        var.set("task")

    asyncio.create_task(body(), context=context)
    trace(f"context {context[var]} creator {var.get()}")


@scenario
async def coroutine_of_a_task_that_was_done_at_once(trace):
    """#201. There is none any more; one that suspended has one."""
    eager()

    async def quick():
        pass

    async def slow():
        await asyncio.sleep(0)

    trace(f"none {asyncio.create_task(quick()).get_coro() is None}")
    task = asyncio.create_task(slow())
    trace(f"none {task.get_coro() is None}")
    await task


@scenario
async def done_callback_of_a_task_that_was_done_at_once_is_queued(trace):
    eager()

    async def body():
        return "r"

    task = asyncio.create_task(body())
    task.add_done_callback(lambda done: trace(f"callback {outcome(done)}"))
    trace("registered")
    await asyncio.sleep(0)
    trace("end")


@scenario
async def nested_creation_goes_depth_first(trace):
    eager()

    async def node(name, depth):
        trace(f"{name} starts")
        if depth > 0:
            for child in ("l", "r"):
                asyncio.create_task(node(name + child, depth - 1))
        trace(f"{name} ends")

    await asyncio.create_task(node("n", 2))


@scenario
async def eager_step_may_wake_others_but_not_run_them(trace):
    eager()
    future = asyncio.get_running_loop().create_future()

    async def waiter():
        trace(f"waiter got {await future}")

    async def waker():
        trace("waker")
        future.set_result("x")

    waiting = asyncio.create_task(waiter())
    asyncio.create_task(waker())
    trace("creator")
    await waiting


@scenario
async def gathering_of_eager_children_may_be_done_at_once(trace):
    eager()

    async def give(value):
        return value

    gathering = asyncio.gather(give(1), give(2))
    trace(f"done {gathering.done()}")
    trace(f"results {show(await gathering)}")


@scenario
async def gathering_of_eager_children_of_which_one_suspends(trace):
    eager()

    async def quick():
        trace("quick")
        return 1

    async def slow():
        trace("slow starts")
        await asyncio.sleep(0)
        trace("slow ends")
        return 2

    gathering = asyncio.gather(slow(), quick())
    trace(f"done {gathering.done()}")
    trace(f"results {show(await gathering)}")


@scenario
async def gathering_with_an_eager_failure(trace):
    eager()

    async def fail():
        raise KeyError

    async def slow():
        await asyncio.sleep(0)
        trace("slow ends")

    gathering = asyncio.gather(fail(), slow())
    trace(f"done {gathering.done()}")
    trace(await attempt(gathering))
    await spin(2)


@scenario
async def wait_for_eager_tasks(trace):
    eager()

    async def body(name, turns):
        await spin(turns)
        return name

    tasks = [asyncio.create_task(body("a", 0), name="a"), asyncio.create_task(body("b", 4), name="b")]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    trace(f"done {names(done)} pending {names(pending)}")
    await tasks[1]


@scenario
async def as_completed_with_eager_tasks(trace):
    eager()

    async def body(name, turns):
        await spin(turns)
        return name

    tasks = [asyncio.create_task(body(name, turns)) for name, turns in (("a", 4), ("b", 0), ("c", 2))]
    async for task in asyncio.as_completed(tasks):
        trace(await task)


@scenario
async def group_with_eager_children(trace):
    eager()

    async def child(name, turns):
        trace(f"{name} starts")
        await spin(turns)
        trace(f"{name} ends")

    async with asyncio.TaskGroup() as group:
        group.create_task(child("a", 0))
        group.create_task(child("b", 2))
        trace("body ends")
    trace("left")


@scenario
async def eager_task_takes_one_iteration_less(trace):
    async def body(name):
        trace(f"{name} starts")
        await asyncio.sleep(0)
        trace(f"{name} ends")

    ticks = asyncio.create_task(ticker(trace, 5))
    await asyncio.sleep(0)
    lazy = asyncio.create_task(body("lazy"))
    eager()
    prompt = asyncio.create_task(body("eager"))
    await lazy
    await prompt
    await ticks


@scenario
def main_task_is_never_eager(trace):
    """The loop does not run yet when it is created."""

    def make():
        loop = asyncio.new_event_loop()
        loop.set_task_factory(asyncio.eager_task_factory)
        return loop

    async def main():
        trace("main")

    loop = make()
    task = loop.create_task(main())
    trace(f"created, done {task.done()}")
    loop.run_until_complete(task)
    loop.close()
    asyncio.run(main(), loop_factory=make)


@scenario
async def factory_for_a_given_constructor(trace):
    made = []

    def construct(coroutine, **options):
        trace("constructor")
        made.append(asyncio.Task(coroutine, **options))
        return made[-1]

    async def body():
        trace("body")

    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.create_eager_task_factory(construct))
    task = asyncio.create_task(body())
    loop.set_task_factory(None)
    trace(f"same {task is made[0]} done {task.done()}")
