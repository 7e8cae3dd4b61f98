"""Making connections: addresses that answer or do not, local addresses, sockets of one's own, failing factories, cancellation, socket files."""

import asyncio
import os
import select
import socket

from harness import attempt, kind, scenario, show, spin
from wires import LOCAL, Tape, closed_port, folder, pair, port_of, receive_all, settle, until


def listener():
    """A listening socket that never accepts by itself."""
    sock = socket.create_server((LOCAL, 0))
    sock.setblocking(False)
    return sock


async def end(transport, tape):
    transport.close()
    await tape.gone()


async def attempted(connecting):
    """What came of it: the line of the tape, or the exception."""
    try:
        transport, tape = await connecting
    except BaseException as exc:
        return kind(exc)
    line = tape.line
    await end(transport, tape)
    return line


@scenario
async def both_sides_agree_on_the_names(trace):
    loop = asyncio.get_running_loop()
    with listener() as server:
        transport, tape = await loop.create_connection(Tape, *server.getsockname())
        client, address = await loop.sock_accept(server)
        trace(f"here {transport.get_extra_info('sockname') == address}")
        trace(f"there {transport.get_extra_info('peername') == server.getsockname()}")
        sock = transport.get_extra_info("socket")
        trace(f"no delay {sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0}")
        await end(transport, tape)
        client.close()


@scenario
async def nobody_listens(trace):
    loop = asyncio.get_running_loop()
    trace(await attempted(loop.create_connection(Tape, LOCAL, closed_port())))


@scenario
async def all_errors_of_one_address(trace):
    loop = asyncio.get_running_loop()
    trace(await attempted(loop.create_connection(Tape, LOCAL, closed_port(), all_errors=True)))


@scenario
async def errors_of_several_addresses(trace):
    """#195. However many the name has here, all say the same."""
    loop = asyncio.get_running_loop()
    port = closed_port()
    try:
        await loop.create_connection(Tape, "localhost", port)
    except OSError:
        trace("refused")
    try:
        await loop.create_connection(Tape, "localhost", port, all_errors=True)
    except ExceptionGroup as group:
        trace(f"all refused {all(isinstance(exc, ConnectionRefusedError) for exc in group.exceptions)}")


@scenario
async def name_of_which_one_address_answers(trace):
    loop = asyncio.get_running_loop()
    with listener() as server:
        transport, tape = await loop.create_connection(Tape, "localhost", server.getsockname()[1])
        trace(f"{tape.line}: {transport.get_extra_info('peername') == server.getsockname()}")
        await end(transport, tape)


@scenario
async def happy_eyeballs(trace):
    loop = asyncio.get_running_loop()
    with listener() as server:
        port = server.getsockname()[1]
        trace(await attempted(loop.create_connection(Tape, "localhost", port, happy_eyeballs_delay=10)))
        trace(await attempted(loop.create_connection(Tape, "localhost", port, happy_eyeballs_delay=10, interleave=2)))
    trace(await attempted(loop.create_connection(Tape, LOCAL, closed_port(), happy_eyeballs_delay=10)))


@scenario
async def family_that_the_address_is_not_of(trace):
    loop = asyncio.get_running_loop()
    with listener() as server:
        port = server.getsockname()[1]
        trace(await attempted(loop.create_connection(Tape, LOCAL, port, family=socket.AF_INET)))
        try:
            await loop.create_connection(Tape, LOCAL, port, family=socket.AF_INET6)
        except OSError:
            trace("refused")


@scenario
async def addresses_need_no_look_up(trace):
    loop = asyncio.get_running_loop()
    for host in ("127.0.0.1", "::1"):
        addresses = await loop.getaddrinfo(host, 80, type=socket.SOCK_STREAM)
        for *_, address in addresses:
            trace(f"{address[0]} {address[1]}")


@scenario
async def local_address(trace):
    loop = asyncio.get_running_loop()
    with listener() as server:
        transport, tape = await loop.create_connection(Tape, *server.getsockname(), local_addr=("127.0.0.2", 0))
        client, address = await loop.sock_accept(server)
        trace(f"{address[0]}: {transport.get_extra_info('sockname') == address}")
        await end(transport, tape)
        client.close()


@scenario
async def local_address_in_use(trace):
    loop = asyncio.get_running_loop()
    with listener() as server, listener() as other:
        connecting = loop.create_connection(Tape, *server.getsockname(), local_addr=other.getsockname())
        trace(await attempted(connecting))


@scenario
async def local_address_of_another_kind(trace):
    loop = asyncio.get_running_loop()
    with listener() as server:
        try:
            await loop.create_connection(Tape, *server.getsockname(), local_addr=("::1", 0))
        except OSError:
            trace("refused")


@scenario
async def local_address_that_is_not_ours(trace):
    loop = asyncio.get_running_loop()
    with listener() as server:
        trace(await attempted(loop.create_connection(Tape, *server.getsockname(), local_addr=("192.0.2.1", 0))))


@scenario
async def socket_that_is_no_stream(trace):
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        trace(await attempted(loop.create_connection(Tape, sock=sock)))
        trace(f"closed {sock.fileno() == -1}")


@scenario
async def socket_belongs_to_its_transport(trace):
    ours, theirs = pair()
    transport, tape = await asyncio.get_running_loop().create_connection(Tape, sock=ours)
    await end(transport, tape)
    await until(lambda: ours.fileno() == -1)
    trace("closed")
    theirs.close()


@scenario
async def failing_factory(trace):
    loop = asyncio.get_running_loop()

    def factory():
        raise ZeroDivisionError

    with listener() as server:
        sock = socket.create_connection(server.getsockname())
        sock.setblocking(False)
        client, _ = await loop.sock_accept(server)
        trace(await attempted(loop.create_connection(factory, sock=sock)))
        sock.close()
        trace(f"peer: {show(await receive_all(client))}")


@scenario
async def accepted_socket(trace):
    loop = asyncio.get_running_loop()
    with listener() as server:
        sock = socket.create_connection(server.getsockname())
        client, _ = await loop.sock_accept(server)
        transport, tape = await loop.connect_accepted_socket(Tape, client)
        trace(tape.line)
        sock.send(b"hello")
        sock.close()
        await tape.gone()
        trace(f"{tape.line}: {tape.text}")


@scenario
async def accepted_socket_that_is_no_stream(trace):
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        trace(await attempted(loop.connect_accepted_socket(Tape, sock)))


@scenario
async def cancelled_before_the_connection_is_made(trace):
    ours, theirs = pair()
    tape = Tape()
    task = asyncio.create_task(asyncio.get_running_loop().create_connection(lambda: tape, sock=ours))
    await asyncio.sleep(0)
    task.cancel()
    trace(await attempted(task))
    await tape.gone()
    trace(tape.line)
    trace(f"peer: {show(await receive_all(theirs))}")


@scenario
async def cancelled_at_any_point_while_connecting(trace):
    """Whatever has become of the connection, it is closed."""
    loop = asyncio.get_running_loop()
    with listener() as server:
        for turns in range(10):
            task = asyncio.create_task(loop.create_connection(Tape, *server.getsockname()))
            await spin(turns)
            task.cancel()
            await attempted(task)
        await settle()
        while select.select([server], [], [], 0)[0]:
            client, _ = await loop.sock_accept(server)
            await receive_all(client)
    trace("all closed")


@scenario
async def cancelled_while_a_stream_is_opened(trace):
    with listener() as server:
        task = asyncio.create_task(asyncio.open_connection(*server.getsockname()))
        await asyncio.sleep(0)
        task.cancel()
        trace(await attempt(task))


@scenario
async def cancelled_while_a_server_starts(trace):
    task = asyncio.create_task(asyncio.start_server(lambda reader, writer: None, LOCAL, 0))
    await asyncio.sleep(0)
    task.cancel()
    trace(await attempt(task))


@scenario
async def connection_over_a_socket_file(trace):
    loop = asyncio.get_running_loop()
    with folder() as path:
        file = str(path / "socket")
        heard = Tape()
        server = await loop.create_unix_server(lambda: heard, file)
        transport, tape = await loop.create_unix_connection(Tape, file)
        trace(tape.line)
        transport.write(b"hello")
        await heard.has(5)
        heard.transport.write(b"answer")
        await tape.has(6)
        await end(transport, tape)
        await heard.gone()
        trace(f"client {tape.line}: {tape.text}")
        trace(f"server {heard.line}: {heard.text}")
        server.close()
        await server.wait_closed()


@scenario
async def socket_file_that_is_not_there(trace):
    loop = asyncio.get_running_loop()
    with folder() as path:
        try:
            await loop.create_unix_connection(Tape, str(path / "socket"))
        except OSError:
            trace("refused")


@scenario
async def socket_file_at_which_nobody_listens(trace):
    loop = asyncio.get_running_loop()
    with folder() as path:
        file = str(path / "socket")
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(file)
        trace(await attempted(loop.create_unix_connection(Tape, file)))


@scenario
async def abstract_name(trace):
    loop = asyncio.get_running_loop()
    name = f"\0asyncio-conformance-{os.getpid()}"
    server = await loop.create_unix_server(Tape, name)
    trace(await attempted(loop.create_unix_connection(Tape, name)))
    server.close()
    await server.wait_closed()
    trace(await attempted(loop.create_unix_connection(Tape, name)))


@scenario
async def peer_that_is_gone_before_the_transport_is_made(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    theirs.send(b"bye")
    theirs.close()
    transport, tape = await loop.create_connection(Tape, sock=ours)
    await tape.gone()
    trace(f"{tape.line}: {tape.text}")


@scenario
async def many_connections_at_once(trace):
    loop = asyncio.get_running_loop()
    made = []

    def factory():
        made.append(Tape(data=lambda tape: tape.transport.write(b"thanks")))
        return made[-1]

    server = await loop.create_server(factory, LOCAL, 0)
    connections = await asyncio.gather(*(loop.create_connection(Tape, LOCAL, port_of(server)) for _ in range(30)))
    for transport, _ in connections:
        transport.write(b"x")
    for transport, tape in connections:
        await tape.has(6)
        transport.close()
    await until(lambda: all(tape.is_lost for tape in made))
    trace(f"{len(made)} made")
    trace(f"clients {sorted({tape.line for _, tape in connections})[0]}")
    trace(f"server {sorted({tape.line for tape in made})[0]}")
    server.close()
    await server.wait_closed()
