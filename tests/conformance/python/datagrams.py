"""Datagram endpoints: with and without a peer of their own, errors, failing callbacks, closing, addresses, socket files."""

import asyncio
import os
import socket

from harness import attempt, error_of, kind, scenario, show, spin
from wires import LOCAL, closed_port, folder, settle, until


class DatagramTape(asyncio.DatagramProtocol):
    """Writes down what it is told."""

    def __init__(self, *, data=None, error=None, lost=None):
        self.events = []
        self.senders = []
        self.transport = None
        self.when_data = data
        self.when_error = error
        self.when_lost = lost

    @property
    def line(self):
        return " ".join(self.events)

    @property
    def is_lost(self):
        return bool(self.events) and self.events[-1].startswith("lost")

    async def has(self, count):
        """Until it was told so many things."""
        await until(lambda: len(self.events) >= count)

    async def gone(self):
        await until(lambda: self.is_lost)

    def connection_made(self, transport):
        self.transport = transport
        self.events.append("made")

    def datagram_received(self, data, addr):
        self.events.append(show(data))
        self.senders.append(addr)
        if self.when_data is not None:
            self.when_data(self)

    def error_received(self, exc):
        self.events.append(f"error:{kind(exc)}")
        if self.when_error is not None:
            self.when_error(self)

    def connection_lost(self, exc):
        self.events.append("lost" if exc is None else f"lost:{kind(exc)}")
        if self.when_lost is not None:
            self.when_lost(self)


def fail(tape):
    raise ZeroDivisionError


async def bound(factory=DatagramTape):
    """An endpoint with an address of its own and no peer, and its address."""
    transport, tape = await asyncio.get_running_loop().create_datagram_endpoint(factory, local_addr=(LOCAL, 0))
    return transport, tape, transport.get_extra_info("sockname")


async def connected(address, factory=DatagramTape):
    """An endpoint that knows its peer."""
    return await asyncio.get_running_loop().create_datagram_endpoint(factory, remote_addr=address)


async def end(*tapes):
    for tape in tapes:
        tape.transport.close()
        await tape.gone()


@scenario
async def there_and_back(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    trace(f"{heard.line}, {tape.line}")
    client.sendto(b"question")
    await heard.has(2)
    trace(f"from the client {heard.senders[0] == client.get_extra_info('sockname')}")
    server.sendto(b"answer", heard.senders[0])
    await tape.has(2)
    trace(f"from the server {tape.senders[0] == address}")
    await end(tape, heard)
    trace(f"server {heard.line}")
    trace(f"client {tape.line}")


@scenario
async def each_datagram_is_told_by_itself(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    for piece in (b"one", b"two", b"three"):
        client.sendto(piece)
    await heard.has(4)
    trace(heard.line)
    await end(tape, heard)


@scenario
async def empty_datagram(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    client.sendto(b"")
    client.sendto(b"more")
    await heard.has(3)
    trace(heard.line)
    await end(tape, heard)


@scenario
async def peer_given_once_or_each_time(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    client.sendto(b"without")
    client.sendto(b"with", address)
    trace(error_of(lambda: client.sendto(b"another", (LOCAL, closed_port()))))
    await heard.has(3)
    await settle()
    trace(heard.line)
    await end(tape, heard)


@scenario
async def several_peers(trace):
    first, one, _ = await bound()
    second, two, _ = await bound()
    server, heard, address = await bound()
    for transport, name in ((first, b"first"), (second, b"second")):
        transport.sendto(name, address)
    await heard.has(3)
    for text, sender in zip(heard.events[1:], heard.senders):
        server.sendto(f"hello {text}".encode(), sender)
    await one.has(2)
    await two.has(2)
    trace(f"{one.line}, {two.line}")
    await end(one, two, heard)


@scenario
async def strangers_are_not_heard(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    stranger, other, _ = await bound()
    stranger.sendto(b"boo", client.get_extra_info("sockname"))
    await settle()
    server.sendto(b"hello", client.get_extra_info("sockname"))
    await tape.has(2)
    trace(tape.line)
    await end(tape, heard, other)


@scenario
async def what_an_endpoint_knows(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    trace(f"server's peer {show(server.get_extra_info('peername'))}")
    trace(f"client's peer {client.get_extra_info('peername') == address}")
    trace(f"socket {client.get_extra_info('socket').getsockname() == client.get_extra_info('sockname')}")
    trace(f"nothing {show(client.get_extra_info('nothing'))}")
    trace(f"protocol {client.get_protocol() is tape}")
    trace(f"closing {client.is_closing()}")
    await end(tape, heard)
    trace(f"closing {client.is_closing()}")


@scenario
async def datagram_that_is_too_long(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    client.sendto(bytes(100_000))
    await tape.has(2)
    trace(f"{tape.line}, closing {client.is_closing()}")
    client.sendto(b"short")
    await heard.has(2)
    trace(heard.line)
    await end(tape, heard)


@scenario
async def nobody_listens(trace):
    client, tape = await connected((LOCAL, closed_port()))
    client.sendto(b"x")
    await tape.has(2)
    trace(f"{tape.line}, closing {client.is_closing()}")
    await end(tape)
    trace(tape.line)


@scenario
async def peer_that_comes_back(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    await end(heard)
    await settle()
    client.sendto(b"lost")
    await tape.has(2)
    trace(tape.line)
    again, heard = await asyncio.get_running_loop().create_datagram_endpoint(DatagramTape, local_addr=address)
    client.sendto(b"found")
    await heard.has(2)
    trace(heard.line)
    await end(tape, heard)


@scenario(handler=True)
async def failing_datagram_received_is_reported_and_the_endpoint_lives(trace):
    server, heard, address = await bound(lambda: DatagramTape(data=fail))
    client, tape = await connected(address)
    client.sendto(b"one")
    await heard.has(2)
    client.sendto(b"two")
    await heard.has(3)
    await end(tape, heard)
    trace(heard.line)


@scenario(handler=True)
async def failing_error_received_is_reported_and_the_endpoint_lives(trace):
    client, tape = await connected((LOCAL, closed_port()), lambda: DatagramTape(error=fail))
    client.sendto(b"x")
    await tape.has(2)
    await spin(2)
    trace(f"closing {client.is_closing()}")
    await end(tape)
    trace(tape.line)


@scenario(handler=True)
async def failing_connection_lost_is_reported(trace):
    server, heard, address = await bound(lambda: DatagramTape(lost=fail))
    await end(heard)
    trace(heard.line)


@scenario
async def close_sends_what_was_given(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    for number in range(5):
        client.sendto(str(number).encode())
    client.close()
    client.close()
    trace(f"closing {client.is_closing()}: {tape.line}")
    await tape.gone()
    await heard.has(6)
    trace(heard.line)
    trace(tape.line)
    await end(heard)


@scenario
async def datagram_after_close_goes_nowhere(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    client.close()
    trace(error_of(lambda: client.sendto(b"x")))
    await tape.gone()
    trace(error_of(lambda: client.sendto(b"x")))
    await settle()
    trace(heard.line)
    await end(heard)


@scenario
async def abort_ends_it(trace):
    server, heard, address = await bound()
    server.abort()
    server.abort()
    trace(f"closing {server.is_closing()}: {heard.line}")
    await heard.gone()
    server.close()
    await settle()
    trace(heard.line)


@scenario
async def datagram_that_comes_after_the_close_is_not_told(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    await settle()
    client.sendto(b"x")
    server.close()
    await heard.gone()
    await settle()
    trace(heard.line)
    await end(tape)


@scenario
async def close_in_the_callback(trace):
    server, heard, address = await bound(lambda: DatagramTape(data=lambda tape: tape.transport.close()))
    client, tape = await connected(address)
    client.sendto(b"one")
    await heard.gone()
    trace(heard.line)
    await end(tape)


@scenario
async def another_protocol_takes_over(trace):
    server, heard, address = await bound()
    client, tape = await connected(address)
    client.sendto(b"one")
    await heard.has(2)
    second = DatagramTape()
    server.set_protocol(second)
    client.sendto(b"two")
    await second.has(1)
    server.close()
    await second.gone()
    trace(f"first {heard.line}")
    trace(f"second {second.line}")
    await end(tape)


@scenario
async def water_marks(trace):
    server, heard, address = await bound()
    trace(f"low, high: {show(server.get_write_buffer_limits())}, unsent {server.get_write_buffer_size()}")
    server.set_write_buffer_limits(high=1000)
    trace(f"low, high: {show(server.get_write_buffer_limits())}")
    trace(error_of(lambda: server.set_write_buffer_limits(high=1, low=2)))
    await end(heard)


@scenario
async def address_in_use(trace):
    server, heard, address = await bound()
    trace(await attempt(asyncio.get_running_loop().create_datagram_endpoint(DatagramTape, local_addr=address)))
    await end(heard)


@scenario
async def address_that_is_shared(trace):
    loop = asyncio.get_running_loop()
    first, one = await loop.create_datagram_endpoint(DatagramTape, local_addr=(LOCAL, 0), reuse_port=True)
    address = first.get_extra_info("sockname")
    second, two = await loop.create_datagram_endpoint(DatagramTape, local_addr=address, reuse_port=True)
    trace(f"the same {second.get_extra_info('sockname') == address}")
    await end(one, two)


@scenario
async def address_that_is_not_ours(trace):
    loop = asyncio.get_running_loop()
    trace(await attempt(loop.create_datagram_endpoint(DatagramTape, local_addr=("192.0.2.1", 0))))


@scenario
async def without_an_address_the_family_is_needed(trace):
    loop = asyncio.get_running_loop()
    trace(await attempt(loop.create_datagram_endpoint(DatagramTape)))
    server, heard, address = await bound()
    client, tape = await loop.create_datagram_endpoint(DatagramTape, family=socket.AF_INET)
    client.sendto(b"x", address)
    await heard.has(2)
    trace(heard.line)
    await end(tape, heard)


@scenario
async def addresses_of_different_kinds(trace):
    loop = asyncio.get_running_loop()
    trace(await attempt(loop.create_datagram_endpoint(DatagramTape, local_addr=(LOCAL, 0), remote_addr=("::1", 9))))


@scenario
async def broadcasts_are_allowed_if_asked_for(trace):
    loop = asyncio.get_running_loop()
    for allowed in (None, True):
        transport, tape = await loop.create_datagram_endpoint(DatagramTape, local_addr=(LOCAL, 0), allow_broadcast=allowed)
        trace(f"{transport.get_extra_info('socket').getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST) != 0}")
        await end(tape)


@scenario
async def socket_of_ones_own(trace):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.bind((LOCAL, 0))
    address = sock.getsockname()
    transport, heard = await asyncio.get_running_loop().create_datagram_endpoint(DatagramTape, sock=sock)
    trace(f"the same {transport.get_extra_info('sockname') == address}")
    client, tape = await connected(address)
    client.sendto(b"x")
    await heard.has(2)
    trace(heard.line)
    await end(tape, heard)
    await until(lambda: sock.fileno() == -1)
    trace("closed")


@scenario
async def stream_socket_is_refused(trace):
    with socket.socket() as sock:
        trace(await attempt(asyncio.get_running_loop().create_datagram_endpoint(DatagramTape, sock=sock)))


@scenario
async def failing_factory(trace):
    loop = asyncio.get_running_loop()

    def factory():
        raise ZeroDivisionError

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.bind((LOCAL, 0))
        trace(await attempt(loop.create_datagram_endpoint(factory, sock=sock)))


@scenario
async def socket_files(trace):
    loop = asyncio.get_running_loop()
    with folder() as path:
        here, there = str(path / "here"), str(path / "there")
        server, heard = await loop.create_datagram_endpoint(DatagramTape, local_addr=there, family=socket.AF_UNIX)
        client, tape = await loop.create_datagram_endpoint(DatagramTape, local_addr=here, remote_addr=there, family=socket.AF_UNIX)
        client.sendto(b"question")
        await heard.has(2)
        trace(f"from the client {heard.senders[0] == here}")
        server.sendto(b"answer", here)
        await tape.has(2)
        trace(f"{heard.line}, {tape.line}")
        await end(tape, heard)


@scenario
async def socket_file_that_was_left_behind_is_replaced(trace):
    loop = asyncio.get_running_loop()
    with folder() as path:
        file = str(path / "socket")
        for _ in range(2):
            server, heard = await loop.create_datagram_endpoint(DatagramTape, local_addr=file, family=socket.AF_UNIX)
            await end(heard)
            trace(f"there {os.path.exists(file)}")


@scenario
async def socket_file_that_was_replaced_is_the_others(trace):
    loop = asyncio.get_running_loop()
    with folder() as path:
        file = str(path / "socket")
        first, one = await loop.create_datagram_endpoint(DatagramTape, local_addr=file, family=socket.AF_UNIX)
        second, two = await loop.create_datagram_endpoint(DatagramTape, local_addr=file, family=socket.AF_UNIX)
        await end(one)
        client, tape = await loop.create_datagram_endpoint(DatagramTape, remote_addr=file, family=socket.AF_UNIX)
        client.sendto(b"x")
        await two.has(2)
        trace(f"{one.line}, {two.line}")
        await end(tape, two)


@scenario
async def sender_without_a_name(trace):
    loop = asyncio.get_running_loop()
    with folder() as path:
        file = str(path / "socket")
        server, heard = await loop.create_datagram_endpoint(DatagramTape, local_addr=file, family=socket.AF_UNIX)
        client, tape = await loop.create_datagram_endpoint(DatagramTape, remote_addr=file, family=socket.AF_UNIX)
        for number in range(3):
            client.sendto(str(number).encode())
        await heard.has(4)
        trace(f"{heard.line} from {show(heard.senders[0])}")
        await end(tape, heard)


@scenario
async def cancelled_before_it_is_made(trace):
    tape = DatagramTape()
    task = asyncio.create_task(asyncio.get_running_loop().create_datagram_endpoint(lambda: tape, local_addr=(LOCAL, 0)))
    await asyncio.sleep(0)
    task.cancel()
    trace(await attempt(task))
