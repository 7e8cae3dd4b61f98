"""Context managers from functions and iterators, and stacks of exits."""

import asyncio
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, nullcontext

from harness import attempt, kind, scenario, show, spin


class Manager:
    def __init__(self, trace, name, swallow=False, fail=None):
        self.trace, self.name, self.swallow, self.fail = trace, name, swallow, fail

    async def __aenter__(self):
        await asyncio.sleep(0)
        self.trace(f"enter {self.name}")
        return self.name

    async def __aexit__(self, exc_type, exc, tb):
        await asyncio.sleep(0)
        self.trace(f"exit {self.name}: {kind(exc)}")
        if self.fail:
            raise self.fail
        return self.swallow


def bracket(trace, name):
    @asynccontextmanager
    async def body():
        trace(f"before {name}")
        await asyncio.sleep(0)
        try:
            yield name
        finally:
            await asyncio.sleep(0)
            trace(f"finally {name}")
        trace(f"after {name}")

    return body()


@scenario
async def enters_runs_leaves(trace):
    async with Manager(trace, "a") as value:
        trace(f"inside {value}")


@scenario
async def iterator_on_success(trace):
    async with bracket(trace, "a") as value:
        trace(f"inside {value}")


@scenario
async def iterator_on_failure_runs_only_what_is_finally(trace):
    try:
        async with bracket(trace, "a"):
            raise ValueError
    except ValueError as exc:
        trace(f"outside: {kind(exc)}")


@scenario
async def iterator_that_yields_nothing(trace):
    @asynccontextmanager
    async def empty():
        trace("body")
        return
        yield

    try:
        async with empty():
            trace("never")
    except RuntimeError as exc:
        trace(kind(exc))


@scenario
async def iterator_that_yields_twice(trace):
    @asynccontextmanager
    async def twice():
        try:
            yield 1
            yield 2
        finally:
            trace("closed")

    try:
        async with twice() as value:
            trace(f"inside {value}")
    except RuntimeError as exc:
        trace(kind(exc))


@scenario
async def iterator_that_fails_before_its_yield(trace):
    @asynccontextmanager
    async def failing():
        try:
            raise ValueError
            yield
        finally:
            trace("finally")

    try:
        async with failing():
            trace("never")
    except ValueError as exc:
        trace(kind(exc))


@scenario
async def failure_while_leaving_takes_the_place(trace):
    try:
        async with Manager(trace, "a", fail=KeyError()):
            raise ValueError
    except Exception as exc:
        trace(f"{kind(exc)} instead of {kind(exc.__context__)}")


@scenario
async def failure_to_enter_leaves_nothing(trace):
    class Broken(Manager):
        async def __aenter__(self):
            raise ValueError

    try:
        async with Broken(trace, "a"):
            trace("never")
    except ValueError as exc:
        trace(kind(exc))


@scenario
async def swallowed(trace):
    async with Manager(trace, "a", swallow=True):
        raise ValueError
    trace("goes on")


@scenario
async def cancelled_inside(trace):
    async def main():
        async with Manager(trace, "a"):
            await asyncio.sleep(3600)

    task = asyncio.create_task(main())
    await spin(3)
    task.cancel("stop")
    trace(await attempt(task))


@scenario
async def cancelled_inside_an_iterator(trace):
    async def main():
        async with bracket(trace, "a"):
            await asyncio.sleep(3600)

    task = asyncio.create_task(main())
    await spin(3)
    task.cancel("stop")
    trace(await attempt(task))


@scenario
async def cancelled_while_entering(trace):
    @asynccontextmanager
    async def slow():
        try:
            await asyncio.sleep(3600)
            yield
        finally:
            trace("finally")

    async def main():
        async with slow():
            trace("never")

    task = asyncio.create_task(main())
    await spin(3)
    task.cancel("stop")
    trace(await attempt(task))


@scenario
async def cancellation_swallowed(trace):
    async def main():
        async with Manager(trace, "a", swallow=True):
            await asyncio.sleep(3600)
        trace("goes on")

    task = asyncio.create_task(main())
    await spin(3)
    task.cancel()
    trace(await attempt(task))


@scenario
async def timeout_inside_is_told(trace):
    try:
        async with asyncio.timeout(0.01):
            async with Manager(trace, "a"):
                await asyncio.sleep(3600)
    except TimeoutError as exc:
        trace(kind(exc))


@scenario
async def closing_and_null(trace):
    class Resource:
        async def aclose(self):
            trace("closed")

    async with aclosing(Resource()):
        trace("inside")
    async with nullcontext(5) as value:
        trace(f"null {value}")


@scenario
async def stack_unwinds_backwards(trace):
    async with AsyncExitStack() as stack:
        for name in ("a", "b"):
            trace(f"got {await stack.enter_async_context(Manager(trace, name))}")

        async def callback():
            trace("callback")

        stack.push_async_callback(callback)
        trace("inside")


@scenario
async def stack_with_a_failure(trace):
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(Manager(trace, "a"))
            await stack.enter_async_context(Manager(trace, "b"))
            raise ValueError
    except ValueError as exc:
        trace(kind(exc))


@scenario
async def stack_swallows_in_the_middle(trace):
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Manager(trace, "a"))
        await stack.enter_async_context(Manager(trace, "b", swallow=True))
        await stack.enter_async_context(Manager(trace, "c"))
        raise ValueError
    trace("goes on")


@scenario
async def stack_exit_fails_and_the_others_run(trace):
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(Manager(trace, "a"))
            await stack.enter_async_context(Manager(trace, "b", fail=KeyError()))
            await stack.enter_async_context(Manager(trace, "c"))
            raise ValueError
    except Exception as exc:
        trace(f"{kind(exc)} instead of {kind(exc.__context__)}")


@scenario
async def stack_exit_fails_after_success(trace):
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(Manager(trace, "a"))
            await stack.enter_async_context(Manager(trace, "b", fail=KeyError()))
    except Exception as exc:
        trace(kind(exc))


@scenario
async def stack_failure_of_an_exit_is_swallowed_below(trace):
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Manager(trace, "a", swallow=True))
        await stack.enter_async_context(Manager(trace, "b", fail=KeyError()))
        raise ValueError
    trace("goes on")


@scenario
async def stack_two_exits_fail(trace):
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(Manager(trace, "a", fail=ZeroDivisionError()))
            await stack.enter_async_context(Manager(trace, "b", fail=KeyError()))
            raise ValueError
    except Exception as exc:
        trace(f"{kind(exc)} instead of {kind(exc.__context__)} instead of {kind(exc.__context__.__context__)}")


@scenario
async def stack_swallow_then_fail(trace):
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(Manager(trace, "a", fail=KeyError()))
            await stack.enter_async_context(Manager(trace, "b", swallow=True))
            raise ValueError
    except Exception as exc:
        trace(f"{kind(exc)} instead of {kind(exc.__context__)}")


@scenario
async def stack_moved(trace):
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Manager(trace, "a"))
        kept = stack.pop_all()
        await stack.enter_async_context(Manager(trace, "b"))
    trace("first unwound")
    await kept.aclose()
    await kept.aclose()


@scenario
async def stack_that_fails_half_way(trace):
    class Broken(Manager):
        async def __aenter__(self):
            raise ValueError

    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(Manager(trace, "a"))
            await stack.enter_async_context(Broken(trace, "b"))
            trace("never")
    except ValueError as exc:
        trace(kind(exc))


@scenario
async def stack_exits_are_told(trace):
    async def told(exc_type, exc, tb):
        trace(f"told {kind(exc)}")
        return exc is not None

    async with AsyncExitStack() as stack:
        stack.push_async_exit(told)
        stack.push_async_exit(told)
        raise ValueError
    trace(f"goes on {show(True)}")


@scenario
async def stack_cancelled(trace):
    async def main():
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(Manager(trace, "a"))
            await stack.enter_async_context(Manager(trace, "b"))
            await asyncio.sleep(3600)

    task = asyncio.create_task(main())
    await spin(5)
    task.cancel("stop")
    trace(await attempt(task))


@scenario
async def stack_cancelled_again_while_it_unwinds(trace):
    async def main():
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(Manager(trace, "a"))
            await stack.enter_async_context(Manager(trace, "b"))
            await asyncio.sleep(3600)

    task = asyncio.create_task(main())
    await spin(5)
    task.cancel("first")
    await spin(1)
    task.cancel("second")
    trace(await attempt(task))
