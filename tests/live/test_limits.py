#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who calls too often is told so, and the others are served all the same."""
import asyncio
import os

import live
from live import PROBE, ROT13
from rawpeer import call_xml, open_peer, param

SERVER = "peer-b@localhost/rpc"
BLOCK = call_xml("Probe.block", param("<i4>5</i4>"))


def is_busy(answer):
    return answer.condition == "resource-constraint" and answer.error_type == "wait"


def is_done(answer):
    return answer.type == "result" and answer.code is None


async def rates(test, switch):
    """By account whatever its resource, and the message tells what the limit is."""
    name = switch.server
    server = await test.serve(*switch.options("peer-b"), "--allow", "*@localhost", "--caller-limit", "5/h",
                              modules=(ROT13,))
    peers = [await open_peer(test, switch, "peer-a", resource) for resource in ("one", "two")]
    answers = [await peers[n % 2].call(SERVER, "Rot13", param("x")) for n in range(8)]
    test.equal([is_done(answer) for answer in answers], [True] * 5 + [False] * 3, name + ": five calls in an hour")
    test.ok(all(map(is_busy, answers[5:])), name + ": the others are refused with resource-constraint, to wait",
            *answers[5:])
    words = "the limit is 5 calls an hour for peer-a@localhost: try again in "
    test.ok(all((answer.text or "").startswith(words) for answer in answers[5:]), name + ": the text names the limit",
            *[answer.text for answer in answers[5:]])
    ran = await test.call("jrpc", "call", *switch.options("peer-a", "three"), SERVER, "Rot13", "Nantes")
    test.ok(ran.status == 1 and "BUSY" in ran.err and words in ran.err, name + ": jrpc says so", ran)
    ran = await test.call("jrpc", "call", *switch.options("peer-c"), SERVER, "Rot13", "Nantes")
    test.equal(ran.out, '"Anagrf"\n', name + ": another account is served")
    test.equal(server.err.count("refused to"), 1, name + ": the log has it once")
    for peer in peers:
        await peer.close()
    await server.end()


async def mistakes(test, switch):
    """What would be taken for something else, or for nothing, is said before anybody calls."""
    ran = await test.call("rpc-server", *switch.options("peer-b"), "--module",
                          os.path.join(live.BUILD, "samples", "rot13", "rot13.la"))
    test.ok(ran.status == 2 and "the module is the .so" in ran.err, switch.server + ": libtool's file for a module", ran)
    config = os.path.join(test.folder, "mistakes.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write("inline = maybe\n")
    ran = await test.call("rpc-server", "--config", config)
    test.ok(ran.status == 2 and "inline = maybe: expected yes or no" in ran.err, switch.server + ": neither yes nor no", ran)
    ran = await test.call("rpc-server", *switch.options("peer-b"), "--module", PROBE, "--allow", "*",
                          "--method-limit", "Probe.blok=at-once=1")
    test.ok(ran.status == 2 and "NOT_FOUND" in ran.err and "did you mean Probe.block?" in ran.err,
            switch.server + ": a limit for a method that does not exist", ran)


async def domains(test, switch):
    """All accounts of a domain together; and a method by all of them."""
    name = switch.server
    server = await test.serve(*switch.options("peer-b"), "--allow", "*@localhost", "--domain-limit", "4/h",
                              "--method-limit", "Probe.block=at-once=1", modules=(ROT13, PROBE))
    one, two = await open_peer(test, switch, "peer-a"), await open_peer(test, switch, "peer-c")
    first = one.send_iq(SERVER, call_xml("Probe.block", param("<i4>5000</i4>")))
    await one.ask(SERVER, "<ping xmlns='urn:xmpp:ping'/>", "get")       # behind the call: it has come
    answer = await two.ask(SERVER, BLOCK)
    test.ok(is_busy(answer) and answer.text == "the limit is 1 call at once for calls of Probe.block",
            name + ": one call of a method at once", answer)
    test.ok(is_done(await asyncio.wait_for(first, 20 * live.SLOW)), name + ": the one that was first is served")
    answers = [await peer.call(SERVER, "Rot13", param("x")) for peer in (one, two, one, two)]
    test.equal([is_done(answer) for answer in answers], [True, True, False, False],
               name + ": four calls in an hour by all accounts of a domain")
    test.ok("for all accounts of localhost" in answers[3].text, name + ": the text names the domain", answers[3])
    for peer in (one, two):
        await peer.close()
    await server.end()


class Flood:
    """Keeps many calls in flight until it is told to stop."""

    def __init__(self, peer):
        self.peer, self.stop, self.done, self.busy, self.other = peer, False, 0, 0, []

    async def one(self):
        while not self.stop:
            answer = await self.peer.ask(SERVER, BLOCK, limit=60)
            if is_done(answer):
                self.done += 1
            elif is_busy(answer):
                self.busy += 1
                await asyncio.sleep(0.05)       # it may come back, and does
            else:
                self.other.append(str(answer))

    async def run(self, many):
        await asyncio.gather(*[self.one() for _ in range(many)])


async def flood(test, switch, what, *options):
    """One account calls without end; another one's calls are all served."""
    name = "%s: %s" % (switch.server, what)
    server = await test.serve(*switch.options("peer-b"), "--allow", "*@localhost", "--workers", "1", "--max-queued",
                              "20", *options, modules=(ROT13, PROBE))
    greedy, modest = await open_peer(test, switch, "peer-a"), await open_peer(test, switch, "peer-c")
    calls = Flood(greedy)
    task = asyncio.ensure_future(calls.run(40))
    while not calls.busy and not task.done():
        await asyncio.sleep(0.01)
    answers = [await modest.call(SERVER, "Rot13", param("Nantes"), limit=30) for _ in range(20)]
    wrong = [str(answer) for answer in answers if answer.value() != "Anagrf"]
    test.ok(not wrong, name + ": a second caller is served each time", *wrong[:3])
    calls.stop = True
    await asyncio.wait_for(task, 60 * live.SLOW)
    test.say("%s: of the flood %d calls were served, %d refused" % (name, calls.done, calls.busy))
    test.ok(calls.done and calls.busy and not calls.other, name + ": the first one is served or told to wait",
            *calls.other[:3])
    test.ok(server.runs(), name + ": the server has survived", server.err)
    for peer in (greedy, modest):
        await peer.close()
    test.equal(await server.end(), 0, name + ": it ends with status 0")


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, users=("peer-a", "peer-b", "peer-c"))
        await test.case(name + ": rates", rates, test, switch)
        await test.case(name + ": mistakes", mistakes, test, switch)
        await test.case(name + ": domains", domains, test, switch)
        for what, options in (("the queue", ()), ("at once", ("--caller-limit", "at-once=3")),
                              ("rate", ("--caller-limit", "50/s,burst=30"))):
            await test.case("%s: flood, %s" % (name, what), flood, test, switch, what, *options, limit=120)
        await switch.stop()


live.main(body, limit=600)
