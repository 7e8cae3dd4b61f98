"""Servers: handlers and protocols, starting and serving, closing and waiting for the connections, addresses, socket files."""

import asyncio
import os
import socket
import warnings

from harness import attempt, error_of, outcome, scenario, show, spin
from wires import BIG, LOCAL, Tape, folder, port_of, receive, receive_all, settle, until


async def echo(reader, writer):
    """Says everything again, until the peer ends."""
    writer.write(await reader.read())
    writer.close()
    await writer.wait_closed()


async def greet(reader, writer):
    """As echo; who is greeted knows that it was accepted."""
    writer.write(b"!")
    await echo(reader, writer)


async def greeted(server):
    """A plain socket that the server has accepted."""
    sock = await dial(server)
    await receive(sock, 1)
    return sock


async def dial(server):
    """A plain socket that is connected to the server."""
    sock = socket.socket()
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, (LOCAL, port_of(server)))
    return sock


async def refuses(address):
    """Whether nobody listens there."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as sock:
        sock.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(sock, address)
        except OSError:
            return True
    return False


class Protocols:
    """What a server's factory has made, and a way to wait for it."""

    def __init__(self, **reactions):
        self.made = []
        self.reactions = reactions

    def make(self):
        self.made.append(Tape(**self.reactions))
        return self.made[-1]

    async def have(self, count):
        """Until so many connections are made."""
        await until(lambda: len(self.made) >= count and all(tape.events for tape in self.made))


@scenario
async def handler_runs_as_a_task(trace):
    async def serve(reader, writer):
        trace(f"in a task {asyncio.current_task() is not main}")
        await echo(reader, writer)

    main = asyncio.current_task()
    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        sock = await dial(server)
        sock.send(b"hello")
        sock.shutdown(socket.SHUT_WR)
        trace(show(await receive_all(sock)))


@scenario
async def handler_that_is_no_coroutine(trace):
    def serve(reader, writer):
        writer.write(b"welcome")
        writer.close()

    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        trace(show(await receive_all(await dial(server))))


@scenario
async def several_clients_at_once(trace):
    async def serve(reader, writer):
        name = await reader.readexactly(1)
        writer.write(name * 3)
        await echo(reader, writer)

    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        clients = [await dial(server) for _ in range(5)]
        for name, client in zip(b"abcde", clients):
            client.send(bytes([name]))
        for client in reversed(clients):
            trace(show(await receive(client, 3)))
            client.send(b"bye")
            client.shutdown(socket.SHUT_WR)
            trace(show(await receive_all(client)))


@scenario(handler=True)
async def failing_handler_is_reported_and_its_connection_closed(trace):
    """#177."""
    writers = []

    async def serve(reader, writer):
        writers.append(writer)
        await reader.read(1)
        raise ZeroDivisionError

    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        client = await dial(server)
        client.send(b"x")
        trace(f"peer: {show(await receive_all(client))}")
        trace(f"serving {server.is_serving()}")


@scenario(handler=True)
async def failing_handler_that_is_no_coroutine(trace):
    """Its exception is one of connection_made(); the connection stays."""
    writers = []

    def serve(reader, writer):
        writers.append(writer)
        raise ZeroDivisionError

    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        client = await dial(server)
        await until(lambda: writers)
        await settle()
        trace(f"closing {writers[0].is_closing()}")
        writers[0].close()
        trace(f"peer: {show(await receive_all(client))}")


@scenario(handler=True)
async def cancelled_handler_closes_its_connection_silently(trace):
    """#177."""
    tasks = []

    async def serve(reader, writer):
        tasks.append(asyncio.current_task())
        await reader.read()

    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        client = await dial(server)
        await until(lambda: tasks)
        await spin(2)
        tasks[0].cancel()
        trace(f"peer: {show(await receive_all(client))}")


@scenario
async def handler_that_ends_leaves_its_connection_open(trace):
    writers = []

    async def serve(reader, writer):
        writers.append(writer)

    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        client = await dial(server)
        await until(lambda: writers)
        await settle()
        trace(f"closing {writers[0].is_closing()}")
        writers[0].write(b"still here")
        writers[0].close()
        trace(f"peer: {show(await receive_all(client))}")


@scenario
async def client_that_is_gone_at_once(trace):
    protocols = Protocols()
    server = await asyncio.get_running_loop().create_server(protocols.make, LOCAL, 0)
    client = await dial(server)
    client.close()
    await protocols.have(1)
    await protocols.made[0].gone()
    trace(protocols.made[0].line)
    server.close()
    await server.wait_closed()


@scenario
async def protocol_for_each_connection(trace):
    protocols = Protocols(data=lambda tape: tape.transport.write(b"thanks"))
    async with await asyncio.get_running_loop().create_server(protocols.make, LOCAL, 0) as server:
        for name in (b"a", b"b"):
            client = await dial(server)
            client.send(name)
            trace(show(await receive(client, 6)))
            trace(f"peer {client.getsockname() == protocols.made[-1].transport.get_extra_info('peername')}")
            trace(f"local {client.getpeername() == protocols.made[-1].transport.get_extra_info('sockname')}")
            client.close()
    for tape in protocols.made:
        trace(f"{tape.line}: {tape.text}")


@scenario(handler=True)
async def failing_factory_closes_the_connection(trace):
    """An oddity: it is told in debug mode only; and the connection is closed because it is dropped."""
    server = await asyncio.get_running_loop().create_server(lambda: 1 // 0, LOCAL, 0)
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        client = await dial(server)
        trace(f"peer: {show(await receive_all(client))}")
    trace(f"serving {server.is_serving()}")
    server.close()
    await server.wait_closed()


@scenario
async def accepted_connections_send_at_once(trace):
    protocols = Protocols()
    async with await asyncio.get_running_loop().create_server(protocols.make, LOCAL, 0) as server:
        client = await dial(server)
        await protocols.have(1)
        sock = protocols.made[0].transport.get_extra_info("socket")
        trace(f"no delay {sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0}")
        client.close()


@scenario
async def server_that_is_to_be_started_later(trace):
    server = await asyncio.start_server(echo, LOCAL, 0, start_serving=False)
    address = (LOCAL, port_of(server))
    trace(f"serving {server.is_serving()}, refuses {await refuses(address)}")
    await server.start_serving()
    trace(f"serving {server.is_serving()}, refuses {await refuses(address)}")
    await server.start_serving()
    trace(f"serving {server.is_serving()}")
    server.close()
    trace(f"serving {server.is_serving()}, refuses {await refuses(address)}")
    await server.wait_closed()


@scenario
async def scope_does_not_begin_to_serve(trace):
    server = await asyncio.start_server(echo, LOCAL, 0, start_serving=False)
    async with server as entered:
        trace(f"the same {entered is server}, serving {server.is_serving()}")
        await server.start_serving()
        trace(f"serving {server.is_serving()}")
    trace(f"serving {server.is_serving()}")


@scenario
async def start_serving_suspends_once(trace):
    server = await asyncio.start_server(echo, LOCAL, 0, start_serving=False)
    asyncio.get_running_loop().call_soon(trace, "callback")
    await server.start_serving()
    trace("started")
    server.close()


@scenario
async def closed_server_cannot_be_started(trace):
    """An oddity: by accident the error is another."""
    server = await asyncio.start_server(echo, LOCAL, 0, start_serving=False)
    server.close()
    trace(await attempt(server.start_serving()))


@scenario
async def server_knows_its_loop_and_its_sockets(trace):
    server = await asyncio.start_server(echo, LOCAL, 0)
    trace(f"loop {server.get_loop() is asyncio.get_running_loop()}")
    trace(f"{len(server.sockets)} sockets, a port {port_of(server) > 0}")
    server.close()
    trace(f"{len(server.sockets)} sockets")
    await server.wait_closed()
    trace(f"loop {server.get_loop() is asyncio.get_running_loop()}")


@scenario
async def serving_forever_begins_to_serve(trace):
    server = await asyncio.start_server(echo, LOCAL, 0, start_serving=False)
    task = asyncio.create_task(server.serve_forever())
    await spin(2)
    trace(f"serving {server.is_serving()}")
    client = await dial(server)
    client.send(b"hello")
    client.shutdown(socket.SHUT_WR)
    trace(show(await receive_all(client)))
    task.cancel()
    trace(await attempt(task))


@scenario
async def cancelled_serving_closes_the_server(trace):
    """#205."""
    server = await asyncio.start_server(echo, LOCAL, 0)
    task = asyncio.create_task(server.serve_forever())
    await spin(2)
    trace(f"serving {server.is_serving()}")
    task.cancel()
    trace(await attempt(task))
    trace(f"serving {server.is_serving()}, {len(server.sockets)} sockets")
    trace(await attempt(server.serve_forever()))


@scenario
async def message_of_the_cancellation_of_serving(trace):
    server = await asyncio.start_server(echo, LOCAL, 0)
    task = asyncio.create_task(server.serve_forever())
    await spin(2)
    task.cancel("enough")
    trace(await attempt(task))


@scenario
async def cancelled_serving_waits_for_the_connections(trace):
    server = await asyncio.start_server(greet, LOCAL, 0)
    task = asyncio.create_task(server.serve_forever())
    client = await greeted(server)
    client.send(b"x")
    task.cancel()
    await settle()
    trace(f"{outcome(task)}, serving {server.is_serving()}")
    client.shutdown(socket.SHUT_WR)
    trace(f"peer: {show(await receive_all(client))}")
    trace(await attempt(task))


@scenario
async def closing_ends_the_serving(trace):
    server = await asyncio.start_server(echo, LOCAL, 0)
    task = asyncio.create_task(server.serve_forever())
    await spin(2)
    server.close()
    trace(await attempt(task))
    trace(f"asked {task.cancelling()} times")


@scenario
async def serving_twice_is_refused(trace):
    server = await asyncio.start_server(echo, LOCAL, 0)
    task = asyncio.create_task(server.serve_forever())
    await spin(2)
    trace(await attempt(server.serve_forever()))
    trace(f"{outcome(task)}, serving {server.is_serving()}")
    server.close()
    trace(await attempt(task))


@scenario
async def serving_when_it_is_closed_is_refused(trace):
    server = await asyncio.start_server(echo, LOCAL, 0)
    server.close()
    trace(await attempt(server.serve_forever()))


@scenario
async def closing_leaves_the_connections_alone(trace):
    async with await asyncio.start_server(greet, LOCAL, 0) as server:
        client = await greeted(server)
        client.send(b"one ")
        address = (LOCAL, port_of(server))
        server.close()
        server.close()
        trace(f"refuses {await refuses(address)}")
        client.send(b"two")
        client.shutdown(socket.SHUT_WR)
        trace(show(await receive_all(client)))


@scenario
async def wait_closed_waits_for_the_last_connection(trace):
    """#206."""
    server = await asyncio.start_server(greet, LOCAL, 0)
    clients = [await greeted(server) for _ in range(2)]
    server.close()
    task = asyncio.create_task(server.wait_closed())
    for client in clients:
        await settle()
        trace(outcome(task))
        client.shutdown(socket.SHUT_WR)
        await receive_all(client)
    trace(await attempt(task))


@scenario
async def wait_closed_waits_for_the_close(trace):
    """#206."""
    server = await asyncio.start_server(greet, LOCAL, 0)
    client = await greeted(server)
    task = asyncio.create_task(server.wait_closed())
    client.shutdown(socket.SHUT_WR)
    await receive_all(client)
    await settle()
    trace(outcome(task))
    server.close()
    trace(await attempt(task))


@scenario
async def wait_closed_when_all_is_over_does_not_suspend(trace):
    server = await asyncio.start_server(echo, LOCAL, 0)
    server.close()
    asyncio.get_running_loop().call_soon(trace, "callback")
    await server.wait_closed()
    await server.wait_closed()
    trace("closed")
    await asyncio.sleep(0)


@scenario
async def cancelled_wait_closed_disturbs_no_other(trace):
    server = await asyncio.start_server(echo, LOCAL, 0)
    tasks = [asyncio.create_task(server.wait_closed()) for _ in range(3)]
    await spin(2)
    tasks[1].cancel()
    trace(await attempt(tasks[1]))
    await spin(2)
    trace(outcome(tasks[0]))
    server.close()
    trace(await attempt(tasks[0]))
    trace(await attempt(tasks[2]))


@scenario
async def scope_closes_and_waits(trace):
    tasks = []

    async def serve(reader, writer):
        tasks.append(asyncio.current_task())
        await reader.read()
        trace("handler ends")
        writer.close()

    async def hang_up(client):
        await settle()
        trace("client ends")
        client.close()

    async with await asyncio.start_server(serve, LOCAL, 0) as server:
        client = await dial(server)
        await until(lambda: tasks)
        ending = asyncio.create_task(hang_up(client))
        trace("scope ends")
    trace(f"over, serving {server.is_serving()}")
    await ending


@scenario
async def scope_that_fails(trace):
    server = await asyncio.start_server(echo, LOCAL, 0)
    try:
        async with server:
            raise ZeroDivisionError
    except ZeroDivisionError:
        trace(f"serving {server.is_serving()}")


@scenario
async def clients_are_closed(trace):
    protocols = Protocols(made=lambda tape: tape.transport.write(bytes(BIG)))
    server = await asyncio.get_running_loop().create_server(protocols.make, LOCAL, 0)
    client = await dial(server)
    await protocols.have(1)
    server.close_clients()
    trace(f"serving {server.is_serving()}, closing {protocols.made[0].transport.is_closing()}")
    trace(f"peer: {len(await receive_all(client))} bytes")
    await protocols.made[0].gone()
    trace(protocols.made[0].line)
    client = await dial(server)
    await protocols.have(2)
    trace("there is another")
    server.close()
    server.close_clients()
    trace(f"peer: {len(await receive_all(client))} bytes")
    await server.wait_closed()


@scenario
async def clients_are_aborted(trace):
    """#207. Also those that do not read."""
    protocols = Protocols(made=lambda tape: tape.transport.write(bytes(BIG)))
    server = await asyncio.get_running_loop().create_server(protocols.make, LOCAL, 0)
    client = await dial(server)
    await protocols.have(1)
    server.close()
    task = asyncio.create_task(server.wait_closed())
    server.close_clients()
    await settle()
    trace(outcome(task))
    server.abort_clients()
    trace(await attempt(task))
    trace(protocols.made[0].line)
    trace(f"all of it {len(await receive_all(client)) == BIG}")


@scenario
async def no_clients_to_close(trace):
    server = await asyncio.start_server(echo, LOCAL, 0)
    trace(error_of(server.close_clients))
    trace(error_of(server.abort_clients))
    server.close()
    await server.wait_closed()
    trace(error_of(server.close_clients))
    trace(error_of(server.abort_clients))


@scenario
async def clients_closed_from_a_callback(trace):
    servers = []
    protocols = Protocols(data=lambda tape: servers[0].close_clients())
    servers.append(await asyncio.get_running_loop().create_server(protocols.make, LOCAL, 0))
    clients = [await dial(servers[0]) for _ in range(3)]
    await protocols.have(3)
    clients[1].send(b"x")
    for client in clients:
        trace(f"peer: {show(await receive_all(client))}")
    servers[0].close()
    await servers[0].wait_closed()


@scenario
async def address_in_use(trace):
    server = await asyncio.start_server(echo, LOCAL, 0)
    trace(await attempt(asyncio.start_server(echo, LOCAL, port_of(server))))
    trace(f"serving {server.is_serving()}")
    server.close()
    await server.wait_closed()


@scenario
async def address_is_free_again_at_once(trace):
    server = await asyncio.start_server(greet, LOCAL, 0)
    port = port_of(server)
    client = await greeted(server)
    server.close()
    server.close_clients()
    await server.wait_closed()
    await receive_all(client)
    async with await asyncio.start_server(echo, LOCAL, port) as server:
        trace(f"serving {server.is_serving()}")


@scenario
async def several_hosts(trace):
    async with await asyncio.start_server(echo, [LOCAL, "127.0.0.2"], 0) as server:
        trace(f"{len(server.sockets)} sockets")
        for sock in server.sockets:
            client = socket.socket()
            client.setblocking(False)
            await asyncio.get_running_loop().sock_connect(client, sock.getsockname())
            client.send(b"hello")
            client.shutdown(socket.SHUT_WR)
            trace(show(await receive_all(client)))


@scenario
async def same_host_twice(trace):
    async with await asyncio.start_server(echo, [LOCAL, LOCAL], 0) as server:
        trace(f"{len(server.sockets)} sockets")


@scenario
async def one_address_in_use_takes_none(trace):
    async with await asyncio.start_server(echo, "127.0.0.2", 0) as server:
        port = port_of(server)
        trace(await attempt(asyncio.start_server(echo, [LOCAL, "127.0.0.2"], port)))
        trace(f"refuses {await refuses((LOCAL, port))}")


@scenario
async def address_that_is_not_ours(trace):
    try:
        await asyncio.start_server(echo, "192.0.2.1", 0)
    except OSError:
        trace("refused")
    async with await asyncio.start_server(echo, ["192.0.2.1", LOCAL], 0) as server:
        trace(f"{len(server.sockets)} sockets")


@scenario
async def port_that_is_shared(trace):
    async with await asyncio.start_server(echo, LOCAL, 0, reuse_port=True) as first:
        async with await asyncio.start_server(echo, LOCAL, port_of(first), reuse_port=True) as second:
            trace(f"the same {port_of(first) == port_of(second)}")
        trace(f"serving {first.is_serving()}")


@scenario
async def sockets_that_keep_alive(trace):
    for wanted in (False, True):
        server = await asyncio.get_running_loop().create_server(Tape, LOCAL, 0, keep_alive=wanted)
        async with server:
            trace(f"{server.sockets[0].getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0}")


@scenario
async def socket_of_ones_own(trace):
    sock = socket.socket()
    sock.bind((LOCAL, 0))
    async with await asyncio.start_server(echo, sock=sock) as server:
        trace(f"the same {server.sockets[0].getsockname() == sock.getsockname()}")
        client = await dial(server)
        client.send(b"hello")
        client.shutdown(socket.SHUT_WR)
        trace(show(await receive_all(client)))
    trace(f"closed {sock.fileno() == -1}")


@scenario
async def socket_that_is_no_stream(trace):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        trace(await attempt(asyncio.start_server(echo, sock=sock)))
        trace(f"closed {sock.fileno() == -1}")


@scenario
async def socket_file(trace):
    with folder() as path:
        file = str(path / "socket")
        async with await asyncio.start_unix_server(echo, file) as server:
            trace(f"there {os.path.exists(file)}")
            trace(f"name {server.sockets[0].getsockname() == file}")
            reader, writer = await asyncio.open_unix_connection(file)
            trace(f"peer {writer.get_extra_info('peername') == file}")
            writer.write(b"hello")
            writer.write_eof()
            trace(await attempt(reader.read()))
            writer.close()
            await writer.wait_closed()
        trace(f"there {os.path.exists(file)}")


@scenario
async def socket_file_goes_when_the_server_closes(trace):
    with folder() as path:
        file = str(path / "socket")
        server = await asyncio.start_unix_server(greet, file)
        reader, writer = await asyncio.open_unix_connection(file)
        await reader.readexactly(1)
        server.close()
        trace(f"there {os.path.exists(file)}")
        writer.write(b"hello")
        writer.write_eof()
        trace(await attempt(reader.read()))
        writer.close()
        await writer.wait_closed()
        await server.wait_closed()


@scenario
async def socket_file_that_is_to_stay(trace):
    with folder() as path:
        file = str(path / "socket")
        async with await asyncio.start_unix_server(echo, file, cleanup_socket=False):
            pass
        trace(f"there {os.path.exists(file)}, refuses {await refuses(file)}")


@scenario
async def socket_file_that_is_gone_when_the_server_closes(trace):
    with folder() as path:
        file = str(path / "socket")
        async with await asyncio.start_unix_server(echo, file):
            os.unlink(file)
        trace(f"there {os.path.exists(file)}")


@scenario
async def socket_file_that_was_replaced_stays(trace):
    """#208."""
    with folder() as path:
        file = str(path / "socket")
        first = await asyncio.start_unix_server(echo, file)
        second = await asyncio.start_unix_server(echo, file)
        first.close()
        await first.wait_closed()
        trace(f"there {os.path.exists(file)}, refuses {await refuses(file)}")
        second.close()
        await second.wait_closed()
        trace(f"there {os.path.exists(file)}")


@scenario
async def socket_file_that_was_left_behind_is_replaced(trace):
    with folder() as path:
        file = str(path / "socket")
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(file)
        trace(f"there {os.path.exists(file)}")
        async with await asyncio.start_unix_server(echo, file):
            trace(f"refuses {await refuses(file)}")


@scenario
async def file_that_is_no_socket_is_not_replaced(trace):
    with folder() as path:
        file = path / "file"
        file.write_text("text")
        trace(await attempt(asyncio.start_unix_server(echo, str(file))))
        trace(file.read_text())


@scenario
async def folder_that_is_not_there(trace):
    with folder() as path:
        try:
            await asyncio.start_unix_server(echo, str(path / "nowhere" / "socket"))
        except OSError:
            trace("refused")
