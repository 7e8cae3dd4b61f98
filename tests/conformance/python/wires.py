"""What the scenarios of input and output share: connected sockets, protocols that write down what they are told, ways to wait.

Nothing here depends on time or on where the system cuts a stream into pieces: waiting is for conditions, and data that comes in several
pieces is written down as one.
"""

import asyncio
import contextlib
import pathlib
import shutil
import socket
import struct
import tempfile

from harness import kind, show, spin

LOCAL = "127.0.0.1"
BIG = 8_000_000  # more than the system takes while nobody reads


def pair():
    """Two connected sockets that do not block."""
    with socket.create_server((LOCAL, 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
    ours.setblocking(False)
    theirs.setblocking(False)
    theirs.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ours, theirs


def closed_port():
    """A port on which nobody listens."""
    with socket.socket() as sock:
        sock.bind((LOCAL, 0))
        return sock.getsockname()[1]


def port_of(server):
    return server.sockets[0].getsockname()[1]


def reset(sock):
    """Closes it so that the peer gets a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@contextlib.contextmanager
def folder():
    """An empty folder for a while."""
    path = pathlib.Path(tempfile.mkdtemp())
    try:
        yield path
    finally:
        shutil.rmtree(path)


async def receive_all(sock):
    """All until the end of the stream, which a reset is, too; closes the socket."""
    loop = asyncio.get_running_loop()
    data = bytearray()
    with sock:
        try:
            while piece := await loop.sock_recv(sock, 256 * 1024):
                data += piece
        except ConnectionResetError:
            pass
    return bytes(data)


async def receive(sock, count):
    """So many bytes."""
    loop = asyncio.get_running_loop()
    data = b""
    while len(data) < count:
        piece = await loop.sock_recv(sock, count - len(data))
        if not piece:
            break
        data += piece
    return data


async def until(condition):
    """Lets the loop run until it is so."""
    while not condition():
        await asyncio.sleep(0.001)


async def settle():
    """Lets the loop tell everything that the system has for it by now."""
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        for _ in range(2):
            receiving = asyncio.create_task(loop.sock_recv(ours, 1))
            await spin(2)
            theirs.send(b"x")
            await receiving
    await spin(4)


class Told:
    """What a protocol was told, in order, and what it does then. Several pieces of data in a row are one entry."""

    def __init__(self, *, made=None, data=None, eof=None, paused=None, resumed=None, lost=None):
        self.events = []
        self.received = b""
        self.transport = None
        self.error = None
        self.when_made = made
        self.when_data = data
        self.when_eof = eof
        self.when_paused = paused
        self.when_resumed = resumed
        self.when_lost = lost

    @property
    def line(self):
        return " ".join(self.events)

    @property
    def text(self):
        return show(self.received)

    @property
    def is_lost(self):
        return bool(self.events) and self.events[-1].startswith("lost")

    async def gone(self):
        """Until the connection is lost."""
        await until(lambda: self.is_lost)

    async def has(self, count):
        """Until so many bytes have come."""
        await until(lambda: len(self.received) >= count)

    async def told(self, event):
        """Until it was told that."""
        await until(lambda: event in self.events)

    def note_data(self, data):
        self.received += bytes(data)
        if self.events[-1] != "data":
            self.events.append("data")
        if self.when_data is not None:
            self.when_data(self)

    def connection_made(self, transport):
        self.transport = transport
        self.events.append("made")
        if self.when_made is not None:
            self.when_made(self)

    def eof_received(self):
        self.events.append("eof")
        return None if self.when_eof is None else self.when_eof(self)

    def pause_writing(self):
        self.events.append("pause")
        if self.when_paused is not None:
            self.when_paused(self)

    def resume_writing(self):
        self.events.append("resume")
        if self.when_resumed is not None:
            self.when_resumed(self)

    def connection_lost(self, exc):
        self.error = exc
        self.events.append("lost" if exc is None else f"lost:{kind(exc)}")
        if self.when_lost is not None:
            self.when_lost(self)


class Tape(Told, asyncio.Protocol):
    def data_received(self, data):
        self.note_data(data)


class BufferedTape(Told, asyncio.BufferedProtocol):
    """Its buffer has room for so many bytes."""

    def __init__(self, size, *, give=None, **reactions):
        super().__init__(**reactions)
        self.buffer = bytearray(size)
        self.give = give

    def get_buffer(self, sizehint):
        return memoryview(self.buffer) if self.give is None else self.give()

    def buffer_updated(self, nbytes):
        self.note_data(self.buffer[:nbytes])


def fail(told):
    raise ZeroDivisionError


def keep_open(told):
    return True
