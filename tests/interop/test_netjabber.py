#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Calls in both directions between our programs and Perl's Net::Jabber, of Jabber's first years.

It logs in by SASL PLAIN alone, inside TLS. It tells types apart by how a text looks, writes one <data> for
each element of an array, and reads the first element of a <data> only.
"""
import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "live"))

# pylint: disable=wrong-import-position
import live
from live import CALC, NANTES, PROBE, ROT13, clean_environment

PERL = ["perl", os.path.join(HERE, "netjabber.pl")]
SERVER = "peer-b@localhost/rpc"
PLAIN, TURNED = NANTES


def peer(switch, user):
    """The command of a Net::Jabber program with that account, and its environment."""
    return [*PERL, user, "perl", switch.host, str(switch.port), switch.ca], \
        clean_environment(PEER_PASSWORD=switch.password(user))


async def call(test, switch, method, *parameters):
    argv, environment = peer(switch, "peer-c")
    ran = await test.run(*argv, "call", SERVER, method, *map(json.dumps, parameters), environment=environment)
    return ran.json() if ran.status == 0 else str(ran)


async def perl_calls(test, switch):
    name = switch.server + ": Net::Jabber calls rpc-server"
    await test.serve(*switch.options("peer-b"), "--allow-plain", "--allow", "peer-c@localhost",
                     modules=(ROT13, CALC, PROBE))
    table = [
        ("Rot13", "Rot13", [PLAIN], ["ok", [TURNED]]),
        ("characters that XML escapes", "Rot13", ["<&>\"' ]]>"], ["ok", ["<&>\"' ]]>"]]),
        ("integers", "Calc.Calculator.add", [2147483647, -5], ["ok", ["2147483642"]]),
        ("out parameters", "Calc.Calculator.divide", [47, 5], ["ok", [{"quotient": "9", "remainder": "2"}]]),
        ("an array with one <data> for each struct", "Calc.Calculator.run",
         [2.5, [{"op": "ADD", "operand": "double:1"}, {"op": "ADD", "operand": 2.5}]], ["ok", ["6.0"]]),
        ("an empty array", "Calc.Calculator.run", [2.5, []], ["ok", ["2.5"]]),
        ("typed as a boolean, an exponent", "Probe.take_numbers", [1, "double:1e+300", "boolean:1"],
         ["ok", ["1"]]),
        ("typed as base64", "Probe.take_bytes", ["base64:AAECAw=="], ["ok", ["1"]]),
        ("an unknown method", "Nothing", [],
         ["fault", {"faultCode": "-32601", "faultString": "no such method: Nothing"}]),
    ]
    for what, method, parameters, wanted in table:
        test.equal(await call(test, switch, method, *parameters), wanted, "%s: %s" % (name, what))
    got = await call(test, switch, "Rot13", 5)
    test.ok(got[0] == "fault" and got[1]["faultCode"] == "-32602" and "params[0]" in got[1]["faultString"],
            name + ": a wrong type", got)
    got = await call(test, switch, "Calc.Calculator.divide", 1, 0)
    test.ok(got[0] == "fault" and got[1]["faultCode"] == "1" and "DivisionByZero" in got[1]["faultString"],
            name + ": a declared exception", got)


async def perl_serves(test, switch):
    name = switch.server + ": Net::Jabber serves"
    argv, environment = peer(switch, "peer-c")
    server = await test.daemon([*argv, "serve"], "ready as", environment)
    to, options = switch.jid("peer-c", "perl"), [*switch.options("peer-a"), "--allow-plain"]
    for client in ("rot13-client", "rot13-dynamic"):
        ran = await test.call(client, *options, to, PLAIN)
        test.ok(ran.status == 0 and ran.out == TURNED + "\n", "%s %s" % (name, client), ran)
    # As it guesses: what looks like a number becomes one.
    table = [("text", "text"), ("-5", -5), ("1.5", 1.5),
             ('{"a": "x", "b": {"c": 1.25}}', {"a": "x", "b": {"c": 1.25}}),
             ('"12"', 12), ("true", 1), ('""', "")]
    ran = await test.call("jrpc", "call", *options, to, "echo", "--", *[text for text, _ in table])
    got = ran.json()
    if test.ok(isinstance(got, list) and len(got) == len(table), name +
               ": an array with one <data> for each value", ran):
        for (text, wanted), value in zip(table, got):
            test.equal(value, wanted, "%s: %s comes back" % (name, text))
    ran = await test.call("jrpc", "call", *options, to, "fail")
    test.ok(ran.status == 1 and "FAULT" in ran.err and "4711" in ran.err and "Net::Jabber says no" in ran.err,
            name + ": a fault", ran)
    ran = await test.call("jrpc", "call", *options, to, "missing")
    test.ok(ran.status == 1 and "404" in ran.err and "missing" in ran.err, name +
            ": its fault for an unknown method", ran)
    await server.end()


async def body(test):
    ran = await test.run("perl", "-MNet::Jabber", "-MIO::Socket::SSL", "-e",
                         "1") if shutil.which("perl") else None
    if ran is None or ran.status != 0:
        test.skip("Net::Jabber", "libnet-jabber-perl is not installed")
        return
    for name in test.servers():
        switch = await test.switch(name, "--mechanisms", "PLAIN", users=("peer-a", "peer-b", "peer-c"))
        for part in (perl_calls, perl_serves):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch)
        await switch.stop()


live.main(body)
