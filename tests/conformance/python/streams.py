"""Streams over connections: writing and draining, ends of every kind seen from reader and writer, closing and waiting for it, TLS."""

import asyncio
import gc
import pathlib
import socket
import ssl
import warnings

from harness import attempt, error_of, outcome, scenario, show, spin
from wires import BIG, LOCAL, closed_port, pair, port_of, receive, receive_all, reset, settle, until

CERTIFICATE = pathlib.Path(__file__).parent.parent / "certificate.pem"


async def connect(limit=2**16):
    """A reader and a writer, and the peer."""
    ours, theirs = pair()
    reader, writer = await asyncio.open_connection(sock=ours, limit=limit)
    return reader, writer, theirs


async def end(writer):
    writer.close()
    await writer.wait_closed()


async def finish(writer):
    """Closes, whatever has become of the connection."""
    writer.close()
    try:
        await writer.wait_closed()
    except OSError:
        pass


def is_connection_error(exc):
    return isinstance(exc, (ConnectionResetError, BrokenPipeError))


@scenario
async def what_is_written_is_read(trace):
    reader, writer, theirs = await connect()
    writer.write(b"one ")
    writer.writelines([b"two ", b"", b"three"])
    writer.write(b"")
    writer.writelines([])
    trace(show(await receive(theirs, 13)))
    theirs.send(b"answer\nmore")
    trace(await attempt(reader.readline()))
    trace(await attempt(reader.readexactly(4)))
    await end(writer)
    theirs.close()


@scenario
async def lines_until_the_peer_closes(trace):
    reader, writer, theirs = await connect()
    theirs.send(b"one\ntwo\nthree")
    theirs.close()
    async for line in reader:
        trace(show(line))
    trace(f"at the end {reader.at_eof()}")
    await end(writer)


@scenario
async def drain_without_pressure_does_not_suspend(trace):
    reader, writer, theirs = await connect()
    asyncio.get_running_loop().call_soon(trace, "callback")
    writer.write(b"x")
    await writer.drain()
    await writer.drain()
    trace("drained")
    await asyncio.sleep(0)
    await end(writer)
    theirs.close()


@scenario
async def drain_waits_until_the_peer_has_taken_enough(trace):
    reader, writer, theirs = await connect()
    writer.write(bytes(BIG))
    task = asyncio.create_task(writer.drain())
    await settle()
    trace(outcome(task))
    await receive(theirs, BIG)
    trace(await attempt(task))
    await end(writer)
    theirs.close()


@scenario
async def many_drain(trace):
    """#173."""
    reader, writer, theirs = await connect()
    writer.write(bytes(BIG))
    tasks = [asyncio.create_task(writer.drain()) for _ in range(10)]
    await settle()
    trace(show([outcome(task) for task in tasks]).strip("[]"))
    await receive(theirs, BIG)
    trace(show(await asyncio.gather(*tasks)).strip("[]"))
    await end(writer)
    theirs.close()


@scenario
async def cancelled_drain_disturbs_no_other(trace):
    reader, writer, theirs = await connect()
    writer.write(bytes(BIG))
    tasks = [asyncio.create_task(writer.drain()) for _ in range(3)]
    await settle()
    tasks[1].cancel()
    trace(await attempt(tasks[1]))
    trace(outcome(tasks[0]))
    trace(f"{len(await receive(theirs, BIG))} bytes")
    trace(await attempt(tasks[0]))
    trace(await attempt(tasks[2]))
    await end(writer)
    theirs.close()


@scenario
async def drain_after_close(trace):
    """#175."""
    reader, writer, theirs = await connect()
    writer.close()
    trace(await attempt(writer.drain()))
    trace(await attempt(writer.drain()))
    await writer.wait_closed()
    trace(await attempt(writer.drain()))
    theirs.close()


@scenario
async def drain_after_close_suspends_once(trace):
    reader, writer, theirs = await connect()
    writer.close()
    asyncio.get_running_loop().call_soon(trace, "callback")
    trace(await attempt(writer.drain()))
    theirs.close()


@scenario
async def drain_after_close_with_something_unsent(trace):
    reader, writer, theirs = await connect()
    writer.write(bytes(BIG))
    writer.close()
    task = asyncio.create_task(writer.drain())
    await settle()
    trace(outcome(task))
    trace(f"{len(await receive_all(theirs))} bytes")
    trace(await attempt(task))
    await writer.wait_closed()
    trace(await attempt(writer.drain()))


@scenario
async def write_after_close(trace):
    """#175."""
    reader, writer, theirs = await connect()
    writer.close()
    trace(error_of(lambda: writer.write(b"x")))
    trace(await attempt(writer.drain()))
    trace(f"peer: {show(await receive_all(theirs))}")


@scenario
async def writing_to_a_closed_peer_fails_in_the_end(trace):
    """#174."""
    reader, writer, theirs = await connect()
    theirs.close()
    try:
        while True:
            writer.write(bytes(1000))
            await writer.drain()
    except OSError as exc:
        trace(f"a connection error {is_connection_error(exc)}")
    trace(f"closing {writer.is_closing()}")
    try:
        await writer.wait_closed()
    except OSError as exc:
        trace(f"a connection error {is_connection_error(exc)}")


@scenario
async def reset_reaches_everyone(trace):
    reader, writer, theirs = await connect()
    reading = asyncio.create_task(reader.read(5))
    writer.write(bytes(BIG))
    draining = asyncio.create_task(writer.drain())
    closing = asyncio.create_task(writer.wait_closed())
    await settle()
    reset(theirs)
    trace(f"reading {await attempt(reading)}")
    trace(f"draining {await attempt(draining)}")
    trace(f"closing {await attempt(closing)}")
    trace(f"later reading {await attempt(reader.read(5))}")
    trace(f"later draining {await attempt(writer.drain())}")
    trace(f"later closing {await attempt(writer.wait_closed())}")
    trace(f"the reader's {show(reader.exception())}")


@scenario
async def reset_while_reading(trace):
    reader, writer, theirs = await connect()
    reading = asyncio.create_task(reader.readline())
    await spin(3)
    reset(theirs)
    trace(await attempt(reading))
    trace(f"closing {writer.is_closing()}")
    trace(await attempt(writer.drain()))
    trace(await attempt(writer.wait_closed()))


@scenario
async def reset_while_nobody_reads(trace):
    reader, writer, theirs = await connect()
    reset(theirs)
    await until(writer.is_closing)
    await spin(3)
    trace(await attempt(reader.read(5)))
    trace(await attempt(writer.drain()))


@scenario
async def abort_lets_those_who_drain_go(trace):
    """Nothing went wrong, so nothing is told."""
    reader, writer, theirs = await connect()
    writer.write(bytes(BIG))
    draining = asyncio.create_task(writer.drain())
    closing = asyncio.create_task(writer.wait_closed())
    reading = asyncio.create_task(reader.read(5))
    await settle()
    writer.transport.abort()
    trace(f"draining {await attempt(draining)}")
    trace(f"closing {await attempt(closing)}")
    trace(f"reading {await attempt(reading)}")
    trace(f"later draining {await attempt(writer.drain())}")
    theirs.close()


@scenario
async def wait_closed_waits_for_what_is_unsent(trace):
    reader, writer, theirs = await connect()
    writer.write(bytes(BIG))
    writer.close()
    writer.close()
    trace(f"closing {writer.is_closing()}")
    tasks = [asyncio.create_task(writer.wait_closed()) for _ in range(2)]
    await settle()
    trace(outcome(tasks[0]))
    trace(f"{len(await receive_all(theirs))} bytes")
    trace(await attempt(tasks[0]))
    trace(await attempt(tasks[1]))
    trace(await attempt(writer.wait_closed()))


@scenario
async def wait_closed_before_close(trace):
    reader, writer, theirs = await connect()
    task = asyncio.create_task(writer.wait_closed())
    await settle()
    trace(f"{outcome(task)}, closing {writer.is_closing()}")
    writer.close()
    trace(await attempt(task))
    theirs.close()


@scenario
async def wait_closed_when_it_is_closed_does_not_suspend(trace):
    reader, writer, theirs = await connect()
    writer.close()
    await writer.wait_closed()
    asyncio.get_running_loop().call_soon(trace, "callback")
    await writer.wait_closed()
    trace("closed")
    await asyncio.sleep(0)
    theirs.close()


@scenario
async def cancelled_wait_closed_and_the_others(trace):
    """An oddity: who waits owns the future."""
    reader, writer, theirs = await connect()
    tasks = [asyncio.create_task(writer.wait_closed()) for _ in range(2)]
    await spin(2)
    tasks[0].cancel()
    await spin(3)
    trace(outcome(tasks[0]))
    trace(outcome(tasks[1]))
    writer.close()
    await settle()
    trace(outcome(tasks[1]))
    theirs.close()


@scenario
async def close_ends_the_reader_too(trace):
    """#176."""
    reader, writer, theirs = await connect()
    reading = asyncio.create_task(reader.read())
    await spin(3)
    writer.close()
    await writer.wait_closed()
    trace(await attempt(reading))
    trace(f"at the end {reader.at_eof()}")
    theirs.close()


@scenario
async def what_came_before_the_close_can_be_read(trace):
    reader, writer, theirs = await connect()
    theirs.send(b"first\nearly")
    trace(await attempt(reader.readline()))
    writer.close()
    await writer.wait_closed()
    trace(f"at the end {reader.at_eof()}")
    trace(await attempt(reader.read()))
    trace(f"at the end {reader.at_eof()}")
    theirs.close()


@scenario
async def end_of_the_peer_leaves_the_writer_open(trace):
    reader, writer, theirs = await connect()
    theirs.send(b"question")
    theirs.shutdown(socket.SHUT_WR)
    trace(await attempt(reader.read()))
    trace(f"at the end {reader.at_eof()}, closing {writer.is_closing()}")
    writer.write(b"answer")
    await writer.drain()
    writer.close()
    trace(f"peer: {show(await receive_all(theirs))}")
    await writer.wait_closed()


@scenario
async def end_of_writing_leaves_the_reader_open(trace):
    reader, writer, theirs = await connect()
    trace(f"can {writer.can_write_eof()}")
    writer.write(b"question")
    writer.write_eof()
    trace(f"peer: {show(await receive(theirs, 100))}")
    theirs.send(b"answer")
    theirs.close()
    trace(await attempt(reader.read()))
    trace(error_of(lambda: writer.write(b"x")))
    trace(error_of(lambda: writer.writelines([b"x"])))
    trace(error_of(writer.write_eof))
    trace(await attempt(writer.drain()))
    await end(writer)
    trace(error_of(writer.write_eof))


@scenario
async def end_of_writing_comes_after_what_was_written(trace):
    reader, writer, theirs = await connect()
    writer.write(bytes(BIG))
    writer.write_eof()
    trace(f"peer: {len(await receive(theirs, BIG + 1))} bytes")
    await end(writer)
    theirs.close()


@scenario
async def reader_pauses_its_transport(trace):
    reader, writer, theirs = await connect(limit=10)
    theirs.send(b"a" * 21)
    await until(lambda: not writer.transport.is_reading())
    trace("paused")
    trace(await attempt(reader.readexactly(10)))
    trace(f"reading {writer.transport.is_reading()}")
    trace(await attempt(reader.readexactly(1)))
    trace(f"reading {writer.transport.is_reading()}")
    await end(writer)
    theirs.close()


@scenario
async def what_waits_for_a_paused_reader_comes_in_the_end(trace):
    reader, writer, theirs = await connect(limit=10)
    theirs.send(b"a" * 50)
    await until(lambda: not writer.transport.is_reading())
    theirs.send(b"b" * 50)
    theirs.close()
    data = await reader.read()
    trace(f"{data.count(b'a')} a, {data.count(b'b')} b")
    await end(writer)


@scenario
async def line_beyond_the_limit(trace):
    """The connection goes on."""
    reader, writer, theirs = await connect(limit=10)
    theirs.send(b"a" * 11 + b"\nshort\n")
    await settle()
    try:
        await reader.readline()
    except (ValueError, asyncio.LimitOverrunError):
        trace("refused")
    trace(await attempt(reader.readline()))
    await end(writer)
    theirs.close()


@scenario
async def incomplete_read(trace):
    reader, writer, theirs = await connect()
    theirs.send(b"abc")
    theirs.close()
    trace(await attempt(reader.readexactly(5)))
    trace(await attempt(reader.readuntil(b"--")))
    trace(await attempt(reader.readline()))
    await end(writer)


@scenario
async def more_than_can_be_sent_at_once_both_ways(trace):
    reader, writer, theirs = await connect()
    loop = asyncio.get_running_loop()
    sending = asyncio.create_task(loop.sock_sendall(theirs, b"x" * BIG))
    writer.write(b"y" * BIG)
    receiving = asyncio.create_task(receive(theirs, BIG))
    trace(f"{len(await reader.readexactly(BIG))} bytes")
    await writer.drain()
    trace(f"{len(await receiving)} bytes")
    await sending
    await end(writer)
    theirs.close()


@scenario
async def what_a_writer_knows(trace):
    ours, theirs = pair()
    here, there = ours.getsockname(), ours.getpeername()
    reader, writer = await asyncio.open_connection(sock=ours)
    trace(f"sockname {writer.get_extra_info('sockname') == here}")
    trace(f"peername {writer.get_extra_info('peername') == there}")
    trace(f"nothing {show(writer.get_extra_info('nothing'))}")
    trace(f"instead {show(writer.get_extra_info('nothing', 'this'))}")
    trace(f"transport {writer.transport.get_extra_info('sockname') == here}")
    await end(writer)
    theirs.close()


@scenario
async def streams_over_a_protocol_of_ones_own(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    reader = asyncio.StreamReader(limit=5)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.create_connection(lambda: protocol, sock=ours)
    writer = asyncio.StreamWriter(transport, protocol, reader, loop)
    writer.write(b"question\n")
    trace(show(await receive(theirs, 9)))
    theirs.send(b"abc\n")
    trace(await attempt(reader.readline()))
    theirs.close()
    trace(await attempt(reader.read()))
    await end(writer)


@scenario
async def nobody_listens(trace):
    trace(await attempt(asyncio.open_connection(LOCAL, closed_port())))


@scenario
async def limit_of_a_connection_must_be_positive(trace):
    ours, theirs = pair()
    for limit in (0, -1):
        trace(await attempt(asyncio.open_connection(sock=ours, limit=limit)))
    ours.close()
    theirs.close()


@scenario
async def cancelled_read_of_a_connection_loses_nothing(trace):
    reader, writer, theirs = await connect()
    task = asyncio.create_task(reader.readexactly(6))
    theirs.send(b"abc")
    await settle()
    task.cancel()
    trace(await attempt(task))
    theirs.send(b"def")
    trace(await attempt(reader.readexactly(6)))
    await end(writer)
    theirs.close()


@scenario
async def read_that_times_out_can_be_repeated(trace):
    reader, writer, theirs = await connect()
    trace(await attempt(asyncio.wait_for(reader.readline(), 0.01)))
    theirs.send(b"line\n")
    trace(await attempt(reader.readline()))
    await end(writer)
    theirs.close()


def tls_of_the_server():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def tls_of_the_client():
    return ssl.create_default_context(cafile=CERTIFICATE)


async def converse(trace, reader, writer):
    """The client's side of the servers below."""
    writer.write(b"hello\n")
    trace(await attempt(reader.readline()))
    trace(f"can end writing {writer.can_write_eof()}")


async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
    writer.close()
    await writer.wait_closed()


@scenario
async def secured_from_the_beginning(trace):
    async with await asyncio.start_server(echo, LOCAL, 0, ssl=tls_of_the_server()) as server:
        reader, writer = await asyncio.open_connection(LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="localhost")
        await converse(trace, reader, writer)
        writer.close()
        trace(await attempt(writer.wait_closed()))
        trace(await attempt(reader.read()))


@scenario
async def upgraded_on_the_way(trace):
    async def serve(reader, writer):
        trace(f"server: {show(await reader.readline())}")
        writer.write(b"go ahead\n")
        await writer.start_tls(tls_of_the_server())
        await echo(reader, writer)

    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        reader, writer = await asyncio.open_connection(LOCAL, port_of(server))
        trace(f"can end writing {writer.can_write_eof()}")
        writer.write(b"start\n")
        trace(await attempt(reader.readline()))
        await writer.start_tls(tls_of_the_client(), server_hostname="localhost")
        await converse(trace, reader, writer)
        await end(writer)


async def ignore(reader, writer):
    """Serves nobody."""
    writer.close()


@scenario
async def certificate_of_another(trace):
    async with await asyncio.start_server(ignore, LOCAL, 0, ssl=tls_of_the_server()) as server:
        opening = asyncio.open_connection(LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="example.org")
        trace(await attempt(opening))


@scenario
async def certificate_that_nobody_vouches_for(trace):
    async with await asyncio.start_server(ignore, LOCAL, 0, ssl=tls_of_the_server()) as server:
        opening = asyncio.open_connection(LOCAL, port_of(server), ssl=ssl.create_default_context(), server_hostname="localhost")
        trace(await attempt(opening))


@scenario
async def secured_end_of_the_peer_closes(trace):
    """TLS knows no half-closed connection."""
    async def serve(reader, writer):
        writer.write(b"bye")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, LOCAL, 0, ssl=tls_of_the_server()) as server:
        reader, writer = await asyncio.open_connection(LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="localhost")
        trace(await attempt(reader.read()))
        await until(writer.is_closing)
        trace(await attempt(writer.wait_closed()))


@scenario
async def secured_writing_cannot_end_alone(trace):
    async with await asyncio.start_server(echo, LOCAL, 0, ssl=tls_of_the_server()) as server:
        reader, writer = await asyncio.open_connection(LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="localhost")
        trace(error_of(writer.write_eof))
        await converse(trace, reader, writer)
        await end(writer)


@scenario
async def secured_flow_control(trace):
    async def serve(reader, writer):
        trace(f"server: {len(await reader.readexactly(BIG))} bytes")
        writer.write(b"thanks")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, LOCAL, 0, ssl=tls_of_the_server()) as server:
        reader, writer = await asyncio.open_connection(LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="localhost")
        writer.write(bytes(BIG))
        await writer.drain()
        trace(await attempt(reader.read()))
        await end(writer)


@scenario
async def secured_peer_that_aborts(trace):
    """Without a goodbye the end of the connection is the end of the stream."""
    async def serve(reader, writer):
        await reader.readline()
        writer.transport.abort()

    async with await asyncio.start_server(serve, LOCAL, 0, ssl=tls_of_the_server()) as server:
        reader, writer = await asyncio.open_connection(LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="localhost")
        writer.write(b"hello\n")
        trace(await attempt(reader.read()))
        await until(writer.is_closing)
        trace(await attempt(writer.wait_closed()))


@scenario
async def aborted_secured_writer(trace):
    heard = []

    async def serve(reader, writer):
        heard.append(show(await reader.readline()))
        heard.append(await attempt(reader.read()))
        writer.close()

    async with await asyncio.start_server(serve, LOCAL, 0, ssl=tls_of_the_server()) as server:
        reader, writer = await asyncio.open_connection(LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="localhost")
        writer.write(b"hello\n")
        await until(lambda: heard)
        writer.transport.abort()
        trace(f"closing {writer.is_closing()}")
        trace(await attempt(writer.wait_closed()))
        trace(await attempt(reader.read()))
    trace(f"server: {', '.join(heard)}")


@scenario
async def what_a_secured_writer_knows(trace):
    async with await asyncio.start_server(echo, LOCAL, 0, ssl=tls_of_the_server()) as server:
        reader, writer = await asyncio.open_connection(LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="localhost")
        trace(f"peername {writer.get_extra_info('peername') == (LOCAL, port_of(server))}")
        trace(f"secured {writer.get_extra_info('ssl_object') is not None}, certificate {writer.get_extra_info('peercert') is not None}")
        trace(f"nothing {show(writer.get_extra_info('nothing'))}")
        await converse(trace, reader, writer)
        await end(writer)


@scenario
async def secured_transport_is_paused(trace):
    async def serve(reader, writer):
        writer.write(b"a" * 21)
        await echo(reader, writer)

    async with await asyncio.start_server(serve, LOCAL, 0, ssl=tls_of_the_server()) as server:
        reader, writer = await asyncio.open_connection(
            LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="localhost", limit=10)
        await until(lambda: not writer.transport.is_reading())
        trace(await attempt(reader.readexactly(11)))
        trace(f"reading {writer.transport.is_reading()}")
        trace(await attempt(reader.readexactly(10)))
        await converse(trace, reader, writer)
        await end(writer)


@scenario
async def handshake_with_one_who_speaks_no_tls(trace):
    async def serve(reader, writer):
        writer.write(b"this is no TLS, whatever you say\n" * 10)
        writer.close()

    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        opening = asyncio.open_connection(LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="localhost")
        try:
            await opening
        except OSError:
            trace("refused")


@scenario
async def client_who_speaks_no_tls(trace):
    async def serve(reader, writer):
        trace("never")

    async with await asyncio.start_server(serve, LOCAL, 0, ssl=tls_of_the_server()) as server:
        reader, writer = await asyncio.open_connection(LOCAL, port_of(server))
        writer.write(b"this is no TLS, whatever you say\n" * 10)
        writer.write_eof()
        try:
            await reader.read()
        except ConnectionResetError:
            pass
        trace(f"serving {server.is_serving()}")
        await finish(writer)


@scenario
async def handshake_that_takes_too_long(trace):
    """The peer says nothing."""
    async def serve(reader, writer):
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        opening = asyncio.open_connection(
            LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="localhost", ssl_handshake_timeout=0.05)
        trace(await attempt(opening))


@scenario
async def timeouts_of_tls_must_be_positive(trace):
    async with await asyncio.start_server(echo, LOCAL, 0, ssl=tls_of_the_server()) as server:
        for timeouts in ({"ssl_handshake_timeout": 0}, {"ssl_handshake_timeout": -1}, {"ssl_shutdown_timeout": 0}, {"ssl_shutdown_timeout": -1}):
            opening = asyncio.open_connection(LOCAL, port_of(server), ssl=tls_of_the_client(), server_hostname="localhost", **timeouts)
            with warnings.catch_warnings(action="ignore", category=ResourceWarning):  # it is found out when the connection is there, which is dropped
                trace(await attempt(opening))
                gc.collect()


@scenario
async def upgrade_cancelled(trace):
    """The connection is closed: nobody knows how far it got."""
    heard = []

    async def serve(reader, writer):
        heard.append(await reader.read())
        writer.close()

    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        reader, writer = await asyncio.open_connection(LOCAL, port_of(server))
        task = asyncio.create_task(writer.start_tls(tls_of_the_client(), server_hostname="localhost"))
        await settle()
        task.cancel()
        trace(await attempt(task))
        await until(writer.is_closing)
        trace("closing")
    trace(f"server: {len(heard[0]) > 0}")
