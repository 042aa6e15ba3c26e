#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What rpc-server answers to everything that is not a good call; and that it still serves afterwards."""
import asyncio
import re

import live
from live import PROBE, ROT13, CALC
from rawpeer import RPC, call_xml, open_peer, param

SERVER = "peer-b@localhost/rpc"
DISCO = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
PING = "<ping xmlns='urn:xmpp:ping'/>"
GOOD = call_xml("Rot13", param("<string>abc</string>"))
GROWTH = 64 * 1024      # KiB


def query(inner):
    return "<query xmlns='%s'>%s</query>" % (RPC, inner)


def step(op, operand):
    return "<struct><member><name>op</name><value>%s</value></member>" \
        "<member><name>operand</name><value>%s</value></member></struct>" % (op, operand)


def run_params(*steps):
    return param("<double>1</double>") + param("<array><data>%s</data></array>" %
                                               "".join("<value>%s</value>" % one for one in steps))


def nested(levels):
    return "<array><data><value>" * levels + "<i4>1</i4>" + "</value></data></array>" * levels


ADD = step("<string>ADD</string>", "<double>1</double>")
TWICE = "<struct><member><name>op</name><value>ADD</value></member>" \
    "<member><name>op</name><value>ADD</value></member>" \
    "<member><name>operand</name><value><double>1</double></value></member></struct>"

# Name, payload, fault code or condition, words of the fault or error text.
ROWS = [
    ("no such method", call_xml("Rot14", param("x")), -32601, ["Rot14"]),
    ("a method's name in other letters", call_xml("rot13", param("x")), -32601, ["rot13"]),
    ("a name with dots and slashes", call_xml("../../Rot13"), -32601, []),
    ("a name of 255 characters", call_xml("n" * 255), -32601, []),
    ("a name of 256 characters", call_xml("n" * 256), -32600, []),
    ("a name with markup", call_xml("&lt;b&gt;&amp;'&quot;"), -32601, ["<b>&'\""]),
    ("a name with a line break", call_xml("Rot\n13"), -32600, []),
    ("no name", call_xml(""), -32600, []),
    ("no methodCall", query(""), -32600, ["methodCall"]),
    ("a methodResponse instead", query("<methodResponse><params/></methodResponse>"), -32600, ["methodCall"]),
    ("no methodName", query("<methodCall><params/></methodCall>"), -32600, ["methodName"]),
    ("two methodCalls", query("<methodCall><methodName>Rot13</methodName></methodCall>" * 2), -32600,
     ["methodCall"]),
    ("two methodNames",
     query("<methodCall><methodName>a</methodName><methodName>b</methodName></methodCall>"), -32600,
     ["methodName"]),
    ("an unknown element in methodCall", query("<methodCall><methodName>Rot13</methodName><x/></methodCall>"),
     -32600, ["x"]),
    ("text in methodCall", query("<methodCall>text<methodName>Rot13</methodName></methodCall>"), -32600, []),
    ("an unknown element in params", call_xml("Rot13", "<x/>"), -32602, ["x"]),
    ("too few parameters", call_xml("Rot13"), -32602, ["expected 1", "got 0"]),
    ("too many parameters", call_xml("Rot13", param("a") + param("b")), -32602, ["expected 1", "got 2"]),
    ("the wrong type", call_xml("Rot13", param("<i4>5</i4>")), -32602,
     ["params[0]", "expected string", "got"]),
    ("a param without value", call_xml("Rot13", "<param/>"), -32602, ["params[0]"]),
    ("two values in a param", call_xml("Rot13", "<param><value>a</value><value>b</value></param>"), -32602,
     ["params[0]"]),
    ("no number", call_xml("Calc.Calculator.add", param("<i4>one</i4>") + param("<i4>2</i4>")), -32602,
     ["params[0]", "one"]),
    ("a number with something behind",
     call_xml("Calc.Calculator.add", param("<i4>1</i4>") + param("<i4>2x</i4>")), -32602,
     ["params[1]", "2x"]),
    ("an empty number", call_xml("Calc.Calculator.add", param("<i4/>") + param("<i4>2</i4>")), -32602,
     ["params[0]"]),
    ("a number out of range",
     call_xml("Calc.Calculator.add", param("<i4>1</i4>") + param("<i4>2147483648</i4>")), -32602,
     ["params[1]", "2147483648"]),
    ("a number out of all ranges",
     call_xml("Calc.Calculator.add", param("<i4>%s</i4>" % ("9" * 400)) + param("<i4>2</i4>")),
     -32602, ["params[0]"]),
    ("not a number", call_xml("Probe.take_numbers", param("<i4>1</i4>") + param("<double>nan</double>") +
                              param("<boolean>1</boolean>")), -32602, ["params[1]"]),
    ("infinity", call_xml("Probe.take_numbers", param("<i4>1</i4>") + param("<double>-inf</double>") +
                          param("<boolean>1</boolean>")), -32602, ["params[1]"]),
    ("a boolean of 2", call_xml("Probe.take_numbers", param("<i4>1</i4>") + param("<double>1</double>") +
                                param("<boolean>2</boolean>")), -32602, ["params[2]"]),
    ("a date that is none",
     call_xml("Probe.take_date", param("<dateTime.iso8601>tomorrow</dateTime.iso8601>")), -32602,
     ["params[0]", "tomorrow"]),
    ("the 30th of February",
     call_xml("Probe.take_date", param("<dateTime.iso8601>20240230T00:00:00</dateTime.iso8601>")),
     -32602, ["params[0]"]),
    ("bad base64", call_xml("Probe.take_bytes", param("<base64>!!!!</base64>")), -32602, ["params[0]"]),
    ("base64 cut off", call_xml("Probe.take_bytes", param("<base64>AAA</base64>")), -32602, ["params[0]"]),
    ("no name of the enum",
     call_xml("Calc.Calculator.run", run_params(ADD, step("POWER", "<double>1</double>"))), -32602,
     ["params[1][1].op", "POWER"]),
    ("a member missing", call_xml("Calc.Calculator.run", run_params(
        "<struct><member><name>op</name><value>ADD</value></member></struct>")), -32602,
        ["params[1][0]", "operand"]),
    ("a member twice", call_xml("Calc.Calculator.run", run_params(TWICE)), -32602, ["op"]),
    ("more elements than the bound", call_xml("Calc.Calculator.run", run_params(*[ADD] * 101)), -32602,
     ["params[1]", "100"]),
    ("an unknown type", call_xml("Probe.take_any", param("<complex>1</complex>")), -32602, ["complex"]),
    ("a member twice in a value of any type", call_xml("Probe.take_any", param(TWICE)), -32602, ["op"]),
    ("arrays 70 levels deep", call_xml("Probe.take_any", param(nested(70))), "policy-violation", []),
    ("arrays 900 levels deep", call_xml("Probe.take_any", param(nested(900))), "policy-violation", []),
    ("arrays 900 levels deep for a string", call_xml("Rot13", param(nested(900))), -32602, ["params[0]"]),
    ("elements 2,500 levels deep", query("<a>" * 2500 + "</a>" * 2500), -32600, []),
    ("a handler that fails", call_xml("Probe.fail"), -32603, ["incident"]),
    ("a fault of the handler", call_xml("Probe.refuse"), 77, ["peer-a@localhost/raw"]),
    ("a declared exception", call_xml("Calc.Calculator.divide", param("<i4>1</i4>") + param("<i4>0</i4>")), 1,
     ["DivisionByZero"]),
    ("a result too large for a stanza", call_xml("Probe.text_of", param("<i4>200000</i4>")), -32097,
     ["131072"]),
]

# ejabberd 23.01 dies of these itself.
DEEP_ROWS = [
    ("arrays 3,000 levels deep", call_xml("Probe.take_any", param(nested(3000))), "policy-violation", []),
    ("arrays 3,000 levels deep for a string", call_xml("Rot13", param(nested(3000))), -32602, ["params[0]"]),
    ("elements 20,000 levels deep", query("<a>" * 20000 + "</a>" * 20000), -32600, []),
]

# Name, payload, kind, condition, type of the error.
STANZAS = [
    ("get instead of set", GOOD, "get", "bad-request", "modify"),
    ("no child", "", "set", "bad-request", "modify"),
    ("two children", GOOD + "<x xmlns='urn:unknown'/>", "set", "bad-request", "modify"),
    ("a foreign namespace", "<x xmlns='urn:unknown'/>", "set", "service-unavailable", "cancel"),
    ("a query of another namespace", "<query xmlns='jabber:iq:roster'/>", "get", "service-unavailable",
     "cancel"),
    ("another element of our namespace", "<call xmlns='%s'/>" % RPC, "set", "service-unavailable", "cancel"),
    ("disco#info of a node", DISCO.replace("/>", " node='x'/>"), "get", "item-not-found", "cancel"),
]


async def serves(test, peer, name):
    answer = await peer.ask(SERVER, GOOD, limit=60)
    test.equal(answer.value(), "nop", name)


async def rows(test, peer, prefix):
    for name, payload, wanted, words in ROWS + (DEEP_ROWS if prefix == "prosody" else []):
        answer = await peer.ask(SERVER, payload, limit=40)
        text = (answer.fault if isinstance(wanted, int) else answer.text) or ""
        got = answer.code if isinstance(wanted, int) else answer.condition
        kind = "result" if isinstance(wanted, int) else "error"
        good = got == wanted and answer.type == kind and all(word in text for word in words)
        test.ok(good, "%s: %s: %s" % (prefix, name, wanted), "expected %s with %s" % (wanted, words), answer)


async def stanzas(test, peer, prefix):
    for name, payload, kind, condition, error_type in STANZAS:
        answer = await peer.ask(SERVER, payload, kind)
        test.ok((answer.type, answer.condition, answer.error_type) == ("error", condition, error_type),
                "%s: %s: %s" % (prefix, name, condition), answer)


async def strangers(test, peer, prefix):
    """Whatever they send, they learn nothing but what the server is."""
    answers = set()
    for name, payload, _, _ in ROWS + [("a good call", GOOD, 0, []),
                                       ("a list", call_xml("system.listMethods"), 0, [])]:
        answer = await peer.ask(SERVER, payload, limit=40)
        answers.add((answer.condition, answer.error_type, answer.text, answer.code))
        if answer.condition != "forbidden":
            test.ok(False, "%s: stranger: %s" % (prefix, name), answer)
    answer = await peer.ask(SERVER, GOOD, "get")
    answers.add((answer.condition, answer.error_type, answer.text, answer.code))
    test.equal(answers, {("forbidden", "auth", None, None)}, prefix +
               ": a stranger is told one and the same, whatever it sends")
    answer = await peer.ask(SERVER, DISCO, "get")
    test.ok(answer.type == "result" and "jabber:iq:rpc" in str(answer), prefix +
            ": a stranger may ask what it is", answer)
    answer = await peer.ask(SERVER, PING, "get")
    test.equal(answer.type, "result", prefix + ": a stranger may ask whether it is there")


async def without_id(test, peer, prefix):
    """Some server gives it an id or refuses it; if it gets through, it is refused."""
    while not peer.stray.empty():
        peer.stray.get_nowait()
    peer.send_raw("<iq type='set' to='%s'>%s</iq>" % (SERVER, GOOD))
    peer.send_raw("<iq type='set' id='' to='%s'>%s</iq>" % (SERVER, GOOD))
    for _ in range(2):
        answer = await peer.stray_answer()
        test.ok(answer.condition == "bad-request" or answer.value() == "nop", prefix +
                ": a request without id is answered", answer)


async def nonsense(test, peer, prefix):
    """What no answer is due to: it gets none, and the next call gets its own."""
    while not peer.stray.empty():
        peer.stray.get_nowait()
    for text in ("<iq type='result' id='x1' to='%s'>%s</iq>" % (SERVER, GOOD),
                 "<iq type='error' id='x2' to='%s'><error type='cancel'/></iq>" % SERVER,
                 "<iq type='result' id='x3' to='%s'/>" % SERVER,
                 "<message to='%s' type='chat'><body>Rot13</body></message>" % SERVER,
                 "<message to='%s' type='error'>%s</message>" % (SERVER, GOOD),
                 "<presence to='%s'>%s</presence>" % (SERVER, GOOD),
                 "<presence to='%s' type='subscribe'/>" % SERVER):
        peer.send_raw(text)
    await serves(test, peer, prefix + ": after unasked results, messages and presence it serves")
    test.ok(peer.stray.empty(), prefix + ": and has answered to none of them")


async def large(test, peer, prefix):
    """Little text that would need much memory, and much text."""
    structs = "<value><struct/></value>" * 10000
    table = [
        ("10,000 empty structs for a string",
         call_xml("Rot13", param("<array><data>%s</data></array>" % structs))),
        ("10,000 empty structs",
         call_xml("Probe.take_any", param("<array><data>%s</data></array>" % structs))),
        # not more: libstrophe's time grows with the square of such numbers
        ("10,000 empty values",
         call_xml("Probe.take_any", param("<array><data>%s</data></array>" % ("<value/>" * 10000)))),
        ("10,000 parameters", call_xml("Rot13", "<param/>" * 10000)),
        ("a text of 240,000 characters",
         call_xml("Probe.take_any", param("<string>%s</string>" % ("x" * 240000)))),
        ("20,000 line breaks and entities",
         call_xml("Probe.echo", param("<string>%s</string>" % ("&amp;\n" * 20000)))),
    ]
    for name, payload in table:
        answer = await peer.ask(SERVER, payload, limit=180)
        good = answer.type == "result" or answer.condition == "policy-violation"
        test.ok(good, "%s: %s is answered" % (prefix, name), answer)
    await serves(test, peer, prefix + ": after large requests it serves")


async def flood(test, peer, prefix):
    """All at once: each gets an answer, and the right one."""
    futures = [peer.send_iq(SERVER,
                            call_xml("Probe.echo", param("<string>%d</string>" % n))) for n in range(400)]
    answers = [await asyncio.wait_for(future, 40 * live.SLOW) for future in futures]
    wrong = [str(answer) for n, answer in enumerate(answers)
             if answer.value() != str(n) and answer.condition != "resource-constraint"]
    test.ok(not wrong, prefix + ": 400 calls at once each get their own answer", *wrong[:3])


async def attack(test, switch):
    name = switch.server
    server = await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost",
                              modules=(ROT13, CALC, PROBE))
    peer = await open_peer(test, switch, "peer-a", "raw")
    stranger = await open_peer(test, switch, "stranger", "raw")
    await serves(test, peer, name + ": a good call first")
    before = server.resident()
    for part in (rows, stanzas, without_id, nonsense, flood):
        await test.case("%s: %s" % (name, part.__name__), part, test, peer, name, limit=100)
        await serves(test, peer, "%s: after %s it serves" % (name, part.__name__))
    await test.case(name + ": strangers", strangers, test, stranger, name, limit=100)
    await test.case(name + ": large", large, test, peer, name, limit=700)
    await serves(test, peer, name + ": after all of that it serves")
    test.ok(server.runs(), name + ": it is the same process", server.err)
    after = server.resident()
    limit = GROWTH * (8 if live.is_instrumented() else 1)
    test.ok(after - before < limit, "%s: its memory has not grown without bound" % name,
            "%d KiB before, %d KiB after" % (before, after))
    test.say("%d KiB before, %d KiB after" % (before, after))
    test.ok(re.search(r"Probe\.fail .*incident [0-9a-f]{16}", server.err), name +
            ": the failure of a handler is in the log",
            server.err)
    test.equal(await server.end(), 0, name + ": it ends with status 0")
    for one in (peer, stranger):
        await one.close()


async def busy(test, switch):
    """One worker, a queue of two: the fourth caller is told to come back, the others are served."""
    name = switch.server
    server = await test.serve(*switch.options("peer-b"), "--allow", "*@localhost", "--workers", "1",
                              "--max-queued", "2",
                              modules=(ROT13, PROBE))
    peer = await open_peer(test, switch, "peer-a", "raw")
    futures = [peer.send_iq(SERVER, call_xml("Probe.block", param("<i4>1500</i4>")))]
    futures += [peer.send_iq(SERVER, call_xml("Probe.block", param("<i4>1</i4>"))) for _ in range(6)]
    answers = [await asyncio.wait_for(future, 20 * live.SLOW) for future in futures]
    refused = [answer for answer in answers if answer.condition == "resource-constraint" and
               answer.error_type == "wait"]
    served = [answer for answer in answers if answer.type == "result" and answer.code is None]
    test.ok(len(refused) >= 4 and len(refused) + len(served) == 7, name +
            ": a full queue is resource-constraint",
            *map(str, answers))
    test.ok(answers[0] in served, name + ": who was first is served", str(answers[0]))
    await serves(test, peer, name + ": after that it serves")
    hanging = peer.send_iq(SERVER, call_xml("Probe.block", param("<i4>1000</i4>")))
    await asyncio.wait_for(peer.send_iq(SERVER, PING, "get"), 10 * live.SLOW)      # behind the call: it has begun
    status = await server.end()
    test.equal(status, 0, name + ": a signal while a handler runs: the end is orderly")
    answer = await asyncio.wait_for(hanging, 10 * live.SLOW)
    test.ok(answer.type == "result" and answer.code is None, name + ": and the call that ran was answered",
            answer)
    await peer.close()


class Deaf:
    """Joins rpc-server with its Jabber server, which on demand reads nothing any more of what rpc-server says."""

    def __init__(self, switch):
        self.target, self.listens = (switch.host, switch.port), asyncio.Event()
        self.listens.set()

    async def start(self, test):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        test.stack.callback(server.close)
        return server.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        theirs, ours = await asyncio.open_connection(*self.target)

        async def pump(source, sink, listens):
            while data := await source.read(65536):
                await listens.wait()
                sink.write(data)
                await sink.drain()
            sink.close()
        always = asyncio.Event()
        always.set()
        await asyncio.gather(pump(reader, ours, self.listens), pump(theirs, writer, always), return_exceptions=True)


async def nobody_reads(test, switch):
    """The answers are not taken: they wait up to a limit, are then dropped with a line in the log, and no memory fills."""
    name = switch.server + ": answers that nobody reads"
    deaf = Deaf(switch)
    options = switch.options("peer-b")
    options[options.index("--port") + 1] = str(await deaf.start(test))
    server = await test.serve(*options, "--allow", "peer-a@localhost", modules=(ROT13, PROBE))
    peer = await open_peer(test, switch, "peer-a", "raw")
    await serves(test, peer, name + ": a good call first")
    before = server.resident()
    deaf.listens.clear()
    futures = [peer.send_iq(SERVER, call_xml("Probe.text_of", param("<i4>100000</i4>"))) for _ in range(400)]
    await server.says("an answer was lost: no memory, no room or no stream", 60)
    grown = server.resident() - before
    test.ok(grown < GROWTH * (8 if live.is_instrumented() else 1), name + ": they are bounded", "%d KiB" % grown)
    deaf.listens.set()
    done, lost = await asyncio.wait(futures, timeout=60 * live.SLOW, return_when=asyncio.FIRST_COMPLETED)
    test.ok(done and lost, name + ": those that were kept arrive")
    answer = await peer.ask(SERVER, GOOD, limit=100 * live.SLOW)        # behind all of them
    test.equal(answer.value(), "nop", name + ": and it serves")
    test.equal(await server.end(), 0, name + ": it ends with status 0")
    await peer.close()


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, "--stanza-size", "1000000", users=("peer-a", "peer-b", "stranger"))
        for part in (attack, busy, nobody_reads):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch, limit=800)
        await switch.stop()


live.main(body, limit=1800)
