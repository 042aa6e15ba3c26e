#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Handlers that call their caller back, three levels deep, over real servers; and inline ones, which are told that they may not."""
import live

CALLER, CALLEE = "peer-a@localhost/rpc", "peer-b@localhost/rpc"


async def nested(test, switch, levels, *inline):
    server = await test.daemon([live.program("nest"), *switch.options("peer-b"), *inline, "peer-a@localhost"], "ready as")
    ran = await test.call("nest", *switch.options("peer-a"), CALLEE, str(levels))
    await server.end()
    return ran


async def on(test, server):
    switch = await test.switch(server, users=("peer-a", "peer-b"))
    for levels in (3, 10):
        ran = await nested(test, switch, levels)
        test.ok((ran.status, ran.out) == (0, "%d\n" % sum(range(levels + 1))) and ran.seconds < 10 * live.SLOW,
                "%s: %d levels of calls back" % (server, levels), ran)
    ran = await nested(test, switch, 3, "--inline")
    test.ok(ran.status == 1 and "FAULT" in ran.err and "at level 3: DEADLOCK" in ran.err and ran.seconds < 10 * live.SLOW,
            "%s: an inline handler is told, at once" % server, ran)
    ran = await nested(test, switch, 0, "--inline")
    test.equal((ran.status, ran.out), (0, "0\n"), "%s: an inline handler that does not call" % server)


async def body(test):
    for server in test.servers():
        await test.case(server, on, test, server)


live.main(body)
