"""Signal handlers: when they run, replacing and removing them, signals that are none or cannot be handled."""

import asyncio
import contextvars
import os
import signal

from harness import attempt, error_of, scenario, spin
from wires import until


def send(number):
    os.kill(os.getpid(), number)


@scenario
async def handler_is_called(trace):
    loop = asyncio.get_running_loop()
    calls = []
    loop.add_signal_handler(signal.SIGUSR1, calls.append, 1)
    trace(f"{len(calls)} calls")
    for count in (1, 2):
        send(signal.SIGUSR1)
        await until(lambda: len(calls) >= count)
        trace(f"{len(calls)} calls")
    trace(f"removed {loop.remove_signal_handler(signal.SIGUSR1)}")


@scenario
async def handler_is_a_callback_of_the_loop(trace):
    """Nothing of it runs before the loop has its turn."""
    loop = asyncio.get_running_loop()
    calls = []
    loop.add_signal_handler(signal.SIGUSR1, lambda: calls.append(asyncio.current_task()))
    send(signal.SIGUSR1)
    trace(f"{len(calls)} calls")
    await until(lambda: calls)
    trace(f"in a task {calls[0] is not None}")
    loop.remove_signal_handler(signal.SIGUSR1)


@scenario
async def each_signal_has_its_handler(trace):
    loop = asyncio.get_running_loop()
    calls = []
    loop.add_signal_handler(signal.SIGUSR1, calls.append, "first")
    loop.add_signal_handler(signal.SIGUSR2, calls.append, "second")
    for number in (signal.SIGUSR2, signal.SIGUSR1):
        count = len(calls)
        send(number)
        await until(lambda: len(calls) > count)
        trace(calls[-1])
    trace(f"removed {loop.remove_signal_handler(signal.SIGUSR1)}, {loop.remove_signal_handler(signal.SIGUSR2)}")


@scenario
async def second_handler_replaces_the_first(trace):
    loop = asyncio.get_running_loop()
    calls = []
    loop.add_signal_handler(signal.SIGUSR1, calls.append, "first")
    loop.add_signal_handler(signal.SIGUSR1, calls.append, "second")
    send(signal.SIGUSR1)
    await until(lambda: calls)
    await spin(3)
    trace(", ".join(calls))
    trace(f"removed {loop.remove_signal_handler(signal.SIGUSR1)}, {loop.remove_signal_handler(signal.SIGUSR1)}")


@scenario
async def removing_what_is_not_there(trace):
    loop = asyncio.get_running_loop()
    trace(f"removed {loop.remove_signal_handler(signal.SIGUSR1)}")


@scenario
async def removed_by_itself(trace):
    loop = asyncio.get_running_loop()
    calls = []

    def handle():
        calls.append(loop.remove_signal_handler(signal.SIGUSR1))

    loop.add_signal_handler(signal.SIGUSR1, handle)
    send(signal.SIGUSR1)
    await until(lambda: calls)
    trace(f"removed {calls[0]}, {loop.remove_signal_handler(signal.SIGUSR1)}")


@scenario
async def added_again(trace):
    loop = asyncio.get_running_loop()
    calls = []
    for name in ("first", "second"):
        loop.add_signal_handler(signal.SIGUSR1, calls.append, name)
        count = len(calls)
        send(signal.SIGUSR1)
        await until(lambda: len(calls) > count)
        trace(f"{calls[-1]}, removed {loop.remove_signal_handler(signal.SIGUSR1)}")


@scenario(handler=True)
async def failing_handler_is_reported_and_called_again(trace):
    loop = asyncio.get_running_loop()
    calls = []

    def handle():
        calls.append(1)
        raise ZeroDivisionError

    loop.add_signal_handler(signal.SIGUSR1, handle)
    for count in (1, 2):
        send(signal.SIGUSR1)
        await until(lambda: len(calls) >= count)
        await spin(2)
        trace(f"{len(calls)} calls")
    loop.remove_signal_handler(signal.SIGUSR1)


@scenario
async def signal_wakes_a_loop_that_sleeps(trace):
    loop = asyncio.get_running_loop()
    event = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, event.set)
    loop.run_in_executor(None, send, signal.SIGUSR1)
    await event.wait()
    trace("woken")
    loop.remove_signal_handler(signal.SIGUSR1)


@scenario
async def handler_cancels_a_task(trace):
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(asyncio.Event().wait())
    loop.add_signal_handler(signal.SIGUSR1, task.cancel, "signal")
    await spin(2)
    send(signal.SIGUSR1)
    trace(await attempt(task))
    loop.remove_signal_handler(signal.SIGUSR1)


@scenario
async def handler_sees_the_values_of_its_maker(trace):
    loop = asyncio.get_running_loop()
    variable = contextvars.ContextVar("variable", default="nobody")
    calls = []
    variable.set("maker")
    loop.add_signal_handler(signal.SIGUSR1, lambda: calls.append(variable.get()))
    variable.set("another")
    send(signal.SIGUSR1)
    await until(lambda: calls)
    trace(calls[0])
    loop.remove_signal_handler(signal.SIGUSR1)


@scenario
async def signals_that_nobody_can_handle(trace):
    loop = asyncio.get_running_loop()
    for number in (signal.SIGKILL, signal.SIGSTOP):
        trace(error_of(lambda: loop.add_signal_handler(number, print)))
        trace(f"removed {loop.remove_signal_handler(number)}")


@scenario
async def numbers_that_are_no_signals(trace):
    loop = asyncio.get_running_loop()
    for number in (0, 65, 1000, -1000):
        trace(error_of(lambda: loop.add_signal_handler(number, print)))
        trace(error_of(lambda: loop.remove_signal_handler(number)))


@scenario
async def handlers_go_with_their_loop(trace):
    """This one is left behind: the next loop, in the second run of this scenario, hears of its own signal only."""
    loop = asyncio.get_running_loop()
    calls = []
    loop.add_signal_handler(signal.SIGUSR1, calls.append, 1)
    send(signal.SIGUSR1)
    await until(lambda: calls)
    await spin(3)
    trace(f"{len(calls)} calls")
