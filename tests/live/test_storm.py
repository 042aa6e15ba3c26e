#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A thousand threads over one session, and the server's sudden death in the middle of ten thousand calls."""
import asyncio
import os

import live
from live import SWITCH, clean_environment, program

THREADS, CALLS_EACH = 1000, 10
CALLS = 10000


def arguments(switch, what, count, other):
    options = switch.without_password("peer-a")
    files = [switch.secret_file(user, switch.password(user)) for user in ("peer-a", "peer-b")]
    return [program("storm"), what, str(count), str(other), *files, *options[options.index("--host"):]]


def environment_of(test, mode):
    return clean_environment(TMPDIR=test.folder, STORM_MODE=mode, JRPC_LOG_LEVEL="error")


async def threads(test, switch, mode):
    name = "%s, %s mode" % (switch.server, mode)
    ran = await test.run(*arguments(switch, "threads", THREADS, CALLS_EACH), limit=240,
                         environment=environment_of(test, mode))
    test.say("%s: %s" % (name, ran.out.strip()))
    test.ok(ran.status == 0, "%s: %d threads call through one session" % (name, THREADS), ran)


async def kill(test, switch, mode):
    """The program kills the server itself: in the middle, however fast it is."""
    name = "%s, %s mode" % (switch.server, mode)
    process = await test.spawn(arguments(switch, "kill", CALLS, switch.pid()), environment_of(test, mode),
                               stdout=asyncio.subprocess.PIPE)
    try:
        said = (await process.stdout.readline()).decode().strip()
        test.equal(said, "killed", name + ": the server was killed in the middle")
        if said == "killed":
            await test.run(SWITCH, "kill", "--dir", switch.dir)
            ran = await test.run(SWITCH, "restart", "--dir", switch.dir, limit=90)
            test.ok(ran.status == 0, name + ": the server is back", ran)
        out, err = await process.communicate()
        test.say("%s\n%s" % (name, out.decode()))
        test.ok(process.returncode == 0, "%s: each of %d calls ended in its time, once, and not wrongly" % (name, CALLS),
                out.decode(), err.decode())
    finally:
        await test.put_down(process)


async def body(test):
    if os.environ.get("LIVE_SLOW"):
        test.say("the figures are those of an instrumented program")
    for name in test.servers():
        switch = await test.switch(name, users=("peer-a", "peer-b"))
        for mode in ("thread", "caller"):
            await test.case("%s: threads: %s" % (name, mode), threads, test, switch, mode, limit=250)
            await test.case("%s: kill: %s" % (name, mode), kill, test, switch, mode, limit=200)
        await switch.stop()


live.main(body, limit=900)
