"""SET and GET with redis-py's asyncio client, as fast as it goes: peer.py HOW PORT TASKS SECONDS

HOW is "one" (many tasks, one connection), "pool" (many tasks, a connection each) or "pipeline" (one task, explicit
pipelines of as many commands). Each line of the input, "set" or "get", is one measurement of so many seconds; its answer
is the commands a second.
"""

import asyncio
import sys
import time

import redis.asyncio as redis


async def main(how: str, port: int, tasks: int, seconds: float) -> None:
    client = redis.Redis(port=port, single_connection_client=how == "one")

    async def single(command, arguments, over) -> int:
        count = 0
        while time.perf_counter() < over:
            await command(*arguments)
            count += 1
        return count

    async def pipelined(name, arguments, over) -> int:
        count = 0
        while time.perf_counter() < over:
            pipe = client.pipeline(transaction=False)
            for _ in range(tasks):
                getattr(pipe, name)(*arguments)
            await pipe.execute()
            count += tasks
        return count

    for line in sys.stdin:
        name = line.strip()
        arguments = ("key:__rand_int__", "xxx") if name == "set" else ("key:__rand_int__",)
        start = time.perf_counter()
        over = start + seconds
        if how == "pipeline":
            count = await pipelined(name, arguments, over)
        else:
            count = sum(await asyncio.gather(*(single(getattr(client, name), arguments, over) for _ in range(tasks))))
        print(f"{count / (time.perf_counter() - start):.0f}", flush=True)
    await client.close()


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
