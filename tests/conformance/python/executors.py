"""Threads: run_in_executor, to_thread, run_coroutine_threadsafe, the default executor."""

import asyncio
import concurrent.futures
import threading
import time
import warnings

from harness import attempt, error_of, names, outcome, scenario, show, spin


def fail():
    raise ZeroDivisionError


@scenario
async def result_of_a_function_in_a_thread(trace):
    loop = asyncio.get_running_loop()
    main = threading.get_ident()

    def work():
        return threading.get_ident() != main

    trace(f"another thread {await loop.run_in_executor(None, work)}")


@scenario
async def failure_of_a_function_in_a_thread(trace):
    trace(await attempt(asyncio.get_running_loop().run_in_executor(None, fail)))


@scenario
async def run_in_executor_acts_at_the_call(trace):
    """It gives a future at once; the work starts though nobody awaits."""
    started = threading.Event()
    future = asyncio.get_running_loop().run_in_executor(None, started.set)
    trace(f"started {started.wait(5)}")
    trace(outcome(future))
    await future
    trace(outcome(future))


@scenario
async def loop_goes_on_while_the_thread_works(trace):
    loop = asyncio.get_running_loop()
    gate = threading.Event()
    future = loop.run_in_executor(None, gate.wait, 5)
    for number in range(3):
        await asyncio.sleep(0)
        trace(f"turn {number}, work {outcome(future)}")
    gate.set()
    trace(f"work {await future}")


@scenario
async def executor_of_ones_own(trace):
    loop = asyncio.get_running_loop()
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as executor:
        order = []
        futures = [loop.run_in_executor(executor, order.append, number) for number in range(5)]
        await asyncio.wait(futures)
        trace(f"order {show(order)}")


@scenario
async def executor_without_workers_is_an_error(trace):
    trace(error_of(lambda: concurrent.futures.ThreadPoolExecutor(max_workers=0)))
    trace(error_of(lambda: concurrent.futures.ThreadPoolExecutor(max_workers=-1)))


@scenario
async def executor_that_was_shut_down_refuses_work(trace):
    executor = concurrent.futures.ThreadPoolExecutor(max_workers=1)
    executor.shutdown()
    trace(error_of(lambda: asyncio.get_running_loop().run_in_executor(executor, fail)))


@scenario
async def cancelled_work_that_has_not_started_is_withdrawn(trace):
    """By a callback of the cancelled future, hence an iteration later."""
    loop = asyncio.get_running_loop()
    gate = threading.Event()
    ran = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as executor:
        first = loop.run_in_executor(executor, gate.wait, 5)
        second = loop.run_in_executor(executor, ran.append, "second")
        third = loop.run_in_executor(executor, ran.append, "third")
        trace(f"cancel {second.cancel()}")
        trace(f"second {await attempt(second)}")
        await spin(2)
        gate.set()
        await first
        await third
    trace(f"ran {show(ran)}")


@scenario
async def cancelled_work_that_runs_goes_on_and_its_result_is_dropped(trace):
    loop = asyncio.get_running_loop()
    started = threading.Event()
    gate = threading.Event()
    ended = []

    def work():
        started.set()
        gate.wait(5)
        ended.append(True)
        return "dropped"

    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as executor:
        future = loop.run_in_executor(executor, work)
        started.wait(5)
        trace(f"cancel {future.cancel()}")
        trace(await attempt(future))
        trace(f"ended {len(ended)}")
        gate.set()
    trace(f"ended {len(ended)}")
    await asyncio.sleep(0.01)
    trace(outcome(future))


@scenario
async def cancelled_waiter_of_work_in_a_thread(trace):
    """The task is interrupted at once, the thread is not."""
    started = threading.Event()
    gate = threading.Event()

    def work():
        started.set()
        gate.wait(5)

    async def body():
        await asyncio.to_thread(work)

    task = asyncio.create_task(body())
    while not started.is_set():
        await asyncio.sleep(0.001)
    task.cancel("m")
    trace(await attempt(task))
    gate.set()


@scenario
async def timeout_on_work_in_a_thread(trace):
    gate = threading.Event()
    trace(await attempt(asyncio.wait_for(asyncio.to_thread(gate.wait, 5), 0.02)))
    gate.set()


@scenario
async def to_thread_acts_at_the_await(trace):
    ran = []
    coroutine = asyncio.to_thread(ran.append, "work")
    await asyncio.sleep(0.01)
    trace(f"called {show(ran)}")
    await coroutine
    trace(f"awaited {show(ran)}")


@scenario
async def to_thread_passes_arguments_and_results(trace):
    trace(await attempt(asyncio.to_thread(lambda first, second: f"{first} {second}", "a", "b")))


@scenario
async def gathered_threads(trace):
    """Results in the order of the arguments; they run side by side."""
    barrier = threading.Barrier(3)

    def work(number):
        barrier.wait(5)
        return number

    results = await asyncio.gather(*(asyncio.to_thread(work, number) for number in range(3)))
    trace(f"results {show(results)}")


@scenario
async def coroutine_submitted_from_another_thread(trace):
    loop = asyncio.get_running_loop()
    main = threading.get_ident()

    async def body():
        await asyncio.sleep(0)
        return threading.get_ident() == main

    def work():
        return asyncio.run_coroutine_threadsafe(body(), loop).result(5)

    trace(f"ran on the thread of the loop: {await asyncio.to_thread(work)}")


@scenario
async def failure_of_a_coroutine_submitted_from_another_thread(trace):
    loop = asyncio.get_running_loop()

    async def body():
        raise KeyError("k")

    def work():
        future = asyncio.run_coroutine_threadsafe(body(), loop)
        return error_of(lambda: future.result(5))

    trace(await asyncio.to_thread(work))


@scenario
async def coroutine_cancelled_from_another_thread(trace):
    """Cancelling what the submitter holds cancels the task."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    started = threading.Event()

    async def body():
        try:
            started.set()
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            trace("task cancelled")
            raise
        finally:
            ended.set()

    def work():
        future = asyncio.run_coroutine_threadsafe(body(), loop)
        started.wait(5)
        cancelled = future.cancel()
        return f"cancel {cancelled}, {error_of(future.result)}"

    result = await asyncio.to_thread(work)
    await ended.wait()
    trace(result)


@scenario
async def submitted_task_that_is_cancelled_on_the_loop(trace):
    """The submitter sees a cancellation."""
    loop = asyncio.get_running_loop()

    async def body():
        asyncio.current_task().cancel()
        await asyncio.sleep(0)

    def work():
        future = asyncio.run_coroutine_threadsafe(body(), loop)
        return error_of(lambda: future.result(5))

    trace(await asyncio.to_thread(work))


@scenario
async def submitter_that_waits_no_longer(trace):
    """#85. Its own time limit leaves the coroutine running; cancelling then leaves no task."""
    asyncio.current_task().set_name("main")
    loop = asyncio.get_running_loop()
    started = threading.Event()
    tasks = []

    async def body():
        tasks.append(asyncio.current_task())
        started.set()
        await asyncio.sleep(60)

    def work():
        future = asyncio.run_coroutine_threadsafe(body(), loop)
        started.wait(5)
        error = error_of(lambda: future.result(0.02))
        pending = not future.done()
        future.cancel()
        return f"{error} pending {pending}"

    trace(await asyncio.to_thread(work))
    trace(await attempt(tasks[0]))
    trace(f"tasks {names(asyncio.all_tasks())}")


@scenario(handler=True)
async def submitted_coroutine_for_which_no_task_can_be_made(trace):
    """#86. The error reaches the submitter and the exception handler."""
    loop = asyncio.get_running_loop()

    async def body():
        trace("never")

    coroutine = body()

    def factory(loop, coroutine, **options):
        raise ValueError("no task")

    def work():
        future = asyncio.run_coroutine_threadsafe(coroutine, loop)
        return error_of(lambda: future.result(5))

    working = asyncio.create_task(asyncio.to_thread(work))
    loop.set_task_factory(factory)
    result = await working
    loop.set_task_factory(None)
    coroutine.close()
    trace(f"submitter: {result}")


@scenario
async def coroutines_submitted_in_a_row_start_in_that_order(trace):
    loop = asyncio.get_running_loop()
    order = []

    async def body(number):
        order.append(number)

    def work():
        futures = [asyncio.run_coroutine_threadsafe(body(number), loop) for number in range(10)]
        for future in futures:
            future.result(5)

    await asyncio.to_thread(work)
    trace(f"order {show(order)}")


@scenario
async def default_executor_of_ones_own(trace):
    loop = asyncio.get_running_loop()
    executor = concurrent.futures.ThreadPoolExecutor(max_workers=1, thread_name_prefix="own")
    loop.set_default_executor(executor)

    def work():
        return threading.current_thread().name.startswith("own")

    trace(f"run_in_executor: own {await loop.run_in_executor(None, work)}")
    trace(f"to_thread: own {await asyncio.to_thread(work)}")


@scenario
async def default_executor_after_its_shutdown(trace):
    loop = asyncio.get_running_loop()
    trace(f"before: {await attempt(loop.run_in_executor(None, lambda: 'works'))}")
    await loop.shutdown_default_executor()
    await loop.shutdown_default_executor()
    trace(f"after: {error_of(lambda: loop.run_in_executor(None, fail))}")
    trace(f"to_thread: {await attempt(asyncio.to_thread(fail))}")


@scenario
async def shutdown_of_the_default_executor_waits_for_its_work(trace):
    loop = asyncio.get_running_loop()

    def work():
        time.sleep(0.03)
        trace("work ends")

    loop.run_in_executor(None, work)
    await loop.shutdown_default_executor()
    trace("shut down")


@scenario
async def shutdown_of_the_default_executor_with_a_time_limit(trace):
    """#196. A warning, and the loop goes on without the thread."""
    loop = asyncio.get_running_loop()
    gate = threading.Event()
    future = loop.run_in_executor(None, gate.wait, 5)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        await loop.shutdown_default_executor(0.02)
    trace(f"warnings {len(caught)}")
    trace(outcome(future))
    gate.set()
    trace(await attempt(future))


@scenario
def result_that_comes_after_the_loop_was_closed_is_ignored(trace):
    executor = concurrent.futures.ThreadPoolExecutor(max_workers=1)
    gate = threading.Event()
    loop = asyncio.new_event_loop()

    async def main():
        loop.run_in_executor(executor, gate.wait, 5)

    loop.run_until_complete(main())
    loop.close()
    trace("closed")
    gate.set()
    executor.shutdown(wait=True)
    trace("worker ended")


@scenario
async def shutdown_that_drops_what_has_not_started(trace):
    loop = asyncio.get_running_loop()
    started = threading.Event()
    gate = threading.Event()
    ran = []

    def work():
        started.set()
        return gate.wait(5)

    executor = concurrent.futures.ThreadPoolExecutor(max_workers=1)
    first = loop.run_in_executor(executor, work)
    second = loop.run_in_executor(executor, ran.append, "second")
    started.wait(5)
    executor.shutdown(wait=False, cancel_futures=True)
    trace(f"second {await attempt(second)}")
    gate.set()
    trace(f"first {await attempt(first)}")
    trace(f"ran {show(ran)}")


@scenario
async def submitted_to_a_loop_that_runs_in_another_thread(trace):
    """A loop of its own in a thread, driven from here."""
    other = asyncio.new_event_loop()
    thread = threading.Thread(target=other.run_forever)
    thread.start()

    async def body(value):
        await asyncio.sleep(0)
        trace(f"on the other loop {asyncio.get_running_loop() is other}")
        return value

    wrapped = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(body("value"), other))
    trace(await attempt(wrapped))
    other.call_soon_threadsafe(other.stop)
    thread.join()
    other.close()
    await spin(1)
    trace(f"closed {other.is_closed()}")
