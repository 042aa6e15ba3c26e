#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a caller makes of answers: forged ones, odd ones of real peers, hostile ones."""
import asyncio
import re

import live
from live import NANTES, program
from rawpeer import RPC, open_peer, reply_xml, response

EX = "http://ws.apache.org/xmlrpc/namespaces/extensions"
PONG = "<ping xmlns='urn:xmpp:ping'/>"


def result(value):
    return response("<params><param>%s</param></params>" % value)


def fault(members):
    return response("<fault><value><struct>%s</struct></value></fault>" % members)


def member(name, value):
    return "<member><name>%s</name><value>%s</value></member>" % (name, value)


CODE = member("faultCode", "<int>7</int>")
TEXT = member("faultString", "<string>no such thing</string>")

# Name, what is in the iq, what jrpc call prints as JSON.
GOOD = [
    ("void as <params/>", response("<params/>"), None),
    ("void as an empty methodResponse", response(""), None),
    ("nil", result("<value><nil/></value>"), None),
    ("nil of the extensions' namespace", result("<value><ex:nil xmlns:ex='%s'/></value>" % EX), None),
    ("an untyped value", result("<value>plain &lt;text&gt;</value>"), "plain <text>"),
    ("an untyped empty value", result("<value/>"), ""),
    ("an untyped value of white space", result("<value> two </value>"), " two "),
    ("<string/>", result("<value><string/></value>"), ""),
    ("CDATA", result("<value><string><![CDATA[a<b]]></string></value>"), "a<b"),
    ("white space between the elements",
     response("\n <params>\n  <param>\n   <value>\n    <i4>5</i4>\n   </value>\n  </param>\n </params>\n"),
     5),
    ("<int>", result("<value><int>-5</int></value>"), -5),
    ("an integer with a plus sign", result("<value><int>+5</int></value>"), 5),
    ("<i8>", result("<value><i8>9007199254740993</i8></value>"), 9007199254740993),
    ("<ex:i8>", result("<value><ex:i8 xmlns:ex='%s'>-9223372036854775808</ex:i8></value>" % EX), -2 ** 63),
    ("a double with an exponent", result("<value><double>1e+300</double></value>"), 1e300),
    ("a double as PHP writes it", result("<value><double>1.0e+300</double></value>"), 1e300),
    ("a double in capitals", result("<value><double>-1.5E-3</double></value>"), -0.0015),
    ("base64 that ends in a newline", result("<value><base64>AAEC\n</base64></value>"), {"$base64": "AAEC"}),
    ("<Base64>", result("<value><Base64>AAEC</Base64></value>"), {"$base64": "AAEC"}),
    ("an empty array", result("<value><array><data/></array></value>"), []),
    ("one <data> for each item",
     result("<value><array><data><value><i4>1</i4></value></data></array></value>"), [1]),
    ("an empty struct", result("<value><struct/></value>"), {}),
    ("a prefix for the namespace",
     "<r:query xmlns:r='%s'><r:methodResponse><r:params><r:param><r:value><r:i4>9</r:i4></r:value>"
     "</r:param></r:params>"
     "</r:methodResponse></r:query>" % RPC, 9),
    ("xmlns repeated on each element",
     result("<value xmlns='%s'><i4 xmlns='%s'>3</i4></value>" % (RPC, RPC)), 3),
    ("unknown children of the query",
     "<query xmlns='%s'><methodResponse><params><param><value><i4>4</i4></value></param></params>"
     "</methodResponse>"
     "<methodTimeout>5</methodTimeout><x xmlns='urn:unknown'><y/></x></query>" % RPC, 4),
]

# Name, what is in the iq, what jrpc call says.
BAD = [
    ("an empty result", "", ["BAD_REPLY", RPC]),
    ("a result of another protocol", "<query xmlns='jabber:iq:version'><name>x</name></query>",
     ["BAD_REPLY"]),
    ("a methodCall as the answer",
     "<query xmlns='%s'><methodCall><methodName>x</methodName></methodCall></query>" % RPC, ["BAD_REPLY"]),
    ("two params",
     response("<params><param><value>1</value></param><param><value>2</value></param></params>"),
     ["BAD_REPLY"]),
    ("an integer beyond 32 bits as <i4>", result("<value><i4>2147483648</i4></value>"),
     ["BAD_REPLY", "2147483648"]),
    ("no number", result("<value><i4>five</i4></value>"), ["BAD_REPLY", "five"]),
    ("not a number", result("<value><double>nan</double></value>"), ["BAD_REPLY"]),
    ("infinity", result("<value><double>inf</double></value>"), ["BAD_REPLY"]),
    ("overflow", result("<value><double>1e999</double></value>"), ["BAD_REPLY"]),
    ("a boolean of 2", result("<value><boolean>2</boolean></value>"), ["BAD_REPLY"]),
    ("bad base64", result("<value><base64>!!!</base64></value>"), ["BAD_REPLY"]),
    ("a bad date", result("<value><dateTime.iso8601>yesterday</dateTime.iso8601></value>"), ["BAD_REPLY"]),
    ("an unknown type", result("<value><complex>1</complex></value>"), ["BAD_REPLY", "complex"]),
    ("duplicate members",
     result("<value><struct>%s%s</struct></value>" % (member("a", "1"), member("a", "2"))),
     ["BAD_REPLY", "duplicate"]),
    ("<array/> without data inside a struct", result("<value><struct><array/></struct></value>"),
     ["BAD_REPLY"]),
    ("arrays 1,000 levels deep", result("<value><array><data>" * 1000 + "</data></array></value>" * 1000),
     ["BAD_REPLY", "deep"]),
    ("a fault", fault(CODE + TEXT), ["FAULT", "fault 7", "no such thing"]),
    ("a fault whose code is a string", fault(member("faultCode", "<string>7</string>") + TEXT),
     ["fault 7", "no such thing"]),
    ("a fault whose code is untyped", fault(member("faultCode", "7") + TEXT), ["fault 7"]),
    ("a fault with more members", fault(CODE + TEXT + member("detail", "<i4>1</i4>")),
     ["fault 7", "no such thing"]),
    ("a fault without text", fault(CODE), ["fault 7"]),
    ("a fault without struct", response("<fault><value><i4>7</i4></value></fault>"), ["BAD_REPLY"]),
    ("a fault of xmlrpc-c for an unknown method", fault(member("faultCode", "<int>-506</int>") + TEXT),
     ["NO_SUCH_METHOD", "-506"]),
    ("a fault with line breaks in its text", fault(CODE + member("faultString", "one\ntwo")),
     ["fault 7", "two"]),
]

# Drives a terminal, or turns the order of what is shown: as the answer has it, and as it is shown.
STEERING = "[\u009b31m\u007f\u202e\u2066\u200f]"

# Name, what is in the iq, what jrpc call says, and the object that it prints with --json.
EXCEPTIONS = [
    ("members", "name='Bank::NoMoney'", "<value><struct>%s</struct></value>" % member("missing", "<i4>5</i4>"),
     'jrpc: exception Bank::NoMoney {"missing": 5}', {"missing": 5}),
    ("no member", "name='Shut'", "<value><struct/></value>", "jrpc: exception Shut {}", {}),
    ("a name and a member that drive a terminal", "name='X%s'" % STEERING,
     "<value><struct>%s</struct></value>" % member("a", "<string>%s</string>" % STEERING),
     'jrpc: exception X[\\u{9B}31m\\u{7F}\\u{202E}\\u{2066}\\u{200F}] {"a": "[\\u009B31m\\u007F\\u202E\\u2066\\u200F]"}',
     {"a": STEERING}),
    ("no name", "", "<value><struct/></value>", None, None),
    ("a value that is none", "name='X'", "<value><i4>x</i4></value>", None, None),
]

# Name, what is in the iq error, what jrpc call says.
ERRORS = [
    ("item-not-found, as slixmpp says", "<error type='cancel' code='404'><item-not-found %s/></error>",
     "NO_SUCH_METHOD"),
    ("forbidden", "<error type='auth' code='403'><forbidden %s/></error>", "REFUSED"),
    ("service-unavailable", "<error type='cancel'><service-unavailable %s/></error>", "UNAVAILABLE"),
    ("feature-not-implemented", "<error type='cancel'><feature-not-implemented %s/></error>", "UNAVAILABLE"),
    ("recipient-unavailable", "<error type='wait'><recipient-unavailable %s/></error>", "UNAVAILABLE"),
    ("resource-constraint", "<error type='wait'><resource-constraint %s/></error>", "BUSY"),
    ("policy-violation", "<error type='modify'><policy-violation %s/></error>", "TOO_LARGE"),
    ("bad-request", "<error type='modify'><bad-request %s/></error>", "BAD_REQUEST"),
    ("an unknown condition", "<error type='cancel'><out-of-cheese %s/></error>", "out-of-cheese"),
    ("the condition after a text", "<error type='cancel'><text %s>words</text><forbidden %s/></error>",
     "REFUSED"),
]


async def call(test, switch, *more, to="peer-c@localhost/rpc", arguments=("method",)):
    return await test.call("jrpc", "call", *switch.options("peer-a"), "--timeout", "8s", *more, to,
                           *arguments)


async def forged(test, switch):
    """The right id from the wrong address is ignored, and the true answer still arrives."""
    callee = await open_peer(test, switch, "peer-c")
    others = [await open_peer(test, switch, "mallory"), await open_peer(test, switch, "peer-c", "other")]
    for what, payload in (("result", result("<value>forged</value>")), ("error", None)):
        running = asyncio.ensure_future(call(test, switch, "--log-level", "info"))
        request = await callee.request()
        caller, number = request.get("from"), request.get("id")
        for other in others:
            if payload:
                other.send_raw("<iq type='result' id='%s' to='%s'>%s</iq>" % (number, caller, payload))
            else:
                other.send_raw("<iq type='error' id='%s' to='%s'><error type='auth'>"
                               "<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" %
                               (number, caller))
            # Streams keep their order: who has answered this has seen the forged answer.
            pong = await other.ask(caller, PONG, kind="get")
            test.equal(pong.type, "result", "%s: the forged %s was seen, by %s" %
                       (switch.server, what, other.boundjid))
        callee.send_raw(reply_xml(request, result("<value>true</value>")))
        ran = await running
        test.ok(ran.status == 0 and ran.json() == "true", "%s: forged %s ignored, the true answer arrives" %
                (switch.server, what), ran)
        test.equal(ran.err.count("was dropped"), 2, "%s: both forged ones are in the log" % switch.server)
    for peer in (callee, *others):
        await peer.close()


async def ids(test, switch):
    """Ids cannot be guessed from earlier ones."""
    callee = await open_peer(test, switch, "peer-c")
    callee.answerer = lambda request: reply_xml(request, response(""))
    for _ in range(3):
        await call(test, switch)
    seen = [(await callee.request()).get("id") for _ in range(3)]
    test.ok(len(set(seen)) == 3 and all(len(one) >= 24 for one in seen), switch.server +
            ": ids are long and differ", seen)
    test.ok(len({one[:16] for one in seen}) == 3, switch.server + ": each session has other random ones",
            seen)
    await callee.close()


async def odd(test, switch):
    callee = await open_peer(test, switch, "peer-c")
    name = switch.server
    for what, inner, wanted in GOOD:
        callee.answerer = lambda request, inner=inner: reply_xml(request, inner)
        ran = await call(test, switch)
        test.ok(ran.status == 0 and ran.json() == wanted and ran.err == "", "%s: %s" % (name, what), ran)
    for what, inner, words in BAD:
        callee.answerer = lambda request, inner=inner: reply_xml(request, inner)
        ran = await call(test, switch)
        good = ran.status == 1 and ran.out == "" and ran.err.count("\n") == 1 and \
            all(word in ran.err for word in words)
        test.ok(good, "%s: %s" % (name, what), ran, "expected status 1 and %s" % words)
    namespace = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
    for what, inner, word in ERRORS:
        callee.answerer = lambda request, inner=inner: reply_xml(request,
                                                                 inner.replace("%s", namespace)).replace(
            "type='result'", "type='error'", 1)
        ran = await call(test, switch)
        test.ok(ran.status == 1 and word in ran.err, "%s: error %s" % (name, what), ran, "expected %s" % word)
    await callee.close()


async def exceptions(test, switch):
    """The name and the members of a typed exception, without its IDL."""
    callee = await open_peer(test, switch, "peer-c")
    for what, attributes, value, shown, members in EXCEPTIONS:
        title = "%s: exception with %s" % (switch.server, what)
        inner = fault(CODE + TEXT).replace("</query>", "<exception xmlns='urn:x-jabber-rpc:0' %s>%s</exception></query>" %
                                           (attributes, value))
        callee.answerer = lambda request, inner=inner: reply_xml(request, inner)
        ran = await call(test, switch)
        lines = ran.err.splitlines()
        test.ok(ran.status == 1 and ran.out == "" and lines[:-1] == ([shown] if shown else []) and
                "fault 7: no such thing" in lines[-1], title, ran)
        ran = await call(test, switch, "--json")
        wanted = {"exception": re.search("name='(.*)'", attributes).group(1), "code": 7, "message": "no such thing",
                  "members": members} if shown else None
        test.ok(ran.status == 1 and (ran.json() == wanted if shown else ran.out == ""), title + ", as JSON", ran)
    await callee.close()


async def steering(test, switch):
    """Nothing that a peer says drives the terminal of who reads it."""
    callee = await open_peer(test, switch, "peer-c")
    texts = {"a result": result("<value>%s</value>" % STEERING), "a fault": fault(CODE + member("faultString", STEERING))}
    for what, inner in texts.items():
        callee.answerer = lambda request, inner=inner: reply_xml(request, inner)
        ran = await call(test, switch)
        raw = [c for c in STEERING[1:-1] if not c.isascii() and c in ran.out + ran.err]
        test.ok(not raw and "\x7f" not in ran.out + ran.err and "202E" in ran.out + ran.err,
                "%s: %s does not drive a terminal" % (switch.server, what), ran)
    await callee.close()


async def several(test, switch):
    """More than one answer to one request."""
    callee = await open_peer(test, switch, "peer-c")
    name = switch.server
    callee.answerer = lambda request: reply_xml(request, result("<value>first</value>")) + \
        reply_xml(request, result("<value>second</value>"))
    ran = await call(test, switch)
    test.ok(ran.status == 0 and ran.json() == "first", name + ": of two results with one id the first counts",
            ran)
    early = "<query xmlns='%s'><methodTimeout>5</methodTimeout></query>" % RPC
    callee.answerer = lambda request: reply_xml(request, early) + reply_xml(request,
                                                                            result("<value>done</value>"))
    ran = await call(test, switch)
    test.ok(ran.status == 0 and ran.json() == "done", name +
            ": a note that it takes longer is no answer yet (pyobs)", ran)
    callee.answerer = lambda request: reply_xml(request, result("<value>x</value>"))
    ran = await call(test, switch, to="PEER-C@LocalHost/rpc")
    test.ok(ran.status == 0 and ran.json() == "x", name + ": addressed in another case, answered in this one",
            ran)
    ran = await call(test, switch, to="peer-c@localhost/RPC")
    test.ok(ran.status == 1 and "UNAVAILABLE" in ran.err, name +
            ": another case of the resource is another address", ran)
    await callee.close()


async def typed(test, switch):
    """The same through a generated stub."""
    callee = await open_peer(test, switch, "peer-c")
    name = switch.server + ": generated stub"
    table = [
        ("an untyped value", result("<value>text</value>"), 0, "text\n", []),
        ("white space kept", result("<value><string> text </string></value>"), 0, " text \n", []),
        ("another type", result("<value><i4>5</i4></value>"), 1, "", ["BAD_REPLY", "expected string"]),
        ("void where a string is due", response("<params/>"), 1, "", ["BAD_REPLY"]),
        ("a fault", fault(CODE + TEXT), 1, "", ["FAULT", "fault 7", "no such thing"]),
        ("many empty structs", result("<value><array><data>%s</data></array></value>" %
                                      ("<value><struct/></value>" * 3000)), 1, "", ["BAD_REPLY"]),
    ]
    for what, inner, status, out, words in table:
        callee.answerer = lambda request, inner=inner: reply_xml(request, inner)
        ran = await test.run(program("rot13-client"), *switch.options("peer-a"), "peer-c@localhost/rpc",
                             NANTES[0])
        good = ran.status == status and ran.out == out and all(word in ran.err for word in words)
        test.ok(good, "%s: %s" % (name, what), ran)
    await callee.close()


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, users=("peer-a", "peer-c", "mallory"))
        for part in (forged, ids, odd, exceptions, steering, several, typed):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch, limit=150)
        await switch.stop()


live.main(body, limit=500)
