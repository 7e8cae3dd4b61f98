"""Async generators: when their bodies run, how they end, what closes them."""

import asyncio
import contextlib

from harness import attempt, describe, kind, scenario, show, spin, trace_errors


@scenario
async def body_starts_with_the_first_item(trace):
    async def numbers():
        trace("body starts")
        yield 1
        trace("between")
        yield 2
        trace("body ends")

    generator = numbers()
    trace("called")
    async for number in generator:
        trace(f"got {number}")
    trace("end")


@scenario
async def generator_that_does_not_suspend_does_not_yield_to_the_loop(trace):
    async def numbers():
        for number in range(3):
            yield number

    asyncio.get_running_loop().call_soon(trace, "callback")
    async for number in numbers():
        trace(f"got {number}")
    await asyncio.sleep(0)


@scenario
async def generator_that_awaits(trace):
    queue = asyncio.Queue()

    async def items():
        while True:
            item = await queue.get()
            if item is None:
                return
            yield item

    for item in ("a", "b", None):
        asyncio.get_running_loop().call_soon(queue.put_nowait, item)
    async for item in items():
        trace(f"got {item}")
    trace("end")


@scenario
async def generator_in_a_generator(trace):
    async def inner():
        for number in range(3):
            await asyncio.sleep(0)
            yield number

    async def outer():
        async for number in inner():
            yield number * 10

    results = []
    async for number in outer():
        results.append(number)
    trace(f"results {show(results)}")


@scenario
async def failure_in_the_generator_reaches_the_consumer(trace):
    async def numbers():
        try:
            yield 1
            raise ZeroDivisionError
        finally:
            trace("generator finally")

    try:
        async for number in numbers():
            trace(f"got {number}")
    except ZeroDivisionError as exc:
        trace(f"consumer caught {kind(exc)}")


@scenario
async def closing_runs_the_cleanup(trace):
    async def numbers():
        try:
            yield 1
            trace("never")
        finally:
            trace("finally")
            await asyncio.sleep(0)
            trace("finally after a suspension")

    generator = numbers()
    trace(f"got {await anext(generator)}")
    await generator.aclose()
    trace("closed")
    await generator.aclose()
    trace("closed twice")


@scenario
async def closing_one_that_never_started_runs_nothing(trace):
    async def numbers():
        try:
            trace("never")
            yield 1
        finally:
            trace("never either")

    await numbers().aclose()
    trace("closed")


@scenario
async def closing_one_that_has_ended(trace):
    async def numbers():
        yield 1

    generator = numbers()
    async for number in generator:
        trace(f"got {number}")
    await generator.aclose()
    async for number in generator:
        trace("never")
    trace("closed")


@scenario
async def failing_cleanup_comes_out_of_the_closing(trace):
    async def numbers():
        try:
            yield 1
        finally:
            raise KeyError("cleanup")

    generator = numbers()
    await anext(generator)
    trace(await attempt(generator.aclose()))


@scenario
async def leaving_a_loop_early_inside_a_scope_closes(trace):
    async def numbers():
        try:
            for number in range(10):
                yield number
        finally:
            trace("closed")

    async with contextlib.aclosing(numbers()) as generator:
        async for number in generator:
            trace(f"got {number}")
            if number == 1:
                break
    trace("left")


@scenario
async def items_can_be_fetched_one_by_one(trace):
    """And the rest by a loop."""

    async def numbers():
        for number in range(4):
            yield number

    generator = numbers()
    trace(f"fetched {await anext(generator)}")
    trace(f"fetched {await anext(generator)}")
    async for number in generator:
        trace(f"loop {number}")


@scenario
async def cancelled_inside_the_generator(trace):
    """The cancellation is delivered where the generator waits, and passes through it to the consumer."""

    async def numbers():
        try:
            yield 1
            await asyncio.sleep(60)
            yield 2
        except asyncio.CancelledError as exc:
            trace(f"generator: {kind(exc)}")
            raise
        finally:
            trace("generator finally")

    async def consumer():
        try:
            async for number in numbers():
                trace(f"got {number}")
        finally:
            trace("consumer finally")

    task = asyncio.create_task(consumer())
    await spin(4)
    task.cancel("m")
    trace(await attempt(task))


@scenario
async def cancelled_in_the_body_of_the_loop(trace):
    """The generator is not told; closing it is the scope's part."""

    async def numbers():
        try:
            yield 1
            trace("never")
        finally:
            trace("generator finally")

    async def consumer():
        async with contextlib.aclosing(numbers()) as generator:
            async for number in generator:
                trace(f"got {number}")
                try:
                    await asyncio.sleep(60)
                finally:
                    trace("body interrupted")

    task = asyncio.create_task(consumer())
    await spin(4)
    task.cancel()
    trace(await attempt(task))


@scenario
async def generator_that_swallows_a_cancellation(trace):
    async def numbers():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            trace("swallowed")
        yield "still here"

    async def consumer():
        async for item in numbers():
            trace(f"got {item}")
        return "end"

    task = asyncio.create_task(consumer())
    await spin(4)
    task.cancel()
    trace(await attempt(task))


@scenario
async def timeout_around_a_loop(trace):
    async def numbers():
        try:
            yield 1
            await asyncio.sleep(60)
        finally:
            trace("generator finally")

    try:
        async with asyncio.timeout(0.02):
            async for number in numbers():
                trace(f"got {number}")
    except TimeoutError as exc:
        trace(kind(exc))


@scenario
def abandoned_generator_is_closed_at_the_shutdown(trace):
    kept = []

    async def numbers():
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            trace("closed")

    async def main():
        kept.append(numbers())
        trace(f"got {await anext(kept[0])}")
        trace("main ends")

    asyncio.run(main())
    trace("run ends")


@scenario
def several_abandoned_generators_are_closed(trace):
    """Their order is not fixed."""
    kept = []
    closed = []

    async def numbers(name):
        try:
            yield 1
        finally:
            await asyncio.sleep(0)
            closed.append(name)

    async def main():
        for name in ("a", "b", "c"):
            kept.append(numbers(name))
            await anext(kept[-1])

    asyncio.run(main())
    trace(f"closed {show(sorted(closed))}")


@scenario
def failing_cleanup_at_the_shutdown_is_reported(trace):
    kept = []

    async def numbers():
        try:
            yield 1
        finally:
            raise ZeroDivisionError

    async def main():
        asyncio.get_running_loop().set_exception_handler(lambda _, context: trace(describe(context)))
        kept.append(numbers())
        await anext(kept[0])
        return "result"

    trace(asyncio.run(main()))


@scenario
async def shutdown_of_the_generators_by_hand(trace):
    loop = asyncio.get_running_loop()

    async def numbers():
        try:
            yield 1
        finally:
            trace("closed")

    generator = numbers()
    await anext(generator)
    await loop.shutdown_asyncgens()
    trace("shut down")
    async for _ in generator:
        trace("never")
    trace("nothing more")


@scenario
def generators_that_an_idle_loop_left_open(trace):
    """They stay open until shutdown_asyncgens."""
    loop = asyncio.new_event_loop()
    trace_errors(trace, loop)
    kept = []

    async def numbers():
        try:
            yield 1
        finally:
            trace("closed")

    async def main():
        kept.append(numbers())
        await anext(kept[0])

    loop.run_until_complete(main())
    loop.run_until_complete(spin(3))
    trace("still open")
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


@scenario
async def generator_handed_from_task_to_task(trace):
    async def numbers():
        for number in range(4):
            await asyncio.sleep(0)
            yield number

    generator = numbers()

    async def take(name):
        for _ in range(2):
            trace(f"{name} got {await anext(generator)}")

    await asyncio.create_task(take("a"))
    await asyncio.create_task(take("b"))
