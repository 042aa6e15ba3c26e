#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Calls in both directions between our programs and slixmpp's own XEP-0009 plugin."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

# pylint: disable=wrong-import-position
from slixmpp.exceptions import IqError
from slixmpp.plugins.xep_0009 import XEP_0009
from slixmpp.plugins.xep_0009.binding import fault2xml, py2xml, rpcbase64, rpctime, xml2fault, xml2py

import live
from live import CALC, NANTES, PROBE, ROT13
from rawpeer import open_peer

SERVER = "peer-b@localhost/rpc"
PLAIN, TURNED = NANTES


class Fault(Exception):
    """An XML-RPC fault: code and text."""


class StanzaError(Exception):
    """An error of XMPP: the condition."""


# What the plugin does with errors is to print them, where our own results go.
XEP_0009._handle_error = lambda plugin, iq: None            # pylint: disable=protected-access


async def log_in(test, switch, user):
    peer = await open_peer(test, switch, user, plugins=("xep_0030", "xep_0009"))
    for event in ("response", "fault"):                     # without handlers the plugin's own ones fail
        peer.add_event_handler("jabber_rpc_method_" + event, lambda iq: None)
    return peer


# --- slixmpp calls ---

async def call(peer, to, method, *parameters):
    """As the plugin's users do it: make_iq_method_call, and reading with its binding."""
    plugin = peer.plugin["xep_0009"]
    iq = plugin.make_iq_method_call(to, method, py2xml(*parameters))
    try:
        got = await iq.send(timeout=15)
    except IqError as error:
        raise StanzaError(error.condition) from None
    namespace = "{jabber:iq:rpc}"
    response = got.xml.find("%squery/%smethodResponse" % (namespace, namespace))
    fault = response.find(namespace + "fault")
    if fault is not None:
        said = xml2fault(fault)
        raise Fault(said["code"], said["string"])
    return xml2py(response.find(namespace + "params"))[0]


async def raises(test, kind, wanted, name, calling):
    try:
        got = await calling
        test.ok(False, name, "no error but %r" % (got,))
    except kind as error:
        test.ok(all(one in error.args or any(one in str(word) for word in error.args) for one in wanted),
                name,
                repr(error), "expected %r" % (wanted,))


async def multicall(test, peer, name):
    """Several calls in one: results and faults in their order."""
    def entry(method, *parameters):
        return {"methodName": method, "params": list(parameters)}
    got = await call(peer, SERVER, "system.multicall", [
        entry("Rot13", PLAIN), entry("Calc.Calculator.divide", 47, 5), entry("Rot14", "x"),
        entry("Calc.Calculator.divide", 1, 0), entry("system.multicall", []), entry("Rot13", 5), entry("Rot13", TURNED)])
    test.equal([got[0], got[1], got[6]], [[TURNED], [{"quotient": 9, "remainder": 2}], [PLAIN]], name +
               ": system.multicall: results")
    test.equal([one["faultCode"] for one in got[2:6]], [-32601, 1, -32600, -32602], name +
               ": system.multicall: faults")
    test.ok("DivisionByZero" in got[3]["faultString"] and "params[0]" in got[5]["faultString"], name +
            ": system.multicall: their texts", got)
    test.equal(await call(peer, SERVER, "system.multicall", [entry("Rot13", "abc")] * 400), [["nop"]] * 400,
               name + ": system.multicall: 400 at once")


async def slixmpp_calls(test, switch):
    """A slixmpp client and rpc-server."""
    name = switch.server + ": slixmpp calls rpc-server"
    await test.serve(*switch.options("peer-b"), "--allow", "peer-c@localhost", modules=(ROT13, CALC, PROBE))
    peer = await log_in(test, switch, "peer-c")
    test.equal(await call(peer, SERVER, "Rot13", PLAIN), TURNED, name + ": Rot13")
    test.equal(await call(peer, SERVER, "Rot13", "Grüße <&> 😀"), "Teüßr <&> 😀", name +
               ": characters of all kinds")
    test.equal(await call(peer, SERVER, "Rot13", "x" * 30000), "k" * 30000, name + ": a long text")
    calculator = "Calc.Calculator."
    test.equal(await call(peer, SERVER, calculator + "add", 2147483647, -5), 2147483642, name + ": integers")
    test.equal(await call(peer, SERVER, calculator + "divide", 47, 5), {"quotient": 9, "remainder": 2},
               name + ": out parameters are a struct")
    steps = [{"op": "ADD", "operand": 3.0}, {"op": "DIVIDE", "operand": 2.0}]
    test.equal(await call(peer, SERVER, calculator + "run", 2.0, steps), 2.5, name +
               ": doubles, a list of structs, enums")
    test.equal(await call(peer, SERVER, calculator + "store", "answer", 42.5), True, name + ": void")
    test.equal(await call(peer, SERVER, calculator + "memories"), [{"name": "answer", "value": 42.5}],
               name + ": a list of structs comes back")
    moment = rpctime("20241231T23:59:59")
    test.equal(await call(peer, SERVER, "Probe.take_date", moment), True, name + ": a date")
    test.equal(await call(peer, SERVER, "Probe.take_bytes", rpcbase64(b"AAECAw==")), True, name + ": base64")
    test.equal(await call(peer, SERVER, "Probe.take_numbers", -1, 1e300, False), True, name +
               ": a boolean, an exponent")
    test.equal(await call(peer, SERVER, "Probe.take_any", [None, {"a": [1, "x"]}]), True, name +
               ": nil, and any value")
    methods = await call(peer, SERVER, "system.listMethods")
    test.ok("Rot13" in methods and "system.listMethods" in methods, name + ": system.listMethods", methods)
    await multicall(test, peer, name)
    await raises(test, Fault, [-32601], name + ": an unknown method is fault -32601",
                 call(peer, SERVER, "Rot14", "x"))
    await raises(test, Fault, [-32602, "params[0]"], name + ": a wrong type is fault -32602",
                 call(peer, SERVER, "Rot13", 5))
    await raises(test, Fault, [-32602], name + ": a missing parameter is fault -32602",
                 call(peer, SERVER, "Rot13"))
    await raises(test, Fault, [1, "DivisionByZero"], name + ": a declared exception is its fault",
                 call(peer, SERVER, calculator + "divide", 1, 0))
    info = await peer["xep_0030"].get_info(jid=SERVER, timeout=10)
    identities = {(one[0], one[1]) for one in info["disco_info"]["identities"]}
    test.ok(("automation", "rpc") in identities and "jabber:iq:rpc" in info["disco_info"]["features"],
            name + ": service discovery", info)
    await peer.close()
    stranger = await log_in(test, switch, "stranger")
    await raises(test, StanzaError, ["forbidden"], name + ": a stranger is refused",
                 call(stranger, SERVER, "Rot13", "x"))
    await stranger.close()


# --- slixmpp serves ---

def answer(peer, method, parameters):
    """The methods of a server that was written with slixmpp alone; what it returns is a list or a Fault."""
    if method == "Rot13":
        return [parameters[0].translate(str.maketrans(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "nopqrstuvwxyzabcdefghijklmNOPQRSTUVWXYZABCDEFGHIJKLM"))]
    if method == "echo":
        return [parameters]
    if method == "nothing":
        return []
    if method == "fail":
        return Fault(4711, "slixmpp says no")
    return None


def serve(peer):
    plugin = peer.plugin["xep_0009"]

    def on_call(iq):
        method = iq["rpc_query"]["method_call"]["method_name"]
        params = iq["rpc_query"]["method_call"]["params"]
        parameters = xml2py(params) if params is not None else []
        result = answer(peer, method, parameters)
        if result is None:
            plugin._item_not_found(iq).send()           # pylint: disable=protected-access
        elif isinstance(result, Fault):
            plugin.make_iq_method_response_fault(
                iq["id"], iq["from"], fault2xml({"code": result.args[0], "string": result.args[1]})).send()
        else:
            plugin.make_iq_method_response(iq["id"], iq["from"], py2xml(*result)).send()
    peer.add_event_handler("jabber_rpc_method_call", on_call)


VALUES = [
    ("5", 5), ("-2147483648", -2 ** 31), ("true", True), ("false", False), ("1.5", 1.5), ("1e300", 1e300),
    ("-0.001", -0.001),
    ("null", None), ("text", "text"), ("Grüße 😀", "Grüße 😀"), ('"<&>\'\\""', "<&>'\""), ("[]", []),
    ("[1, [2], \"x\"]", [1, [2], "x"]),
    ('{"a": {"b": [true, null]}, "c": 1.25}', {"a": {"b": [True, None]}, "c": 1.25}),
    ('{"$base64": "AAECAw=="}', {"$base64": "AAECAw=="}),
    ('{"$dateTime": "20241231T23:59:59"}', {"$dateTime": "20241231T23:59:59"}),
]


async def slixmpp_serves(test, switch):
    """A server written with slixmpp, called by jrpc and the stubs."""
    name = switch.server + ": slixmpp serves"
    peer = await log_in(test, switch, "peer-c")
    serve(peer)
    to, options = switch.jid("peer-c"), switch.options("peer-a")
    for program in ("rot13-client", "rot13-dynamic"):
        ran = await test.call(program, *options, to, PLAIN)
        test.ok(ran.status == 0 and ran.out == TURNED + "\n", "%s %s" % (name, program), ran)
    ran = await test.call("jrpc", "call", *options, to, "Rot13", PLAIN)
    test.ok(ran.status == 0 and ran.json() == TURNED, name + " jrpc", ran)
    ran = await test.call("jrpc", "call", *options, to, "echo", "--", *[text for text, _ in VALUES])
    got = ran.json()
    if test.ok(isinstance(got, list) and len(got) == len(VALUES), name + ": all values come back", ran):
        for (text, wanted), value in zip(VALUES, got):
            test.ok(value == wanted and type(value) is type(wanted), "%s: value %s" % (name, ascii(text)),
                    "got %r" % (value,))
    ran = await test.call("jrpc", "call", *options, to, "nothing")
    test.ok(ran.status == 0 and ran.json() is None, name + ": void is null", ran)
    ran = await test.call("jrpc", "call", *options, to, "fail")
    test.ok(ran.status == 1 and "FAULT" in ran.err and "4711" in ran.err and "slixmpp says no" in ran.err,
            name + ": a fault", ran)
    ran = await test.call("jrpc", "call", *options, to, "missing", "x")
    test.ok(ran.status == 1 and "NO_SUCH_METHOD" in ran.err and "missing" in ran.err and to in ran.err,
            name + ": its item-not-found is NO_SUCH_METHOD", ran)
    ran = await test.call("jrpc", "disco", *options, to)
    test.ok(ran.status == 0 and "jabber:iq:rpc" in ran.out, name + ": jrpc disco", ran)
    await peer.close()


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, users=("peer-a", "peer-b", "peer-c", "stranger"))
        for part in (slixmpp_calls, slixmpp_serves):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch)
        await switch.stop()


live.main(body)
