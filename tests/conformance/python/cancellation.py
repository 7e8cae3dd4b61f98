"""Cancellation: where it is delivered, when, with which message, how requests are counted and taken back."""

import asyncio

from harness import attempt, error_of, kind, outcome, scenario, spin, ticker, trace_errors


def forever():
    """A future that nobody completes."""
    return asyncio.get_running_loop().create_future()


@scenario
async def cancelling_a_pending_future(trace):
    """It is cancelled at once; its callbacks are queued."""
    future = forever()
    future.add_done_callback(lambda _: trace("callback"))
    trace(f"cancel: {future.cancel()}")
    trace(outcome(future))
    await asyncio.sleep(0)
    trace("end")


@scenario
async def cancelling_a_sleeping_task(trace):
    """#18, #52. The request is accepted, delivered at the await, and refused afterwards."""

    async def body():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError as exc:
            trace(f"inside: {kind(exc)}")
            raise

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    trace(f"cancel: {task.cancel()}")
    trace(f"done {task.done()} cancelled {task.cancelled()} requests {task.cancelling()}")
    trace(await attempt(task))
    trace(f"done {task.done()} cancelled {task.cancelled()} requests {task.cancelling()}")
    trace(f"cancel: {task.cancel()}")


@scenario
async def cancelled_waiting_task_ends_on_the_next_iteration(trace):
    """cancel() completes the future that the task waits for; the step follows."""

    async def body():
        await forever()

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    ticks = asyncio.create_task(ticker(trace, 3))
    task.cancel()
    trace(f"done {task.done()}")
    trace(await attempt(task))
    await ticks


@scenario
async def cancelling_passes_down_a_chain_of_tasks(trace):
    """#59. The innermost coroutine sees it first; each task further out an iteration later."""

    async def link(depth):
        try:
            if depth == 0:
                await forever()
            await asyncio.create_task(link(depth - 1))
        except asyncio.CancelledError as exc:
            trace(f"link {depth}: {kind(exc)} requests {asyncio.current_task().cancelling()}")
            raise

    task = asyncio.create_task(link(3))
    await spin(5)
    ticks = asyncio.create_task(ticker(trace, 6))
    task.cancel("stop")
    trace(await attempt(task))
    await ticks


@scenario
async def cancelling_passes_out_of_a_chain_of_coroutines_in_one_step(trace):
    async def link(depth):
        try:
            if depth == 0:
                await forever()
            await link(depth - 1)
        finally:
            trace(f"finally {depth}")

    task = asyncio.create_task(link(3))
    await asyncio.sleep(0)
    ticks = asyncio.create_task(ticker(trace, 3))
    task.cancel()
    trace(await attempt(task))
    await ticks


@scenario
async def outer_coroutine_swallows_what_the_inner_saw(trace):
    """#59."""

    async def inner():
        try:
            await forever()
        except asyncio.CancelledError:
            trace("inner sees it")
            raise

    async def outer():
        try:
            await inner()
        except asyncio.CancelledError:
            trace("outer swallows it")
        return "went on"

    task = asyncio.create_task(outer())
    await asyncio.sleep(0)
    task.cancel()
    trace(await attempt(task))
    trace(f"requests {task.cancelling()}")


@scenario
async def awaited_task_that_swallows_resumes_its_waiter_with_a_value(trace):
    """The waiter was asked to cancel and is not cancelled; the request stays counted."""

    async def inner():
        try:
            await forever()
        except asyncio.CancelledError:
            trace("inner swallows")
        return "value"

    async def outer():
        value = await asyncio.create_task(inner())
        trace(f"outer got {value}, requests {asyncio.current_task().cancelling()}")
        await asyncio.sleep(0)
        return "finished"

    task = asyncio.create_task(outer())
    await spin(2)
    trace(f"cancel: {task.cancel()}")
    trace(await attempt(task))
    trace(f"requests {task.cancelling()}")


@scenario
async def task_that_cancels_itself_is_interrupted_at_its_next_await(trace):
    """#28."""

    async def body():
        trace(f"cancel: {asyncio.current_task().cancel('self')}")
        trace("goes on until it suspends")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError as exc:
            trace(kind(exc))
            raise

    task = asyncio.create_task(body())
    trace(await attempt(task))


@scenario
async def self_cancel_is_delivered_at_sleep_zero(trace):
    async def body():
        asyncio.current_task().cancel()
        try:
            await asyncio.sleep(0)
            trace("never")
        except asyncio.CancelledError:
            trace("interrupted")
            raise

    trace(await attempt(asyncio.create_task(body())))


@scenario
async def self_cancel_is_not_delivered_where_nothing_suspends(trace):
    """Awaiting a finished future or a coroutine that does not suspend is no place of delivery."""

    async def nothing():
        return "nothing"

    async def body():
        finished = forever()
        finished.set_result("finished")
        asyncio.current_task().cancel()
        trace(await finished)
        trace(await nothing())
        await asyncio.sleep(0)
        trace("never")

    trace(await attempt(asyncio.create_task(body())))


@scenario
async def self_cancel_followed_by_return_ends_cancelled(trace):
    """#29. The value is lost."""

    async def body():
        asyncio.current_task().cancel("late")
        trace("returns")
        return "lost"

    task = asyncio.create_task(body())
    trace(await attempt(task))
    trace(f"cancelled {task.cancelled()}")


@scenario
async def self_cancel_followed_by_a_failure_fails(trace):
    async def body():
        asyncio.current_task().cancel()
        raise ValueError("wins")

    task = asyncio.create_task(body())
    trace(await attempt(task))
    trace(f"cancelled {task.cancelled()}")


@scenario
async def self_cancel_reaches_down_into_an_awaited_task(trace):
    """#30. The nested task and its future are cancelled as soon as they are awaited."""
    futures = []

    async def nested():
        futures.append(forever())
        try:
            await futures[0]
        except asyncio.CancelledError:
            trace("nested sees it")
            raise

    async def body():
        task = asyncio.create_task(nested())
        await asyncio.sleep(0)
        asyncio.current_task().cancel()
        try:
            await task
        except asyncio.CancelledError:
            trace(f"outer sees it, nested {outcome(task)}")
            raise

    task = asyncio.create_task(body())
    trace(await attempt(task))
    trace(f"future {outcome(futures[0])}")


@scenario
async def self_cancel_then_awaiting_a_task_that_has_not_started(trace):
    async def nested():
        trace("never")

    async def body():
        task = asyncio.create_task(nested())
        asyncio.current_task().cancel("m")
        try:
            await task
        finally:
            trace(f"nested {outcome(task)}")

    trace(await attempt(asyncio.create_task(body())))


@scenario
async def cancelled_before_its_first_step(trace):
    """#22. The body never runs; the message arrives."""

    async def body():
        try:
            trace("never")
        finally:
            trace("never either")

    task = asyncio.create_task(body())
    trace(f"cancel: {task.cancel('too early')}")
    trace(f"done {task.done()} requests {task.cancelling()}")
    trace(await attempt(task))
    trace(f"cancelled {task.cancelled()}")


@scenario
async def cancelled_while_runnable_in_its_last_step_loses_its_value(trace):
    """Cancelled between wake-up and step: the interrupted await raises although its future has a result."""
    gate = forever()

    async def body():
        try:
            value = await gate
            trace(f"never {value}")
        except asyncio.CancelledError as exc:
            trace(f"inside: {kind(exc)}")
            raise

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    gate.set_result("value")
    trace(f"cancel: {task.cancel('after the wake-up')}")
    trace(await attempt(task))
    trace(f"gate {outcome(gate)}")


@scenario
async def cancelled_between_failure_and_step(trace):
    """The future failed, the task was woken, then cancelled: the cancellation wins."""
    gate = forever()

    async def body():
        await gate

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    gate.set_exception(ValueError("unseen"))
    task.cancel()
    trace(await attempt(task))
    trace(f"gate {outcome(gate)}")


@scenario
async def future_cancelled_by_the_request_refuses_a_result(trace):
    """Cancel first, then complete: the request has already completed the future."""
    gate = forever()

    async def body():
        await gate

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel()
    trace(f"gate {outcome(gate)}")
    trace(error_of(lambda: gate.set_result(1)))
    trace(await attempt(task))


@scenario
async def cancelling_the_awaited_future_cancels_the_task(trace):
    """#24. Without any request counted."""
    gate = forever()

    async def body():
        await gate

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    gate.cancel("through the future")
    trace(await attempt(task))
    trace(f"cancelled {task.cancelled()} requests {task.cancelling()}")


@scenario
async def cancelling_task_and_future_in_one_iteration(trace):
    """#25."""
    gate = forever()

    async def body():
        await gate

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    trace(f"future: {gate.cancel('future')}")
    trace(f"task: {task.cancel('task')}")
    trace(await attempt(task))
    trace(f"requests {task.cancelling()}")


@scenario
async def cancelling_task_then_future_in_one_iteration(trace):
    """#25, the other way round."""
    gate = forever()

    async def body():
        await gate

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    trace(f"task: {task.cancel('task')}")
    trace(f"future: {gate.cancel('future')}")
    trace(await attempt(task))


@scenario
async def cancelled_task_that_catches_and_returns_has_a_result(trace):
    """#26."""

    async def body():
        try:
            await forever()
        except asyncio.CancelledError:
            return "caught"

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel()
    trace(await attempt(task))
    trace(f"cancelled {task.cancelled()} requests {task.cancelling()}")


@scenario
async def cancelled_task_that_ignores_it_goes_on_to_its_next_await(trace):
    """#27. Delivery is an edge, not a level."""
    gates = [forever(), forever()]

    async def body():
        try:
            await gates[0]
        except asyncio.CancelledError:
            trace("ignored")
        trace(f"got {await gates[1]}")
        return "end"

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel()
    await spin(2)
    trace(f"done {task.done()} requests {task.cancelling()}")
    gates[1].set_result("the second")
    trace(await attempt(task))


@scenario
async def every_request_is_accepted_until_the_task_ends(trace):
    """#14."""

    async def body():
        ignored = 0
        while ignored < 3:
            try:
                await forever()
            except asyncio.CancelledError:
                ignored += 1
        return ignored

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    for _ in range(3):
        trace(f"cancel: {task.cancel()} requests {task.cancelling()}")
        await asyncio.sleep(0)
    trace(f"cancel: {task.cancel()}")
    trace(outcome(task))


@scenario
async def two_requests_before_delivery_are_one_cancellation(trace):
    """The task was waiting for a future: the first message wins, both requests count."""

    async def body():
        try:
            await forever()
        except asyncio.CancelledError as exc:
            trace(f"{kind(exc)} requests {asyncio.current_task().cancelling()}")
        await asyncio.sleep(0)
        return "not interrupted again"

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    trace(f"cancel: {task.cancel('first')}")
    trace(f"cancel: {task.cancel('second')}")
    trace(await attempt(task))


@scenario
async def two_requests_before_the_first_step(trace):
    """Nothing was waited for: the last message wins."""

    async def body():
        trace("never")

    task = asyncio.create_task(body())
    task.cancel("first")
    task.cancel("second")
    trace(f"requests {task.cancelling()}")
    trace(await attempt(task))


@scenario
async def request_while_the_cancellation_is_being_handled(trace):
    """It is delivered at the next suspension, with its own message."""
    released = forever()

    async def body():
        try:
            await forever()
        except asyncio.CancelledError as exc:
            trace(f"first: {kind(exc)}")
            try:
                await released
            except asyncio.CancelledError as inner:
                trace(f"second: {kind(inner)}")
                raise

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel("one")
    await spin(2)
    task.cancel("two")
    trace(await attempt(task))
    trace(f"requests {task.cancelling()}")


@scenario
async def cancellation_is_delivered_once_so_cleanup_may_await(trace):
    async def body():
        try:
            await forever()
        finally:
            trace("cleanup starts")
            await asyncio.sleep(0)
            await asyncio.sleep(0.001)
            trace("cleanup ends")

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel()
    trace(await attempt(task))


@scenario
async def second_request_interrupts_the_cleanup(trace):
    async def body():
        try:
            await forever()
        finally:
            trace("cleanup starts")
            try:
                await forever()
                trace("never")
            finally:
                trace("cleanup interrupted")

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel("first")
    await spin(2)
    task.cancel("second")
    trace(await attempt(task))


@scenario
async def failure_in_the_cleanup_replaces_the_cancellation(trace):
    async def body():
        try:
            await forever()
        finally:
            raise ValueError("cleanup failed")

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel()
    trace(await attempt(task))
    trace(f"cancelled {task.cancelled()} requests {task.cancelling()}")


@scenario
async def cancellation_translated_into_another_exception(trace):
    """#21. The original stays its cause."""

    async def body():
        try:
            await forever()
        except asyncio.CancelledError as exc:
            raise RuntimeError("translated") from exc

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel("original")
    trace(await attempt(task))
    trace(f"cause {kind(task.exception().__cause__)}")
    trace(f"cause of the cause {kind(task.exception().__cause__.__cause__)}")


@scenario
async def requests_are_counted(trace):
    """cancelling() counts requests, uncancel() takes one back, never below zero."""

    async def body():
        try:
            await forever()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            trace(f"requests {task.cancelling()}")
            trace(f"uncancel {task.uncancel()}")
            trace(f"uncancel {task.uncancel()}")
            trace(f"uncancel {task.uncancel()}")
            trace(f"requests {task.cancelling()}")

    task = asyncio.create_task(body())
    trace(f"requests {task.cancelling()} uncancel {task.uncancel()}")
    await asyncio.sleep(0)
    task.cancel()
    task.cancel()
    await task


@scenario
async def uncancel_after_catching_lets_the_task_go_on(trace):
    """#15. And a second cancellation works as the first; afterwards uncancel changes nothing."""

    async def body():
        task = asyncio.current_task()
        for number in (1, 2):
            try:
                await forever()
            except asyncio.CancelledError as exc:
                trace(f"{number}: {kind(exc)} requests {task.cancelling()}")
                if number == 2:
                    raise
                trace(f"{number}: uncancel {task.uncancel()}")

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel("a")
    await spin(2)
    trace(f"between: requests {task.cancelling()} done {task.done()}")
    task.cancel("b")
    trace(await attempt(task))
    trace(f"after: requests {task.cancelling()} uncancel {task.uncancel()} cancelled {task.cancelled()}")


@scenario
async def uncancel_before_delivery_revokes_the_request(trace):
    """#17. The task had not started: it runs as if nothing had been."""

    async def body():
        trace("runs")
        await asyncio.sleep(0)
        return "normal end"

    task = asyncio.create_task(body())
    task.cancel("revoked")
    trace(f"uncancel {task.uncancel()}")
    trace(await attempt(task))


@scenario
async def uncancel_inside_the_step_revokes_the_request(trace):
    """#17."""

    async def body():
        task = asyncio.current_task()
        task.cancel()
        trace(f"uncancel {task.uncancel()}")
        await asyncio.sleep(0)
        return "not interrupted"

    trace(await attempt(asyncio.create_task(body())))


@scenario
async def uncancel_of_one_of_two_requests_does_not_revoke(trace):
    """#17. Only when none is left is an undelivered cancellation dropped."""

    async def body():
        trace("never")

    task = asyncio.create_task(body())
    task.cancel("first")
    task.cancel("second")
    trace(f"uncancel {task.uncancel()}")
    trace(await attempt(task))


@scenario
async def uncancel_does_not_revoke_what_a_future_already_carries(trace):
    """The request went to the awaited future: that is cancelled, and nothing takes it back."""

    async def body():
        try:
            await forever()
        except asyncio.CancelledError as exc:
            trace(f"{kind(exc)} requests {asyncio.current_task().cancelling()}")
            raise

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel("sent")
    trace(f"uncancel {task.uncancel()}")
    trace(await attempt(task))


@scenario
async def structured_block_takes_its_own_request_back(trace):
    """#16. A hand-written timeout: cancel, convert, uncancel; the count is back where it was."""
    loop = asyncio.get_running_loop()

    async def limited(delay, work):
        task = asyncio.current_task()
        baseline = task.cancelling()
        fired = []

        def fire():
            fired.append(True)
            task.cancel()

        handle = loop.call_later(delay, fire)
        try:
            return await work
        except asyncio.CancelledError:
            if fired and task.uncancel() <= baseline:
                return "limited"
            raise
        finally:
            handle.cancel()

    async def body():
        trace(await limited(0.01, asyncio.sleep(60)))
        trace(f"requests {asyncio.current_task().cancelling()}")
        trace(await limited(60, asyncio.sleep(0, "in time")))
        trace(f"requests {asyncio.current_task().cancelling()}")

    await asyncio.create_task(body())


@scenario
async def structured_block_leaves_a_foreign_request_alone(trace):
    """#16. Two requests, one of them its own: the cancellation goes on."""

    async def body():
        task = asyncio.current_task()
        try:
            await forever()
        except asyncio.CancelledError:
            trace(f"left after its own: {task.uncancel()}")
            if task.cancelling() == 0:
                trace("never")
                return
            raise

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel("block")
    task.cancel("foreign")
    trace(await attempt(task))
    trace(f"requests {task.cancelling()}")


@scenario
async def messages_come_out_of_the_result(trace):
    """#19. Text, number, nothing."""

    async def body():
        await forever()

    for message in ("text", 5, None):
        task = asyncio.create_task(body())
        await asyncio.sleep(0)
        task.cancel(message)
        await asyncio.wait([task])
        trace(error_of(task.result))


@scenario
async def messages_come_out_of_the_exception(trace):
    """#20."""

    async def body():
        await forever()

    for message in ("text", 5, None):
        task = asyncio.create_task(body())
        await asyncio.sleep(0)
        task.cancel(message)
        await asyncio.wait([task])
        trace(error_of(task.exception))


@scenario
async def message_reaches_the_innermost_coroutine(trace):
    """#1, #2 (what can be told through public members): the message arrives where the task waits."""

    async def inner():
        try:
            await forever()
        except asyncio.CancelledError as exc:
            trace(f"inner: {kind(exc)}")
            raise

    async def middle():
        await asyncio.create_task(inner())

    task = asyncio.create_task(middle())
    await spin(2)
    task.cancel("hello")
    trace(f"outer: {await attempt(task)}")


@scenario
async def cancellation_raised_by_the_body_itself(trace):
    """A task that raises it is cancelled, though nobody asked."""

    async def body():
        raise asyncio.CancelledError("own")

    task = asyncio.create_task(body())
    trace(await attempt(task))
    trace(f"cancelled {task.cancelled()} requests {task.cancelling()}")


@scenario
async def cancelled_between_two_sleeps(trace):
    """#23."""

    async def body():
        trace("first sleep")
        await asyncio.sleep(0)
        trace("second sleep")
        await asyncio.sleep(0)
        trace("never")

    task = asyncio.create_task(body())
    await spin(2)
    task.cancel()
    trace(await attempt(task))


@scenario
async def cancelled_inside_sleep_zero(trace):
    """The task is runnable: the request is delivered in its next step, at the sleep."""

    async def body():
        try:
            await asyncio.sleep(0)
            trace("never")
        except asyncio.CancelledError as exc:
            trace(kind(exc))
            await asyncio.sleep(0)
            return "went on"

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel("m")
    trace(await attempt(task))


@scenario
async def exception_object_of_a_cancelled_task_is_the_one_it_ended_with(trace):
    """The first await of it, at least."""
    seen = []

    async def body():
        try:
            await forever()
        except asyncio.CancelledError as exc:
            seen.append(exc)
            raise

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError as exc:
        trace(f"same {exc is seen[0]}")


@scenario
async def cancelled_becomes_true_only_at_the_end(trace):
    async def body():
        try:
            await forever()
        finally:
            trace(f"in the cleanup: cancelled {asyncio.current_task().cancelled()}")
            await asyncio.sleep(0)

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel()
    trace(f"requested: cancelled {task.cancelled()}")
    await attempt(task)
    trace(f"ended: cancelled {task.cancelled()}")


@scenario
async def cancelling_a_waiter_of_a_shared_future_cancels_all(trace):
    """The future itself is cancelled, so everybody who waits for it is."""
    shared = forever()

    async def waiter(name):
        try:
            await shared
        except asyncio.CancelledError as exc:
            trace(f"{name}: {kind(exc)} requests {asyncio.current_task().cancelling()}")
            raise

    first = asyncio.create_task(waiter("a"))
    second = asyncio.create_task(waiter("b"))
    await asyncio.sleep(0)
    second.cancel("b only")
    await spin(2)
    trace(f"{outcome(first)}, {outcome(second)}, {outcome(shared)}")


@scenario
async def cancelling_a_waiter_of_a_shared_task_cancels_all(trace):
    async def work():
        await forever()

    shared = asyncio.create_task(work())

    async def waiter(name):
        try:
            await shared
        finally:
            trace(f"{name}: requests {asyncio.current_task().cancelling()}")

    first = asyncio.create_task(waiter("a"))
    second = asyncio.create_task(waiter("b"))
    await spin(2)
    first.cancel()
    trace(f"b: {await attempt(second)}")
    trace(f"a: {outcome(first)}")
    trace(f"shared: {outcome(shared)} requests {shared.cancelling()}")


@scenario
async def cancellations_arrive_in_the_order_of_the_requests(trace):
    async def body(name):
        try:
            await forever()
        finally:
            trace(name)

    tasks = [asyncio.create_task(body(name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    for number in (2, 0, 1):
        tasks[number].cancel()
    trace("requested")
    for task in tasks:
        await attempt(task)


@scenario
async def cancel_while_the_awaited_task_is_already_done(trace):
    """The inner task has ended, its waiter is queued: the waiter is cancelled, the inner result kept."""

    async def inner():
        await asyncio.sleep(0)
        return "inner result"

    async def outer(task):
        await task
        trace("never")

    nested = asyncio.create_task(inner())
    task = asyncio.create_task(outer(nested))
    await spin(2)
    trace(f"inner {outcome(nested)}, outer {outcome(task)}")
    trace(f"cancel: {task.cancel()}")
    trace(await attempt(task))
    trace(f"inner {outcome(nested)}")


@scenario
async def request_to_a_task_whose_inner_task_is_cleaning_up(trace):
    """A second request goes down to the inner task as well."""

    async def inner():
        try:
            await forever()
        except asyncio.CancelledError as first:
            trace(f"inner: {kind(first)}")
            try:
                await forever()
            except asyncio.CancelledError as second:
                trace(f"inner again: {kind(second)}")
                raise

    async def outer():
        await asyncio.create_task(inner())

    task = asyncio.create_task(outer())
    await spin(2)
    task.cancel("one")
    await spin(2)
    trace(f"outer done {task.done()}")
    task.cancel("two")
    trace(await attempt(task))
    trace(f"requests {task.cancelling()}")


@scenario
async def cancel_of_a_task_that_awaits_the_canceller_ends_both(trace):
    """a waits for b, b cancels a: the request comes back to b, at b's next await."""
    tasks = []

    async def a():
        await tasks[1]

    async def b():
        await asyncio.sleep(0)
        trace(f"cancel: {tasks[0].cancel('round trip')}")
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError as exc:
            trace(f"b: {kind(exc)} requests {asyncio.current_task().cancelling()}")
            raise

    tasks.append(asyncio.create_task(a()))
    tasks.append(asyncio.create_task(b()))
    trace(f"a: {await attempt(tasks[0])}")
    trace(f"b cancelled {tasks[1].cancelled()}")


@scenario
async def message_of_a_cancelled_task_is_given_out_once(trace):
    """An oddity: who asks first gets the exception that the task ended with; later ones carry no message."""

    async def body():
        await forever()

    task = asyncio.create_task(body())

    async def waiter(name):
        trace(f"{name}: {await attempt(task)}")

    waiters = [asyncio.create_task(waiter(name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    task.cancel("x")
    for each in waiters:
        await each
    trace(f"result: {error_of(task.result)}")


@scenario
def interrupt_raised_in_the_cleanup_leaves_the_loop(trace):
    """#56. A KeyboardInterrupt while handling a cancellation is the task's exception and comes out of the loop."""
    loop = asyncio.new_event_loop()
    trace_errors(trace, loop)

    async def body():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            trace("cleanup")
            raise KeyboardInterrupt

    async def request(task):
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(60)

    task = loop.create_task(body())
    canceller = loop.create_task(request(task))
    trace(error_of(lambda: loop.run_until_complete(canceller)))
    trace(f"task {kind(task.exception())} cancelled {task.cancelled()}")
    canceller.cancel()
    trace(error_of(lambda: loop.run_until_complete(canceller)))
    loop.close()
