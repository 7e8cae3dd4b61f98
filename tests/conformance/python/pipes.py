"""Transports over pipes: what each end is told, flow control, ends of all kinds, failing callbacks, streams over them."""

import asyncio
import os

from harness import attempt, error_of, outcome, scenario, show, spin
from wires import Tape, fail, folder, keep_open, settle, until

MUCH = 1_000_000  # more than a pipe holds


def pipe():
    """The reading and the writing end, as asyncio wants them."""
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb", 0), os.fdopen(writing, "wb", 0)


async def reading_end(factory=Tape):
    """A transport that reads, and the other end."""
    reading, writing = pipe()
    transport, tape = await asyncio.get_running_loop().connect_read_pipe(factory, reading)
    return transport, tape, writing


async def writing_end(factory=Tape):
    """A transport that writes, and the other end."""
    reading, writing = pipe()
    transport, tape = await asyncio.get_running_loop().connect_write_pipe(factory, writing)
    return transport, tape, reading


async def both_ends():
    loop = asyncio.get_running_loop()
    reading, writing = pipe()
    _, heard = await loop.connect_read_pipe(Tape, reading)
    transport, tape = await loop.connect_write_pipe(Tape, writing)
    return transport, tape, heard


async def end(tape):
    tape.transport.close()
    await tape.gone()


@scenario
async def through_a_pipe(trace):
    transport, tape, heard = await both_ends()
    trace(f"{tape.line}, {heard.line}")
    transport.write(b"one ")
    transport.writelines([b"two ", b"", b"three"])
    transport.write(b"")
    await heard.has(13)
    transport.close()
    await tape.gone()
    await heard.gone()
    trace(f"writer {tape.line}")
    trace(f"reader {heard.line}: {heard.text}")


@scenario
async def end_closes_the_reader_whatever_its_protocol_wants(trace):
    transport, tape, writing = await reading_end(lambda: Tape(eof=keep_open))
    writing.write(b"hello")
    writing.close()
    await tape.gone()
    trace(f"{tape.line}: {tape.text}, closing {transport.is_closing()}")


@scenario
async def reading_is_paused_and_resumed(trace):
    transport, tape, writing = await reading_end()
    transport.pause_reading()
    transport.pause_reading()
    trace(f"reading {transport.is_reading()}")
    writing.write(b"one")
    await settle()
    trace(f"{tape.line}: {tape.text}")
    transport.resume_reading()
    transport.resume_reading()
    trace(f"reading {transport.is_reading()}")
    await tape.has(3)
    writing.close()
    await tape.gone()
    trace(f"{tape.line}: {tape.text}, reading {transport.is_reading()}")
    trace(error_of(transport.pause_reading))
    trace(error_of(transport.resume_reading))


@scenario
async def reader_is_closed(trace):
    transport, tape, writing = await reading_end()
    transport.close()
    transport.close()
    trace(f"closing {transport.is_closing()}: {tape.line}")
    await tape.gone()
    transport.close()
    await settle()
    trace(tape.line)
    try:
        writing.write(b"x")
    except BrokenPipeError:
        trace("nobody reads")
    writing.close()


@scenario
async def reader_is_closed_in_its_callback(trace):
    transport, tape, writing = await reading_end(lambda: Tape(data=lambda tape: tape.transport.close()))
    writing.write(b"one")
    await tape.gone()
    trace(f"{tape.line}: {tape.text}")
    writing.close()


@scenario
async def writer_that_is_not_read_from_is_paused(trace):
    transport, tape, heard = await both_ends()
    heard.transport.pause_reading()
    transport.write(bytes(MUCH))
    await settle()
    trace(f"{tape.line}, unsent {transport.get_write_buffer_size() > 0}")
    heard.transport.resume_reading()
    await heard.has(MUCH)
    await tape.told("resume")
    trace(tape.line)
    await until(lambda: transport.get_write_buffer_size() == 0)
    await end(tape)
    await heard.gone()
    trace(f"{len(heard.received)} bytes")


@scenario
async def water_marks(trace):
    transport, tape, reading = await writing_end()
    trace(f"low, high: {show(transport.get_write_buffer_limits())}")
    transport.set_write_buffer_limits(high=100)
    trace(f"low, high: {show(transport.get_write_buffer_limits())}")
    trace(error_of(lambda: transport.set_write_buffer_limits(high=1, low=2)))
    await end(tape)
    reading.close()


@scenario
async def writer_learns_that_nobody_reads(trace):
    transport, tape, reading = await writing_end()
    reading.close()
    await tape.gone()
    trace(f"{tape.line}, closing {transport.is_closing()}")


@scenario
async def writer_with_something_unsent_learns_that_nobody_reads(trace):
    transport, tape, reading = await writing_end()
    transport.write(bytes(MUCH))
    await settle()
    trace(tape.line)
    reading.close()
    await tape.gone()
    trace(f"{tape.line}, unsent {transport.get_write_buffer_size()}")


@scenario
async def close_sends_what_was_written(trace):
    transport, tape, heard = await both_ends()
    transport.write(bytes(MUCH))
    transport.close()
    transport.close()
    trace(f"closing {transport.is_closing()}")
    await heard.gone()
    await tape.gone()
    trace(f"{tape.line}, {len(heard.received)} bytes")


@scenario
async def end_of_writing_closes(trace):
    transport, tape, heard = await both_ends()
    trace(f"can {transport.can_write_eof()}")
    transport.write(b"hello")
    transport.write_eof()
    transport.write_eof()
    trace(f"closing {transport.is_closing()}")
    await heard.gone()
    await tape.gone()
    trace(f"{tape.line}, {heard.line}: {heard.text}")


@scenario
async def end_of_writing_comes_after_what_was_written(trace):
    transport, tape, heard = await both_ends()
    transport.write(bytes(MUCH))
    transport.write_eof()
    trace(f"closing {transport.is_closing()}")
    await heard.gone()
    await tape.gone()
    trace(f"{tape.line}, {len(heard.received)} bytes")


@scenario
async def write_after_close_goes_nowhere(trace):
    transport, tape, heard = await both_ends()
    transport.write(b"sent")
    await heard.has(4)
    await until(lambda: transport.get_write_buffer_size() == 0)
    transport.close()
    trace(error_of(lambda: transport.write(b"never")))
    await tape.gone()
    trace(error_of(lambda: transport.write(b"never")))
    await heard.gone()
    trace(heard.text)


@scenario
async def write_after_close_with_something_unsent(trace):
    """An oddity: it is dropped, where a socket's transport sends it."""
    transport, tape, heard = await both_ends()
    transport.write(bytes(MUCH))
    transport.close()
    transport.write(b"more")
    await heard.gone()
    await tape.gone()
    trace(f"{len(heard.received) - MUCH} bytes more")


@scenario
async def write_after_the_end_of_writing(trace):
    """An oddity: it is dropped, where a socket's transport refuses it."""
    transport, tape, heard = await both_ends()
    transport.write_eof()
    trace(error_of(lambda: transport.write(b"never")))
    await heard.gone()
    await tape.gone()
    trace(heard.text)


@scenario
async def abort_drops_what_is_unsent(trace):
    transport, tape, heard = await both_ends()
    heard.transport.pause_reading()
    transport.write(bytes(MUCH))
    transport.abort()
    trace(f"closing {transport.is_closing()}, unsent {transport.get_write_buffer_size()}")
    await tape.gone()
    heard.transport.resume_reading()
    await heard.gone()
    trace(f"{tape.line}, all of it {len(heard.received) == MUCH}")


@scenario
async def another_protocol_takes_over(trace):
    transport, tape, writing = await reading_end()
    writing.write(b"one")
    await tape.has(3)
    second = Tape()
    second.events.append("set")
    transport.set_protocol(second)
    trace(f"its protocol {transport.get_protocol() is second}")
    writing.write(b"two")
    writing.close()
    await second.gone()
    trace(f"first {tape.line}: {tape.text}")
    trace(f"second {second.line}: {second.text}")


@scenario
async def what_a_pipe_knows(trace):
    loop = asyncio.get_running_loop()
    reading, writing = pipe()
    reader, heard = await loop.connect_read_pipe(Tape, reading)
    writer, tape = await loop.connect_write_pipe(Tape, writing)
    trace(f"reading end {reader.get_extra_info('pipe') is reading}")
    trace(f"writing end {writer.get_extra_info('pipe') is writing}")
    trace(f"nothing {show(reader.get_extra_info('nothing'))}, instead {writer.get_extra_info('nothing', 'this')}")
    await end(tape)
    await heard.gone()
    await until(lambda: reading.closed and writing.closed)
    trace("closed")


@scenario
async def files_are_refused(trace):
    loop = asyncio.get_running_loop()
    with folder() as path:
        (path / "file").write_text("text")
        with open(path / "file", "rb") as file:
            trace(await attempt(loop.connect_read_pipe(Tape, file)))
        with open(path / "file", "ab") as file:
            trace(await attempt(loop.connect_write_pipe(Tape, file)))


@scenario
async def device_is_written_to(trace):
    loop = asyncio.get_running_loop()
    transport, tape = await loop.connect_write_pipe(Tape, open("/dev/null", "wb", 0))
    transport.write(b"into nothing")
    await until(lambda: transport.get_write_buffer_size() == 0)
    await end(tape)
    trace(tape.line)


@scenario(handler=True)
async def failing_connection_made_is_reported_and_the_pipe_lives(trace):
    transport, tape, writing = await reading_end(lambda: Tape(made=fail))
    writing.write(b"x")
    writing.close()
    await tape.gone()
    trace(f"{tape.line}: {tape.text}")


@scenario(handler=True)
async def failing_data_received_of_a_pipe(trace):
    """An oddity: of a socket's transport it is fatal."""
    transport, tape, writing = await reading_end(lambda: Tape(data=fail))
    writing.write(b"x")
    await tape.has(1)
    await spin(2)
    writing.close()
    await tape.gone()
    trace(tape.line)


@scenario(handler=True)
async def failing_connection_lost_is_reported_and_the_pipe_closed(trace):
    transport, tape, reading = await writing_end(lambda: Tape(lost=fail))
    transport.close()
    await tape.gone()
    await settle()
    trace(f"{tape.line}, peer: {show(reading.read())}")
    reading.close()


@scenario
async def stream_reader_over_a_pipe(trace):
    reader = asyncio.StreamReader()
    transport, _, writing = await reading_end(lambda: asyncio.StreamReaderProtocol(reader))
    writing.write(b"one\ntwo")
    trace(await attempt(reader.readline()))
    writing.close()
    trace(await attempt(reader.read()))
    trace(f"at the end {reader.at_eof()}")
    await spin(2)
    transport.close()


@scenario
async def stream_writer_over_a_pipe(trace):
    loop = asyncio.get_running_loop()
    reading, writing = pipe()
    _, heard = await loop.connect_read_pipe(Tape, reading)
    heard.transport.pause_reading()
    transport, protocol = await loop.connect_write_pipe(lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), writing)
    writer = asyncio.StreamWriter(transport, protocol, None, loop)
    writer.write(bytes(MUCH))
    task = asyncio.create_task(writer.drain())
    await settle()
    trace(outcome(task))
    heard.transport.resume_reading()
    trace(await attempt(task))
    writer.close()
    trace(await attempt(writer.wait_closed()))
    await heard.gone()
    trace(f"{len(heard.received)} bytes")


@scenario
async def pipe_is_watched(trace):
    loop = asyncio.get_running_loop()
    reading, writing = pipe()
    calls = []

    def ready():
        calls.append(os.read(reading.fileno(), 100))
        if not calls[-1]:
            loop.remove_reader(reading)

    with reading, writing:
        loop.add_reader(reading, ready)
        await settle()
        trace(f"{len(calls)} calls")
        writing.write(b"hello")
        await until(lambda: calls)
        trace(show(calls[0]))
        writing.close()
        await until(lambda: len(calls) == 2)
        await settle()
        trace(f"{len(calls)} calls, removed {loop.remove_reader(reading)}")


@scenario
async def cancelled_before_it_is_made(trace):
    reading, writing = pipe()
    tape = Tape()
    task = asyncio.create_task(asyncio.get_running_loop().connect_read_pipe(lambda: tape, reading))
    await asyncio.sleep(0)
    task.cancel()
    trace(await attempt(task))
    await tape.gone()
    trace(tape.line)
    writing.close()
