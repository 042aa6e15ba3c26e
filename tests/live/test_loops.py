#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""samples/loop: programs of thirty lines that call and serve in a loop of their own, without any thread."""
import asyncio
import os
import re

import live
from live import NANTES, SOURCE, SWITCH
from rawpeer import call_xml, method_of, open_peer, param, reply_xml, response

LOOP, PEER = "peer-b@localhost/rpc", "peer-a@localhost/rpc"
PLAIN, TURNED = NANTES
LINES = 30


def lines(path):
    """Of code: without blank ones, comments and includes."""
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    return len([line for line in text.splitlines() if line.strip() and not line.startswith("#include")])


def answerer(request):
    """What the peer says to Rot13."""
    if method_of(request) != "Rot13":
        return None
    return reply_xml(request, response("<params>%s</params>" % param("<string>the answer</string>")))


def tasks(program):
    return len(os.listdir("/proc/%d/task" % program.pid))


async def asks(test, program, peer, name):
    futures = [peer.send_iq(LOOP, call_xml("Rot13", param("<string>%s</string>" % PLAIN))) for _ in range(20)]
    answers = await asyncio.wait_for(asyncio.gather(*futures), 20 * live.SLOW)
    test.equal({answer.value() for answer in answers}, {TURNED}, name + " serves")
    answer = await peer.call(LOOP, "Rot14")
    test.equal(answer.code, -32601, name + " and says what it has not")
    test.equal(tasks(program), 1, name + " with one thread alone")


async def back(switch):
    """The peer, once the program answers it."""
    for _ in range(60):
        peer = await open_peer(switch.live, switch, "peer-a")
        answer = await peer.ask(LOOP, "<ping xmlns='urn:xmpp:ping'/>", "get")
        if answer.type == "result":
            return peer
        await peer.close()
        await asyncio.sleep(0.5)
    raise RuntimeError("it did not come back")


async def loop(test, switch, program):
    name = "%s: %s" % (switch.server, program)
    peer = await open_peer(test, switch, "peer-a")
    peer.answerer = answerer
    started = await test.daemon([live.program(program), *switch.options("peer-b"), PEER, PLAIN], "the answer")
    request = await peer.request()
    test.ok(PLAIN in "".join(request.itertext()), name + " calls")
    await asks(test, started, peer, name)
    await peer.close()
    ran = await test.run(SWITCH, "restart", "--dir", switch.dir, limit=60)
    test.ok(ran.status == 0, "%s: the server is restarted" % switch.server, ran)
    peer = await back(switch)
    await asks(test, started, peer, name + ", back again,")
    ran = await test.call("jrpc", "call", *switch.options("stranger"), LOOP, "Rot13", PLAIN)
    test.ok("REFUSED" in ran.err, name + " does not serve others", ran)
    test.ok(started.runs(), name + " runs on")
    await peer.close()
    await started.end()


async def fails(test, switch, program):
    """What goes wrong is said."""
    name = "%s: %s" % (switch.server, program)
    ran = await test.call(program)
    test.ok(ran.status == 1 and "--jid" in ran.err, name + ": without an account", ran)
    ran = await test.call(program, *switch.options("peer-b"))
    test.ok(ran.status == 1 and "no caller given" in ran.err, name + ": without a peer", ran)
    ran = await test.call(program, *switch.options("peer-b"), "--password-file", switch.secret_file("wrong", "not it"), PEER)
    test.ok(ran.status == 1 and "AUTH" in ran.err, name + ": with a wrong password", ran)
    started = await test.daemon([live.program(program), *switch.options("peer-b"), PEER, PLAIN], "UNAVAILABLE")
    test.ok(started.runs(), name + ": nobody there to call", started.err)
    await started.end()


async def body(test):
    programs = [one for one in ("poll-loop", "glib-loop") if os.path.exists(live.program(one))]
    if "glib-loop" not in programs:
        test.skip("glib-loop", "it is not built: GLib is not there")
    for program in programs:
        count = lines("samples/loop/%s.c" % program)
        test.ok(count <= LINES, "%s has %d lines of code" % (program, count))
    for server in test.servers():
        switch = await test.switch(server, users=("peer-a", "peer-b", "stranger"))
        for program in programs:
            await test.case("%s: %s" % (server, program), loop, test, switch, program)
            await test.case("%s: %s, failures" % (server, program), fails, test, switch, program)


live.main(body)
