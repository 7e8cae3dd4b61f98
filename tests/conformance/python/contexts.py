"""Contexts: which context each piece of code runs in, and who sees whose writes."""

import asyncio
import contextvars

from harness import attempt, scenario, spin


def variable():
    return contextvars.ContextVar("variable", default="default")


@scenario
async def task_has_a_snapshot_taken_at_its_creation(trace):
    """#74."""
    var = variable()
    var.set("before")

    async def body():
        trace(f"task sees {var.get()}")
        await asyncio.sleep(0)
        trace(f"task still sees {var.get()}")

    task = asyncio.create_task(body())
    var.set("after")
    await task


@scenario
async def writes_of_a_task_stay_inside(trace):
    """#74."""
    var = variable()

    async def body():
        var.set("written by the task")
        await asyncio.sleep(0)
        trace(f"task sees {var.get()}")

    await asyncio.create_task(body())
    trace(f"creator sees {var.get()}")


@scenario
async def awaited_coroutine_that_suspends_shares_the_context_both_ways(trace):
    var = variable()

    async def body():
        await asyncio.sleep(0)
        trace(f"coroutine sees {var.get()}")
        var.set("written after a suspension")
        await asyncio.sleep(0)

    var.set("written by the caller")
    await body()
    trace(f"caller sees {var.get()}")


@scenario
async def tasks_do_not_see_each_other(trace):
    var = variable()

    async def body(name):
        for number in range(2):
            var.set(f"{name}{number}")
            await asyncio.sleep(0)
            trace(f"{name} sees {var.get()}")

    await asyncio.gather(body("a"), body("b"))
    trace(f"main sees {var.get()}")


@scenario
async def task_with_a_given_context_shares_it(trace):
    """#76. Successive tasks accumulate their writes."""
    var = contextvars.ContextVar("number", default=0)
    context = contextvars.copy_context()

    async def body():
        var.set(var.get() + 1)
        await asyncio.sleep(0)
        return var.get()

    for _ in range(3):
        trace(f"task: {await asyncio.create_task(body(), context=context)}")
    trace(f"context: {context[var]} main: {var.get()}")


@scenario
async def context_of_a_task(trace):
    context = contextvars.copy_context()

    async def body():
        pass

    given = asyncio.create_task(body(), context=context)
    own = asyncio.create_task(body())
    trace(f"same {given.get_context() is context}")
    trace(f"another {own.get_context() is not context}")
    await given
    await own


@scenario
async def callback_has_a_snapshot_taken_when_it_was_scheduled(trace):
    loop = asyncio.get_running_loop()
    var = variable()

    def callback(name):
        trace(f"{name} sees {var.get()}")
        var.set(f"written by {name}")

    var.set("one")
    loop.call_soon(callback, "call_soon")
    var.set("two")
    loop.call_later(0, callback, "call_later")
    var.set("three")
    loop.call_soon_threadsafe(callback, "call_soon_threadsafe")
    var.set("four")
    loop.call_at(loop.time() + 0.02, callback, "call_at")
    var.set("main's own")
    await asyncio.sleep(0.04)
    trace(f"main sees {var.get()}")


@scenario
async def callback_with_a_given_context(trace):
    loop = asyncio.get_running_loop()
    var = variable()
    context = contextvars.copy_context()

    def callback(name):
        trace(f"{name} sees {var.get()}")
        var.set(f"written by {name}")

    loop.call_soon(callback, "first", context=context)
    loop.call_soon(callback, "second", context=context)
    loop.call_soon(callback, "third")
    await asyncio.sleep(0)
    trace(f"context {context[var]} main {var.get()}")


@scenario
async def context_of_a_handle(trace):
    loop = asyncio.get_running_loop()
    context = contextvars.copy_context()
    handle = loop.call_soon(lambda: None, context=context)
    timer = loop.call_later(0, lambda: None, context=context)
    trace(f"same {handle.get_context() is context} {timer.get_context() is context}")
    await spin(2)


@scenario
async def done_callback_has_a_snapshot_taken_at_its_registration(trace):
    future = asyncio.get_running_loop().create_future()
    var = variable()
    var.set("at registration")
    future.add_done_callback(lambda _: trace(f"callback sees {var.get()}"))
    var.set("at completion")
    future.set_result(None)
    var.set("later")
    await asyncio.sleep(0)


@scenario
async def done_callback_of_a_finished_future_has_a_snapshot_of_that_moment(trace):
    future = asyncio.get_running_loop().create_future()
    var = variable()
    future.set_result(None)
    var.set("at registration")
    future.add_done_callback(lambda _: trace(f"callback sees {var.get()}"))
    var.set("later")
    await asyncio.sleep(0)


@scenario
async def done_callback_with_a_given_context(trace):
    future = asyncio.get_running_loop().create_future()
    var = variable()
    context = contextvars.copy_context()
    context.run(var.set, "given")
    future.add_done_callback(lambda _: trace(f"callback sees {var.get()}"), context=context)
    future.set_result(None)
    await asyncio.sleep(0)


@scenario
async def done_callbacks_do_not_write_into_the_task(trace):
    """#75."""
    var = variable()

    async def body():
        var.set("task")
        await asyncio.sleep(0)
        return var.get()

    def callback(_):
        trace(f"callback sees {var.get()}")
        var.set("callback")

    context = contextvars.copy_context()
    task = asyncio.create_task(body(), context=context)
    task.add_done_callback(callback)
    trace(f"task: {await task}")
    trace(f"context {context[var]} main {var.get()}")


@scenario
async def woken_task_runs_in_its_own_context(trace):
    """Not in that of whoever woke it."""
    future = asyncio.get_running_loop().create_future()
    var = variable()

    async def waiter():
        var.set("waiter")
        await future
        trace(f"waiter sees {var.get()}")

    async def waker():
        var.set("waker")
        future.set_result(None)

    await asyncio.gather(waiter(), waker())


@scenario
async def gathered_children_have_contexts_of_their_own(trace):
    var = variable()
    var.set("parent")

    async def child(name):
        trace(f"{name} sees {var.get()}")
        var.set(name)
        await asyncio.sleep(0)
        trace(f"{name} sees {var.get()}")

    await asyncio.gather(child("a"), child("b"))
    trace(f"parent sees {var.get()}")


@scenario
async def shielded_coroutine_has_a_context_of_its_own(trace):
    var = variable()

    async def child():
        var.set("child")

    await asyncio.shield(child())
    trace(f"parent sees {var.get()}")


@scenario
async def children_of_a_group_have_contexts_of_their_own(trace):
    var = variable()
    var.set("parent")
    context = contextvars.copy_context()

    async def child(name):
        trace(f"{name} sees {var.get()}")
        var.set(name)

    async with asyncio.TaskGroup() as group:
        group.create_task(child("a"))
        group.create_task(child("b"), context=context)
    trace(f"parent sees {var.get()}, the given context {context[var]}")


@scenario
async def wait_for_runs_in_the_context_of_the_caller(trace):
    """Its writes leak out, as those of any awaited coroutine do; with a limit of zero nothing runs."""
    var = variable()

    async def write(value):
        var.set(value)

    await asyncio.wait_for(write("with a limit"), 60)
    trace(f"caller sees {var.get()}")
    await asyncio.wait_for(write("without"), None)
    trace(f"caller sees {var.get()}")
    trace(await attempt(asyncio.wait_for(write("zero"), 0)))
    trace(f"caller sees {var.get()}")


@scenario
async def executor_gets_no_context(trace):
    """The thread sees the default."""
    var = variable()
    var.set("main")
    trace(f"thread sees {await asyncio.get_running_loop().run_in_executor(None, var.get)}")


@scenario
async def to_thread_gets_a_copy(trace):
    """#202."""
    var = variable()
    var.set("main")

    def work():
        seen = var.get()
        var.set("thread")
        return seen

    trace(f"thread sees {await asyncio.to_thread(work)}")
    trace(f"main sees {var.get()}")


@scenario
async def coroutine_from_another_thread_has_the_context_of_that_thread(trace):
    loop = asyncio.get_running_loop()
    var = variable()
    var.set("main")

    async def body():
        return var.get()

    def work():
        var.set("thread")
        return asyncio.run_coroutine_threadsafe(body(), loop).result()

    trace(f"coroutine sees {await asyncio.to_thread(work)}")
    trace(f"main sees {var.get()}")


@scenario
async def exception_handler_runs_in_the_context_of_the_failing_callback(trace):
    loop = asyncio.get_running_loop()
    var = variable()
    loop.set_exception_handler(lambda *_: trace(f"handler sees {var.get()}"))

    def fail():
        raise ValueError

    context = contextvars.copy_context()
    context.run(var.set, "callback")
    loop.call_soon(fail, context=context)
    var.set("main")
    await asyncio.sleep(0)


@scenario
async def exception_handler_runs_in_the_context_of_the_failing_done_callback(trace):
    """#161."""
    loop = asyncio.get_running_loop()
    var = variable()
    loop.set_exception_handler(lambda *_: trace(f"handler sees {var.get()}"))

    def fail(_):
        raise ValueError

    future = loop.create_future()
    var.set("at registration")
    future.add_done_callback(fail)
    var.set("later")
    future.set_result(None)
    await asyncio.sleep(0)


@scenario
def exception_handler_runs_in_the_context_of_the_failing_leftover(trace):
    """#161. A task that fails during the shutdown."""
    var = variable()

    async def leftover():
        var.set("leftover")
        try:
            await asyncio.sleep(60)
        finally:
            raise ValueError

    async def main():
        var.set("main")
        asyncio.get_running_loop().set_exception_handler(lambda *_: trace(f"handler sees {var.get()}"))
        asyncio.create_task(leftover())
        await asyncio.sleep(0)

    asyncio.run(main())


@scenario
def run_works_on_a_copy(trace):
    var = variable()
    var.set("outside")

    async def main():
        trace(f"main sees {var.get()}")
        var.set("main")

    asyncio.run(main())
    trace(f"outside {var.get()}")


@scenario
async def context_entered_by_hand(trace):
    """Tasks and callbacks made inside see it."""
    loop = asyncio.get_running_loop()
    var = variable()
    context = contextvars.copy_context()
    tasks = []

    async def body():
        trace(f"task sees {var.get()}")

    def inside():
        var.set("inside")
        tasks.append(asyncio.create_task(body()))
        loop.call_soon(lambda: trace(f"callback sees {var.get()}"))

    context.run(inside)
    trace(f"main sees {var.get()}")
    await tasks[0]


@scenario
async def copies_of_a_context_are_independent(trace):
    var = variable()
    first = contextvars.copy_context()
    first.run(var.set, "first")
    second = first.copy()
    second.run(var.set, "second")
    trace(f"values {first.run(var.get)} {second.run(var.get)} {var.get()}")


@scenario
async def generator_runs_in_the_context_of_its_consumer(trace):
    var = variable()

    async def numbers():
        for number in range(2):
            trace(f"generator sees {var.get()}")
            yield number

    var.set("zero")
    async for number in numbers():
        trace(f"number {number}")
        var.set("changed between")
