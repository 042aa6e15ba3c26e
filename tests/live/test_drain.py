#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The end of rpc-server: what runs is answered, what comes is refused clearly, nothing is lost."""
import asyncio
import signal

import live
from live import PROBE, ROT13
from rawpeer import open_peer

SERVER = "peer-b@localhost/rpc"


def call_xml(method, value):
    return ("<query xmlns='jabber:iq:rpc'><methodCall><methodName>%s</methodName><params><param><value>%s</value></param>"
            "</params></methodCall></query>" % (method, value))


def block(caller, milliseconds):
    return caller.send_iq(SERVER, call_xml("Probe.block", "<i4>%d</i4>" % milliseconds))


def outcome(answer):
    return "result" if answer.type == "result" and answer.code is None else "%s/%s" % (answer.condition, answer.error_type)


async def rot13(caller):
    return outcome(await caller.ask(SERVER, call_xml("Rot13", "<string>abc</string>")))


async def start(test, switch, *more):
    server = await test.serve(*switch.options("peer-b"), "--allow", "peer-c@localhost", *more, modules=(ROT13, PROBE))
    return server, await open_peer(test, switch, "peer-c")


async def blocked(caller, milliseconds):
    """A call that has certainly come in: streams keep their order, and the one behind it was answered."""
    slow = block(caller, milliseconds)
    if await rot13(caller) != "result":
        raise RuntimeError("no answer of Rot13")
    return slow


async def a_slow_call_is_answered(test, switch):
    name = switch.server
    server, caller = await start(test, switch)
    slow = await blocked(caller, 6000)
    server.process.send_signal(signal.SIGTERM)
    await server.says("shutting down")
    seen = [await rot13(caller)]
    while seen[-1] == "result":
        seen.append(await rot13(caller))
    test.equal(seen[-1], "recipient-unavailable/wait", name + ": a new call is refused for now")
    test.ok(not slow.done(), name + ": while the slow one runs")
    test.equal(outcome(await asyncio.wait_for(slow, 60 * live.SLOW)), "result", name + ": which gets its answer")
    test.equal(await server.end(signal.SIGCONT), 0, name + ": and rpc-server ends with status 0")
    test.ok("rror" not in server.err and "TIMEOUT" not in server.err, name + ": without complaint", server.err)
    test.equal(await rot13(caller), "service-unavailable/cancel", name + ": afterwards nobody is there")
    await caller.close()


async def no_call_is_lost(test, switch):
    """Told to end in the middle of 200 calls: each has one answer."""
    name = switch.server
    for more in ([], ["--workers", "1"]):
        server, caller = await start(test, switch, *more)
        calls = [block(caller, 10) for _ in range(200)]
        await asyncio.wait_for(asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED), 60 * live.SLOW)
        server.process.send_signal(signal.SIGTERM)
        got = [outcome(one) for one in await asyncio.wait_for(asyncio.gather(*calls), 60 * live.SLOW)]
        test.ok(set(got) <= {"result", "recipient-unavailable/wait"} and "result" in got,
                "%s %s: 200 calls have 200 answers" % (name, " ".join(more)), sorted(set(got)))
        test.say("%d results, %d refused" % (got.count("result"), len(got) - got.count("result")))
        test.equal(await server.end(signal.SIGCONT), 0, "%s %s: status 0" % (name, " ".join(more)))
        await caller.close()


async def at_once(test, switch):
    """Nothing runs; the second signal; a call that does not end in time."""
    name = switch.server
    for more in ([], ["--inline"]):
        server, caller = await start(test, switch, *more)
        await rot13(caller)
        test.equal(await server.end(), 0, "%s %s: nothing runs: it ends" % (name, " ".join(more)))
        await caller.close()
    server, caller = await start(test, switch)
    await blocked(caller, 60000)
    server.process.send_signal(signal.SIGTERM)
    await server.says("shutting down")
    test.equal(await server.end(), -signal.SIGTERM, name + ": the second signal ends it at once")
    await caller.close()
    server, caller = await start(test, switch, "--drain-timeout", "1")
    await blocked(caller, 60000)
    test.equal(await server.end(), 1, name + ": a call that does not end in time is cut off: status 1")
    test.finds("1 call is without answer after 1000 ms", server.err, name + ": and it says so")
    await caller.close()
    ran = await test.call("rpc-server", *switch.options("peer-b"), "--module", ROT13, "--drain-timeout", "soon")
    test.ok(ran.status == 2 and "--drain-timeout soon: expected a number" in ran.err, name + ": a wrong option", ran)


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, users=("peer-b", "peer-c"))
        for part in (a_slow_call_is_answered, no_call_is_lost, at_once):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch, limit=120)
        await switch.stop()


live.main(body, limit=600)
