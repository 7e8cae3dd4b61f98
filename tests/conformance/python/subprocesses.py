"""Subprocesses: return codes, pipes as streams, communicate(), signals, cancellation, failing starts, and the callbacks of their protocols."""

import asyncio
import os
import signal
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, STDOUT

from harness import attempt, error_of, kind, outcome, scenario, show, spin
from wires import folder, settle, until

MUCH = 1_000_000  # more than a pipe holds


def shell(command, **streams):
    return asyncio.create_subprocess_shell(command, **streams)


async def end(process):
    """Kills it if it runs, and waits for its end."""
    if process.returncode is None:
        process.kill()
    if process.stdin is not None:
        process.stdin.close()
    await process.wait()


def is_connection_error(exc):
    return isinstance(exc, (ConnectionResetError, BrokenPipeError))


@scenario
async def return_codes(trace):
    for command in ("exit 0", "exit 7", "exit 255", "kill -9 $$", "kill -15 $$"):
        process = await shell(command)
        trace(await attempt(process.wait()))
        trace(f"told {process.returncode}")


@scenario
async def return_code_is_not_known_before_the_end(trace):
    process = await shell("read line; exit 3", stdin=PIPE)
    trace(f"told {show(process.returncode)}, a number {process.pid > 0}")
    process.stdin.write(b"go\n")
    trace(await attempt(process.wait()))
    trace(f"told {process.returncode}")


@scenario
async def program_with_arguments(trace):
    process = await asyncio.create_subprocess_exec("printf", "%s|", "a b", "$HOME", "'", "", stdout=PIPE)
    out, err = await process.communicate()
    trace(f"{show(out)}, {show(err)}")


@scenario
async def program_by_its_path(trace):
    process = await asyncio.create_subprocess_exec("/bin/sh", "-c", "echo $0 $1", "zero", "one", stdout=PIPE)
    out, _ = await process.communicate()
    trace(show(out))


@scenario
async def all_output_is_collected(trace):
    process = await shell("echo out; echo err >&2; exit 4", stdout=PIPE, stderr=PIPE)
    out, err = await process.communicate()
    trace(f"{show(out)}, {show(err)}, {process.returncode}")


@scenario
async def input_goes_through(trace):
    process = await shell("cat; echo end", stdin=PIPE, stdout=PIPE)
    out, err = await process.communicate(b"some input\n")
    trace(f"{show(out)}, {show(err)}, {process.returncode}")


@scenario
async def input_is_ended_also_without_any(trace):
    """#179."""
    for arguments in ((), (b"",)):
        process = await shell("cat; echo end", stdin=PIPE, stdout=PIPE)
        out, _ = await process.communicate(*arguments)
        trace(show(out))


@scenario
async def more_than_the_pipes_hold_goes_through(trace):
    process = await asyncio.create_subprocess_exec("cat", stdin=PIPE, stdout=PIPE)
    out, _ = await process.communicate(b"x" * MUCH)
    trace(f"{len(out)} bytes, {process.returncode}")


@scenario
async def much_on_both_outputs(trace):
    process = await shell(f"head -c {MUCH} /dev/zero; head -c {MUCH} /dev/zero >&2; head -c {MUCH} /dev/zero", stdout=PIPE, stderr=PIPE)
    out, err = await process.communicate()
    trace(f"{len(out)} and {len(err)} bytes")


@scenario
async def input_that_nobody_reads(trace):
    """#180."""
    process = await shell("exit 5", stdin=PIPE, stdout=PIPE)
    out, _ = await process.communicate(b"x" * MUCH)
    trace(f"{show(out)}, {process.returncode}")


@scenario
async def input_of_which_only_a_part_is_read(trace):
    process = await shell("head -c 3", stdin=PIPE, stdout=PIPE)
    out, _ = await process.communicate(b"x" * MUCH)
    trace(f"{show(out)}, {process.returncode}")


@scenario
async def writing_to_a_process_that_has_ended(trace):
    process = await shell("exit 5", stdin=PIPE)
    try:
        while True:
            process.stdin.write(b"x" * MUCH)
            await process.stdin.drain()
    except OSError as exc:
        trace(f"a connection error {is_connection_error(exc)}")
    trace(await attempt(process.wait()))


@scenario
async def nothing_is_collected_without_pipes(trace):
    process = await shell("exit 3", stdout=DEVNULL)
    out, err = await process.communicate()
    trace(f"{show(out)}, {show(err)}, {process.returncode}")
    trace(f"streams {show([process.stdin is None, process.stdout is None, process.stderr is None])}")


@scenario
async def into_nothing_and_from_nothing(trace):
    process = await shell("echo out; echo err >&2; wc -c", stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
    out, err = await process.communicate()
    trace(f"{' '.join(out.decode().split())}, {show(err)}")


@scenario
async def errors_go_to_the_output(trace):
    process = await shell("echo one; echo two >&2; echo three", stdout=PIPE, stderr=STDOUT)
    out, err = await process.communicate()
    trace(f"{show(out)}, {show(err)}, a stream {process.stderr is not None}")


@scenario
async def output_goes_to_a_file(trace):
    with tempfile.TemporaryFile() as file:
        process = await shell("echo hello", stdout=file)
        trace(await attempt(process.wait()))
        file.seek(0)
        trace(show(file.read()))


@scenario
async def output_line_by_line(trace):
    process = await shell("echo one; echo two; printf three", stdout=PIPE)
    async for line in process.stdout:
        trace(show(line))
    trace(await attempt(process.wait()))


@scenario
async def conversation(trace):
    process = await shell("while read line; do echo \"you said $line\"; done; echo bye", stdin=PIPE, stdout=PIPE)
    for text in (b"one\n", b"two\n"):
        process.stdin.write(text)
        trace(await attempt(process.stdout.readline()))
    process.stdin.close()
    trace(await attempt(process.stdin.wait_closed()))
    trace(await attempt(process.stdout.read()))
    trace(await attempt(process.wait()))


@scenario
async def input_is_ended(trace):
    process = await asyncio.create_subprocess_exec("cat", stdin=PIPE, stdout=PIPE)
    trace(f"can end {process.stdin.can_write_eof()}, closing {process.stdin.is_closing()}")
    process.stdin.write(b"hello")
    process.stdin.write_eof()
    trace(f"closing {process.stdin.is_closing()}")
    trace(await attempt(process.stdout.read()))
    trace(await attempt(process.wait()))


@scenario
async def input_waits_for_room(trace):
    with folder() as path:
        process = await shell("mkfifo gate; echo ready; read line <gate; exec wc -c", stdin=PIPE, stdout=PIPE, cwd=path)
        trace(await attempt(process.stdout.readline()))
        process.stdin.write(b"x" * MUCH)
        task = asyncio.create_task(process.stdin.drain())
        await settle()
        trace(outcome(task))
        (path / "gate").write_text("go\n")
        trace(await attempt(task))
        process.stdin.close()
        trace(f"{int(await process.stdout.read())} bytes, {await attempt(process.wait())}")


@scenario
async def output_beyond_the_limit(trace):
    process = await shell("printf 'a line that is too long\\nshort\\n'", stdout=PIPE, limit=10)
    for _ in range(2):
        try:
            trace(show(await process.stdout.readline()))
        except (ValueError, asyncio.LimitOverrunError):
            trace("refused")
    trace(await attempt(process.wait()))


@scenario
async def output_can_be_read_after_the_end(trace):
    process = await shell("echo out; echo err >&2", stdout=PIPE, stderr=PIPE)
    trace(await attempt(process.wait()))
    trace(await attempt(process.stdout.read()))
    trace(await attempt(process.stderr.read()))


@scenario
async def many_wait(trace):
    """#184."""
    process = await shell("read line; exit 6", stdin=PIPE)
    tasks = [asyncio.create_task(process.wait()) for _ in range(10)]
    await spin(3)
    process.stdin.close()
    trace(", ".join([await attempt(task) for task in tasks]))
    trace(await attempt(process.wait()))


@scenario
async def wait_after_the_end_does_not_suspend(trace):
    process = await shell("exit 2")
    await process.wait()
    asyncio.get_running_loop().call_soon(trace, "callback")
    trace(await attempt(process.wait()))
    await asyncio.sleep(0)


@scenario
async def cancelled_wait_leaves_the_process_alone(trace):
    """#182."""
    process = await shell("read line; exit 6", stdin=PIPE)
    tasks = [asyncio.create_task(process.wait()) for _ in range(2)]
    await spin(3)
    tasks[0].cancel()
    trace(await attempt(tasks[0]))
    trace(f"{outcome(tasks[1])}, told {show(process.returncode)}")
    process.stdin.close()
    trace(await attempt(tasks[1]))


@scenario
async def wait_that_times_out_can_be_repeated(trace):
    process = await shell("read line; exit 6", stdin=PIPE)
    trace(await attempt(asyncio.wait_for(process.wait(), 0.01)))
    process.stdin.close()
    trace(await attempt(process.wait()))


@scenario
async def cancelled_communicate_leaves_the_process_running(trace):
    process = await shell("echo ready; read line; exit 6", stdin=PIPE, stdout=PIPE)
    trace(await attempt(process.stdout.readline()))
    task = asyncio.create_task(process.communicate(b"x" * 10))
    await asyncio.sleep(0)
    task.cancel()
    trace(await attempt(task))
    trace(f"told {show(process.returncode)}")
    await end(process)


@scenario
async def communicate_that_times_out(trace):
    process = await shell("exec sleep 600", stdout=PIPE)
    trace(await attempt(asyncio.wait_for(process.communicate(), 0.01)))
    process.kill()
    out, _ = await process.communicate()
    trace(f"{show(out)}, {process.returncode}")


@scenario
async def killed_while_it_is_communicated_with(trace):
    process = await shell("printf 'ready\nout'; exec sleep 600", stdout=PIPE)
    trace(await attempt(process.stdout.readline()))
    task = asyncio.create_task(process.communicate())
    await settle()
    process.kill()
    out, _ = await task
    trace(f"{show(out)}, {process.returncode}")


@scenario
async def communicate_twice(trace):
    process = await shell("cat", stdin=PIPE, stdout=PIPE)
    out, _ = await process.communicate(b"once")
    trace(show(out))
    out, _ = await process.communicate(b"more")
    trace(f"{show(out)}, {process.returncode}")


@scenario
async def signals_end_it(trace):
    for send in (lambda p: p.terminate(), lambda p: p.kill(), lambda p: p.send_signal(signal.SIGHUP), lambda p: p.send_signal(signal.SIGUSR1)):
        process = await shell("echo ready; exec sleep 600", stdout=PIPE)
        await process.stdout.readline()
        send(process)
        trace(await attempt(process.wait()))


@scenario
async def signal_that_is_handled(trace):
    process = await shell("trap 'echo caught; exit 9' TERM; echo ready; while true; do read line; done", stdin=PIPE, stdout=PIPE)
    trace(await attempt(process.stdout.readline()))
    process.terminate()
    process.stdin.write(b"go\n")
    trace(await attempt(process.stdout.readline()))
    trace(await attempt(process.wait()))
    process.stdin.close()


@scenario
async def killed_twice(trace):
    process = await shell("exec sleep 600")
    process.kill()
    process.kill()
    trace(await attempt(process.wait()))


@scenario
async def signal_after_the_end(trace):
    """An oddity: the error is one of the system, though nothing was sent."""
    process = await shell("exit 0")
    await process.wait()
    trace(error_of(process.kill))
    trace(error_of(process.terminate))
    trace(error_of(lambda: process.send_signal(signal.SIGHUP)))


@scenario
async def program_that_is_not_there(trace):
    trace(await attempt(asyncio.create_subprocess_exec("no-such-program-anywhere")))
    trace(await attempt(asyncio.create_subprocess_exec("/no/such/program", stdin=PIPE, stdout=PIPE)))


@scenario
async def command_that_the_shell_does_not_find(trace):
    process = await shell("no-such-program-anywhere", stderr=PIPE)
    _, err = await process.communicate()
    trace(f"said {len(err) > 0}, {process.returncode}")


@scenario
async def program_that_may_not_be_executed(trace):
    with folder() as path:
        (path / "program").write_text("#!/bin/sh\nexit 0\n")
        trace(await attempt(asyncio.create_subprocess_exec(str(path / "program"))))


@scenario
async def directory_to_run_in(trace):
    with folder() as path:
        process = await shell("pwd -P", stdout=PIPE, cwd=path)
        out, _ = await process.communicate()
        trace(f"there {out.decode().strip() == os.path.realpath(path)}")
    trace(await attempt(shell("pwd", cwd="/no/such/directory")))


@scenario
async def environment_of_its_own(trace):
    process = await asyncio.create_subprocess_exec("/bin/sh", "-c", "echo \"$GREETING, ${HOME-nowhere}\"", stdout=PIPE, env={"GREETING": "hello"})
    out, _ = await process.communicate()
    trace(show(out))


@scenario
async def session_of_its_own(trace):
    for wanted in (False, True):
        process = await shell("cut -d' ' -f6 /proc/self/stat", stdout=PIPE, start_new_session=wanted)
        out, _ = await process.communicate()
        trace(f"leads its session {int(out) == process.pid}")


@scenario
async def group_of_its_own(trace):
    process = await shell("cut -d' ' -f5 /proc/self/stat", stdout=PIPE, process_group=0)
    out, _ = await process.communicate()
    trace(f"leads its group {int(out) == process.pid}")


@scenario
async def broken_pipe_ends_a_child(trace):
    process = await shell("yes | head -n 1", stdout=PIPE)
    out, _ = await process.communicate()
    trace(f"{show(out)}, {process.returncode}")


@scenario
async def cancelled_while_it_starts(trace):
    tasks = [asyncio.create_task(shell("exec sleep 600", stdout=PIPE)) for _ in range(4)]
    for turns, task in enumerate(tasks):
        await asyncio.sleep(0)
        task.cancel()
    for task in tasks:
        try:
            process = await task
        except asyncio.CancelledError:
            continue
        await end(process)
    trace("none is left")


@scenario
async def pipe_that_a_grandchild_holds(trace):
    """An oddity: wait() of 3.13 waits for the pipes."""
    process = await shell("sleep 600 & echo $!; read line; exit 3", stdin=PIPE, stdout=PIPE)
    grandchild = int(await process.stdout.readline())
    task = asyncio.create_task(process.wait())
    await spin(2)
    process.stdin.close()
    await until(lambda: process.returncode is not None)
    await spin(5)
    trace(f"told {process.returncode}, {outcome(task)}")
    os.kill(grandchild, signal.SIGKILL)
    trace(await attempt(task))


class ProcessTape(asyncio.SubprocessProtocol):
    """Writes down what it is told: of each pipe by itself, for the order among them is not certain."""

    def __init__(self, *, made=None, data=None, pipe_lost=None, exited=None, lost=None):
        self.events = []
        self.pipes = {0: [], 1: [], 2: []}
        self.received = {1: b"", 2: b""}
        self.transport = None
        self.when_made = made
        self.when_data = data
        self.when_pipe_lost = pipe_lost
        self.when_exited = exited
        self.when_lost = lost

    @property
    def line(self):
        return " ".join(self.events)

    def pipe(self, fd):
        return " ".join(self.pipes[fd])

    async def told(self, event):
        await until(lambda: event in self.events)

    def react(self, reaction):
        if reaction is not None:
            reaction(self)

    def connection_made(self, transport):
        self.transport = transport
        self.events.append("made")
        self.react(self.when_made)

    def pipe_data_received(self, fd, data):
        self.received[fd] += data
        if "data" not in self.pipes[fd][-1:]:
            self.pipes[fd].append("data")
        self.react(self.when_data)

    def pipe_connection_lost(self, fd, exc):
        self.pipes[fd].append("lost" if exc is None else f"lost:{kind(exc)}")
        self.react(self.when_pipe_lost)

    def process_exited(self):
        self.events.append("exited")
        self.react(self.when_exited)

    def connection_lost(self, exc):
        self.events.append("lost" if exc is None else f"lost:{kind(exc)}")
        self.react(self.when_lost)


def fail(tape):
    raise ZeroDivisionError


async def run(command, tape=None, **streams):
    tape = tape or ProcessTape()
    transport, _ = await asyncio.get_running_loop().subprocess_shell(lambda: tape, command, **streams)
    return transport, tape


@scenario
async def what_a_protocol_is_told(trace):
    """#185."""
    transport, tape = await run("cat; echo err >&2; exit 3")
    trace(tape.line)
    transport.get_pipe_transport(0).write(b"hello")
    transport.get_pipe_transport(0).close()
    await tape.told("lost")
    trace(tape.line)
    for fd in range(3):
        trace(f"{fd}: {tape.pipe(fd)}")
    trace(f"{show(tape.received[1])}, {show(tape.received[2])}, {transport.get_returncode()}")
    transport.close()


@scenario
async def process_without_pipes(trace):
    transport, tape = await run("exit 3", stdin=None, stdout=None, stderr=None)
    await tape.told("lost")
    trace(f"{tape.line}, {transport.get_returncode()}")
    trace(f"pipes {show([transport.get_pipe_transport(fd) is None for fd in range(4)])}")
    transport.close()


@scenario
async def what_a_transport_knows(trace):
    transport, tape = await run("read line; exit 3")
    trace(f"number {transport.get_pid() > 0}, told {show(transport.get_returncode())}, closing {transport.is_closing()}")
    trace(f"protocol {transport.get_protocol() is tape}, the same {tape.transport is transport}")
    trace(f"pipes {show([transport.get_pipe_transport(fd) is not None for fd in range(4)])}")
    transport.get_pipe_transport(0).close()
    await tape.told("lost")
    trace(f"told {transport.get_returncode()}")
    trace(error_of(transport.close))
    trace(f"closing {transport.is_closing()}")


@scenario
async def child_that_closes_its_pipes_and_lives_on(trace):
    transport, tape = await run("exec 1>&- 2>&-; read line; exit 3")
    await until(lambda: tape.pipe(1) and tape.pipe(2))
    trace(f"{tape.line}, 1: {tape.pipe(1)}, 2: {tape.pipe(2)}, told {show(transport.get_returncode())}")
    transport.get_pipe_transport(0).write(b"go\n")
    await tape.told("lost")
    trace(f"{tape.line}, {transport.get_returncode()}")
    transport.close()


@scenario
async def child_that_ends_before_its_pipes(trace):
    transport, tape = await run("sleep 600 & echo $!; exit 3", stdin=None, stderr=None)
    await tape.told("exited")
    await until(lambda: tape.received[1])
    await spin(5)
    trace(f"{tape.line}, 1: {tape.pipe(1)}, told {transport.get_returncode()}")
    os.kill(int(tape.received[1]), signal.SIGKILL)
    await tape.told("lost")
    trace(f"{tape.line}, 1: {tape.pipe(1)}")
    transport.close()


@scenario
async def close_kills_a_child_that_runs(trace):
    transport, tape = await run("exec sleep 600")
    transport.close()
    transport.close()
    trace(f"closing {transport.is_closing()}, told {show(transport.get_returncode())}")
    await tape.told("lost")
    trace(f"{tape.line}, {transport.get_returncode()}")
    for fd in range(3):
        trace(f"{fd}: {tape.pipe(fd)}")


@scenario
async def close_kills_none_that_has_ended(trace):
    """#183."""
    transport, tape = await run("exit 3", stdin=None, stdout=None, stderr=None)
    await tape.told("exited")
    transport.close()
    await tape.told("lost")
    trace(f"{tape.line}, {transport.get_returncode()}")


@scenario
async def signals_of_a_transport(trace):
    for send in (lambda t: t.terminate(), lambda t: t.kill(), lambda t: t.send_signal(signal.SIGHUP)):
        transport, tape = await run("exec sleep 600", stdin=None, stdout=None, stderr=None)
        send(transport)
        await tape.told("lost")
        trace(f"{tape.line}, {transport.get_returncode()}")
        transport.close()


@scenario
async def output_that_is_paused(trace):
    """#181."""
    tape = ProcessTape(made=lambda tape: tape.transport.get_pipe_transport(1).pause_reading())
    transport, _ = await run(f"head -c {MUCH} /dev/zero; exit 3", tape, stdin=None)
    await settle()
    trace(f"all of it {len(tape.received[1]) == MUCH}, told {show(transport.get_returncode())}")
    transport.get_pipe_transport(1).resume_reading()
    await tape.told("lost")
    trace(f"{len(tape.received[1])} bytes, told {transport.get_returncode()}")
    transport.close()


@scenario(handler=True)
async def failing_connection_made_is_reported(trace):
    transport, tape = await run("exit 3", ProcessTape(made=fail), stdin=None, stdout=None, stderr=None)
    await tape.told("lost")
    trace(tape.line)
    transport.close()


@scenario(handler=True)
async def failing_pipe_data_received_is_reported_and_the_pipe_lives(trace):
    transport, tape = await run("echo one; read line; echo two", ProcessTape(data=fail), stderr=None)
    await until(lambda: tape.received[1])
    await spin(2)
    transport.get_pipe_transport(0).write(b"go\n")
    await tape.told("lost")
    trace(f"{show(tape.received[1])}, 1: {tape.pipe(1)}, {tape.line}")
    transport.close()


@scenario(handler=True)
async def failing_pipe_connection_lost_is_reported(trace):
    transport, tape = await run("exit 3", ProcessTape(pipe_lost=fail), stdin=None, stderr=None)
    await tape.told("lost")
    trace(f"1: {tape.pipe(1)}, {tape.line}")
    transport.close()


@scenario(handler=True)
async def failing_process_exited_is_reported(trace):
    transport, tape = await run("exit 3", ProcessTape(exited=fail), stdin=None, stdout=None, stderr=None)
    await tape.told("lost")
    trace(f"{tape.line}, {transport.get_returncode()}")
    transport.close()


@scenario(handler=True)
async def failing_connection_lost_is_reported(trace):
    transport, tape = await run("exit 3", ProcessTape(lost=fail), stdin=None, stdout=None, stderr=None)
    await tape.told("lost")
    await spin(2)
    trace(f"{tape.line}, {transport.get_returncode()}")
    transport.close()


@scenario
async def failing_factory(trace):
    def factory():
        raise ZeroDivisionError

    trace(await attempt(asyncio.get_running_loop().subprocess_shell(factory, "exit 3")))


@scenario
async def program_of_a_protocol(trace):
    tape = ProcessTape()
    transport, _ = await asyncio.get_running_loop().subprocess_exec(lambda: tape, "printf", "%s", "hello", stdin=None, stderr=None)
    await tape.told("lost")
    trace(f"{show(tape.received[1])}, {tape.line}, {transport.get_returncode()}")
    transport.close()


@scenario
async def protocol_of_a_program_that_is_not_there(trace):
    trace(await attempt(asyncio.get_running_loop().subprocess_exec(ProcessTape, "no-such-program-anywhere")))
