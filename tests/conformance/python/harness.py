"""What the scenarios share: registration, neutral names for exceptions and values, small awaitables."""

import asyncio
import concurrent.futures
import errno
import gc
import ssl

registered = []


class Scenario:
    def __init__(self, function, handler, log):
        self.function = function
        self.name = function.__name__
        self.handler = handler
        self.log = log


def scenario(function=None, *, handler=False, log=False):
    """Registers a scenario.

    handler: what reaches the loop's exception handler is traced (otherwise it fails the scenario).
    log: errors that reach the loop's logger are traced (otherwise they fail the scenario).
    """

    def register(function):
        registered.append(Scenario(function, handler, log))
        return function

    return register if function is None else register(function)


# From the special to the general: the first match names the exception.
KINDS = [
    (asyncio.CancelledError, "Cancelled"),
    (concurrent.futures.CancelledError, "Cancelled"),
    (asyncio.InvalidStateError, "InvalidState"),
    (asyncio.QueueEmpty, "QueueEmpty"),
    (asyncio.QueueFull, "QueueFull"),
    (asyncio.QueueShutDown, "QueueShutDown"),
    (asyncio.BrokenBarrierError, "BrokenBarrier"),
    (KeyboardInterrupt, "KeyboardInterrupt"),
    (TimeoutError, "Timeout"),
    (ConnectionRefusedError, "ConnectionRefused"),
    (ConnectionResetError, "ConnectionReset"),
    (ConnectionAbortedError, "ConnectionAborted"),
    (BrokenPipeError, "BrokenPipe"),
    (FileNotFoundError, "NotFound"),
    (PermissionError, "NotPermitted"),
    (ProcessLookupError, "NoSuchProcess"),
    (ssl.SSLError, "Tls"),
    (ZeroDivisionError, "ZeroDivision"),
    (KeyError, "Key"),
    (TypeError, "Type"),
    (ValueError, "Value"),
    (NotImplementedError, "NotSupported"),
    (RuntimeError, "Runtime"),
    (AssertionError, "Runtime"),  # asyncio asserts what it does not check: that its caller makes no mistake
]

# Errors of the system that have no class of their own.
ERRNOS = {
    errno.EADDRINUSE: "AddressInUse",
    errno.EADDRNOTAVAIL: "AddressNotAvailable",
    errno.EMSGSIZE: "MessageTooLong",
}


def kind(exc):
    """The neutral name of an exception; a cancellation with its message (unless empty), a group with its members."""
    if exc is None:
        return "none"
    if isinstance(exc, BaseExceptionGroup):
        return "Group[" + ", ".join(kind(member) for member in exc.exceptions) + "]"
    if isinstance(exc, asyncio.IncompleteReadError):
        return f"IncompleteRead({show(exc.partial)} of {show(exc.expected)})"
    if isinstance(exc, asyncio.LimitOverrunError):
        return f"LimitOverrun({exc.consumed})"
    for kind_type, name in KINDS:
        if isinstance(exc, kind_type):
            if name == "Cancelled" and exc.args and exc.args[0] != "":
                return f"Cancelled({exc.args[0]})"
            return name
    if isinstance(exc, OSError) and exc.errno in ERRNOS:
        return ERRNOS[exc.errno]
    raise AssertionError(f"no neutral name for {type(exc).__name__}: {exc}") from exc


def show(value):
    """The neutral text of a value."""
    if value is None:
        return "none"
    if isinstance(value, BaseException):
        return kind(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(show(item) for item in value) + "]"
    if isinstance(value, (bool, int, str)):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("ascii").replace("\r", "\\r").replace("\n", "\\n") or "nothing"
    raise AssertionError(f"no neutral text for {type(value).__name__}")


def names(tasks):
    """The names of tasks, sorted: for sets, whose order means nothing."""
    return show(sorted(task.get_name() for task in tasks))


def outcome(future):
    """How a future stands: pending, its result, or its exception."""
    if not future.done():
        return "pending"
    try:
        return f"result {show(future.result())}"
    except BaseException as exc:
        return kind(exc)


async def attempt(awaitable):
    """Awaits, and tells the result or the exception."""
    try:
        return f"result {show(await awaitable)}"
    except BaseException as exc:
        return kind(exc)


def error_of(function):
    """Calls, and tells which exception came out."""
    try:
        function()
    except BaseException as exc:
        return kind(exc)
    return "no error"


async def ticker(trace, count):
    """Traces one line an iteration: the trace then shows how many iterations something took."""
    for number in range(1, count + 1):
        trace(f"tick {number}")
        await asyncio.sleep(0)


async def spin(count):
    """Lets the loop run that many iterations."""
    for _ in range(count):
        await asyncio.sleep(0)


async def collect_garbage():
    """Destroys what nobody refers to any more, and lets the loop report about it."""
    gc.collect()
    await spin(3)


# The messages of exception-handler contexts and of log lines, by their beginning.
MESSAGES = [
    ("Exception in callback", "exception in callback"),
    ("Task exception was never retrieved", "task exception never retrieved"),
    ("Future exception was never retrieved", "future exception never retrieved"),
    ("_GatheringFuture exception was never retrieved", "future exception never retrieved"),
    ("unhandled exception during asyncio.run() shutdown", "unhandled exception during shutdown"),
    ("an error occurred during closing of asynchronous generator", "error while closing an async generator"),
    ("Unhandled error in exception handler", "unhandled error in exception handler"),
    ("Exception in default exception handler", "error in the default exception handler"),
    ("Unhandled exception in event loop", "unhandled exception in event loop"),
    ("Fatal error: protocol.data_received() call failed.", "data_received failed"),
    ("Fatal error: protocol.eof_received() call failed.", "eof_received failed"),
    ("Fatal error: protocol.get_buffer() call failed.", "get_buffer failed"),
    ("Fatal error: protocol.buffer_updated() call failed.", "buffer_updated failed"),
    ("protocol.pause_writing() failed", "pause_writing failed"),
    ("protocol.resume_writing() failed", "resume_writing failed"),
    ("socket.send() raised exception.", "writing to a lost connection"),
    ("pipe closed by peer or os.write(pipe, data) raised exception.", "writing to a lost connection"),
    ("Unhandled exception in client_connected_cb", "client handler failed"),
    ("Executing <Handle", "slow callback"),
    ("Executing <TimerHandle", "slow callback"),
    ("Executing <Task", "slow task"),
]


def neutral_message(message):
    for beginning, neutral in MESSAGES:
        if message.startswith(beginning):
            return neutral
    if message.startswith("Task <") and "has errored out but its parent task" in message:
        return "task failed after its parent completed"
    return message


def describe(context):
    """One line about what an exception handler was given."""
    message = neutral_message(context.get("message") or "no message")
    if context.get("exception") is None:
        return f"handler: {message}"
    return f"handler: {message}: {kind(context['exception'])}"


def trace_errors(trace, loop):
    """Has the loop's exception handler trace what it is given."""
    loop.set_exception_handler(lambda _, context: trace(describe(context)))
