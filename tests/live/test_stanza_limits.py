#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The server's limits: announced (XEP-0478), or learnt from a stream that it closed because of a stanza's size."""
import asyncio
import re

import live
from live import PROBE, program
from proxies import Relay
from rawpeer import call_xml, open_peer, param

PEER_B = "peer-b@localhost/rpc"
SERVER_TAKES = 40000


class Announcing(Relay):
    """Puts limits into the stream features that go through it in the clear."""

    def __init__(self, target, limits):
        super().__init__(target=target)
        self.limits = b"<limits xmlns='urn:xmpp:stream-limits:0'>%s</limits></stream:features>" % limits

    def change(self, data):
        return data.replace(b"</stream:features>", self.limits)


def plain(switch, relay, user):
    """Without TLS, through the relay."""
    options = switch.options(user)
    at = options.index("--ca-file")
    return [*options[:at], *options[at + 2:], "--insecure-plaintext", "--log-level", "error", "--port", str(relay.port)]


async def calls(test, options, *sizes):
    """A session that calls echo with texts of these sizes, one after the other; what it said to each."""
    process = await test.spawn([program("sizes"), *options, PEER_B, *(str(size) for size in sizes)],
                               stdout=asyncio.subprocess.PIPE)
    try:
        out, err = await asyncio.wait_for(process.communicate(), 60 * live.SLOW)
    finally:
        await test.put_down(process)
    return out.decode().splitlines(), err.decode()


async def announced(test, switch):
    name = switch.server
    for what, text, size, good in (("a limit", b"<max-bytes>15000</max-bytes>", 20000, False),
                                   ("no number", b"<max-bytes>1e3</max-bytes>", 20000, True),
                                   ("more than 64 bits", b"<max-bytes>99999999999999999999</max-bytes>", 20000, True),
                                   ("zero", b"<max-bytes>0</max-bytes>", 20000, True),
                                   ("a large one", b"<max-bytes>4294967295</max-bytes>", 20000, True)):
        relay = await Announcing((switch.host, switch.port), text).start(test)
        server = await test.serve(*plain(switch, relay, "peer-b"), "--allow", "peer-a@localhost",
                                  modules=(PROBE,))
        said, err = await calls(test, plain(switch, relay, "peer-a"), 5000, size, 5000)
        wanted = r"^OK$" if good else r"TOO_LARGE.*the limit is 15000, that the server announces"
        test.ok(said[::2] == ["OK", "OK"] and re.search(wanted, said[1]), "%s: announced: %s" % (name, what), said, err)
        if not good:
            ran = await test.run(program("jrpc"), "call", *plain(switch, relay, "peer-a"), PEER_B, "Probe.text_of",
                                 str(size))
            test.ok(ran.status == 1 and "-32097" in ran.err and "15000" in ran.err, name +
                    ": announced: a result that is too large is answered with a fault", ran)
        test.equal(relay.count, 2 if good else 3, "%s: announced: %s: no stream was lost" % (name, what))
        await server.end()
        relay.stop()


async def silence(test, switch):
    """A server that wants to hear something now and then is told something."""
    relay = await Announcing((switch.host, switch.port), b"<idle-seconds>2</idle-seconds>").start(test)
    server = await test.serve(*plain(switch, relay, "peer-b"), modules=(PROBE,))
    before = relay.passed
    while relay.passed < before + 4:            # two pings and their answers; the default is a minute of silence
        await asyncio.sleep(0.05)
    test.ok(server.runs(), switch.server + ": announced: two seconds of silence at most: it pings")
    await server.end()
    relay.stop()


async def learnt(test, switch):
    """Neither server of Debian 12 announces its limit: the first stanza that is too large costs the stream."""
    name = switch.server
    relay = await Relay(target=(switch.host, switch.port)).start(test)
    server = await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost", "--port", str(relay.port),
                              "--log-level", "info", modules=(PROBE,))
    mine = await Relay(target=(switch.host, switch.port)).start(test)
    options = [*switch.options("peer-a"), "--port", str(mine.port)]
    said, err = await calls(test, options, 20000, 60000, 60000, 20000)
    test.ok(len(said) == 4 and said[0] == said[3] == "OK" and
            re.search(r"TOO_LARGE.*does not take a stanza of 60\d\d\d bytes", said[1]) and
            re.search(r"TOO_LARGE.*needs a stanza of 60\d\d\d bytes.*the limit is 30\d\d\d, learnt", said[2]), name +
            ": learnt: the first costs the stream, the second is not sent", "\n".join(said), err)
    test.equal(mine.count, 2, name + ": learnt: one stream was lost, no more")
    # The same for results. The first is lost with the stream; who still waits when that is back is told why.
    raw = await open_peer(test, switch, "peer-a")
    answer = await raw.ask(PEER_B, call_xml("Probe.text_of", param("<i4>60000</i4>")), limit=30)
    test.ok(answer.code == -32097 and re.search(r"needs a stanza of 60\d\d\d bytes, the limit is 30", answer.fault or ""), name +
            ": learnt: a result that costs the callee's stream is answered with a fault", answer)
    await raw.close()
    await server.says(r"policy-violation[\s\S]*online as", limit=60)
    ran = await test.run(program("jrpc"), "call", *switch.options("peer-a"), PEER_B, "Probe.text_of", "60000")
    test.ok(ran.status == 1 and "-32097" in ran.err and "the limit is 30" in ran.err, name +
            ": learnt: the next one is a fault that says so", ran)
    ran = await test.run(program("jrpc"), "call", *switch.options("peer-a"), PEER_B, "Probe.text_of", "20000")
    test.ok(ran.status == 0 and "t" * 20000 in ran.out, name + ": learnt: and smaller ones pass", ran)
    test.equal(relay.count, 2, name + ": learnt: one stream of the callee was lost, no more")
    await server.end()
    mine.stop()
    relay.stop()


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, "--stanza-size", str(SERVER_TAKES), users=("peer-a", "peer-b"))
        await test.case("%s: learnt" % name, learnt, test, switch, limit=120)
        await switch.stop()
        switch = await test.switch(name, "--no-tls", users=("peer-a", "peer-b"))
        await test.case("%s: announced" % name, announced, test, switch, limit=120)
        await test.case("%s: silence" % name, silence, test, switch)
        await switch.stop()


live.main(body, limit=500)
