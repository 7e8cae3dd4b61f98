"""Runs the Python scenarios under CPython 3.13 and writes what they traced to expected/.

    python3.13 regenerate.py                      write expected/*.txt
    python3.13 regenerate.py --check              compare with expected/*.txt instead; exit code 1 if anything differs
    python3.13 regenerate.py --only locks         one area; may be repeated, with or without --check
    python3.13 regenerate.py --show locks.fifo    print one area's or one scenario's trace, write nothing
    python3.13 regenerate.py --count              print how many scenarios each area has

Every scenario runs twice, the second time in the opposite order; a trace that differs is an error and nothing is written.
"""

import argparse
import asyncio
import difflib
import faulthandler
import gc
import importlib.util
import inspect
import logging
import os
import pathlib
import signal
import sys
import threading
import traceback
import warnings

if sys.version_info[:2] != (3, 13) or sys.implementation.name != "cpython":
    raise SystemExit("the oracle is CPython 3.13: run this with python3.13")

ROOT = pathlib.Path(__file__).resolve().parent
SCENARIOS = ROOT / "python"
EXPECTED = ROOT / "expected"
SHARED = ("harness", "wires")  # what areas import

sys.path.insert(0, str(SCENARIOS))
sys.dont_write_bytecode = True
import harness  # noqa: E402


class Trace:
    """What a scenario writes to: trace("a line")."""

    def __init__(self):
        self.lines = []
        self.failures = []

    def __call__(self, line):
        if not isinstance(line, str) or not line or "\n" in line or line.startswith("[") or line != line.strip():
            self.failures.append(f"not a trace line: {line!r}")
        self.lines.append(line)


class LogRecorder(logging.Handler):
    def __init__(self, trace, wanted):
        super().__init__(logging.WARNING)
        self.trace = trace
        self.wanted = wanted

    def emit(self, record):
        message = record.getMessage().splitlines()[0]
        if self.wanted:
            line = f"log: {harness.neutral_message(message)}"
            if record.exc_info and record.exc_info[1] is not None:
                line += f": {harness.kind(record.exc_info[1])}"
            self.trace(line)
        else:
            self.trace.failures.append(f"unexpected log: {record.getMessage()}")


def give_up(name):
    print(f"{name} hangs:", file=sys.stderr, flush=True)
    faulthandler.dump_traceback(all_threads=True)
    os._exit(2)


def run(scenario):
    """One scenario on a fresh loop; gives its lines and what was wrong with it."""
    trace = Trace()
    logger = logging.getLogger("asyncio")
    recorder = LogRecorder(trace, scenario.log)
    logger.handlers = [recorder]
    logger.propagate = False
    sys.unraisablehook = lambda event: trace.failures.append(f"unraisable: {event.exc_value!r} {event.err_msg or ''}")
    threading.excepthook = lambda event: trace.failures.append(f"in a thread: {event.exc_value!r}")
    watchdog = threading.Timer(30, give_up, (scenario.name,))
    watchdog.daemon = True
    watchdog.start()

    def make_loop():
        loop = asyncio.new_event_loop()
        if scenario.handler:
            harness.trace_errors(trace, loop)
        elif not scenario.log:
            loop.set_exception_handler(lambda _, context: trace.failures.append(f"unexpected report: {context}"))
        return loop

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            if inspect.iscoroutinefunction(scenario.function):
                asyncio.run(scenario.function(trace), debug=False, loop_factory=make_loop)
            else:
                scenario.function(trace)
            gc.collect()
    except BaseException as exc:
        if isinstance(exc, KeyboardInterrupt) and not trace.lines:
            raise
        trace.failures.append("escaped: " + "".join(traceback.format_exception(exc)))
    finally:
        watchdog.cancel()
        asyncio.set_event_loop(None)
        logger.handlers = []
    if not trace.lines:
        trace.failures.append("no trace")
    return trace


def load(area):
    """The scenarios of one area, in the order in which its file defines them."""
    del harness.registered[:]
    spec = importlib.util.spec_from_file_location(f"conformance_{area}", SCENARIOS / f"{area}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = list(harness.registered)
    repeated = {scenario.name for scenario in found if [other.name for other in found].count(scenario.name) > 1}
    if repeated:
        raise SystemExit(f"{area}: defined more than once: {', '.join(sorted(repeated))}")
    return found


def render(traces):
    return "\n".join("\n".join([f"[{name}]", *trace.lines]) + "\n" for name, trace in traces.items())


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts jobs in the background ignores it
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--only", action="append", metavar="AREA")
    parser.add_argument("--show", metavar="AREA[.SCENARIO]")
    parser.add_argument("--count", action="store_true")
    options = parser.parse_args()

    areas = sorted(path.stem for path in SCENARIOS.glob("*.py") if path.stem not in SHARED)
    wanted = None
    if options.show:
        area, _, wanted = options.show.partition(".")
        options.only = [area]
    for area in options.only or []:
        if area not in areas:
            raise SystemExit(f"no such area: {area}")
    loaded = {area: load(area) for area in areas if not options.only or area in options.only}
    if options.count:
        for area, scenarios in loaded.items():
            print(f"{len(scenarios):4} {area}")
        print(f"{sum(map(len, loaded.values())):4} in all")
        return 0

    runs = [(area, scenario) for area, scenarios in loaded.items() for scenario in scenarios
            if not wanted or scenario.name == wanted]
    if not runs:
        raise SystemExit(f"no such scenario: {options.show}")
    first = {(area, scenario.name): run(scenario) for area, scenario in runs}
    second = {(area, scenario.name): run(scenario) for area, scenario in reversed(runs)}
    wrong = 0
    for key, trace in first.items():
        problems = [*trace.failures, *(line for line in second[key].failures if line not in trace.failures)]
        if trace.lines != second[key].lines:
            problems += ["two runs differ:", *difflib.unified_diff(trace.lines, second[key].lines, lineterm="", n=1)]
        if problems:
            wrong += 1
            print(f"{key[0]}.{key[1]}:", *problems, sep="\n    ", file=sys.stderr)
    if options.show:
        print(render({name: trace for (_, name), trace in first.items()}), end="")
        return 1 if wrong else 0
    if wrong:
        print(f"{wrong} of {len(runs)} scenarios are wrong; nothing written", file=sys.stderr)
        return 1

    differing = 0
    EXPECTED.mkdir(exist_ok=True)
    stale = [] if options.only else [path for path in EXPECTED.glob("*.txt") if path.stem not in loaded]
    for area in loaded:
        text = render({name: trace for (where, name), trace in first.items() if where == area})
        path = EXPECTED / f"{area}.txt"
        committed = path.read_text(encoding="utf-8") if path.exists() else ""
        if options.check:
            if text != committed:
                differing += 1
                print(*difflib.unified_diff(committed.splitlines(), text.splitlines(), f"expected/{area}.txt",
                                            "what was traced", lineterm=""), sep="\n")
        elif text != committed:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote expected/{area}.txt")
    for path in stale:
        print(f"{'no area for' if options.check else 'removed'} expected/{path.name}")
        if not options.check:
            path.unlink()
    if options.check:
        print(f"{len(runs)} scenarios, {differing + len(stale)} files differ")
        return 1 if differing or stale else 0
    print(f"{len(runs)} scenarios in {len(loaded)} areas")
    return 0


if __name__ == "__main__":
    sys.exit(main())
