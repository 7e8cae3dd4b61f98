"""Stream transports and their protocols: the order of the callbacks, flow control both ways, ends of all kinds, failing callbacks."""

import asyncio
import contextvars
import socket

from harness import error_of, scenario, show
from wires import BIG, BufferedTape, Tape, fail, keep_open, pair, receive, receive_all, reset, settle, until


async def connect(factory=Tape):
    """A transport with its protocol, and the peer."""
    ours, theirs = pair()
    transport, tape = await asyncio.get_running_loop().create_connection(factory, sock=ours)
    return transport, tape, theirs


@scenario
async def callbacks_come_in_order(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    theirs.send(b"hello")
    theirs.shutdown(socket.SHUT_WR)
    transport, tape = await loop.create_connection(Tape, sock=ours)
    trace(f"returned {tape.line}")
    await tape.gone()
    trace(f"{tape.line}: {tape.text}")
    trace(f"closing {transport.is_closing()}")
    trace(f"peer: {show(await receive_all(theirs))}")


@scenario
async def protocol_gets_the_transport_that_is_returned(trace):
    transport, tape, theirs = await connect()
    trace(f"the same {tape.transport is transport}")
    trace(f"its protocol {transport.get_protocol() is tape}")
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def end_of_the_peer_closes(trace):
    transport, tape, theirs = await connect()
    theirs.shutdown(socket.SHUT_WR)
    await tape.gone()
    trace(tape.line)
    trace(f"peer: {show(await receive_all(theirs))}")


@scenario
async def half_closed_connection_can_be_written_to(trace):
    transport, tape, theirs = await connect(lambda: Tape(eof=keep_open))
    theirs.shutdown(socket.SHUT_WR)
    await tape.told("eof")
    await settle()
    trace(f"{tape.line}, closing {transport.is_closing()}, reading {transport.is_reading()}")
    transport.write(b"late")
    transport.close()
    trace(f"peer: {show(await receive_all(theirs))}")
    await tape.gone()
    trace(tape.line)


@scenario
async def end_is_told_again_after_a_pause(trace):
    """An oddity."""
    transport, tape, theirs = await connect(lambda: Tape(eof=keep_open))
    theirs.shutdown(socket.SHUT_WR)
    await tape.told("eof")
    transport.pause_reading()
    transport.resume_reading()
    await settle()
    transport.close()
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario
async def reset_is_a_loss_without_an_end(trace):
    transport, tape, theirs = await connect()
    reset(theirs)
    await tape.gone()
    trace(tape.line)
    trace(f"closing {transport.is_closing()}")


@scenario
async def reset_after_the_end_is_a_loss(trace):
    transport, tape, theirs = await connect(lambda: Tape(eof=keep_open))
    theirs.shutdown(socket.SHUT_WR)
    await tape.told("eof")
    transport.write(bytes(BIG))
    reset(theirs)
    await tape.gone()
    trace(" ".join(tape.events[:-1]))
    trace(f"an error {tape.error is not None}")


@scenario
async def reading_is_paused_and_resumed(trace):
    transport, tape, theirs = await connect()
    trace(f"reading {transport.is_reading()}")
    transport.pause_reading()
    transport.pause_reading()
    trace(f"reading {transport.is_reading()}")
    theirs.send(b"one")
    await settle()
    trace(f"{tape.line}: {tape.text}")
    transport.resume_reading()
    transport.resume_reading()
    trace(f"reading {transport.is_reading()}")
    await tape.has(3)
    trace(f"{tape.line}: {tape.text}")
    transport.close()
    trace(f"reading {transport.is_reading()}")
    await tape.gone()
    theirs.close()


@scenario
async def reading_paused_when_the_connection_is_made(trace):
    ours, theirs = pair()
    theirs.send(b"one")
    made = lambda tape: tape.transport.pause_reading()
    transport, tape = await asyncio.get_running_loop().create_connection(lambda: Tape(made=made), sock=ours)
    await settle()
    trace(f"{tape.line}: {tape.text}, reading {transport.is_reading()}")
    transport.resume_reading()
    await tape.has(3)
    trace(f"{tape.line}: {tape.text}")
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def end_is_not_told_while_reading_is_paused(trace):
    transport, tape, theirs = await connect()
    transport.pause_reading()
    theirs.send(b"one")
    theirs.shutdown(socket.SHUT_WR)
    await settle()
    trace(tape.line)
    transport.resume_reading()
    await tape.gone()
    trace(f"{tape.line}: {tape.text}")
    theirs.close()


@scenario
async def reading_paused_in_the_callback_holds_at_once(trace):
    transport, tape, theirs = await connect(lambda: Tape(data=lambda tape: tape.transport.pause_reading()))
    theirs.send(b"a")
    await tape.has(1)
    theirs.send(b"b")
    await settle()
    trace(f"{tape.line}: {tape.text}")
    transport.resume_reading()
    await tape.has(2)
    trace(f"{tape.line}: {tape.text}")
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def pausing_what_is_closing_does_nothing(trace):
    transport, tape, theirs = await connect()
    transport.close()
    trace(error_of(transport.pause_reading))
    trace(error_of(transport.resume_reading))
    await tape.gone()
    trace(error_of(transport.pause_reading))
    trace(error_of(transport.resume_reading))
    trace(f"{tape.line}, reading {transport.is_reading()}")
    theirs.close()


@scenario
async def reset_is_not_told_while_reading_is_paused(trace):
    transport, tape, theirs = await connect()
    transport.pause_reading()
    reset(theirs)
    await settle()
    trace(tape.line)
    transport.resume_reading()
    await tape.gone()
    trace(tape.line)


@scenario
async def what_is_written_comes_in_order(trace):
    transport, tape, theirs = await connect()
    for number in range(10):
        transport.write(str(number).encode())
    transport.writelines([b"a", b"", b"b"])
    transport.write(b"")
    transport.writelines([])
    transport.write(b"c")
    trace(show(await receive(theirs, 13)))
    transport.close()
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario
async def writing_when_the_connection_is_made(trace):
    transport, tape, theirs = await connect(lambda: Tape(made=lambda tape: tape.transport.write(b"welcome")))
    trace(show(await receive(theirs, 7)))
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def peer_that_does_not_read_pauses_the_writer(trace):
    transport, tape, theirs = await connect()
    trace(f"unsent {transport.get_write_buffer_size()}")
    transport.write(bytes(BIG))
    trace(tape.line)
    trace(f"unsent {transport.get_write_buffer_size() > 0}")
    transport.write(bytes(BIG))
    await settle()
    trace(tape.line)
    data = await receive(theirs, 2 * BIG)
    await tape.told("resume")
    trace(f"{tape.line}, {len(data)} bytes")
    await until(lambda: transport.get_write_buffer_size() == 0)
    transport.close()
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario
async def writer_is_resumed_when_no_more_than_the_low_mark_is_unsent(trace):
    sizes = []
    transport, tape, theirs = await connect(lambda: Tape(resumed=lambda tape: sizes.append(tape.transport.get_write_buffer_size())))
    transport.set_write_buffer_limits(high=100_000, low=50_000)
    transport.write(bytes(BIG))
    await receive(theirs, BIG)
    await tape.told("resume")
    trace(f"{tape.line}: {sizes[0] <= 50_000}")
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def water_marks(trace):
    transport, tape, theirs = await connect()
    trace(f"low, high: {show(transport.get_write_buffer_limits())}")
    for high, low in ((None, 100), (1000, None), (50, 10), (0, 0), (0, None), (None, 0), (7, 7), (None, None)):
        transport.set_write_buffer_limits(high=high, low=low)
        trace(f"low, high: {show(transport.get_write_buffer_limits())}")
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def water_marks_that_make_no_sense(trace):
    transport, tape, theirs = await connect()
    transport.set_write_buffer_limits(high=1000, low=100)
    for high, low in ((1, 2), (-1, None), (None, -1), (10, -1), (-5, -10)):
        trace(error_of(lambda: transport.set_write_buffer_limits(high=high, low=low)))
    trace(f"low, high: {show(transport.get_write_buffer_limits())}")
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def lowered_mark_pauses_at_once(trace):
    transport, tape, theirs = await connect()
    transport.set_write_buffer_limits(high=100_000_000)
    transport.write(bytes(BIG))
    await settle()
    trace(tape.line)
    transport.set_write_buffer_limits(high=0)
    trace(tape.line)
    transport.set_write_buffer_limits(high=0)
    trace(tape.line)
    await receive(theirs, BIG)
    await tape.told("resume")
    trace(tape.line)
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def raised_mark_resumes_nothing_by_itself(trace):
    transport, tape, theirs = await connect()
    transport.write(bytes(BIG))
    await settle()
    transport.set_write_buffer_limits(high=100_000_000)
    trace(tape.line)
    await receive(theirs, BIG)
    await tape.told("resume")
    trace(tape.line)
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def who_writes_on_when_resumed_is_paused_again(trace):
    def resumed(tape):
        if len(tape.events) == 3:
            tape.transport.write(bytes(BIG))

    transport, tape, theirs = await connect(lambda: Tape(resumed=resumed))
    transport.write(bytes(BIG))
    await receive(theirs, 2 * BIG)
    await until(lambda: tape.events[-1] == "resume" and transport.get_write_buffer_size() == 0)
    trace(tape.line)
    transport.close()
    await tape.gone()
    theirs.close()


@scenario(handler=True)
async def failing_pause_and_resume_are_reported(trace):
    transport, tape, theirs = await connect(lambda: Tape(paused=fail, resumed=fail))
    transport.write(bytes(BIG))
    await receive(theirs, BIG)
    await tape.told("resume")
    transport.write(b"on")
    trace(show(await receive(theirs, 2)))
    transport.close()
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario
async def lines_pause_the_writer(trace):
    """An oddity: 3.13.0 forgets the flow control in writelines()."""
    transport, tape, theirs = await connect()
    transport.writelines([bytes(BIG), b"end"])
    trace(tape.line)
    await receive(theirs, BIG + 3)
    await until(lambda: transport.get_write_buffer_size() == 0)
    transport.close()
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario
async def close_sends_what_was_written(trace):
    transport, tape, theirs = await connect()
    transport.write(bytes(BIG))
    transport.close()
    trace(f"closing {transport.is_closing()}: {tape.line}")
    transport.close()
    trace(f"{len(await receive_all(theirs))} bytes")
    await tape.gone()
    trace(tape.line)


@scenario
async def close_is_told_in_a_later_iteration(trace):
    transport, tape, theirs = await connect()
    transport.close()
    transport.close()
    trace(tape.line)
    await asyncio.sleep(0)
    trace(tape.line)
    transport.close()
    await settle()
    trace(tape.line)
    theirs.close()


@scenario
async def close_when_the_connection_is_made(trace):
    transport, tape, theirs = await connect(lambda: Tape(made=lambda tape: tape.transport.close()))
    await tape.gone()
    trace(tape.line)
    trace(f"peer: {show(await receive_all(theirs))}")


@scenario
async def abort_when_the_connection_is_made(trace):
    transport, tape, theirs = await connect(lambda: Tape(made=lambda tape: tape.transport.abort()))
    await tape.gone()
    trace(tape.line)
    trace(f"peer: {show(await receive_all(theirs))}")


@scenario
async def close_in_the_callback_ends_what_is_told(trace):
    transport, tape, theirs = await connect(lambda: Tape(data=lambda tape: tape.transport.close()))
    theirs.send(b"a")
    await tape.gone()
    trace(f"{tape.line}: {tape.text}")
    theirs.close()


@scenario
async def data_that_comes_after_the_close_is_not_told(trace):
    transport, tape, theirs = await connect()
    transport.write(bytes(BIG))
    transport.close()
    theirs.send(b"late")
    await settle()
    trace(tape.line)
    transport.abort()
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario
async def write_after_close_goes_nowhere(trace):
    transport, tape, theirs = await connect()
    transport.write(b"sent")
    trace(show(await receive(theirs, 4)))
    await until(lambda: transport.get_write_buffer_size() == 0)
    transport.close()
    trace(error_of(lambda: transport.write(b"never")))
    await tape.gone()
    trace(error_of(lambda: transport.write(b"never")))
    trace(f"unsent {transport.get_write_buffer_size()}")
    trace(f"peer: {show(await receive_all(theirs))}")


@scenario
async def write_after_close_is_sent_if_something_was_unsent(trace):
    """An oddity."""
    transport, tape, theirs = await connect()
    transport.write(bytes(BIG))
    transport.close()
    transport.write(b"more")
    trace(f"{len(await receive_all(theirs)) - BIG} bytes more")
    await tape.gone()
    trace(tape.line)


@scenario(log=True)
async def writing_on_after_the_loss_is_warned_of(trace):
    transport, tape, theirs = await connect()
    transport.abort()
    await tape.gone()
    for number in range(1, 8):
        trace(f"write {number}")
        transport.write(b"x")
    theirs.close()


@scenario
async def abort_drops_what_is_unsent(trace):
    transport, tape, theirs = await connect()
    transport.write(bytes(BIG))
    transport.abort()
    trace(f"closing {transport.is_closing()}, unsent {transport.get_write_buffer_size()}: {tape.line}")
    transport.abort()
    await tape.gone()
    trace(tape.line)
    trace(f"all of it {len(await receive_all(theirs)) == BIG}")


@scenario
async def abort_after_close(trace):
    transport, tape, theirs = await connect()
    transport.write(bytes(BIG))
    transport.close()
    await settle()
    trace(tape.line)
    transport.abort()
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario
async def close_after_abort(trace):
    transport, tape, theirs = await connect()
    transport.abort()
    transport.close()
    await tape.gone()
    transport.abort()
    await settle()
    trace(tape.line)
    theirs.close()


@scenario
async def reset_while_writing_is_paused(trace):
    transport, tape, theirs = await connect()
    transport.write(bytes(BIG))
    await settle()
    reset(theirs)
    await tape.gone()
    trace(tape.line)
    trace(f"unsent {transport.get_write_buffer_size()}")


@scenario
async def reset_while_what_was_written_is_sent_before_closing(trace):
    transport, tape, theirs = await connect()
    transport.write(bytes(BIG))
    transport.close()
    await settle()
    reset(theirs)
    await tape.gone()
    trace(" ".join(tape.events[:-1]))
    trace(f"an error {tape.error is not None}")


@scenario
async def writing_ends_and_reading_goes_on(trace):
    transport, tape, theirs = await connect()
    trace(f"can {transport.can_write_eof()}")
    transport.write(b"ab")
    transport.write_eof()
    transport.write_eof()
    trace(f"closing {transport.is_closing()}")
    trace(f"peer: {show(await receive(theirs, 100))}")
    theirs.send(b"answer")
    theirs.close()
    await tape.gone()
    trace(f"{tape.line}: {tape.text}")


@scenario
async def write_after_the_end_of_writing_is_refused(trace):
    transport, tape, theirs = await connect()
    transport.write_eof()
    trace(error_of(lambda: transport.write(b"x")))
    trace(error_of(lambda: transport.write(b"")))
    trace(error_of(lambda: transport.writelines([b"x"])))
    transport.close()
    trace(error_of(lambda: transport.write(b"x")))
    await tape.gone()
    trace(error_of(lambda: transport.write(b"x")))
    theirs.close()


@scenario
async def end_of_writing_comes_after_what_was_written(trace):
    transport, tape, theirs = await connect()
    transport.write(bytes(BIG))
    transport.write_eof()
    trace(error_of(lambda: transport.write(b"x")))
    trace(f"peer: {len(await receive(theirs, BIG + 1))} bytes")
    trace(f"{tape.line}, closing {transport.is_closing()}")
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def close_after_the_end_of_writing(trace):
    transport, tape, theirs = await connect()
    transport.write(bytes(BIG))
    transport.write_eof()
    transport.close()
    trace(f"peer: {len(await receive_all(theirs))} bytes")
    await tape.gone()
    trace(tape.line)


@scenario
async def end_of_writing_after_close_does_nothing(trace):
    transport, tape, theirs = await connect()
    transport.close()
    trace(error_of(transport.write_eof))
    await tape.gone()
    trace(error_of(transport.write_eof))
    trace(tape.line)
    theirs.close()


@scenario
async def both_ends_end_writing(trace):
    transport, tape, theirs = await connect(lambda: Tape(eof=keep_open))
    transport.write_eof()
    theirs.shutdown(socket.SHUT_WR)
    await tape.told("eof")
    await settle()
    trace(f"{tape.line}, closing {transport.is_closing()}")
    transport.close()
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario
async def another_protocol_takes_over(trace):
    transport, first, theirs = await connect()
    theirs.send(b"one")
    await first.has(3)
    second = Tape()
    second.events.append("set")
    transport.set_protocol(second)
    trace(f"its protocol {transport.get_protocol() is second}")
    theirs.send(b"two")
    await second.has(3)
    transport.write(bytes(BIG))
    await receive(theirs, BIG)
    await second.told("resume")
    transport.close()
    await second.gone()
    trace(f"first {first.line}: {first.text}")
    trace(f"second {second.line}: {second.text}")
    theirs.close()


@scenario
async def protocol_hands_over_in_its_callback(trace):
    second = Tape()
    second.events.append("set")
    transport, first, theirs = await connect(lambda: Tape(data=lambda tape: tape.transport.set_protocol(second)))
    theirs.send(b"one")
    await first.has(3)
    theirs.send(b"two")
    theirs.close()
    await second.gone()
    trace(f"first {first.line}: {first.text}")
    trace(f"second {second.line}: {second.text}")


@scenario
async def buffered_protocol_takes_over(trace):
    transport, first, theirs = await connect()
    theirs.send(b"one")
    await first.has(3)
    second = BufferedTape(100)
    second.events.append("set")
    transport.set_protocol(second)
    theirs.send(b"two")
    await second.has(3)
    third = Tape()
    third.events.append("set")
    transport.set_protocol(third)
    theirs.send(b"three")
    theirs.close()
    await third.gone()
    for tape in (first, second, third):
        trace(f"{tape.line}: {tape.text}")


@scenario
async def buffered_protocol_is_filled(trace):
    transport, tape, theirs = await connect(lambda: BufferedTape(100))
    theirs.send(b"hello")
    theirs.close()
    await tape.gone()
    trace(f"{tape.line}: {tape.text}")


@scenario
async def buffer_smaller_than_what_came(trace):
    ours, theirs = pair()
    theirs.send(b"abcdefghij")
    counts = []

    def note(tape):
        counts.append(len(tape.received))

    transport, tape = await asyncio.get_running_loop().create_connection(lambda: BufferedTape(3, data=note), sock=ours)
    await tape.has(10)
    trace(f"{tape.text} as {show(counts)}")
    theirs.close()
    await tape.gone()
    trace(tape.line)


@scenario
async def buffered_protocol_pauses_between_its_buffers(trace):
    ours, theirs = pair()
    theirs.send(b"abcdefg")
    pause = lambda tape: tape.transport.pause_reading()
    transport, tape = await asyncio.get_running_loop().create_connection(lambda: BufferedTape(3, data=pause), sock=ours)
    await tape.has(1)
    theirs.close()
    for _ in range(3):
        await settle()
        trace(f"{tape.line}: {tape.text}")
        transport.resume_reading()
    await tape.gone()
    trace(f"{tape.line}: {tape.text}")


@scenario
async def buffered_protocol_keeps_open_at_the_end(trace):
    transport, tape, theirs = await connect(lambda: BufferedTape(100, eof=keep_open))
    theirs.shutdown(socket.SHUT_WR)
    await tape.told("eof")
    await settle()
    trace(f"closing {transport.is_closing()}")
    transport.close()
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario(handler=True)
async def failing_get_buffer_is_fatal(trace):
    transport, tape, theirs = await connect(lambda: BufferedTape(100, give=lambda: 1 // 0))
    theirs.send(b"x")
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario(handler=True)
async def empty_buffer_is_fatal(trace):
    transport, tape, theirs = await connect(lambda: BufferedTape(0))
    theirs.send(b"x")
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario(handler=True)
async def failing_buffer_updated_is_fatal(trace):
    transport, tape, theirs = await connect(lambda: BufferedTape(100, data=fail))
    theirs.send(b"x")
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario(handler=True)
async def failing_data_received_is_fatal(trace):
    transport, tape, theirs = await connect(lambda: Tape(data=fail))
    theirs.send(b"x")
    await tape.gone()
    trace(tape.line)
    trace(f"closing {transport.is_closing()}")
    trace(f"peer: {show(await receive_all(theirs))}")


@scenario(handler=True)
async def failing_data_received_drops_what_is_unsent(trace):
    transport, tape, theirs = await connect(lambda: Tape(data=fail))
    transport.write(bytes(BIG))
    theirs.send(b"x")
    await tape.gone()
    trace(tape.line)
    trace(f"unsent {transport.get_write_buffer_size()}")
    theirs.close()


@scenario(handler=True)
async def failing_eof_received_is_fatal(trace):
    transport, tape, theirs = await connect(lambda: Tape(eof=fail))
    theirs.shutdown(socket.SHUT_WR)
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario(handler=True)
async def failing_eof_received_of_a_buffered_protocol_is_fatal(trace):
    transport, tape, theirs = await connect(lambda: BufferedTape(100, eof=fail))
    theirs.shutdown(socket.SHUT_WR)
    await tape.gone()
    trace(tape.line)
    theirs.close()


@scenario(handler=True)
async def failing_connection_made_is_reported_and_the_connection_lives(trace):
    transport, tape, theirs = await connect(lambda: Tape(made=fail))
    theirs.send(b"x")
    theirs.close()
    await tape.gone()
    trace(f"{tape.line}: {tape.text}")


@scenario(handler=True)
async def failing_connection_lost_is_reported_and_the_socket_closed(trace):
    transport, tape, theirs = await connect(lambda: Tape(lost=fail))
    transport.close()
    await tape.gone()
    trace(tape.line)
    trace(f"peer: {show(await receive_all(theirs))}")


@scenario
async def what_a_transport_knows(trace):
    ours, theirs = pair()
    here, there = ours.getsockname(), ours.getpeername()
    transport, tape = await asyncio.get_running_loop().create_connection(Tape, sock=ours)
    trace(f"sockname {transport.get_extra_info('sockname') == here}")
    trace(f"peername {transport.get_extra_info('peername') == there}")
    trace(f"socket {transport.get_extra_info('socket').getsockname() == here}")
    trace(f"no delay {transport.get_extra_info('socket').getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0}")
    trace(f"nothing {show(transport.get_extra_info('nothing'))}")
    trace(f"instead {show(transport.get_extra_info('nothing', 'this'))}")
    transport.close()
    await tape.gone()
    trace(f"peername {transport.get_extra_info('peername') == there}")
    theirs.close()


@scenario
async def callbacks_see_the_values_of_their_maker(trace):
    variable = contextvars.ContextVar("variable", default="nobody")
    seen = []
    note = lambda tape: seen.append(f"{tape.events[-1]} {variable.get()}")
    variable.set("maker")
    transport, tape, theirs = await connect(lambda: Tape(made=note, data=note, eof=note, lost=note))
    variable.set("another")
    theirs.send(b"x")
    await tape.has(1)
    theirs.close()
    await tape.gone()
    for line in seen:
        trace(line)


@scenario
async def write_in_the_last_callback_goes_nowhere(trace):
    transport, tape, theirs = await connect(lambda: Tape(lost=lambda tape: tape.transport.write(b"x")))
    transport.close()
    await tape.gone()
    trace(f"{tape.line}, unsent {transport.get_write_buffer_size()}")
    trace(f"peer: {show(await receive_all(theirs))}")


@scenario
async def answer_to_each_piece(trace):
    def answer(tape):
        if tape.received.endswith(b"?"):
            tape.transport.write(b"answer")

    transport, tape, theirs = await connect(lambda: Tape(data=answer))
    for _ in range(3):
        theirs.send(b"question?")
        trace(show(await receive(theirs, 6)))
    theirs.close()
    await tape.gone()
    trace(tape.line)
