#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A program of xmlrpc-c's whose registry is served over Jabber by three lines more: samples/registry."""
import asyncio
import difflib
import os
import re
import xmlrpc.client

import live
from live import SOURCE
from rawpeer import R, open_peer, call_xml, param

OLD = "peer-b@localhost/rpc"
FOLDER = os.path.join(SOURCE, "samples", "registry")
METHODS = ("add", "backwards", "concat", "count", "divide", "first", "not", "sum", "twice", "year")

# method, parameters as jrpc takes them, what it prints
CALLS = (
    ("add", ["2", "-40"], "-38"),
    ("divide", ["1", "8"], "0.125"),
    ("concat", ["Grüße <&> ", "&lt;x/>€"], '"Grüße <&> &lt;x/>€"'),
    ("not", ["true"], "false"),
    ("twice", ["21"], "42"),
    ("twice", ["4611686018427387903"], "9223372036854775806"),
    ("backwards", ['{"$base64": "AAEC/w=="}'], '{"$base64":"/wIBAA=="}'),
    ("sum", ["[1, 2147483647, 2]"], "2147483650"),
    ("count", ['{"a": 1, "b": [], "": {}}'], "3"),
    ("first", ['{"deep": [[], {"x": null}, 1.5]}'], '{"deep":[[],{"x":null},1.5]}'),
    ("first", [], "null"),
)


def added_lines():
    texts = []
    for name in ("http.c", "jabber.c"):
        with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
            texts.append(file.readlines())
    changed = [line for line in difflib.ndiff(*texts) if not line.startswith(("  ", "? "))]
    return len([line for line in changed if line.startswith("+ ")]), len(changed)


async def start(test, switch, callers="peer-a@localhost peer-c@localhost"):
    environment = live.clean_environment(
        JRPC_JID=OLD, JRPC_PASSWORD_FILE=switch.secret_file("old", switch.password("peer-b")), JRPC_HOST=switch.host,
        JRPC_PORT=str(switch.port), JRPC_CA_FILE=switch.ca, CALLERS=callers)
    return await test.daemon([live.program("registry-jabber"), "0"], r"ready on port \d+", environment)


async def tens(test, switch):
    name = switch.server
    caller = switch.options("peer-a")
    for method, arguments, printed in CALLS:
        ran = await test.call("jrpc", "call", *caller, OLD, "sample." + method, *arguments)
        test.equal((ran.status, re.sub(r"\s*([\[\]{}:,])\s*", r"\1", ran.out.strip("\n"))), (0, printed),
                   "%s: %s %s" % (name, method, " ".join(arguments)))
    ran = await test.call("jrpc", "call", *caller, OLD, "sample.year", '{"$dateTime": "20240229T23:59:59"}')
    test.ok(ran.status == 0 and "2024" in ran.out and "20240229T23:59:59" in ran.out, "%s: a date goes and comes" % name,
            ran)


async def tells(test, switch):
    name = switch.server
    caller = switch.options("peer-a")
    ran = await test.call("jrpc", "list", *caller, OLD)
    listed = ran.out.split()
    test.equal([one for one in listed if not one.startswith("system.")], ["sample." + one for one in METHODS],
               "%s: its methods are listed" % name)
    test.ok("system.shutdown" not in listed and "system.multicall" in listed, "%s: and the session's own" % name, ran)
    ran = await test.call("jrpc", "describe", *caller, OLD, "sample.divide")
    test.ok(ran.status == 0 and "Divides; fault 4." in ran.out and re.search(r"double.*double.*double", ran.out, re.S),
            "%s: described as the registry does" % name, ran)


async def says_no(test, switch):
    name = switch.server
    caller = switch.options("peer-a")
    ran = await test.call("jrpc", "call", *caller, OLD, "sample.divide", "1", "0")
    test.ok(ran.status == 1 and "division by zero" in ran.err and "4" in ran.err, "%s: the fault is the method's" % name,
            ran)
    ran = await test.call("jrpc", "call", *caller, OLD, "sample.add", "1", "x")
    test.ok(ran.status == 1 and "FAULT" in ran.err, "%s: a wrong type is the old library's fault" % name, ran)
    for method in ("sample.none", "system.shutdown", "system.methodExist"):
        ran = await test.call("jrpc", "call", *caller, OLD, method, "x")
        test.ok(ran.status == 1 and "NO_SUCH_METHOD" in ran.err, "%s: no method %s" % (name, method), ran)
    ran = await test.call("jrpc", "call", *switch.options("stranger"), OLD, "sample.add", "1", "2")
    test.ok(ran.status == 1 and "REFUSED" in ran.err, "%s: who is not in CALLERS may not" % name, ran)


HOSTILE = (
    # what, parameters, condition or fault code, part of the text
    ("an emoji", param("<string>\U0001F600</string>"), -32602, "params[0]: "),
    ("nested 64 deep", param("<array><data><value>" * 64 + "<i4>1</i4>" + "</value></data></array>" * 64),
     "policy-violation", "nest deeper"),
    ("a number that is too large", param("<i4>4294967296</i4>"), -32602, "params[0]"),
    ("no number", param("<double>NaN</double>"), -32602, "params[0]"),
    ("an unknown type", param("<pointer>1</pointer>"), -32602, "params[0]"),
    ("a leap second", param("<dateTime.iso8601>20161231T23:59:60</dateTime.iso8601>"), -503, "60"),
    ("a member twice", param("<struct>" + "<member><name>a</name><value/></member>" * 2 + "</struct>"), -32602, "duplicate"),
    ("no parameter", "<param/>", -32602, "params"),
)


async def hostile(test, switch):
    name = switch.server
    program = await start(test, switch)
    peer = await open_peer(test, switch, "peer-c")
    for what, params, wanted, part in HOSTILE:
        answer = await peer.call(OLD, "sample.first", params)
        got = answer.condition or answer.code
        test.ok(got == wanted and part in ((answer.text or answer.fault) or ""), "%s: %s" % (name, what), answer)
    # As text it is nothing special, whatever it looks like.
    text = "]]></string></value></param><param>&amp;<!DOCTYPE a [<!ENTITY b 'c'>]>&b;<![CDATA[x]]>\t\n'\""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    answer = await peer.call(OLD, "sample.first", param("<string>%s</string>" % escaped) + param("<i4>1</i4>"))
    test.equal(answer.value(), text, "%s: markup in a text stays text" % name)
    many = param("<array><data>" + "<value/>" * 3000 + "</data></array>")
    answer = await peer.call(OLD, "sample.first", many, limit=40)
    test.ok(answer.value() is not None and len(answer.xml.findall(".//" + R + "data/" + R + "value")) == 3000,
            "%s: many empty values" % name, answer)
    answer = await peer.ask(OLD, "<query xmlns='jabber:iq:rpc'><methodCall>x</methodCall></query>")
    test.equal(answer.code, -32600, "%s: no call at all" % name)
    test.ok(program.runs(), "%s: and the program is still there" % name)
    answer = await peer.call(OLD, "sample.add", param("<int>+1</int>") + param(" <i4>2</i4>\n"))
    test.ok(answer.value() == "3", "%s: and well" % name, answer)
    await peer.close()
    await program.end()


async def at_once(test, switch):
    name = switch.server
    peer = await open_peer(test, switch, "peer-c", "at-once")
    futures = [peer.send_iq(OLD, call_xml("sample.add", param("<i4>%d</i4>" % i) + param("<i4>1000</i4>"))) for i in range(40)]
    answers = await asyncio.wait_for(asyncio.gather(*futures), 30)
    test.equal([answer.value() for answer in answers], [str(i + 1000) for i in range(40)], "%s: forty at once" % name)
    await peer.close()


async def http(test, program, name):
    """It goes on with what it did before."""
    port = int(re.search(r"port (\d+)", program.err).group(1))

    def calls():
        with xmlrpc.client.ServerProxy("http://127.0.0.1:%d/RPC2" % port) as proxy:
            return proxy.sample.add(20, 22), "system.shutdown" in proxy.system.listMethods()
    test.equal(await asyncio.get_running_loop().run_in_executor(None, calls), (42, True), "%s: HTTP as ever" % name)


async def on(test, server):
    switch = await test.switch(server, users=("peer-a", "peer-b", "peer-c", "stranger"))
    program = await start(test, switch)
    await test.case("%s: ten methods" % server, tens, test, switch)
    await test.case("%s: introspection" % server, tells, test, switch)
    await test.case("%s: errors" % server, says_no, test, switch)
    await test.case("%s: at once" % server, at_once, test, switch)
    await test.case("%s: HTTP" % server, http, test, program, server)
    await program.end()
    await test.case("%s: hostile" % server, hostile, test, switch)


async def without(test):
    """Without Jabber it is what it was, and says why."""
    program = await test.daemon([live.program("registry-jabber"), "0"], r"ready on port \d+",
                                live.clean_environment(CALLERS="peer-a@localhost"))
    test.finds("JRPC_JID", program.err, "no account: that is said")
    await http(test, program, "no account")


async def body(test):
    test.equal(added_lines(), (3, 3), "three lines were added, and nothing else was changed")
    await test.case("without", without, test)
    for server in test.servers():
        await on(test, server)


live.main(body)
