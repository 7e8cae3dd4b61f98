"""run and Runner: results, leftovers, the order of finalisation, reuse, interrupts."""

import asyncio
import contextvars
import signal
import time

from harness import error_of, outcome, scenario, show, spin, trace_errors


def interrupt():
    """What Ctrl-C does."""
    signal.raise_signal(signal.SIGINT)


def reporting(trace):
    """A loop factory whose loops trace what reaches their exception handler."""

    def make():
        loop = asyncio.new_event_loop()
        trace_errors(trace, loop)
        return loop

    return make


@scenario
def run_gives_the_result(trace):
    async def main():
        await asyncio.sleep(0)
        return "value"

    trace(asyncio.run(main()))


@scenario
def run_raises_the_failure(trace):
    async def main():
        raise ZeroDivisionError

    trace(error_of(lambda: asyncio.run(main())))


@scenario
def run_makes_and_closes_its_loop(trace):
    loops = []

    async def main():
        loops.append(asyncio.get_running_loop())
        trace(f"inside: running {loops[-1].is_running()}")

    asyncio.run(main())
    asyncio.run(main())
    trace(f"different {loops[0] is not loops[1]}")
    trace(f"closed {loops[0].is_closed()} {loops[1].is_closed()}")
    trace(f"no running loop: {error_of(asyncio.get_running_loop)}")


@scenario
async def run_inside_a_running_loop_is_an_error(trace):
    async def main():
        trace("never")

    coroutine = main()
    trace(error_of(lambda: asyncio.run(coroutine)))
    coroutine.close()
    await asyncio.sleep(0)
    trace("goes on")


@scenario
def main_that_ends_cancelled(trace):
    async def main():
        asyncio.current_task().cancel("self")
        await asyncio.sleep(0)

    trace(error_of(lambda: asyncio.run(main())))


@scenario
def main_that_raises_an_interrupt(trace):
    async def main():
        trace("main")
        raise KeyboardInterrupt

    trace(error_of(lambda: asyncio.run(main())))


@scenario
def leftover_tasks_are_cancelled_and_awaited(trace):
    async def leftover():
        try:
            await asyncio.sleep(60)
        finally:
            trace("leftover cancelled")
            await spin(3)
            trace("leftover cleaned up")

    async def main():
        asyncio.create_task(leftover())
        await asyncio.sleep(0)
        trace("main ends")
        return "result"

    trace(asyncio.run(main()))


@scenario
def leftover_task_that_never_started(trace):
    """It gets its first step: the callback that stops the loop is queued behind it."""
    tasks = []

    async def leftover():
        trace("leftover starts after all")

    async def main():
        tasks.append(asyncio.create_task(leftover()))
        trace("main ends")

    asyncio.run(main())
    trace(outcome(tasks[0]))


@scenario
def failing_leftovers_are_reported(trace):
    """#162. The result is not affected."""

    async def leftover():
        try:
            await asyncio.sleep(60)
        finally:
            raise ZeroDivisionError

    async def main():
        asyncio.create_task(leftover())
        await asyncio.sleep(0)
        return "result"

    trace(asyncio.run(main(), loop_factory=reporting(trace)))


@scenario
def failing_leftovers_when_main_failed_too(trace):
    async def leftover():
        try:
            await asyncio.sleep(60)
        finally:
            raise KeyError

    async def main():
        asyncio.create_task(leftover())
        await asyncio.sleep(0)
        raise ValueError

    trace(error_of(lambda: asyncio.run(main(), loop_factory=reporting(trace))))


@scenario
def leftover_that_swallows_the_cancellation(trace):
    """It is waited for."""

    async def leftover():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            trace("swallowed")
        await asyncio.sleep(0.01)
        trace("leftover ends")

    async def main():
        asyncio.create_task(leftover())
        await asyncio.sleep(0)

    asyncio.run(main())
    trace("run ends")


@scenario
def generators_are_closed_after_the_leftover_tasks(trace):
    kept = []

    async def numbers():
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            trace("generator closed")

    async def leftover():
        try:
            await asyncio.sleep(60)
        finally:
            await spin(2)
            trace("leftover ends")

    async def main():
        asyncio.create_task(leftover())
        kept.append(numbers())
        trace(f"first {await anext(kept[0])}")
        trace("main ends")

    asyncio.run(main())


@scenario
def generators_are_closed_even_if_leftovers_fail(trace):
    kept = []

    async def numbers():
        try:
            yield 1
        finally:
            trace("generator closed")

    async def leftover():
        try:
            await asyncio.sleep(60)
        finally:
            raise ZeroDivisionError

    async def main():
        asyncio.create_task(leftover())
        kept.append(numbers())
        trace(f"first {await anext(kept[0])}")
        await asyncio.sleep(0)

    asyncio.run(main(), loop_factory=reporting(trace))


@scenario
def executor_work_is_awaited_at_the_end(trace):
    def work():
        time.sleep(0.03)
        trace("work ends")

    async def main():
        asyncio.get_running_loop().run_in_executor(None, work)
        trace("main ends")

    asyncio.run(main())
    trace("run ends")


@scenario
def runner_runs_many_times_on_one_loop(trace):
    async def main(number):
        await asyncio.sleep(0)
        return number

    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        for number in range(3):
            trace(f"result {runner.run(main(number))}, same loop {runner.get_loop() is loop}")
        trace(f"closed {loop.is_closed()}")
    trace(f"closed {loop.is_closed()}")


@scenario
def runner_keeps_its_context_between_runs(trace):
    """#163."""
    variable = contextvars.ContextVar("variable", default=0)

    async def main():
        variable.set(variable.get() + 1)
        return variable.get()

    with asyncio.Runner() as runner:
        for _ in range(3):
            trace(f"value {runner.run(main())}")
    trace(f"outside {variable.get()}")


@scenario
def runner_with_a_context_of_its_own_for_a_run(trace):
    variable = contextvars.ContextVar("variable", default="default")
    context = contextvars.copy_context()
    context.run(variable.set, "given")

    async def main():
        value = variable.get()
        variable.set("written")
        return value

    with asyncio.Runner() as runner:
        trace(f"with it {runner.run(main(), context=context)}")
        trace(f"without {runner.run(main())}")
        trace(f"with it again {runner.run(main(), context=context)}")


@scenario
def failure_leaves_the_runner_usable(trace):
    async def fail():
        raise ValueError

    async def fine():
        return "fine"

    with asyncio.Runner() as runner:
        trace(error_of(lambda: runner.run(fail())))
        trace(runner.run(fine()))


@scenario
def tasks_survive_between_the_runs_of_a_runner(trace):
    tasks = []

    async def background():
        for number in range(4):
            trace(f"background {number}")
            await asyncio.sleep(0)

    async def start():
        tasks.append(asyncio.create_task(background()))
        await spin(2)

    async def finish():
        await tasks[0]
        trace("finished")

    with asyncio.Runner() as runner:
        runner.run(start())
        trace("between")
        runner.run(finish())


@scenario
def closing_a_runner_cancels_what_is_left(trace):
    async def background():
        try:
            await asyncio.sleep(60)
        finally:
            trace("cancelled")

    async def start():
        asyncio.create_task(background())
        await asyncio.sleep(0)

    runner = asyncio.Runner()
    runner.run(start())
    trace("closes")
    runner.close()
    trace("closed")


@scenario
def closing_a_runner_twice(trace):
    """#166. The second time does nothing."""

    async def main():
        return 1

    runner = asyncio.Runner()
    runner.run(main())
    runner.close()
    runner.close()
    trace("closed twice")


@scenario
def closed_runner_is_not_usable(trace):
    async def main():
        trace("never")

    runner = asyncio.Runner()
    runner.get_loop()
    runner.close()
    coroutine = main()
    trace(f"run: {error_of(lambda: runner.run(coroutine))}")
    coroutine.close()
    trace(f"get_loop: {error_of(runner.get_loop)}")


@scenario
def closing_a_runner_that_was_never_used(trace):
    """It stays usable."""

    async def main():
        return "usable"

    runner = asyncio.Runner()
    runner.close()
    trace(runner.run(main()))
    runner.close()


@scenario
async def runner_inside_a_running_loop_is_an_error(trace):
    async def main():
        trace("never")

    runner = asyncio.Runner()
    coroutine = main()
    trace(error_of(lambda: runner.run(coroutine)))
    coroutine.close()
    runner.close()


@scenario
def debug_of_a_runner(trace):
    async def main():
        return asyncio.get_running_loop().get_debug()

    trace(f"run, debug: {asyncio.run(main(), debug=True)}")
    trace(f"run, no debug: {asyncio.run(main(), debug=False)}")
    with asyncio.Runner(debug=True) as runner:
        trace(f"runner, debug: {runner.run(main())}")


@scenario
def loop_factory_of_a_runner(trace):
    made = []

    def factory():
        trace("factory")
        made.append(asyncio.new_event_loop())
        return made[-1]

    async def main():
        trace(f"same {asyncio.get_running_loop() is made[-1]}")

    runner = asyncio.Runner(loop_factory=factory)
    trace("lazy")
    runner.run(main())
    runner.run(main())
    runner.close()
    asyncio.run(main(), loop_factory=factory)
    trace(f"closed {show([loop.is_closed() for loop in made])}")


@scenario
def interrupt_cancels_main(trace):
    """#164. Main and the future that it waits for are cancelled, then the interrupt comes out."""
    futures = []

    async def main():
        loop = asyncio.get_running_loop()
        futures.append(loop.create_future())
        loop.call_later(0.01, interrupt)
        try:
            await futures[0]
        except asyncio.CancelledError:
            trace("main cancelled")
            raise

    trace(error_of(lambda: asyncio.run(main())))
    trace(f"future cancelled {futures[0].cancelled()}")


@scenario
def interrupt_lets_main_clean_up(trace):
    async def main():
        asyncio.get_running_loop().call_later(0.01, interrupt)
        try:
            await asyncio.sleep(60)
        finally:
            trace("cleanup starts")
            await spin(2)
            trace("cleanup ends")

    trace(error_of(lambda: asyncio.run(main())))


@scenario
def interrupt_that_main_handles(trace):
    """Main returns normally: nothing is raised."""

    async def main():
        asyncio.get_running_loop().call_later(0.01, interrupt)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            trace(f"main handles it, requests {asyncio.current_task().cancelling()}")
        return "result"

    trace(asyncio.run(main()))


@scenario
def interrupt_and_a_cancellation_by_somebody_else(trace):
    """#165. The cancellation comes out, not the interrupt."""

    async def main():
        task = asyncio.current_task()
        asyncio.get_running_loop().call_later(0.01, interrupt)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            task.cancel()
            trace(f"requests {task.cancelling()}")
            raise

    trace(error_of(lambda: asyncio.run(main())))


@scenario
def interrupt_reaches_children_of_a_group(trace):
    async def child():
        try:
            await asyncio.sleep(60)
        finally:
            trace("child cancelled")

    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(child())
            asyncio.get_running_loop().call_later(0.01, interrupt)

    trace(error_of(lambda: asyncio.run(main())))


@scenario
def callback_scheduled_by_main_at_its_end(trace):
    """The loop is still turned during the shutdown."""

    async def main():
        asyncio.get_running_loop().call_soon(trace, "callback")
        trace("main ends")

    asyncio.run(main())
    trace("run ends")
