"""The event loop: timers, stop, run_until_complete, close, the exception handler, threads, debug mode."""

import asyncio
import threading
import time

from harness import describe, error_of, kind, names, scenario, show, spin, trace_errors


@scenario
async def timers_fire_in_the_order_of_their_deadlines(trace):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop.call_later(0.06, lambda: done.set_result(None))
    for delay, name in ((0.045, "third"), (0.015, "first"), (0.03, "second")):
        loop.call_later(delay, trace, name)
    await done
    trace("end")


@scenario
async def timers_at_absolute_times(trace):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    now = loop.time()
    loop.call_at(now + 0.05, lambda: done.set_result(None))
    loop.call_at(now + 0.035, trace, "second")
    loop.call_at(now + 0.02, trace, "first")
    loop.call_at(now - 5, trace, "past")
    await done
    trace("end")


@scenario
async def timers_with_negative_delays(trace):
    """#186. The more negative runs first."""
    loop = asyncio.get_running_loop()
    # In hundreds: a busy machine may take a while from one call to the next.
    loop.call_later(-100, trace, "minus one")
    loop.call_later(-200, trace, "minus two")
    loop.call_later(-150, trace, "minus one and a half")
    await spin(2)
    trace("end")


@scenario
async def overdue_timers_fire_in_the_order_of_their_deadlines(trace):
    """The loop was busy past all of them: one iteration, in order, behind what was ready."""
    loop = asyncio.get_running_loop()
    for delay, name in ((0.03, "c"), (0.01, "a"), (0.02, "b")):
        loop.call_later(delay, trace, name)
    time.sleep(0.05)
    loop.call_soon(trace, "ready")
    await asyncio.sleep(0)
    trace("main")
    await asyncio.sleep(0)
    trace("end")


@scenario
async def cancelled_timer_never_fires(trace):
    loop = asyncio.get_running_loop()
    handle = loop.call_later(0.01, trace, "never")
    trace(f"cancelled {handle.cancelled()}")
    handle.cancel()
    handle.cancel()
    trace(f"cancelled {handle.cancelled()}")
    await asyncio.sleep(0.03)
    trace("end")


@scenario
async def timer_cancelled_by_a_timer_due_in_the_same_iteration(trace):
    """Both are already in the ready queue."""
    loop = asyncio.get_running_loop()
    handles = []

    def cancel():
        trace("cancels")
        handles[0].cancel()

    loop.call_later(0.01, cancel)
    handles.append(loop.call_later(0.02, trace, "never"))
    time.sleep(0.04)
    await spin(2)
    trace("end")


@scenario
async def time_of_a_timer(trace):
    loop = asyncio.get_running_loop()
    when = loop.time() + 60
    handle = loop.call_at(when, trace, "never")
    trace(f"kept {handle.when() == when}")
    handle.cancel()
    before = loop.time()
    handle = loop.call_later(30, trace, "never")
    trace(f"in its bounds {before + 30 <= handle.when() <= loop.time() + 30}")
    handle.cancel()


@scenario
async def many_cancelled_timers_do_not_disturb(trace):
    """#188 (what can be told from outside)."""
    loop = asyncio.get_running_loop()
    handles = [loop.call_later(0.01, trace, "never") for _ in range(300)]
    for handle in handles:
        handle.cancel()
    loop.call_later(0.02, trace, "the only one")
    await asyncio.sleep(0.05)
    trace("end")


@scenario
def stop_ends_the_iteration_first(trace):
    """What was ready runs; what it schedules does not, until the loop runs again."""
    loop = asyncio.new_event_loop()

    def stopper():
        trace("stops")
        loop.stop()
        loop.call_soon(trace, "scheduled by the stopper")

    loop.call_soon(trace, "before")
    loop.call_soon(stopper)
    loop.call_soon(trace, "after")
    loop.run_forever()
    trace("stopped")
    loop.call_soon(loop.stop)
    loop.run_forever()
    trace("stopped again")
    loop.close()


@scenario
def stop_before_running_is_one_iteration(trace):
    """#194."""
    loop = asyncio.new_event_loop()

    def again():
        trace("iteration")
        loop.call_soon(again)

    loop.call_soon(again)
    loop.call_later(60, trace, "never")
    loop.stop()
    loop.run_forever()
    trace("stopped")
    loop.stop()
    loop.run_forever()
    trace("stopped again")
    loop.close()


@scenario
def state_of_a_loop(trace):
    loop = asyncio.new_event_loop()
    trace(f"new: running {loop.is_running()} closed {loop.is_closed()}")
    loop.call_soon(lambda: trace(f"inside: running {loop.is_running()} closed {loop.is_closed()}"))
    loop.call_soon(loop.stop)
    loop.run_forever()
    trace(f"stopped: running {loop.is_running()} closed {loop.is_closed()}")
    loop.close()
    trace(f"closed: running {loop.is_running()} closed {loop.is_closed()}")


@scenario
def run_until_complete_gives_the_result(trace):
    loop = asyncio.new_event_loop()

    async def give():
        await asyncio.sleep(0)
        return "value"

    trace(f"coroutine: {loop.run_until_complete(give())}")
    task = loop.create_task(give())
    trace(f"task: {loop.run_until_complete(task)}")
    trace(f"finished task: {loop.run_until_complete(task)}")
    future = loop.create_future()
    loop.call_soon(future.set_result, "future")
    trace(f"future: {loop.run_until_complete(future)}")
    loop.close()


@scenario
def run_until_complete_raises_the_failure(trace):
    loop = asyncio.new_event_loop()

    async def fail():
        raise KeyError("k")

    trace(error_of(lambda: loop.run_until_complete(fail())))
    future = loop.create_future()
    loop.call_soon(future.cancel, "m")
    trace(error_of(lambda: loop.run_until_complete(future)))

    async def fine():
        return "usable afterwards"

    trace(loop.run_until_complete(fine()))
    loop.close()


@scenario
def run_until_complete_stops_with_the_iteration_after_the_end(trace):
    """The callback that stops the loop is queued behind what was ready."""
    loop = asyncio.new_event_loop()

    async def body():
        loop.call_soon(trace, "scheduled by the body")
        trace("body")

    async def other():
        for number in range(5):
            trace(f"other {number}")
            await asyncio.sleep(0)

    loop.create_task(other())
    task = loop.create_task(body())
    loop.run_until_complete(task)
    trace("complete")
    loop.run_until_complete(spin(6))
    loop.close()


@scenario
def stopped_before_the_future_completed(trace):
    """#32. The task stays usable."""
    loop = asyncio.new_event_loop()

    async def body():
        loop.stop()
        await spin(2)
        return "finished later"

    task = loop.create_task(body())
    trace(error_of(lambda: loop.run_until_complete(task)))
    trace(f"done {task.done()}")
    trace(loop.run_until_complete(task))
    loop.close()


@scenario
def run_until_complete_with_a_future_of_another_loop(trace):
    loop = asyncio.new_event_loop()
    other = asyncio.new_event_loop()
    future = other.create_future()
    trace(error_of(lambda: loop.run_until_complete(future)))
    loop.close()
    other.close()


@scenario
async def running_a_running_loop_is_an_error(trace):
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    trace(error_of(lambda: loop.run_until_complete(future)))
    trace(f"still running {asyncio.get_running_loop() is loop}")


@scenario
async def running_another_loop_inside_a_loop_is_an_error(trace):
    other = asyncio.new_event_loop()
    future = other.create_future()
    trace(error_of(lambda: other.run_until_complete(future)))
    trace(f"other running {other.is_running()}")
    other.close()


@scenario
def interrupt_leaves_no_pending_stop(trace):
    """#193. A KeyboardInterrupt out of a callback ends run_until_complete; the next run is a normal one."""
    loop = asyncio.new_event_loop()
    future = loop.create_future()

    def interrupt():
        raise KeyboardInterrupt

    loop.call_soon(interrupt)
    trace(error_of(lambda: loop.run_until_complete(future)))
    future.set_result(None)
    counter = []

    def count():
        counter.append(None)
        if len(counter) < 3:
            loop.call_soon(count)
        else:
            loop.stop()

    loop.call_soon(count)
    loop.run_forever()
    trace(f"counted {len(counter)}")
    loop.close()


@scenario
def crashed_run_leaves_no_stale_callback_on_the_future(trace):
    """#190. Completing the future later stops nothing."""
    loop = asyncio.new_event_loop()
    future = loop.create_future()

    def interrupt():
        raise KeyboardInterrupt

    loop.call_soon(interrupt)
    trace(error_of(lambda: loop.run_until_complete(future)))

    async def body():
        future.set_result(None)
        await spin(3)
        return "ran to its end"

    trace(loop.run_until_complete(body()))
    loop.close()


@scenario
def callbacks_behind_an_interrupt_run_later(trace):
    loop = asyncio.new_event_loop()

    def interrupt():
        raise KeyboardInterrupt

    loop.call_soon(trace, "before")
    loop.call_soon(interrupt)
    loop.call_soon(trace, "after")
    trace(error_of(loop.run_forever))
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.close()


@scenario
def closing_a_loop(trace):
    """Idempotent; what was queued is dropped; everything is refused afterwards."""
    loop = asyncio.new_event_loop()
    loop.call_soon(trace, "never")
    loop.call_later(0, trace, "never")
    loop.close()
    loop.close()
    trace(f"closed {loop.is_closed()}")
    trace(f"call_soon: {error_of(lambda: loop.call_soon(print))}")
    trace(f"call_soon_threadsafe: {error_of(lambda: loop.call_soon_threadsafe(print))}")
    trace(f"call_later: {error_of(lambda: loop.call_later(1, print))}")
    trace(f"call_at: {error_of(lambda: loop.call_at(1, print))}")
    trace(f"run_forever: {error_of(loop.run_forever)}")
    trace(f"run_in_executor: {error_of(lambda: loop.run_in_executor(None, print))}")


@scenario
def closed_loop_refuses_coroutines(trace):
    """#192, #72. And keeps no task of them."""
    loop = asyncio.new_event_loop()
    loop.close()

    async def body():
        trace("never")

    first = body()
    trace(f"create_task: {error_of(lambda: loop.create_task(first))}")
    first.close()
    second = body()
    trace(f"run_until_complete: {error_of(lambda: loop.run_until_complete(second))}")
    second.close()
    trace(f"ensure_future: {error_of(lambda: asyncio.ensure_future(body(), loop=loop))}")
    trace(f"tasks {names(asyncio.all_tasks(loop))}")


@scenario
async def closing_a_running_loop_is_an_error(trace):
    loop = asyncio.get_running_loop()
    trace(error_of(loop.close))
    trace(f"closed {loop.is_closed()}")
    await asyncio.sleep(0)
    trace("goes on")


@scenario
def current_loop_of_a_thread(trace):
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    trace(f"set: same {asyncio.get_event_loop() is loop}")

    async def body():
        trace(f"inside: same {asyncio.get_event_loop() is loop}")

    loop.run_until_complete(body())
    asyncio.set_event_loop(None)
    trace(f"none: {error_of(asyncio.get_event_loop)}")
    loop.close()


@scenario
def two_loops_in_two_threads(trace):
    results = {}

    async def body(name):
        await asyncio.sleep(0.01)
        results[name] = asyncio.get_running_loop()

    def run(name):
        asyncio.run(body(name))

    threads = [threading.Thread(target=run, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trace(f"both ran {len(results) == 2}, different loops {results['a'] is not results['b']}")


@scenario
async def callback_from_another_thread_wakes_the_loop(trace):
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    def work():
        time.sleep(0.01)
        loop.call_soon_threadsafe(future.set_result, "from the thread")

    thread = threading.Thread(target=work)
    thread.start()
    trace(await future)
    thread.join()


@scenario
async def callbacks_from_another_thread_keep_their_order(trace):
    loop = asyncio.get_running_loop()
    numbers = []

    def work():
        for number in range(100):
            loop.call_soon_threadsafe(numbers.append, number)

    await loop.run_in_executor(None, work)
    trace(f"in order {numbers == list(range(100))}")


@scenario(handler=True)
async def failing_callbacks_are_reported(trace):
    loop = asyncio.get_running_loop()

    def fail(exc):
        raise exc

    loop.call_soon(fail, ValueError())
    loop.call_later(0, fail, KeyError())
    loop.call_soon_threadsafe(fail, ZeroDivisionError())
    await spin(2)
    trace("end")


@scenario
async def exception_handler_gets_the_context(trace):
    loop = asyncio.get_running_loop()

    def handler(the_loop, context):
        trace(f"same loop {the_loop is loop}")
        trace(describe(context))
        trace(f"a handle {'handle' in context} a task {'task' in context} a future {'future' in context}")

    def fail():
        raise ValueError

    loop.set_exception_handler(handler)
    trace(f"same handler {loop.get_exception_handler() is handler}")
    loop.call_soon(fail)
    await asyncio.sleep(0)
    loop.set_exception_handler(None)
    trace(f"none {loop.get_exception_handler() is None}")


@scenario(handler=True)
async def exception_handler_called_by_hand(trace):
    loop = asyncio.get_running_loop()
    loop.call_exception_handler({"message": "something happened"})
    loop.call_exception_handler({"message": "something else", "exception": KeyError("k")})
    trace("end")


@scenario(log=True)
async def without_a_handler_failures_are_logged(trace):
    loop = asyncio.get_running_loop()

    def fail():
        raise ValueError

    loop.call_soon(fail)
    await asyncio.sleep(0)
    loop.call_exception_handler({"message": "something happened"})
    loop.default_exception_handler({"message": "the default one", "exception": KeyError("k")})
    trace("end")


@scenario(log=True)
async def failing_exception_handler_is_logged_itself(trace):
    """#191. And the loop survives."""
    loop = asyncio.get_running_loop()

    def handler(_, context):
        trace(f"handler called with {kind(context['exception'])}")
        raise ZeroDivisionError

    def fail():
        raise ValueError

    loop.set_exception_handler(handler)
    loop.call_soon(fail)
    loop.call_soon(trace, "next callback")
    await asyncio.sleep(0)
    trace("end")


@scenario
def interrupt_in_the_exception_handler_leaves_the_loop(trace):
    loop = asyncio.new_event_loop()

    def handler(_, context):
        raise KeyboardInterrupt

    def fail():
        raise ValueError

    loop.set_exception_handler(handler)
    loop.call_soon(fail)
    trace(error_of(loop.run_forever))
    loop.close()


@scenario
def interrupt_in_a_callback_is_not_reported(trace):
    loop = asyncio.new_event_loop()
    trace_errors(trace, loop)

    def interrupt():
        raise KeyboardInterrupt

    loop.call_soon(interrupt)
    trace(error_of(loop.run_forever))
    trace(f"running {loop.is_running()}")
    loop.close()


@scenario
async def debug_mode_catches_calls_from_a_wrong_thread(trace):
    """#189."""
    loop = asyncio.get_running_loop()
    loop.set_debug(True)

    def work():
        return [error_of(lambda: loop.call_soon(print)), error_of(lambda: loop.call_later(1, print)),
                error_of(lambda: loop.call_at(1, print)), error_of(lambda: loop.call_soon_threadsafe(lambda: None))]

    trace(f"errors {show(await loop.run_in_executor(None, work))}")
    loop.set_debug(False)


@scenario(log=True)
async def debug_mode_logs_slow_steps(trace):
    """#197. A callback and a task; never outside debug mode."""
    loop = asyncio.get_running_loop()
    loop.slow_callback_duration = 0.2

    async def slow():
        time.sleep(0.22)

    loop.call_soon(time.sleep, 0.22)
    await asyncio.sleep(0)
    trace("debug mode")
    loop.set_debug(True)
    loop.call_soon(time.sleep, 0.22)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.create_task(slow())
    loop.set_debug(False)
    trace("end")
