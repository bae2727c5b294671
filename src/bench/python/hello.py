"""The three tasks of GET /hello, as asyncio and aiohttp run them. Usage: hello.py PORT"""

import asyncio
import sys
import time
from datetime import datetime, timezone

from aiohttp import web

DELAY = 1.0


def millis_since(start):
    return round((time.perf_counter() - start) * 1000, 3)


async def run(number, start):
    print("Hello")
    started = millis_since(start)
    await asyncio.sleep(DELAY)
    print("World")
    finished = millis_since(start)
    return {
        "task": number,
        "startedAtMillis": started,
        "finishedAtMillis": finished,
        "elapsedMillis": round(finished - started, 3),
    }


async def hello(request):
    started_at = datetime.now(timezone.utc).isoformat()
    start = time.perf_counter()
    tasks = await asyncio.gather(*(run(number, start) for number in (1, 2, 3)))
    total = millis_since(start)
    sequential = round(sum(task["elapsedMillis"] for task in tasks), 3)
    return web.json_response(
        {
            "startedAt": started_at,
            "tasks": tasks,
            "totalMillis": total,
            "sequentialMillis": sequential,
            "speedup": round(sequential / total, 3),
        },
        headers={"Cache-Control": "no-cache"},
    )


app = web.Application()
app.add_routes([web.get("/hello", hello)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), backlog=4096, access_log=None, print=None)
