"""What CPython's StreamReader does on random sequences of feeds, reads, cancellations: printed as it happens.

    python3.13 reader_sequences.py > reader_sequences.txt

A line is an operation; after "-> " stands what is to be seen when the loop has turned: how the read stands, how many bytes are buffered,
whether the end is reached, whether the transport is paused. ReaderSequenceTests.cs does the same operations and compares.

Left out, because this library does better there (docs/differences.md): a second read while one waits, cancelling read(-1), whose bytes
CPython loses, a failure in the same turn as data, and what is buffered after a failure or while read(-1) waits. At the end of
a stream a pause means nothing.
"""

import asyncio
import random
import sys

SEQUENCES = 600
ALPHABET = b"ab\r\n;"


class Transport:
    paused = False

    def pause_reading(self):
        self.paused = True

    def resume_reading(self):
        self.paused = False

    def is_closing(self):
        return False


def describe(task):
    if task is None:
        return "none"
    if not task.done():
        return "pending"
    if task.cancelled():
        return "cancelled"
    error = task.exception()
    if error is None:
        return f"result {task.result().hex()}"
    if isinstance(error, asyncio.IncompleteReadError):
        return f"incomplete {error.partial.hex()} {'none' if error.expected is None else error.expected}"
    if isinstance(error, asyncio.LimitOverrunError):
        return f"overrun {error.consumed}"
    if isinstance(error, ValueError):
        return "line too long"
    return f"error {error}"


class Sequence:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.limit = self.random.choice([1, 2, 3, 5, 8, 16])
        self.task = None
        self.call = None
        self.ended = self.failed = False
        self.fed = False

    async def run(self, seed):
        self.transport = Transport()
        self.reader = asyncio.StreamReader(limit=self.limit)
        self.reader.set_transport(self.transport)
        print(f"sequence {seed} {self.limit}")
        for _ in range(self.random.randint(5, 40)):
            self.step()
            if self.random.random() < 0.6:
                await self.spin()
        await self.spin()
        if self.task is not None and not self.task.done():
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
        elif self.task is not None and not self.task.cancelled():
            self.task.exception()

    def step(self):
        choice = self.random.random()
        if choice < 0.45:
            self.feed()
        elif choice < 0.85:
            self.read()
        elif choice < 0.93:
            if self.task is not None and not self.task.done() and self.call != "all":
                print("cancel")
                self.task.cancel()
                # A read that still waits holds off a pause here, not there: until the buffer says clearly which it is.
                self.unclear = True
        elif choice < 0.98:
            if not self.ended and self.random.random() < 0.4:
                print("eof")
                self.ended = True
                self.reader.feed_eof()
        elif not self.fed and not self.failed and self.random.random() < 0.3:
            print("fail")
            self.failed = True
            self.reader.set_exception(ConnectionResetError("reset"))

    def feed(self):
        if self.ended:
            return
        data = bytes(self.random.choice(ALPHABET) for _ in range(self.random.choice([0, 1, 1, 2, 3, 5, 9, 30])))
        print(f"feed {data.hex()}")
        self.fed = True
        self.reader.feed_data(data)
        if data and len(self.reader._buffer) > 2 * self.limit and (self.task is None or self.task.done()):
            self.unclear = False

    def read(self):
        if self.task is not None and (not self.task.done() or self.fresh):
            return
        reader, pick = self.reader, self.random
        self.call = pick.choice(["some", "some", "exactly", "line", "until", "several", "all"])
        if self.call == "some":
            n = pick.choice([0, 1, 2, 4, 20])
            print(f"some {n}")
            awaitable = reader.read(n)
        elif self.call == "all":
            if pick.random() < 0.7:
                self.call = "line"
                print("line")
                awaitable = reader.readline()
            else:
                print("all")
                awaitable = reader.read()
        elif self.call == "exactly":
            n = pick.choice([0, 1, 3, 7, 12, 40])
            print(f"exactly {n}")
            awaitable = reader.readexactly(n)
        elif self.call == "line":
            print("line")
            awaitable = reader.readline()
        elif self.call == "until":
            separator = pick.choice([b"\n", b";", b"\r\n", b"ab", b"\r\n\r\n"])
            print(f"until {separator.hex()}")
            awaitable = reader.readuntil(separator)
        else:
            separators = tuple(pick.sample([b"\n", b"\r\n", b";", b"a;b", b"ab", b"b\r\n"], pick.randint(1, 3)))
            print(f"until {' '.join(s.hex() for s in separators)}")
            awaitable = reader.readuntil(separators)
        self.task = asyncio.ensure_future(awaitable)
        self.fresh = True

    fresh = unclear = False

    async def spin(self):
        for _ in range(4):
            await asyncio.sleep(0)
        self.fresh = self.fed = False
        reads_all = self.call == "all" and self.task is not None and not self.task.done()
        buffered = "-" if self.failed or reads_all else len(self.reader._buffer)
        buffer = len(self.reader._buffer)
        self.unclear = self.unclear and self.limit < buffer
        paused = "-" if self.failed or self.unclear or self.reader.at_eof() else int(self.transport.paused)
        print(f"-> {describe(self.task)} | {buffered} {int(self.reader.at_eof())} {paused}")
        if self.task is not None and self.task.done():
            self.task = None


async def main():
    for seed in range(SEQUENCES):
        await Sequence(seed).run(seed)


if __name__ == "__main__":
    assert sys.version_info[:2] == (3, 13), sys.version
    asyncio.run(main())
