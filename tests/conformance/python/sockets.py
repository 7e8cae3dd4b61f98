"""Operations on sockets of one's own, and callbacks for those that can be read or written."""

import asyncio
import socket
import tempfile

from harness import attempt, error_of, outcome, scenario, show, spin
from wires import BIG, LOCAL, Tape, closed_port, pair, receive, reset, settle, until


def listener():
    sock = socket.create_server((LOCAL, 0))
    sock.setblocking(False)
    return sock


def plain():
    """A socket that is not connected."""
    sock = socket.socket()
    sock.setblocking(False)
    return sock


def bound():
    """A datagram socket with an address."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.bind((LOCAL, 0))
    return sock


@scenario
async def receive_what_is_there(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        theirs.send(b"hello")
        trace(await attempt(loop.sock_recv(ours, 3)))
        trace(await attempt(loop.sock_recv(ours, 100)))
        theirs.shutdown(socket.SHUT_WR)
        trace(await attempt(loop.sock_recv(ours, 100)))
        trace(await attempt(loop.sock_recv(ours, 100)))


@scenario
async def receive_waits(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        task = asyncio.create_task(loop.sock_recv(ours, 100))
        await settle()
        trace(outcome(task))
        theirs.send(b"hello")
        trace(await attempt(task))


@scenario
async def end_wakes_who_receives(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        task = asyncio.create_task(loop.sock_recv(ours, 100))
        await settle()
        theirs.shutdown(socket.SHUT_WR)
        trace(await attempt(task))


@scenario
async def reset_wakes_who_receives(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours:
        task = asyncio.create_task(loop.sock_recv(ours, 100))
        await settle()
        reset(theirs)
        trace(await attempt(task))


@scenario
async def receive_nothing(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        theirs.send(b"hello")
        await settle()
        trace(await attempt(loop.sock_recv(ours, 0)))
        trace(await attempt(loop.sock_recv_into(ours, bytearray())))
        trace(await attempt(loop.sock_recv(ours, 100)))


@scenario
async def receive_into_a_buffer(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        buffer = bytearray(b"........")
        theirs.send(b"hello")
        trace(await attempt(loop.sock_recv_into(ours, memoryview(buffer)[1:4])))
        trace(show(buffer))
        trace(await attempt(loop.sock_recv_into(ours, buffer)))
        trace(show(buffer))
        theirs.shutdown(socket.SHUT_WR)
        trace(await attempt(loop.sock_recv_into(ours, buffer)))
        trace(show(buffer))


@scenario
async def send_all_of_much(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        task = asyncio.create_task(loop.sock_sendall(ours, b"a" * BIG + b"end"))
        await settle()
        trace(outcome(task))
        data = await receive(theirs, BIG + 3)
        trace(f"{len(data)} bytes, {show(data[-3:])}")
        trace(await attempt(task))


@scenario
async def send_nothing(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        trace(await attempt(loop.sock_sendall(ours, b"")))
        trace(await attempt(loop.sock_sendall(ours, b"more")))
        trace(await attempt(loop.sock_recv(theirs, 100)))


@scenario
async def send_and_receive_at_once(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        tasks = [
            asyncio.create_task(loop.sock_sendall(ours, bytes(BIG))),
            asyncio.create_task(loop.sock_sendall(theirs, bytes(BIG))),
        ]
        mine, yours = await asyncio.gather(receive(ours, BIG), receive(theirs, BIG))
        trace(f"{len(mine)} and {len(yours)} bytes")
        for task in tasks:
            trace(await attempt(task))


@scenario
async def send_to_a_peer_that_is_gone(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours:
        reset(theirs)
        await settle()
        trace(await attempt(loop.sock_sendall(ours, b"x")))
        trace(await attempt(loop.sock_sendall(ours, b"x")))


@scenario
async def peer_that_goes_while_much_is_sent(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours:
        task = asyncio.create_task(loop.sock_sendall(ours, bytes(BIG)))
        await settle()
        reset(theirs)
        trace(await attempt(task))


@scenario
async def connect_and_accept(trace):
    loop = asyncio.get_running_loop()
    with listener() as server, plain() as sock:
        task = asyncio.create_task(loop.sock_accept(server))
        await settle()
        trace(outcome(task))
        trace(await attempt(loop.sock_connect(sock, server.getsockname())))
        client, address = await task
        with client:
            trace(f"names {address == sock.getsockname()}, {client.getsockname() == server.getsockname()}")
            await loop.sock_sendall(sock, b"hello")
            trace(await attempt(loop.sock_recv(client, 100)))
            await loop.sock_sendall(client, b"answer")
            trace(await attempt(loop.sock_recv(sock, 100)))


@scenario
async def accept_those_who_wait_already(trace):
    loop = asyncio.get_running_loop()
    with listener() as server:
        clients = [socket.create_connection(server.getsockname()) for _ in range(3)]
        for client in clients:
            accepted, address = await loop.sock_accept(server)
            trace(f"in order {address == client.getsockname()}")
            accepted.close()
            client.close()


@scenario
async def nobody_listens(trace):
    loop = asyncio.get_running_loop()
    with plain() as sock:
        trace(await attempt(loop.sock_connect(sock, (LOCAL, closed_port()))))


@scenario
async def connect_to_a_name(trace):
    loop = asyncio.get_running_loop()
    with listener() as server, plain() as sock:
        trace(await attempt(loop.sock_connect(sock, ("localhost", server.getsockname()[1]))))


@scenario
async def cancelled_receive_loses_nothing(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        task = asyncio.create_task(loop.sock_recv(ours, 100))
        await settle()
        task.cancel()
        trace(await attempt(task))
        theirs.send(b"hello")
        trace(await attempt(loop.sock_recv(ours, 100)))


@scenario
async def receive_that_times_out_can_be_repeated(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        trace(await attempt(asyncio.wait_for(loop.sock_recv(ours, 100), 0.01)))
        theirs.send(b"hello")
        trace(await attempt(loop.sock_recv(ours, 100)))


@scenario
async def cancelled_accept_loses_no_connection(trace):
    loop = asyncio.get_running_loop()
    with listener() as server:
        task = asyncio.create_task(loop.sock_accept(server))
        await settle()
        task.cancel()
        trace(await attempt(task))
        with socket.create_connection(server.getsockname()) as client:
            accepted, address = await loop.sock_accept(server)
            trace(f"accepted {address == client.getsockname()}")
            accepted.close()


@scenario
async def cancelled_send_leaves_the_socket_usable(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        task = asyncio.create_task(loop.sock_sendall(ours, b"a" * BIG))
        await settle()
        task.cancel()
        trace(await attempt(task))
        data = bytearray()
        finishing = asyncio.create_task(loop.sock_sendall(ours, b"end"))
        while not data.endswith(b"end"):
            data += await loop.sock_recv(theirs, BIG)
        trace(await attempt(finishing))
        trace(f"only a part {0 < len(data) - 3 < BIG}")


@scenario
async def message_of_a_cancelled_receive(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs:
        task = asyncio.create_task(loop.sock_recv(ours, 100))
        await settle()
        task.cancel("enough")
        trace(await attempt(task))


@scenario
async def datagrams_there_and_back(trace):
    loop = asyncio.get_running_loop()
    with bound() as ours, bound() as theirs:
        trace(await attempt(loop.sock_sendto(ours, b"question", theirs.getsockname())))
        data, address = await loop.sock_recvfrom(theirs, 100)
        trace(f"{show(data)} {address == ours.getsockname()}")
        trace(await attempt(loop.sock_sendto(theirs, b"answer", address)))
        buffer = bytearray(b"........")
        count, address = await loop.sock_recvfrom_into(ours, buffer)
        trace(f"{count} {show(buffer)} {address == theirs.getsockname()}")


@scenario
async def empty_datagram(trace):
    loop = asyncio.get_running_loop()
    with bound() as ours, bound() as theirs:
        trace(await attempt(loop.sock_sendto(ours, b"", theirs.getsockname())))
        data, address = await loop.sock_recvfrom(theirs, 100)
        trace(f"{show(data)} {address == ours.getsockname()}")


@scenario
async def datagram_longer_than_the_buffer_is_cut(trace):
    loop = asyncio.get_running_loop()
    with bound() as ours, bound() as theirs:
        await loop.sock_sendto(ours, b"abcdef", theirs.getsockname())
        await loop.sock_sendto(ours, b"next", theirs.getsockname())
        data, _ = await loop.sock_recvfrom(theirs, 3)
        trace(show(data))
        data, _ = await loop.sock_recvfrom(theirs, 100)
        trace(show(data))


@scenario
async def datagram_that_is_too_long(trace):
    loop = asyncio.get_running_loop()
    with bound() as ours, bound() as theirs:
        trace(await attempt(loop.sock_sendto(ours, bytes(100_000), theirs.getsockname())))


@scenario
async def datagram_is_waited_for(trace):
    loop = asyncio.get_running_loop()
    with bound() as ours, bound() as theirs:
        task = asyncio.create_task(loop.sock_recvfrom(theirs, 100))
        await settle()
        trace(f"done {task.done()}")
        await loop.sock_sendto(ours, b"x", theirs.getsockname())
        data, _ = await task
        trace(show(data))


@scenario
async def connected_datagram_socket_of_which_nobody_takes(trace):
    loop = asyncio.get_running_loop()
    with bound() as sock:
        await loop.sock_connect(sock, (LOCAL, closed_port()))
        await loop.sock_sendall(sock, b"x")
        trace(await attempt(loop.sock_recv(sock, 100)))


def file_of(text):
    file = tempfile.TemporaryFile()
    file.write(text)
    file.seek(0)
    return file


@scenario
async def file_is_sent(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs, file_of(b"0123456789") as file:
        for arguments in ((), (4,), (2, 5), (8, 5), (10,)):
            count = await loop.sock_sendfile(ours, file, *arguments)
            trace(f"{count}: {show(await receive(theirs, count))}, now at {file.tell()}")


@scenario
async def empty_file_is_sent(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs, file_of(b"") as file:
        trace(await attempt(loop.sock_sendfile(ours, file)))


@scenario
async def file_sent_between_other_data(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs, file_of(b"file") as file:
        await loop.sock_sendall(ours, b"before ")
        await loop.sock_sendfile(ours, file)
        await loop.sock_sendall(ours, b" after")
        trace(show(await receive(theirs, 17)))


@scenario
async def large_file_is_sent(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs, file_of(bytes(BIG)) as file:
        task = asyncio.create_task(loop.sock_sendfile(ours, file))
        await receive(theirs, BIG)
        trace(await attempt(task))
        trace(f"at {file.tell()}")


@scenario
async def file_with_senseless_arguments(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    with ours, theirs, file_of(b"0123456789") as file, bound() as datagrams:
        for arguments in ((-1,), (0, 0), (0, -1)):
            trace(await attempt(loop.sock_sendfile(ours, file, *arguments)))
        trace(await attempt(loop.sock_sendfile(datagrams, file)))


@scenario
async def reader_is_called_as_long_as_something_is_there(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    calls = []

    def ready():
        calls.append(1)
        if len(calls) == 3:
            trace(show(ours.recv(100)))

    with ours, theirs:
        loop.add_reader(ours, ready)
        await settle()
        trace(f"{len(calls)} calls")
        theirs.send(b"hello")
        await until(lambda: len(calls) >= 3)
        await settle()
        trace(f"{len(calls)} calls")
        trace(f"removed {loop.remove_reader(ours)}, {loop.remove_reader(ours)}")


@scenario
async def reader_is_called_at_the_end(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    calls = []

    def ready():
        calls.append(show(ours.recv(100)))
        loop.remove_reader(ours)

    with ours, theirs:
        loop.add_reader(ours, ready)
        theirs.shutdown(socket.SHUT_WR)
        await until(lambda: calls)
        trace(calls[0])


@scenario
async def writer_is_called_as_long_as_there_is_room(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    calls = []
    with ours, theirs:
        loop.add_writer(ours, calls.append, 1)
        await until(lambda: len(calls) >= 3)
        trace(f"removed {loop.remove_writer(ours)}, {loop.remove_writer(ours)}")
        count = len(calls)
        await settle()
        trace(f"called again {len(calls) > count}")


@scenario
async def writer_of_a_full_socket_waits(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    calls = []
    with ours, theirs:
        sent = 0
        try:
            while True:
                sent += ours.send(bytes(100_000))
        except BlockingIOError:
            pass
        loop.add_writer(ours, calls.append, 1)
        await settle()
        trace(f"{len(calls)} calls")
        await receive(theirs, sent)
        await until(lambda: calls)
        loop.remove_writer(ours)
        trace("called")


@scenario
async def reader_and_writer_do_not_know_each_other(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    reads, writes = [], []
    with ours, theirs:
        loop.add_reader(ours, reads.append, 1)
        loop.add_writer(ours, writes.append, 1)
        await until(lambda: writes)
        trace(f"{len(reads)} reads, removed {loop.remove_writer(ours)}")
        theirs.send(b"x")
        await until(lambda: reads)
        count = len(writes)
        await settle()
        trace(f"written again {len(writes) > count}, removed {loop.remove_reader(ours)}")


@scenario
async def second_reader_replaces_the_first(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    first, second = [], []
    with ours, theirs:
        loop.add_reader(ours, first.append, 1)
        await settle()
        loop.add_reader(ours, second.append, 1)
        theirs.send(b"x")
        await until(lambda: second)
        trace(f"{len(first)} calls of the first, removed {loop.remove_reader(ours)}, {loop.remove_reader(ours)}")


@scenario
async def removed_in_the_callback(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    calls = []

    def ready():
        calls.append(1)
        loop.remove_reader(ours)

    with ours, theirs:
        loop.add_reader(ours, ready)
        theirs.send(b"x")
        await until(lambda: calls)
        await settle()
        trace(f"{len(calls)} calls")


@scenario
async def each_removes_the_other(trace):
    """Both are ready in the same iteration: only one is called."""
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    calls = []

    def ready():
        calls.append(1)
        loop.remove_reader(ours)
        loop.remove_reader(theirs)

    with ours, theirs:
        ours.send(b"x")
        theirs.send(b"x")
        loop.add_reader(ours, ready)
        loop.add_reader(theirs, ready)
        await until(lambda: calls)
        await settle()
        trace(f"{len(calls)} calls")


@scenario(handler=True)
async def failing_callback_is_reported_and_called_again(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    calls = []

    def ready():
        calls.append(1)
        if len(calls) == 2:
            loop.remove_reader(ours)
        raise ZeroDivisionError

    with ours, theirs:
        loop.add_reader(ours, ready)
        theirs.send(b"x")
        await until(lambda: len(calls) == 2)
        await settle()
        trace(f"{len(calls)} calls")


@scenario
async def added_again_after_it_was_removed(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    calls = []
    with ours, theirs:
        for _ in range(3):
            loop.add_reader(ours, calls.append, 1)
            theirs.send(b"x")
            await until(lambda: calls)
            loop.remove_reader(ours)
            trace(show(ours.recv(100)))
            calls.clear()
            await settle()
            trace(f"{len(calls)} calls")


@scenario
async def socket_of_a_transport_is_not_to_be_watched(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    transport, tape = await loop.create_connection(Tape, sock=ours)
    trace(error_of(lambda: loop.add_reader(ours, print)))
    trace(error_of(lambda: loop.add_writer(ours, print)))
    trace(error_of(lambda: loop.remove_reader(ours)))
    trace(error_of(lambda: loop.remove_writer(ours)))
    theirs.send(b"hello")
    await tape.has(5)
    trace(tape.text)
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def socket_of_a_transport_is_not_to_be_received_from(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    transport, tape = await loop.create_connection(Tape, sock=ours)
    trace(await attempt(loop.sock_recv(ours, 100)))
    transport.close()
    await tape.gone()
    theirs.close()


@scenario
async def socket_of_a_transport_is_free_when_it_is_closed(trace):
    """The descriptor's number may be another socket's by then."""
    loop = asyncio.get_running_loop()
    for _ in range(3):
        ours, theirs = pair()
        transport, tape = await loop.create_connection(Tape, sock=ours)
        transport.close()
        await tape.gone()
        await spin(2)
        theirs.close()
        ours, theirs = pair()
        with ours, theirs:
            theirs.send(b"x")
            trace(await attempt(loop.sock_recv(ours, 100)))


@scenario
async def transport_of_a_socket_that_was_received_from(trace):
    loop = asyncio.get_running_loop()
    ours, theirs = pair()
    theirs.send(b"one")
    trace(await attempt(loop.sock_recv(ours, 100)))
    transport, tape = await loop.create_connection(Tape, sock=ours)
    theirs.send(b"two")
    theirs.close()
    await tape.gone()
    trace(f"{tape.line}: {tape.text}")
