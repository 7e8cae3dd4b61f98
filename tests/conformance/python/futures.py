"""Futures: states, callbacks, waiting, cancellation, reports, wrapped futures."""

import asyncio
import concurrent.futures

from harness import attempt, collect_garbage, error_of, kind, outcome, scenario, show, spin


@scenario
async def result_and_exception_in_each_state(trace):
    loop = asyncio.get_running_loop()
    pending = loop.create_future()
    finished = loop.create_future()
    finished.set_result("r")
    failed = loop.create_future()
    failed.set_exception(KeyError("k"))
    cancelled = loop.create_future()
    cancelled.cancel("why")
    trace(f"pending: {error_of(pending.result)}, {error_of(pending.exception)}")
    trace(f"finished: {finished.result()}, {show(finished.exception())}")
    trace(f"failed: {error_of(failed.result)}, {show(failed.exception())}")
    trace(f"cancelled: {error_of(cancelled.result)}, {error_of(cancelled.exception)}")


@scenario
async def future_is_completed_once(trace):
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    future.set_result(1)
    trace(f"result again: {error_of(lambda: future.set_result(2))}")
    trace(f"exception: {error_of(lambda: future.set_exception(ValueError()))}")
    trace(f"cancel: {future.cancel()}")
    trace(outcome(future))


@scenario
async def cancelled_future_stays_cancelled(trace):
    future = asyncio.get_running_loop().create_future()
    trace(f"cancel: {future.cancel('first')}")
    trace(f"cancel: {future.cancel('second')}")
    trace(f"result: {error_of(lambda: future.set_result(2))}")
    trace(f"exception: {error_of(lambda: future.set_exception(KeyError()))}")
    trace(outcome(future))


@scenario
async def loop_of_a_future(trace):
    loop = asyncio.get_running_loop()
    trace(f"created by the loop: {loop.create_future().get_loop() is loop}")
    trace(f"constructed: {asyncio.Future().get_loop() is loop}")
    other = asyncio.new_event_loop()
    trace(f"constructed for another: {asyncio.Future(loop=other).get_loop() is other}")
    other.close()


@scenario
async def callbacks_run_in_order_on_the_next_iteration(trace):
    future = asyncio.get_running_loop().create_future()
    for name in ("a", "b", "c"):
        future.add_done_callback(lambda done, name=name: trace(f"{name}: {done.result()}"))
    future.set_result(5)
    trace("set")
    await asyncio.sleep(0)
    trace("end")


@scenario
async def callback_of_a_finished_future_is_queued(trace):
    future = asyncio.get_running_loop().create_future()
    future.set_result(None)
    future.add_done_callback(lambda _: trace("callback"))
    trace("registered")
    await asyncio.sleep(0)
    trace("end")


@scenario
async def same_callback_may_be_registered_twice(trace):
    future = asyncio.get_running_loop().create_future()

    def callback(done):
        trace(f"called with it: {done is future}")

    future.add_done_callback(callback)
    future.add_done_callback(callback)
    future.set_result(None)
    await asyncio.sleep(0)
    trace("end")


@scenario
async def removing_a_callback_removes_all_its_registrations(trace):
    """#159. And tells how many there were."""
    future = asyncio.get_running_loop().create_future()

    def first(_):
        trace("first")

    def second(_):
        trace("second")

    for callback in (first, second, first, first):
        future.add_done_callback(callback)
    trace(f"removed {future.remove_done_callback(first)}")
    trace(f"removed {future.remove_done_callback(first)}")
    future.set_result(None)
    await asyncio.sleep(0)
    trace("end")


@scenario
async def removing_does_not_reach_what_is_already_queued(trace):
    future = asyncio.get_running_loop().create_future()

    def callback(_):
        trace("ran all the same")

    future.add_done_callback(callback)
    future.set_result(None)
    trace(f"removed {future.remove_done_callback(callback)}")
    await asyncio.sleep(0)
    trace("end")


@scenario(handler=True)
async def failing_callback_is_reported_and_the_others_run(trace):
    future = asyncio.get_running_loop().create_future()

    def fail(_):
        trace("fails")
        raise RuntimeError("in a callback")

    future.add_done_callback(lambda _: trace("before"))
    future.add_done_callback(fail)
    future.add_done_callback(lambda _: trace("after"))
    future.set_result(None)
    await asyncio.sleep(0)
    trace("end")


@scenario
async def awaiting_raises_the_exception_each_time(trace):
    """#160 (what can be told without tracebacks): the same object every time."""
    future = asyncio.get_running_loop().create_future()
    original = ValueError("v")
    asyncio.get_running_loop().call_soon(future.set_exception, original)
    for number in range(3):
        try:
            await future
        except ValueError as exc:
            trace(f"await {number}: same {exc is original}")


@scenario
async def all_waiters_get_the_cancellation_in_order(trace):
    """Cancelling the future cancels the tasks that wait for it; nobody requested it of them."""
    future = asyncio.get_running_loop().create_future()

    async def waiter(name):
        try:
            await future
        except asyncio.CancelledError as exc:
            trace(f"{name}: {kind(exc)} requests {asyncio.current_task().cancelling()}")
            raise

    waiters = [asyncio.create_task(waiter(name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    future.cancel("gone")
    await spin(2)
    for each in waiters:
        trace(outcome(each))


@scenario
async def completion_between_two_waiters_starts(trace):
    future = asyncio.get_running_loop().create_future()

    async def waiter(name):
        trace(f"{name} starts")
        trace(f"{name} got {await future}")

    first = asyncio.create_task(waiter("a"))
    asyncio.get_running_loop().call_soon(future.set_result, 1)
    second = asyncio.create_task(waiter("b"))
    await first
    await second


@scenario(handler=True)
async def future_whose_failure_nobody_retrieved_is_reported(trace):
    def abandon():
        asyncio.get_running_loop().create_future().set_exception(ValueError("lost"))

    abandon()
    await collect_garbage()
    trace("end")


@scenario(handler=True)
async def retrieved_failures_are_not_reported(trace):
    """By result(), exception(), await or cancel()."""

    async def use():
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in range(4)]
        for future in futures:
            future.set_exception(ValueError("seen"))
        trace(f"result: {error_of(futures[0].result)}")
        trace(f"exception: {kind(futures[1].exception())}")
        trace(f"await: {await attempt(futures[2])}")
        trace(f"cancel: {futures[3].cancel()}")

    await use()
    await collect_garbage()
    trace("end")


@scenario
def future_without_a_loop_is_an_error(trace):
    trace(error_of(asyncio.Future))


@scenario
def future_of_an_idle_loop(trace):
    """Its callbacks wait until the loop runs."""
    loop = asyncio.new_event_loop()
    future = loop.create_future()
    future.add_done_callback(lambda _: trace("callback"))
    future.set_result("r")
    trace(outcome(future))
    trace("runs")
    trace(f"result {loop.run_until_complete(future)}")
    loop.close()


@scenario
def completing_a_future_of_a_closed_loop(trace):
    """Without callbacks it works; with one the loop refuses. An oddity: the state has changed all the same."""
    loop = asyncio.new_event_loop()
    quiet = loop.create_future()
    watched = loop.create_future()
    watched.add_done_callback(lambda _: trace("never"))
    loop.close()
    trace(f"quiet: {error_of(lambda: quiet.set_result(1))}")
    trace(f"watched: {error_of(lambda: watched.set_result(1))}")
    trace(f"states: {outcome(quiet)}, {outcome(watched)}")


@scenario
async def wrapped_future_gets_the_result(trace):
    source = concurrent.futures.Future()
    wrapped = asyncio.wrap_future(source)
    trace(f"unchanged: {asyncio.wrap_future(wrapped) is wrapped}")
    source.set_result(8)
    trace(f"not yet: {outcome(wrapped)}")
    trace(f"awaited {await wrapped}")


@scenario
async def cancelled_source_cancels_the_wrapped_future(trace):
    source = concurrent.futures.Future()
    wrapped = asyncio.wrap_future(source)
    trace(f"cancel: {source.cancel()}")
    trace(await attempt(wrapped))
    trace(f"cancelled: {wrapped.cancelled()}")


@scenario
async def cancelling_the_wrapped_future_cancels_the_source(trace):
    source = concurrent.futures.Future()
    wrapped = asyncio.wrap_future(source)
    wrapped.cancel()
    await asyncio.sleep(0)
    trace(f"source cancelled: {source.cancelled()}")


@scenario
async def wrapped_future_is_cancelled_although_the_source_is_finished(trace):
    """#158."""
    source = concurrent.futures.Future()
    wrapped = asyncio.wrap_future(source)
    source.set_result(1)
    trace(f"cancel: {wrapped.cancel()}")
    trace(await attempt(wrapped))
    await asyncio.sleep(0)
    trace(f"source cancelled: {source.cancelled()} result {source.result()}")
