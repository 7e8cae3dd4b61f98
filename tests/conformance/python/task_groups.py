"""Task groups: joining, failing, cancelling in both directions, nesting."""

import asyncio

from harness import attempt, collect_garbage, error_of, kind, outcome, scenario, spin, ticker


def forever():
    return asyncio.get_running_loop().create_future()


async def give(value, turns=0):
    await spin(turns)
    return value


async def fail(exc, turns=0):
    await spin(turns)
    raise exc


async def hang(trace, name):
    """Waits for ever, and tells when it is interrupted."""
    try:
        await forever()
    finally:
        trace(f"{name} cancelled")


def requests():
    return asyncio.current_task().cancelling()


@scenario
async def exit_waits_for_the_children(trace):
    async def work(name, turns):
        await spin(turns)
        trace(f"{name} ends")
        return name

    async with asyncio.TaskGroup() as group:
        first = group.create_task(work("a", 3))
        second = group.create_task(work("b", 1))
        trace("body ends")
    trace(f"results {first.result()} {second.result()}")


@scenario
async def body_and_children_interleave(trace):
    async def work(name):
        for number in range(3):
            trace(f"{name}{number}")
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        group.create_task(work("a"))
        group.create_task(work("b"))
        for number in range(3):
            trace(f"body{number}")
            await asyncio.sleep(0)
    trace("left")


@scenario
async def empty_group_does_not_suspend(trace):
    asyncio.get_running_loop().call_soon(trace, "callback")
    async with asyncio.TaskGroup():
        trace("body")
    trace("left")
    await asyncio.sleep(0)


@scenario
async def group_whose_children_are_done_does_not_suspend(trace):
    async with asyncio.TaskGroup() as group:
        group.create_task(give(1))
        await spin(3)
        asyncio.get_running_loop().call_soon(trace, "callback")
        trace("body ends")
    trace("left")
    await asyncio.sleep(0)


@scenario
async def iterations_that_leaving_takes(trace):
    """The child ends, its done callback wakes the parent, the parent leaves."""

    async def work():
        trace("child")

    ticks = asyncio.create_task(ticker(trace, 5))
    async with asyncio.TaskGroup() as group:
        group.create_task(work())
    trace("left")
    await ticks


@scenario
async def child_added_by_a_child_while_leaving(trace):
    """#99. The group waits for it as well."""

    async def child(group, depth):
        trace(f"child {depth}")
        await asyncio.sleep(0)
        if depth < 3:
            group.create_task(child(group, depth + 1))

    async with asyncio.TaskGroup() as group:
        group.create_task(child(group, 1))
        trace("body ends")
    trace("left")


@scenario
async def failing_child_cancels_its_siblings_and_the_body(trace):
    """#89."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(ValueError(), 1))
            group.create_task(hang(trace, "sibling"))
            try:
                await forever()
            except asyncio.CancelledError:
                trace(f"body cancelled, requests {requests()}")
                raise
    except ExceptionGroup as exc:
        trace(kind(exc))
    trace(f"requests {requests()}")


@scenario
async def iterations_of_a_failure(trace):
    """Child fails; its callback cancels the sibling; that ends; its callback wakes the parent."""
    ticks = asyncio.create_task(ticker(trace, 7))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(hang(trace, "sibling"))
            group.create_task(fail(ValueError()))
    except ExceptionGroup as exc:
        trace(kind(exc))
    await ticks


@scenario
async def several_failures_are_grouped_in_the_order_of_completion(trace):
    async def fail_when_cancelled(exc):
        try:
            await forever()
        finally:
            raise exc

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail_when_cancelled(KeyError()))
            group.create_task(fail(ValueError(), 1))
    except ExceptionGroup as exc:
        trace(kind(exc))


@scenario
async def failures_in_one_iteration_are_all_grouped(trace):
    try:
        async with asyncio.TaskGroup() as group:
            for exc in (ValueError(), KeyError(), ZeroDivisionError()):
                group.create_task(fail(exc))
    except ExceptionGroup as exc:
        trace(kind(exc))


@scenario
async def child_that_is_cancelled_by_itself_is_no_error(trace):
    """#88. Its siblings go on."""
    async with asyncio.TaskGroup() as group:
        victim = group.create_task(hang(trace, "victim"))
        other = group.create_task(give("other", 3))
        await asyncio.sleep(0)
        victim.cancel()
        await spin(2)
        trace("body goes on")
    trace(f"{outcome(victim)}, {outcome(other)} requests {requests()}")


@scenario
async def child_that_raises_a_cancellation_is_no_error(trace):
    async with asyncio.TaskGroup() as group:
        task = group.create_task(fail(asyncio.CancelledError()))
    trace(outcome(task))


@scenario
async def failing_body_cancels_the_children(trace):
    """#92. Its exception is in the group."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(hang(trace, "child"))
            await asyncio.sleep(0)
            raise ZeroDivisionError
    except ExceptionGroup as exc:
        trace(kind(exc))
    trace(f"requests {requests()}")


@scenario
async def failing_body_before_the_children_started(trace):
    """They never run."""

    async def child():
        trace("never")

    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(child())
            raise ZeroDivisionError
    except ExceptionGroup as exc:
        trace(kind(exc))
    trace(outcome(task))


@scenario
async def failing_body_comes_after_the_failures_of_children(trace):
    async def fail_when_cancelled():
        try:
            await forever()
        finally:
            raise KeyError

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail_when_cancelled())
            await asyncio.sleep(0)
            raise ZeroDivisionError
    except ExceptionGroup as exc:
        trace(kind(exc))


@scenario
async def body_that_translates_the_cancellation(trace):
    """#95. The body was cancelled by a failing child and raises something else: both are in the group."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(ValueError(), 1))
            try:
                await forever()
            except asyncio.CancelledError:
                raise KeyError
    except ExceptionGroup as exc:
        trace(kind(exc))


@scenario
async def body_that_swallows_the_cancellation(trace):
    """The group's error comes out all the same."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(ValueError(), 1))
            try:
                await forever()
            except asyncio.CancelledError:
                trace("swallowed")
            trace("body goes on")
    except ExceptionGroup as exc:
        trace(kind(exc))
    trace(f"requests {requests()}")


@scenario
async def cancelling_the_parent_cancels_the_children(trace):
    """#90. The cancellation propagates when they have ended."""

    async def parent():
        async with asyncio.TaskGroup() as group:
            group.create_task(hang(trace, "child"))

    task = asyncio.create_task(parent())
    await spin(2)
    ticks = asyncio.create_task(ticker(trace, 5))
    task.cancel("outside")
    trace(await attempt(task))
    trace(f"requests {task.cancelling()}")
    await ticks


@scenario
async def cancelling_the_parent_in_its_body(trace):
    """#90."""

    async def parent():
        async with asyncio.TaskGroup() as group:
            group.create_task(hang(trace, "child"))
            try:
                await forever()
            except asyncio.CancelledError as exc:
                trace(f"body: {kind(exc)}")
                raise

    task = asyncio.create_task(parent())
    await spin(2)
    task.cancel("outside")
    trace(await attempt(task))


@scenario
async def failures_during_the_cancellation_outrank_it(trace):
    """#91. The count stays, so the cancellation is not lost."""

    async def child():
        try:
            await forever()
        finally:
            raise ValueError

    async def parent():
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(child())
                await forever()
        except ExceptionGroup as exc:
            trace(f"{kind(exc)} requests {requests()}")
            try:
                await forever()
            except asyncio.CancelledError as later:
                trace(f"next await: {kind(later)}")
                raise

    task = asyncio.create_task(parent())
    await spin(2)
    task.cancel()
    trace(await attempt(task))


@scenario
async def failure_after_the_parent_was_cancelled(trace):
    """#94. A child that is cancelled with the parent fails later: a group."""

    async def child():
        try:
            await forever()
        finally:
            await spin(2)
            raise ValueError

    async def parent():
        async with asyncio.TaskGroup() as group:
            group.create_task(child())
            await forever()

    task = asyncio.create_task(parent())
    await spin(2)
    task.cancel()
    trace(await attempt(task))
    trace(f"requests {task.cancelling()}")


@scenario
async def failure_and_cancellation_of_the_parent_in_one_iteration(trace):
    """#106. The group comes out, the cancellation at the next await."""

    async def parent():
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fail(ValueError(), 1))
                try:
                    await forever()
                finally:
                    trace(f"body cancelled, requests {requests()}")
        except ExceptionGroup as exc:
            trace(f"{kind(exc)} requests {requests()}")
        try:
            await asyncio.sleep(0)
            trace("never")
        except asyncio.CancelledError as exc:
            trace(f"next await: {kind(exc)} requests {requests()}")
            raise

    task = asyncio.create_task(parent())
    await spin(3)
    task.cancel()
    trace(await attempt(task))


@scenario
async def cancelling_the_parent_again_while_it_is_leaving(trace):
    """The children are cancelled once; the second request is remembered."""

    async def child():
        try:
            await forever()
        except asyncio.CancelledError:
            trace("child cancelled")
            try:
                await gate
                trace("child cleaned up")
            except asyncio.CancelledError:
                trace("never")

    gate = forever()

    async def parent():
        async with asyncio.TaskGroup() as group:
            group.create_task(child())

    task = asyncio.create_task(parent())
    await spin(2)
    task.cancel("first")
    await spin(3)
    task.cancel("second")
    await spin(3)
    trace(f"done {task.done()} requests {task.cancelling()}")
    gate.set_result(None)
    trace(await attempt(task))


@scenario
async def cancelling_the_parent_while_a_failure_is_being_handled(trace):
    async def child():
        try:
            await forever()
        finally:
            await gate
            trace("child cleaned up")

    gate = forever()

    async def parent():
        async with asyncio.TaskGroup() as group:
            group.create_task(child())
            group.create_task(fail(ValueError()))

    task = asyncio.create_task(parent())
    await spin(5)
    task.cancel()
    await spin(2)
    trace(f"done {task.done()}")
    gate.set_result(None)
    trace(await attempt(task))
    trace(f"requests {task.cancelling()}")


@scenario
async def nested_groups_nest_their_errors(trace):
    """#93."""
    try:
        async with asyncio.TaskGroup():
            async with asyncio.TaskGroup() as inner:
                inner.create_task(fail(ValueError()))
    except ExceptionGroup as exc:
        trace(kind(exc))


@scenario
async def failure_in_the_outer_group_cancels_the_inner(trace):
    try:
        async with asyncio.TaskGroup() as outer:
            outer.create_task(fail(ValueError(), 2))
            async with asyncio.TaskGroup() as inner:
                inner.create_task(hang(trace, "child of the inner"))
                try:
                    await forever()
                finally:
                    trace("body cancelled")
    except ExceptionGroup as exc:
        trace(kind(exc))


@scenario
async def both_nested_groups_fail(trace):
    """#105. One request is still counted between them."""
    try:
        async with asyncio.TaskGroup() as outer:
            try:
                async with asyncio.TaskGroup() as inner:
                    outer.create_task(fail(ValueError()))
                    inner.create_task(fail(KeyError()))
            except ExceptionGroup as exc:
                trace(f"inner: {kind(exc)} requests {requests()}")
                raise
    except ExceptionGroup as exc:
        trace(f"outer: {kind(exc)} requests {requests()}")


@scenario
async def handled_failure_of_the_inner_group_leaves_the_outer_alone(trace):
    async with asyncio.TaskGroup() as outer:
        sibling = outer.create_task(give("sibling", 6))
        try:
            async with asyncio.TaskGroup() as inner:
                inner.create_task(fail(ValueError()))
        except ExceptionGroup as exc:
            trace(f"inner: {kind(exc)} requests {requests()}")
        await asyncio.sleep(0)
        trace("outer goes on")
    trace(outcome(sibling))


@scenario
async def interrupt_in_the_body_comes_out_bare(trace):
    """#96. The children are cancelled and awaited first."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(hang(trace, "child"))
            await asyncio.sleep(0)
            raise KeyboardInterrupt
    except KeyboardInterrupt as exc:
        trace(kind(exc))


@scenario
async def finished_children_leave_the_group(trace):
    """#98 (what can be told from outside): a body that goes on may add many short children."""
    total = 0
    async with asyncio.TaskGroup() as group:
        for number in range(20):
            total += await group.create_task(give(number))
    trace(f"total {total}")


@scenario
async def multiplying_children_are_stopped_by_one_failure(trace):
    """#100."""
    started = []

    async def child(group):
        started.append(None)
        await asyncio.sleep(0)
        if len(started) > 20:
            raise ValueError
        group.create_task(child(group))
        await forever()

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child(group))
    except ExceptionGroup as exc:
        trace(kind(exc))
    trace(f"started {len(started)}")


@scenario
async def group_that_is_shutting_down_takes_no_children(trace):
    """#101. The coroutine is closed."""

    async def late():
        trace("never")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(ValueError()))
            try:
                await forever()
            except asyncio.CancelledError:
                trace(error_of(lambda: group.create_task(late())))
    except ExceptionGroup as exc:
        trace(kind(exc))


@scenario
async def group_that_is_finished_takes_no_children(trace):
    """#103."""

    async def late():
        trace("never")

    async with asyncio.TaskGroup() as group:
        group.create_task(give(1))
    trace(error_of(lambda: group.create_task(late())))


@scenario
async def group_that_was_not_entered_takes_no_children(trace):
    async def early():
        trace("never")

    trace(error_of(lambda: asyncio.TaskGroup().create_task(early())))


@scenario
async def group_is_entered_once(trace):
    group = asyncio.TaskGroup()
    async with group:
        try:
            async with group:
                trace("never")
        except RuntimeError as exc:
            trace(f"nested: {kind(exc)}")
    try:
        async with group:
            trace("never")
    except RuntimeError as exc:
        trace(f"afterwards: {kind(exc)}")


@scenario
async def entering_outside_a_task_is_an_error(trace):
    """#104. In a callback of the loop there is no current task."""

    def callback():
        entering = asyncio.TaskGroup().__aenter__()
        trace(error_of(lambda: entering.send(None)))

    asyncio.get_running_loop().call_soon(callback)
    await asyncio.sleep(0)


@scenario
async def failing_scope_inside_the_body(trace):
    """#102. A scope in the body that raises on its exit, when a child has failed: both errors, no request left."""

    class Scope:
        async def __aenter__(self):
            return self

        async def __aexit__(self, *_):
            raise KeyError("on the exit")

    try:
        async with asyncio.TaskGroup() as group:
            async with Scope():
                group.create_task(fail(ValueError()))
                await forever()
    except ExceptionGroup as exc:
        trace(kind(exc))
    trace(f"requests {requests()}")


@scenario
async def failing_child_that_was_also_awaited_by_the_body(trace):
    """The body handles the failure; the group fails all the same."""
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(fail(ValueError()))
            try:
                await task
            except ValueError:
                trace("handled")
            except asyncio.CancelledError:
                trace("cancelled while awaiting")
                raise
    except ExceptionGroup as exc:
        trace(kind(exc))


@scenario(handler=True)
async def child_that_fails_when_the_parent_task_is_over(trace):
    """The group was left without its exit: the failure is reported, as nobody is there to raise it to."""
    groups = []

    async def parent():
        group = asyncio.TaskGroup()
        await group.__aenter__()
        groups.append(group)
        groups.append(group.create_task(fail(ValueError(), 3)))

    await asyncio.create_task(parent())
    trace("parent is over")
    await spin(6)
    trace(kind(groups[1].exception()))


@scenario(handler=True)
async def failures_of_children_count_as_retrieved(trace):
    async def use():
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fail(ValueError()))
                group.create_task(fail(KeyError()))
        except ExceptionGroup as exc:
            trace(kind(exc))

    await use()
    await collect_garbage()
    trace("end")


@scenario
async def body_that_raises_a_cancellation_itself(trace):
    """Nobody requested it: it propagates."""

    async def parent():
        async with asyncio.TaskGroup() as group:
            group.create_task(hang(trace, "child"))
            await asyncio.sleep(0)
            raise asyncio.CancelledError("own")

    task = asyncio.create_task(parent())
    trace(await attempt(task))
    trace(f"requests {task.cancelling()}")
