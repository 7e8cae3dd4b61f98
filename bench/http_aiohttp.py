"""The aiohttp client of http.cs: prints requests a second, and microseconds of processor time a request."""

import asyncio
import sys
import time

try:
    import aiohttp
except ImportError:
    sys.exit(3)

URL, REQUESTS, CONCURRENCY = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
WARMUPS, RUNS = 1, 3


async def main():
    async with aiohttp.ClientSession() as session:
        times = []
        for _ in range(WARMUPS + RUNS):
            left = REQUESTS

            async def work():
                nonlocal left
                while left > 0:
                    left -= 1
                    async with session.get(URL) as response:
                        await response.read()

            start, processor = time.perf_counter(), time.process_time()
            await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
            times.append((time.perf_counter() - start, time.process_time() - processor))
        wall, used = (sorted(column)[RUNS // 2] for column in zip(*times[WARMUPS:]))
        print(REQUESTS / wall, used / REQUESTS * 1e6)


asyncio.run(main())
