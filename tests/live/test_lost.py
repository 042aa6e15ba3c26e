#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Connections that fall silent, break or are taken over: what is noticed, what is told, and what comes back by itself."""
import asyncio
import contextlib

import live
from live import SWITCH, program
from proxies import Relay, through

SECRET = "the secret"
COMPONENT = "calc.localhost"


async def call(test, switch, to, name):
    ran = await test.run(program("jrpc"), "call", *switch.options("peer-b"), to, "Rot13", "text")
    test.equal(ran.json(), "grkg", name)


def kinds(switch):
    """Account and component: options, address, the server's port."""
    return (("account", switch.options("peer-a"), switch.jid("peer-a"), switch.port),
            ("component", switch.component_options(COMPONENT, SECRET), COMPONENT, switch.component_port))


async def stalls(test, switch):
    """The wire goes silent without an end. A server may hold on to the old connection for a while."""
    for kind, options, address, port in kinds(switch):
        name = "%s, %s" % (switch.server, kind)
        relay = await Relay(target=(switch.host, port)).start(test)
        server = await test.serve(*through(relay, options), "--allow", "peer-b@localhost", "--keepalive", "4s",
                                  "--log-level", "info")
        await call(test, switch, address, name + ": a call over the relay")
        started = asyncio.get_running_loop().time()
        relay.silence()
        await server.says(r"did not answer a ping", limit=60)
        test.say("%s: silence noticed after %.2f s, of 4 s" % (name, asyncio.get_running_loop().time() - started))
        await server.says(r"stream is down")
        relay.cut(silent=True)
        await server.says(r"stream is down[\s\S]*online as", limit=90)
        await call(test, switch, address, name + ": a call after it has come back by itself")
        await server.end()
        relay.stop()


async def stays(test, switch):
    """Pings are answered: nothing happens."""
    for kind, options, address, port in kinds(switch):
        name = "%s, %s" % (switch.server, kind)
        relay = await Relay(target=(switch.host, port)).start(test)
        server = await test.serve(*through(relay, options), "--allow", "peer-b@localhost", "--keepalive", "2s",
                                  "--log-level", "info")
        before = relay.passed
        while relay.passed < before + 10:       # pings and their answers, at least
            await asyncio.sleep(0.05)
        await call(test, switch, address, name + ": a call after some pings")
        test.equal(relay.count, 1, name + ": one connection all the time")
        test.ok("down" not in server.err, name + ": pings that are answered do no harm", server.err)
        await server.end()
        relay.stop()


async def returns(test, switch):
    """The server dies and is started again."""
    for kind, options, address, _port in kinds(switch):
        name = "%s, %s" % (switch.server, kind)
        server = await test.serve(*options, "--allow", "peer-b@localhost")
        await test.run(SWITCH, "kill", "--dir", switch.dir)
        await server.says(r"stream is down")
        ran = await test.run(SWITCH, "restart", "--dir", switch.dir, limit=90)
        test.ok(ran.status == 0, name + ": the server is started again", ran)
        await server.says(r"stream is down[\s\S]*the stream is back: online as", limit=90)
        await call(test, switch, address, name + ": a call after the server's death and return")
        await server.end()
        # Whoever reads the last lines must not take the loss of long ago for the reason of the end.
        test.ok(server.err.rfind("is down") < server.err.rfind("is back"), name + ": its last words", server.err)


class States:
    """The program that prints its session's states."""

    def __init__(self, process):
        self.process, self.said = process, []

    @classmethod
    async def start(cls, test, options):
        process = await test.spawn([program("states"), *options], stdout=asyncio.subprocess.PIPE)
        test.stack.push_async_callback(test.put_down, process)
        return cls(process)

    async def until(self, expected, limit=90):
        """Reads as many lines as are expected."""
        with contextlib.suppress(asyncio.TimeoutError):
            while len(self.said) < len(expected):
                line = await asyncio.wait_for(self.process.stdout.readline(), limit * live.SLOW)
                if not line:
                    break
                self.said.append(line.decode().strip())
        return self.said


async def states(test, switch):
    """Each change is told once and in order, and a session that was taken over stays away."""
    for kind, options, _address, port in kinds(switch):
        name = "%s, %s" % (switch.server, kind)
        relay = await Relay(target=(switch.host, port)).start(test)
        watched = await States.start(test, through(relay, options))
        expected = ["ONLINE"]
        await watched.until(expected)
        for _ in range(2):
            relay.cut()
            expected += ["OFFLINE", "ONLINE"]
            await watched.until(expected)
        await test.run(SWITCH, "kill", "--dir", switch.dir)
        expected += ["OFFLINE"]
        await watched.until(expected)
        while relay.count < 5:              # in vain
            await asyncio.sleep(0.05)
        await test.run(SWITCH, "restart", "--dir", switch.dir, limit=90)
        expected += ["ONLINE"]
        test.equal(await watched.until(expected), expected, name + ": three losses, each told once, with its end")
        if kind == "account":
            await taken_over(test, switch, watched, relay, expected)
        relay.stop()
        await test.put_down(watched.process)


async def taken_over(test, switch, watched, relay, expected):
    made = relay.count
    other = await States.start(test, switch.options("peer-a"))
    expected += ["ENDED", "end: CONFLICT"]
    test.equal(await watched.until(expected), expected, switch.server + ": taken over: it ends, and says so")
    await other.until(["ONLINE"])
    test.equal((other.said, relay.count), (["ONLINE"], made), switch.server + ": and does not fight for its address")
    await test.put_down(other.process)


async def refused(test, switch):
    """A password that was changed meanwhile is tried once."""
    name = switch.server
    await switch.add("fickle")
    relay = await Relay(target=(switch.host, switch.port)).start(test)
    watched = await States.start(test, through(relay, switch.options("fickle")))
    await watched.until(["ONLINE"])
    ran = await test.run(SWITCH, "passwd", "--dir", switch.dir, "fickle", "another one")
    test.ok(ran.status == 0, name + ": the password is changed", ran)
    relay.cut()
    expected = ["ONLINE", "OFFLINE", "ENDED", "end: AUTH"]
    test.equal(await watched.until(expected), expected, name + ": refused: it ends, and says so")
    test.equal(relay.count, 2, name + ": one attempt with the old password, and no more")
    relay.stop()


async def callee_dies(test, switch):
    """Its callers hear of it: of an account from its server, of a component, whose server tells nobody, because they ask."""
    for kind, options, address, _port in kinds(switch):
        name = "%s, %s" % (switch.server, kind)
        server = await test.serve(*options, "--allow", "peer-b@localhost", "--audit", modules=(live.PROBE,))
        calling = asyncio.ensure_future(test.run(
            program("jrpc"), "call", *switch.options("peer-b"), "--timeout", "100s", address, "Probe.block", "90000", limit=120))
        try:
            await server.says("audit: .*calls Probe.block")
            server.process.kill()
            died = asyncio.get_running_loop().time()
            ran = await calling
            took = asyncio.get_running_loop().time() - died
        finally:
            calling.cancel()
        test.say("%s: its caller hears after %.1f s that it is gone" % (name, took))
        test.ok(ran.status == 1 and "UNKNOWN_OUTCOME" in ran.err and took < 60,
                name + ": killed in the middle of a call: the caller hears it long before its deadline", ran)


async def callee_is_slow(test, switch):
    """Who takes his time is asked now and then, and goes on."""
    server = await test.serve(*switch.component_options(COMPONENT, SECRET), "--allow", "peer-b@localhost", modules=(live.PROBE,))
    ran = await test.run(program("jrpc"), "call", *switch.options("peer-b"), COMPONENT, "Probe.block", "12000")
    test.ok(ran.status == 0 and ran.seconds >= 12, switch.server + ": a component that takes twelve seconds", ran)
    await server.end()


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, "--component", COMPONENT, "--secret", SECRET, users=("peer-a", "peer-b"))
        for part in (stalls, stays, returns, states, refused, callee_dies, callee_is_slow):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch, limit=240)
        await switch.stop()


live.main(body, limit=900)
