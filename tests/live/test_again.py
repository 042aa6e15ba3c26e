#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A connection is cut while a call runs: the caller gets its answer over the next one, and the method runs once."""
import asyncio
import time

import live
from live import PROBE, program
from proxies import Relay, through

SERVER = "peer-b@localhost/rpc"


async def call(test, options, method, *arguments):
    return await test.run(program("jrpc"), "call", *options, "--timeout", "20s", SERVER, method, *arguments)


async def wait_runs(test, options, name, wanted, limit=15):
    """Until the method has been run that often for that name."""
    until = time.monotonic() + limit * live.SLOW
    while time.monotonic() < until:
        ran = await call(test, options, "Probe.runs", '"%s"' % name)
        if ran.status == 0 and ran.json() == wanted:
            return
    raise RuntimeError("%s was not run %d times" % (name, wanted))


def start_run(test, options, name, milliseconds):
    return asyncio.ensure_future(call(test, options, "Probe.run", '"%s"' % name, str(milliseconds)))


async def the_caller_is_cut(test, switch, direct):
    name = "%s: the caller's connection is cut" % switch.server
    caller, other = switch.options("peer-a", "caller", direct_tls=direct), switch.options("peer-a", "other")
    relay = await Relay(target=(switch.host, switch.tls_port if direct else switch.port)).start(test)
    for cuts in (1, 3):
        key = "%s-%d-%d" % (switch.server, direct, cuts)
        before = relay.count
        running = start_run(test, through(relay, caller), key, 4000)
        await wait_runs(test, other, key, 1)
        for i in range(cuts):
            made = relay.count
            relay.cut()
            while i + 1 < cuts and relay.count == made and not running.done():
                await asyncio.sleep(0.05)
        ran = await running
        test.ok(ran.status == 0 and ran.json() == 1, "%s: it gets its answer (%d cuts)" % (name, cuts), ran)
        test.ok(relay.count > before + 1, name + ": over another connection")
        last = await call(test, other, "Probe.runs", '"%s"' % key)
        test.equal(last.json(), 1, name + ": the method has run once")


async def the_callee_is_restarted(test, switch, serve):
    name = "%s: the callee is killed, the caller's connection cut" % switch.server
    caller, other = switch.options("peer-a", "caller"), switch.options("peer-a", "other")
    relay = await Relay(target=(switch.host, switch.port)).start(test)
    daemon = await serve()
    running = start_run(test, through(relay, caller), "killed", 60000)
    await wait_runs(test, other, "killed", 1)
    daemon.process.kill()
    await daemon.process.wait()
    relay.cut()
    second = await serve()
    ran = await running
    test.ok(ran.status == 1 and "UNKNOWN_OUTCOME" in ran.err, name + ": nobody can know, and that is said", ran)
    last = await call(test, other, "Probe.runs", '"killed"')
    test.equal(last.json(), 0, name + ": the new one did not run it")
    await second.end()


async def a_call_is_cancelled(test, switch):
    for where, options in (("", switch.options("peer-a")), ("direct TLS: ", switch.options("peer-a", direct_tls=True))):
        name = "cancelled-" + where[:6]
        ran = await test.run(program("cancelling-client"), *options, "--timeout", "20s", SERVER, name, limit=60)
        test.ok(ran.status == 0, "%s: %sa cancelled call is seen to be so by its handler" % (switch.server, where), ran)


async def the_callee_goes(test, switch, serve, how):
    """The caller's own connection stays: only presence can tell."""
    name = "%s: the callee %s" % (switch.server, how)
    caller, other = switch.options("peer-a", "caller"), switch.options("peer-a", "other")
    relay = await Relay(target=(switch.host, switch.port)).start(test)
    daemon = await serve(through(relay, switch.options("peer-b")))
    running = start_run(test, caller, how, 60000)
    await wait_runs(test, other, how, 1)
    if how == "is killed":
        daemon.process.kill()
    else:
        relay.cut()
    ran = await running
    test.ok(ran.status == 1 and "UNKNOWN_OUTCOME" in ran.err and "went offline" in ran.err,
            name + ": its caller is told, and does not wait for the deadline", ran)
    if daemon.runs():
        daemon.process.kill()
    await daemon.process.wait()


async def body(test):
    for server in test.servers():
        switch = await test.switch(server, users=("peer-a", "peer-b"))

        async def serve(options=(), switch=switch):
            return await test.serve(*(options or switch.options("peer-b")), "--allow", "peer-a@localhost",
                                    modules=(PROBE,))

        daemon = await serve()
        await test.case("cut " + server, the_caller_is_cut, test, switch, False)
        await test.case("cut, direct TLS " + server, the_caller_is_cut, test, switch, True)
        await test.case("cancel " + server, a_call_is_cancelled, test, switch)
        await daemon.end()
        await test.case("restart " + server, the_callee_is_restarted, test, switch, serve)
        for how in ("is killed", "is cut"):
            await test.case("%s %s" % (how, server), the_callee_goes, test, switch, serve, how)
        await switch.stop()


live.main(body, limit=300)
