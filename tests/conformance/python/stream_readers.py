"""Stream readers that are fed by hand: what each read gives, limits, ends, failures, and the pauses of the transport."""

import asyncio

from harness import attempt, error_of, kind, outcome, scenario, show, spin, ticker


def fed(*pieces, limit=100, end=False):
    """A reader that has been fed these pieces."""
    reader = asyncio.StreamReader(limit=limit)
    for piece in pieces:
        reader.feed_data(piece)
    if end:
        reader.feed_eof()
    return reader


async def rest(reader):
    """What is left to read."""
    if not reader.at_eof():
        reader.feed_eof()
    return show(await reader.read())


@scenario
async def empty_data_is_ignored(trace):
    reader = fed(b"")
    task = asyncio.create_task(reader.read(5))
    await spin(2)
    reader.feed_data(b"")
    await spin(2)
    trace(outcome(task))
    reader.feed_data(b"ab")
    trace(await attempt(task))


@scenario
async def read_gives_what_is_there(trace):
    reader = fed(b"ab", b"cd")
    trace(await attempt(reader.read(100)))


@scenario
async def read_gives_at_most_what_is_asked_for(trace):
    reader = fed(b"abcde")
    for count in (1, 3, 3):
        trace(await attempt(reader.read(count)))


@scenario
async def read_of_nothing_takes_nothing(trace):
    reader = fed()
    trace(await attempt(reader.read(0)))
    reader.feed_data(b"ab")
    trace(await attempt(reader.read(0)))
    trace(await rest(reader))


@scenario
async def read_of_what_is_there_does_not_suspend(trace):
    reader = fed(b"ab\ncd\nef")
    asyncio.get_running_loop().call_soon(trace, "callback")
    trace(await attempt(reader.read(1)))
    trace(await attempt(reader.readexactly(1)))
    trace(await attempt(reader.readline()))
    trace(await attempt(reader.readuntil(b"\n")))
    reader.feed_eof()
    trace(await attempt(reader.read()))
    await asyncio.sleep(0)


@scenario
async def read_waits_for_the_first_bytes(trace):
    reader = fed()
    task = asyncio.create_task(reader.read(5))
    await spin(3)
    trace(outcome(task))
    reader.feed_data(b"ab")
    trace(await attempt(task))


@scenario
async def fed_reader_runs_in_the_next_iteration(trace):
    reader = fed()

    async def read():
        trace(await attempt(reader.read(5)))

    task = asyncio.create_task(read())
    await spin(2)
    ticks = asyncio.create_task(ticker(trace, 3))
    trace("feed")
    reader.feed_data(b"ab")
    await task
    await ticks


@scenario
async def pieces_fed_before_the_reader_runs_come_together(trace):
    reader = fed()
    task = asyncio.create_task(reader.read(5))
    await spin(2)
    reader.feed_data(b"ab")
    reader.feed_data(b"cd")
    trace(await attempt(task))


@scenario
async def reader_woken_by_data_still_takes_no_more_than_it_wants(trace):
    reader = fed()
    task = asyncio.create_task(reader.read(3))
    await spin(2)
    reader.feed_data(b"ab")
    reader.feed_data(b"cd")
    reader.feed_eof()
    trace(await attempt(task))
    trace(await rest(reader))


@scenario
async def read_at_the_end_gives_nothing(trace):
    reader = fed(b"ab", end=True)
    for _ in range(3):
        trace(await attempt(reader.read(5)))


@scenario
async def end_wakes_a_read(trace):
    reader = fed()
    task = asyncio.create_task(reader.read(5))
    await spin(2)
    reader.feed_eof()
    trace(await attempt(task))


@scenario
async def end_fed_twice_changes_nothing(trace):
    reader = fed(b"ab", end=True)
    reader.feed_eof()
    trace(await attempt(reader.read(5)))
    reader.feed_eof()
    trace(await attempt(reader.read(5)))


@scenario
async def data_after_the_end_is_an_error(trace):
    reader = fed(end=True)
    trace(error_of(lambda: reader.feed_data(b"ab")))
    trace(await attempt(reader.read(5)))


@scenario
async def read_to_the_end_collects(trace):
    reader = fed(b"a")
    task = asyncio.create_task(reader.read())
    for piece in (b"b", b"c", b"d"):
        await spin(2)
        reader.feed_data(piece)
    await spin(2)
    trace(outcome(task))
    reader.feed_eof()
    trace(await attempt(task))
    trace(await attempt(reader.read()))


@scenario
async def read_to_the_end_knows_no_limit(trace):
    reader = fed(b"abcdefgh", limit=3, end=True)
    trace(await attempt(reader.read(-1)))


@scenario
async def cancelled_read_to_the_end_loses_what_it_had(trace):
    """An oddity."""
    reader = fed(b"ab")
    task = asyncio.create_task(reader.read())
    await spin(3)
    task.cancel()
    trace(await attempt(task))
    trace(await rest(reader))


@scenario
async def at_eof_once_all_is_read(trace):
    reader = fed(b"ab")
    trace(f"begun {reader.at_eof()}")
    reader.feed_eof()
    trace(f"ended {reader.at_eof()}")
    await reader.read(1)
    trace(f"half read {reader.at_eof()}")
    await reader.read(1)
    trace(f"read {reader.at_eof()}")


@scenario
async def limit_must_be_positive(trace):
    for limit in (0, -1, 1):
        trace(error_of(lambda: asyncio.StreamReader(limit=limit)))


@scenario
async def line_by_line(trace):
    reader = fed(b"ab\n\ncd\nef", end=True)
    for _ in range(5):
        trace(await attempt(reader.readline()))


@scenario
async def line_in_pieces(trace):
    reader = fed(b"a")
    task = asyncio.create_task(reader.readline())
    for piece in (b"b", b"c\nd", b"e"):
        await spin(2)
        trace(outcome(task))
        reader.feed_data(piece)
    trace(await attempt(task))
    trace(await rest(reader))


@scenario
async def end_ends_a_line(trace):
    reader = fed(b"ab")
    task = asyncio.create_task(reader.readline())
    await spin(2)
    reader.feed_eof()
    trace(await attempt(task))
    trace(await attempt(reader.readline()))


@scenario
async def line_as_long_as_the_limit(trace):
    """#168. The newline does not count."""
    reader = fed(b"abc\nd", limit=3)
    trace(await attempt(reader.readline()))
    trace(await rest(reader))


async def refused(awaitable):
    """Whether a line was refused, without a word on how."""
    try:
        return show(await awaitable)
    except (ValueError, asyncio.LimitOverrunError):
        return "refused"


@scenario
async def line_longer_than_the_limit_is_dropped(trace):
    """#168."""
    reader = fed(b"abcd\nef\n", limit=3)
    trace(await refused(reader.readline()))
    trace(await refused(reader.readline()))


@scenario
async def long_line_without_its_newline_is_dropped_with_all_that_came(trace):
    """#168."""
    reader = fed(b"abcd", limit=3)
    trace(await refused(reader.readline()))
    reader.feed_data(b"ef\n")
    trace(await refused(reader.readline()))


@scenario
async def long_line_in_pieces_is_refused_as_soon_as_it_is_too_long(trace):
    """#168."""
    reader = fed(limit=3)
    task = asyncio.create_task(refused(reader.readline()))
    for piece in (b"a", b"bc", b"d"):
        await spin(2)
        trace(outcome(task))
        reader.feed_data(piece)
    trace(await attempt(task))
    reader.feed_data(b"e\n")
    trace(await refused(reader.readline()))


@scenario
async def line_over_the_limit_is_told_by_which_error(trace):
    """An oddity: the one place in which the overrun has another name."""
    reader = fed(b"abcd\n", limit=3)
    trace(await attempt(reader.readline()))


@scenario
async def long_line_at_the_end(trace):
    """The limit counts before the end does."""
    reader = fed(b"abcd", limit=3, end=True)
    trace(await refused(reader.readline()))
    trace(await refused(reader.readline()))


@scenario
async def lines_one_after_the_other(trace):
    reader = fed(b"ab\ncd\nef", end=True)
    async for line in reader:
        trace(show(line))
    trace(f"at the end {reader.at_eof()}")


@scenario
async def lines_of_nothing(trace):
    reader = fed(end=True)
    async for line in reader:
        trace(show(line))
    trace("over")


@scenario
async def separators_of_any_length(trace):
    reader = fed(b"ab\ncd--ef===g")
    trace(await attempt(reader.readuntil()))
    trace(await attempt(reader.readuntil(b"--")))
    trace(await attempt(reader.readuntil(b"===")))
    trace(await rest(reader))


@scenario
async def separator_in_pieces(trace):
    reader = fed(b"ab-")
    task = asyncio.create_task(reader.readuntil(b"--!"))
    for piece in (b"-", b"-", b"!c"):
        await spin(2)
        trace(outcome(task))
        reader.feed_data(piece)
    trace(await attempt(task))
    trace(await rest(reader))


@scenario
async def beginning_of_a_separator_that_was_none(trace):
    reader = fed(b"a+")
    task = asyncio.create_task(reader.readuntil(b"+-"))
    for piece in (b"b", b"+", b"+", b"-"):
        await spin(2)
        reader.feed_data(piece)
    trace(await attempt(task))


@scenario
async def end_before_the_separator(trace):
    reader = fed(b"ab")
    task = asyncio.create_task(reader.readuntil(b"--"))
    await spin(2)
    reader.feed_data(b"-")
    reader.feed_eof()
    trace(await attempt(task))
    trace(await attempt(reader.readuntil(b"--")))
    trace(f"at the end {reader.at_eof()}")


@scenario
async def separator_that_came_with_the_end_counts(trace):
    reader = fed(b"a")
    task = asyncio.create_task(reader.readuntil(b"--"))
    await spin(2)
    reader.feed_data(b"--b")
    reader.feed_eof()
    trace(await attempt(task))
    trace(await attempt(reader.readuntil(b"--")))


@scenario
async def separator_must_be_something(trace):
    reader = fed(b"ab")
    for separator in (b"", (), (b"a", b"")):
        trace(await attempt(reader.readuntil(separator)))
    trace(await rest(reader))


@scenario
async def separator_beyond_the_limit(trace):
    """#169. What was told to be consumed can be taken, and the separator after it."""
    reader = fed(b"abcd--e", limit=3)
    for _ in range(2):
        try:
            await reader.readuntil(b"--")
        except asyncio.LimitOverrunError as exc:
            trace(kind(exc))
            consumed = exc.consumed
    trace(await attempt(reader.readexactly(consumed)))
    trace(await attempt(reader.readuntil(b"--")))
    trace(await rest(reader))


@scenario
async def separator_not_found_within_the_limit(trace):
    """#169. The last bytes could begin a separator: they do not count."""
    reader = fed(b"abc-", limit=3)
    task = asyncio.create_task(reader.readuntil(b"--"))
    await spin(2)
    trace(outcome(task))
    reader.feed_data(b"d")
    trace(await attempt(task))
    trace(await rest(reader))


@scenario
async def limit_in_pieces(trace):
    """#169."""
    reader = fed(limit=3)
    task = asyncio.create_task(reader.readuntil(b"--"))
    for piece in (b"ab", b"c", b"d", b"-"):
        await spin(2)
        trace(outcome(task))
        reader.feed_data(piece)
    trace(await attempt(task))
    trace(await rest(reader))


@scenario
async def separator_within_the_limit_counts_though_more_is_there(trace):
    reader = fed(b"ab--cdefgh", limit=3)
    trace(await attempt(reader.readuntil(b"--")))
    trace(await attempt(reader.readuntil(b"--")))
    trace(await rest(reader))


@scenario
async def of_several_separators_the_first_to_end_counts(trace):
    """#170."""
    reader = fed(b"one;two|three;")
    for _ in range(3):
        trace(await attempt(reader.readuntil((b";", b"|"))))


@scenario
async def of_several_separators_a_longer_one_may_end_first(trace):
    """#170."""
    reader = fed(b"ab+-+cd|")
    trace(await attempt(reader.readuntil((b"|", b"+-+"))))
    trace(await attempt(reader.readuntil((b"|", b"+-+"))))


@scenario
async def separator_that_is_the_end_of_another(trace):
    """#170. Both end at the same byte: the shorter one counts, which shows in what is consumed."""
    reader = fed(b"abc\r\nde", limit=100)
    trace(await attempt(reader.readuntil((b"\r\n", b"\n"))))
    reader = fed(b"abc\r\nde", limit=2)
    trace(await attempt(reader.readuntil((b"\r\n", b"\n"))))


@scenario
async def separator_that_is_the_beginning_of_another(trace):
    reader = fed(b"ab--->c")
    trace(await attempt(reader.readuntil((b"--->", b"--"))))
    trace(await rest(reader))


@scenario
async def separators_of_different_lengths_in_pieces(trace):
    """#170. The search goes on far enough back for the longest."""
    reader = fed(b"a")
    task = asyncio.create_task(reader.readuntil((b"|", b"<end>")))
    for piece in (b"<", b"en", b"d", b">b|"):
        await spin(2)
        trace(outcome(task))
        reader.feed_data(piece)
    trace(await attempt(task))
    trace(await attempt(reader.readuntil((b"|", b"<end>"))))


@scenario
async def separators_longer_than_what_is_there(trace):
    reader = fed(b"a", end=True)
    trace(await attempt(reader.readuntil((b"<a long one>", b"<end>"))))


@scenario
async def limit_with_several_separators(trace):
    """#170."""
    reader = fed(b"abcdefgh", limit=3)
    trace(await attempt(reader.readuntil((b"|", b"<end>"))))
    reader.feed_data(b"<end>")
    trace(await attempt(reader.readuntil((b"|", b"<end>"))))
    reader.feed_data(b"|")
    trace(await attempt(reader.readuntil((b"h", b"<end>"))))


@scenario
async def same_separator_twice(trace):
    reader = fed(b"ab;cd;")
    trace(await attempt(reader.readuntil((b";", b";"))))
    trace(await rest(reader))


@scenario
async def exactly_so_many(trace):
    reader = fed(b"ab")
    task = asyncio.create_task(reader.readexactly(5))
    for piece in (b"c", b"d", b"efg"):
        await spin(2)
        trace(outcome(task))
        reader.feed_data(piece)
    trace(await attempt(task))
    trace(await rest(reader))


@scenario
async def exactly_none_or_fewer(trace):
    reader = fed()
    trace(await attempt(reader.readexactly(0)))
    trace(await attempt(reader.readexactly(-1)))
    reader.feed_eof()
    trace(await attempt(reader.readexactly(0)))


@scenario
async def exactly_knows_no_limit(trace):
    reader = fed(b"abcdefgh", limit=3)
    trace(await attempt(reader.readexactly(8)))


@scenario
async def end_before_exactly_so_many(trace):
    """#171."""
    reader = fed(b"ab")
    task = asyncio.create_task(reader.readexactly(4))
    await spin(2)
    reader.feed_data(b"c")
    reader.feed_eof()
    trace(await attempt(task))
    trace(await attempt(reader.readexactly(4)))
    trace(f"at the end {reader.at_eof()}")


@scenario
async def second_read_is_refused(trace):
    reader = fed()
    task = asyncio.create_task(reader.read(5))
    await spin(2)
    trace(f"read: {await attempt(reader.read(5))}")
    trace(f"readline: {await attempt(reader.readline())}")
    trace(f"readuntil: {await attempt(reader.readuntil(b'-'))}")
    trace(f"readexactly: {await attempt(reader.readexactly(2))}")
    reader.feed_data(b"ab")
    trace(await attempt(task))


@scenario
async def second_read_may_get_what_is_there(trace):
    """An oddity: refused is only who would have to wait, too."""
    reader = fed(b"ab")
    task = asyncio.create_task(reader.readexactly(3))
    await spin(2)
    trace(await attempt(reader.read(1)))
    reader.feed_data(b"cd")
    trace(await attempt(task))


@scenario
async def cancelled_read_loses_nothing(trace):
    reader = fed(b"ab")
    for read in (reader.readline, lambda: reader.readuntil(b"--"), lambda: reader.readexactly(7)):
        task = asyncio.create_task(read())
        await spin(2)
        reader.feed_data(b"c")
        await spin(2)
        task.cancel()
        trace(await attempt(task))
    trace(await rest(reader))


@scenario
async def cancelled_read_leaves_the_reader_to_the_next(trace):
    reader = fed()
    first = asyncio.create_task(reader.read(5))
    await spin(2)
    first.cancel()
    await spin(2)
    second = asyncio.create_task(reader.read(5))
    await spin(2)
    reader.feed_data(b"ab")
    trace(f"first {outcome(first)}")
    trace(f"second {await attempt(second)}")


@scenario
async def read_cancelled_after_its_data_came(trace):
    """The request wins, the data stays."""
    reader = fed()
    task = asyncio.create_task(reader.read(5))
    await spin(2)
    reader.feed_data(b"ab")
    task.cancel()
    trace(await attempt(task))
    trace(await rest(reader))


@scenario
async def data_that_comes_after_the_cancellation_stays(trace):
    reader = fed()
    task = asyncio.create_task(reader.read(5))
    await spin(2)
    task.cancel()
    reader.feed_data(b"ab")
    trace(await attempt(task))
    trace(await rest(reader))


@scenario
async def failure_wakes_every_kind_of_read(trace):
    for read in (lambda r: r.read(5), lambda r: r.read(), lambda r: r.readline(), lambda r: r.readexactly(5), lambda r: r.readuntil(b"-")):
        reader = fed(b"")
        task = asyncio.create_task(read(reader))
        await spin(2)
        reader.set_exception(ZeroDivisionError())
        trace(await attempt(task))


@scenario
async def failure_comes_before_what_is_unread(trace):
    reader = fed(b"ab\ncd")
    reader.set_exception(ZeroDivisionError())
    trace(await attempt(reader.read(1)))
    trace(await attempt(reader.read(0)))
    trace(await attempt(reader.read()))
    trace(await attempt(reader.readline()))
    trace(await attempt(reader.readuntil(b"\n")))
    trace(await attempt(reader.readexactly(1)))
    trace(await attempt(reader.readexactly(0)))
    trace(f"at the end {reader.at_eof()}")


@scenario
async def failure_is_told(trace):
    reader = fed()
    trace(show(reader.exception()))
    reader.set_exception(ZeroDivisionError())
    trace(show(reader.exception()))
    reader.set_exception(KeyError())
    trace(show(reader.exception()))


@scenario
async def failure_after_the_end(trace):
    reader = fed(b"ab", end=True)
    reader.set_exception(ZeroDivisionError())
    trace(await attempt(reader.read(5)))
    trace(f"at the end {reader.at_eof()}")


@scenario
async def wrong_arguments_come_before_the_failure(trace):
    reader = fed()
    reader.set_exception(ZeroDivisionError())
    trace(await attempt(reader.readexactly(-1)))
    trace(await attempt(reader.readuntil(b"")))


@scenario
async def failure_after_the_reader_was_cancelled(trace):
    """#172."""
    reader = fed()
    task = asyncio.create_task(reader.read(5))
    await spin(2)
    task.cancel()
    reader.set_exception(ZeroDivisionError())
    trace(await attempt(task))
    trace(await attempt(reader.read(5)))


@scenario
async def failure_after_data_woke_the_reader(trace):
    """It was woken for what it wanted, and gets it."""
    reader = fed()
    task = asyncio.create_task(reader.read(5))
    await spin(2)
    reader.feed_data(b"ab")
    reader.set_exception(ZeroDivisionError())
    trace(await attempt(task))
    trace(await attempt(reader.read(5)))


@scenario
async def failure_after_some_of_what_is_wanted(trace):
    reader = fed()
    task = asyncio.create_task(reader.readexactly(5))
    await spin(2)
    reader.feed_data(b"ab")
    await spin(2)
    reader.set_exception(ZeroDivisionError())
    trace(await attempt(task))


@scenario
async def data_and_end_before_the_reader_runs(trace):
    reader = fed()
    task = asyncio.create_task(reader.readexactly(5))
    await spin(2)
    reader.feed_data(b"ab")
    reader.feed_eof()
    trace(await attempt(task))


class PausableTransport(asyncio.Transport):
    """Traces when it is paused and resumed."""

    def __init__(self, trace):
        super().__init__()
        self.trace = trace

    def pause_reading(self):
        self.trace("pause")

    def resume_reading(self):
        self.trace("resume")


class UnpausableTransport(asyncio.Transport):
    def __init__(self, trace):
        super().__init__()
        self.trace = trace

    def pause_reading(self):
        self.trace("asked to pause")
        raise NotImplementedError


@scenario
async def transport_is_paused_beyond_twice_the_limit(trace):
    reader = fed(limit=3)
    reader.set_transport(PausableTransport(trace))
    for piece in (b"abcdef", b"g", b"h"):
        trace(f"feed {show(piece)}")
        reader.feed_data(piece)


@scenario
async def transport_is_resumed_when_no_more_than_the_limit_is_left(trace):
    reader = fed(limit=3)
    reader.set_transport(PausableTransport(trace))
    reader.feed_data(b"abcdefgh")
    for count in (4, 1, 1):
        trace(await attempt(reader.read(count)))
    reader.feed_data(b"ijklmn")


@scenario
async def every_kind_of_read_resumes(trace):
    for read in (lambda r: r.read(7), lambda r: r.readexactly(7), lambda r: r.readline(), lambda r: r.readuntil(b"--")):
        reader = fed(limit=3)
        reader.set_transport(PausableTransport(trace))
        reader.feed_data(b"ab\n--cd")
        trace(await attempt(read(reader)))


@scenario
async def dropped_line_resumes(trace):
    reader = fed(limit=3)
    reader.set_transport(PausableTransport(trace))
    reader.feed_data(b"abcdefg")
    trace(await refused(reader.readline()))


@scenario
async def overrun_that_is_left_in_the_buffer_resumes_nothing(trace):
    reader = fed(limit=3)
    reader.set_transport(PausableTransport(trace))
    reader.feed_data(b"abcdefg")
    trace(await attempt(reader.readuntil(b"--")))
    trace(await attempt(reader.readexactly(5)))


@scenario
async def who_waits_for_more_than_is_there_resumes(trace):
    reader = fed(limit=3)
    reader.set_transport(PausableTransport(trace))
    reader.feed_data(b"abcdefg")
    task = asyncio.create_task(reader.readexactly(8))
    await spin(2)
    trace("feed")
    reader.feed_data(b"h")
    trace(await attempt(task))


@scenario
async def transport_that_cannot_be_paused_is_asked_once(trace):
    reader = fed(limit=3)
    reader.set_transport(UnpausableTransport(trace))
    reader.feed_data(b"abcdefg")
    reader.feed_data(b"h")
    trace(await rest(reader))


@scenario
async def transport_is_set_once(trace):
    reader = fed()
    reader.set_transport(PausableTransport(trace))
    trace(error_of(lambda: reader.set_transport(PausableTransport(trace))))
