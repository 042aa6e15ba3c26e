#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Several calls in one request, by real servers: ours, others that know it, and those that do not."""
import json

import live
from rawpeer import open_peer, reply_xml, response

SERVER = "peer-b@localhost/rpc"
LINES = """2 + 3 = 5
47 / 5 = 9, remainder 2
1 / 0 is not possible
batch holds 42
"""


def array(*values):
    return "<value><array><data>%s</data></array></value>" % "".join(values)


def member(name, value):
    return "<member><name>%s</name><value>%s</value></member>" % (name, value)


def fault(code, text):
    return "<value><struct>%s%s</struct></value>" % (member("faultCode", "<int>%d</int>" % code),
                                                     member("faultString", text))


async def ours(test, switch):
    """rpc-server, with workers and inline."""
    name = switch.server
    for more in ([], ["--inline"]):
        server = await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost", *more)
        what = "%s: rpc-server %s" % (name, " ".join(more))
        ran = await test.call("calc-batch", *switch.options("peer-a"), SERVER)
        test.ok(ran.status == 0 and ran.out == LINES and ran.err == "", what + ": a batch", ran)
        calls = [{"methodName": "Rot13", "params": ["abc"]}, {"methodName": "system.multicall", "params": [[]]}]
        ran = await test.call("jrpc", "call", *switch.options("peer-a"), SERVER, "system.multicall", json.dumps(calls))
        got = ran.json()
        test.ok(ran.status == 0 and got[0] == ["nop"] and got[1]["faultCode"] == -32600, what + ": by jrpc call", ran)
        ran = await test.call("jrpc", "call", *switch.options("peer-a"), SERVER, "system.multicall",
                              json.dumps([{}] * 1200))
        test.ok(ran.status == 1 and "TOO_LARGE" in ran.err and "1200 calls at once" in ran.err,
                what + ": too many at once", ran)
        ran = await test.call("calc-batch", *switch.options("stranger"), SERVER)
        test.ok(ran.status == 1 and "REFUSED" in ran.err and ran.out == "", what + ": a stranger", ran)
        test.equal(await server.end(), 0, what + ": ends well")


async def others(test, switch):
    """A peer whose answers are made by hand."""
    callee = await open_peer(test, switch, "peer-c")
    results = array(array("<value><i8>5</i8></value>"),
                    array("<value><struct>%s%s</struct></value>" % (member("quotient", "<int>9</int>"),
                                                                    member("remainder", "<int>2</int>"))),
                    fault(1, "Calc::DivisionByZero"), array(), array("<value><double>42.0</double></value>"))
    callee.answerer = lambda request: reply_xml(request, response("<params><param>%s</param></params>" % results))
    ran = await test.call("calc-batch", *switch.options("peer-a"), switch.jid("peer-c"))
    test.ok(ran.status == 0 and ran.out == LINES and ran.err == "", switch.server + ": another server's results", ran)
    no_method = fault(-32601, "no such method")
    callee.answerer = lambda request: reply_xml(request, response("<fault>%s</fault>" % no_method))
    ran = await test.call("calc-batch", *switch.options("peer-a"), switch.jid("peer-c"))
    test.ok(ran.status == 1 and "NO_SUCH_METHOD" in ran.err and "one by one" in ran.err and ran.out == "",
            switch.server + ": a server that does not know batches", ran)
    await callee.close()


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, users=("peer-a", "peer-b", "peer-c", "stranger"))
        await test.case(name + ": ours", ours, test, switch)
        await test.case(name + ": others", others, test, switch)
        await switch.stop()


live.main(body)
