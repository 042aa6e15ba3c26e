#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The main job: calls through real Jabber servers, by all the programs."""
import os
import re
import signal
import xml.etree.ElementTree as ET

import live
from live import CALC, NANTES, ROT13, clean_environment
from rawpeer import R, open_peer, reply_xml, response

SERVER = "peer-b@localhost/rpc"
CALC_LINES = """47 / 5 = 9, remainder 2
2 + 3 * 7 / 2 = 17.5, key by key
memory answer holds 42
no memory is named question
"""
PLAIN, TURNED = NANTES


def done(test, ran, out, name):
    test.ok(ran.status == 0 and ran.out == out and ran.err == "", name, ran, "expected %r" % out)


async def clients(test, switch, to, name, direct_tls=False):
    """Every client program against a server that hosts Rot13."""
    options = switch.options("peer-a", direct_tls=direct_tls)
    done(test, await test.call("rot13-client", *options, to, PLAIN), TURNED + "\n", name +
         ": the generated stub")
    done(test, await test.call("rot13-dynamic", *options, to, PLAIN), TURNED + "\n", name + ": rot13-dynamic")
    ran = await test.call("jrpc", "call", *options, to, "Rot13", PLAIN)
    done(test, ran, '"%s"\n' % TURNED, name + ": jrpc call")


async def modules(test, switch):
    """rpc-server with both modules: stubs, jrpc's commands, the end by a signal."""
    name = switch.server
    server = await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost")
    await clients(test, switch, SERVER, name + ": rpc-server")
    await clients(test, switch, SERVER, name + ": rpc-server, direct TLS", direct_tls=True)
    options = switch.options("peer-a")
    ran = await test.call("calc-client", *options, SERVER)
    done(test, ran, CALC_LINES, name + ": calc-client, all lines, the exception typed")
    ran = await test.call("jrpc", "call", *options, SERVER, "Calc.Calculator.run", "2",
                          '[{"op": "ADD", "operand": 3}, {"op": "MULTIPLY", "operand": 7.5}]')
    test.ok(ran.status == 0 and ran.json() == 37.5, name + ": jrpc call with structs and enums", ran)
    ran = await test.call("jrpc", "call", *options, SERVER, "Calc.Calculator.divide", "--", "-47", "5")
    test.ok(ran.status == 0 and ran.json() == {"quotient": -9, "remainder": -2}, name + ": out parameters",
            ran)
    ran = await test.call("jrpc", "call", *options, SERVER, "Calc.Calculator.divide", "1", "0")
    test.ok(ran.status == 1 and re.search(r"fault 1: .*Calc::DivisionByZero", ran.err),
            name + ": jrpc call shows an exception as fault 1 and its name", ran)
    await questions(test, options, name)
    status = await server.end(signal.SIGTERM)
    test.equal(status, 0, name + ": SIGTERM ends rpc-server with status 0")
    test.ok("error" not in server.err, name + ": and without complaint", server.err)


async def questions(test, options, name):
    """What jrpc can find out about a server."""
    ran = await test.call("jrpc", "list", *options, SERVER)
    methods = ran.out.split()
    wanted = {"Rot13", "Calc.Calculator.add", "Calc.Calculator.memories", "system.listMethods"}
    test.ok(ran.status == 0 and wanted <= set(methods), name + ": jrpc list", ran)
    ran = await test.call("jrpc", "list", "--json", *options, SERVER)
    test.ok(ran.status == 0 and ran.json() == methods, name + ": jrpc list --json names the same", ran)
    ran = await test.call("jrpc", "describe", *options, SERVER, "Rot13")
    test.ok(ran.status == 0 and ran.out.startswith("string Rot13(string)\n    Rotates ASCII letters"),
            name + ": jrpc describe shows types and the doc comment", ran)
    ran = await test.call("jrpc", "describe", "--json", *options, SERVER)
    described = ran.json()
    test.ok(ran.status == 0 and sorted(one["name"] for one in described) == sorted(methods),
            name + ": jrpc describe --json of all methods", ran)
    ran = await test.call("jrpc", "ping", *options, SERVER)
    test.ok(ran.status == 0 and re.fullmatch(r"answered after [0-9.]+ ms\n", ran.out), name + ": jrpc ping",
            ran)
    ran = await test.call("jrpc", "disco", *options, SERVER)
    test.ok(ran.status == 0 and "automation" in ran.out and "jabber:iq:rpc" in ran.out, name + ": jrpc disco",
            ran)


async def own_server(test, switch):
    """rot13-server: the skeleton in a program of its own."""
    name = switch.server
    for direct_tls in (False, True):
        options = switch.options("peer-b", "own", direct_tls)
        server = await test.daemon([live.program("rot13-server"), *options, "peer-a@localhost"], "ready as")
        how = ", direct TLS" if direct_tls else ""
        await clients(test, switch, switch.jid("peer-b", "own"), name + ": rot13-server" + how, direct_tls)
        test.equal(await server.end(), 0, name + ": SIGTERM ends rot13-server with status 0" + how)


async def component(test, switch):
    """rpc-server as an external component."""
    name = switch.server + ": component"
    server = await test.serve(*switch.component_options("calc.localhost", "s'<&\"x"), "--allow",
                              "peer-a@localhost")
    for to in ("calc.localhost", "calc.localhost/any", "anybody@calc.localhost/any"):
        ran = await test.call("rot13-client", *switch.options("peer-a"), to, PLAIN)
        done(test, ran, TURNED + "\n", "%s: a call to %s" % (name, to))
    ran = await test.call("calc-client", *switch.options("peer-a"), "calc.localhost")
    done(test, ran, CALC_LINES, name + ": calc-client")
    ran = await test.call("jrpc", "call", *switch.options("stranger"), "calc.localhost", "Rot13", "x")
    test.ok(ran.status == 1 and "REFUSED" in ran.err, name + ": a stranger is refused", ran)
    test.equal(await server.end(), 0, name + ": SIGTERM ends it with status 0")
    ran = await test.call("rpc-server", *switch.component_options("calc.localhost", "wrong"), "--module",
                          ROT13)
    test.ok(ran.status == 3 and "AUTH" in ran.err, name + ": a wrong secret is status 3, AUTH", ran)


def echo(request):
    """All parameters come back as one array, in the very words they were sent in."""
    values = request.findall("%squery/%smethodCall/%sparams/%sparam/%svalue" % (R, R, R, R, R))
    data = "".join(ET.tostring(value, encoding="unicode") for value in values)
    return reply_xml(request,
                     response("<params><param><value><array><data>%s</data></array></value></param></params>"
                                       % data))


ARGUMENTS = [
    ("0", 0), ("-1", -1), ("2147483647", 2147483647), ("2147483648", 2147483648),
    ("-9223372036854775808", -2 ** 63),
    ("1.5", 1.5), ("-0.001", -0.001), ("1e300", 1e300), ("true", True), ("false", False), ("null", None),
    ('"12"', "12"), ("hello", "hello"), ('""', ""), ("[]", []), ("{}", {}),
    ("[1, [2, [\"x\"]]]", [1, [2, ["x"]]]),
    ('{"a": 1, "b": {"c": [true, null]}, "": "empty name"}',
     {"a": 1, "b": {"c": [True, None]}, "": "empty name"}),
    ('{"$base64": "AAECAw=="}', {"$base64": "AAECAw=="}), ('{"$base64": ""}', {"$base64": ""}),
    ('{"$dateTime": "20241231T23:59:59"}', {"$dateTime": "20241231T23:59:59"}),
    ("Grüße, 世界 😀", "Grüße, 世界 😀"), ('"<&>\'\\" ]]> <x/>"', "<&>'\" ]]> <x/>"),
    ('"two\\nlines\\tand a tab"', "two\nlines\tand a tab"), ('"  kept  "', "  kept  "), ('" "', " "),
    ('"a < b && c > d"', "a < b && c > d"), ("&amp;", "&amp;"), ("x" * 60000, "x" * 60000),
]


async def arguments(test, switch):
    """JSON of each kind goes out and comes back unchanged."""
    peer = await open_peer(test, switch, "peer-c")
    peer.answerer = echo
    name = switch.server + ": jrpc call"
    to, options = switch.jid("peer-c"), switch.options("peer-a")
    words = [text for text, _ in ARGUMENTS]
    ran = await test.call("jrpc", "call", *options, to, "echo", "--", *words)
    got = ran.json()
    if test.ok(isinstance(got, list) and len(got) == len(words), name + ": all arguments come back", ran):
        for (text, wanted), value in zip(ARGUMENTS, got):
            same = value == wanted and type(value) is type(wanted)
            test.ok(same, "%s: argument %.40s" % (name, ascii(text)), "got %.200r" % (value,),
                    "expected %.200r" % (wanted,))
    ran = await test.call("jrpc", "call", *options, to, "echo")
    test.ok(ran.status == 0 and ran.json() == [], name + ": without arguments", ran)
    ran = await test.call("jrpc", "call", *options, to, "echo", '{"a": ')
    test.ok(ran.status == 2 and "argument 1" in ran.err, name +
            ": bad JSON is status 2 and says which argument", ran)
    ran = await test.call("jrpc", "call", *options, "--timeout", "50s", to, "echo", "y" * 125000, limit=60)
    test.ok(ran.status == 0 and ran.json() == ["y" * 125000], name + ": 125 KB in one argument",
            str(ran)[:500])
    ran = await test.call("jrpc", "call", *options, to, "echo", "y" * 65600, "y" * 65600)
    test.ok(ran.status == 1 and "TOO_LARGE" in ran.err and "131072" in ran.err,
            name + ": more than a stanza may hold is TOO_LARGE, and names the limit", str(ran)[-500:])
    await peer.close()


async def passwords(test, switch):
    """Where the password may come from."""
    name = switch.server + ": password"
    options = switch.options("peer-a")
    at = options.index("--password-file")
    path, rest = options[at + 1], options[:at] + options[at + 2:]
    call = ("jrpc", "ping", *rest, "localhost")
    secret = switch.password("peer-a")
    ran = await test.call(*call, environment=clean_environment(JRPC_PASSWORD=secret))
    test.ok(ran.status == 0, name + " from JRPC_PASSWORD", ran)
    ran = await test.call(*call, environment=clean_environment(JRPC_PASSWORD_FILE=path))
    test.ok(ran.status == 0, name + " from JRPC_PASSWORD_FILE", ran)
    variables = {"JRPC_" + key[2:].upper().replace("-", "_"): value for key,
                 value in zip(options[::2], options[1::2])}
    ran = await test.call("jrpc", "ping", "localhost", environment=clean_environment(**variables))
    test.ok(ran.status == 0, name + ": every option from the environment", ran)
    config = os.path.join(test.folder, "settings")
    with open(config, "w", encoding="utf-8") as file:
        file.write("# a comment\n\n")
        for key, value in zip(options[::2], options[1::2]):
            file.write("%s = %s\n" % (key[2:], value))
    ran = await test.call("jrpc", "ping", "--config", config, "localhost")
    test.ok(ran.status == 0, name + ": every option from a configuration file", ran)
    os.chmod(path, 0o644)
    ran = await test.call(*call, "--password-file", path)
    test.ok(ran.status in (2, 3) and path in ran.err and "others" in ran.err,
            name + " file that others may read is refused", ran)
    os.chmod(path, 0o600)
    ran = await test.call(*call, "--password-file", path + ".none")
    test.ok(ran.status in (2, 3) and path + ".none" in ran.err, name + " file that is not there is named",
            ran)
    ran = await test.call(*call)
    test.ok(ran.status == 2 and "password" in ran.err, name + " missing is status 2", ran)
    ran = await test.call(*call, "--password", secret)
    test.ok(ran.status == 2, name + " on the command line is no option", ran)


async def server_configuration(test, switch):
    """rpc-server by a configuration file alone."""
    config = os.path.join(test.folder, "server.conf")
    options = switch.options("peer-b")
    with open(config, "w", encoding="utf-8") as file:
        for key, value in zip(options[::2], options[1::2]):
            file.write("%s = %s\n" % (key[2:], value))
        file.write("module = %s\nmodule = %s\nallow = *@localhost\nworkers = 2\n" % (ROT13, CALC))
    server = await test.serve("--config", config, modules=())
    await clients(test, switch, SERVER, switch.server + ": rpc-server --config")
    test.equal(await server.end(signal.SIGINT), 0, switch.server + ": SIGINT ends it with status 0")


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, "--component", "calc.localhost", "--secret", "s'<&\"x",
                                   users=("peer-a", "peer-b", "peer-c", "stranger"))
        for part in (modules, own_server, component, arguments, passwords, server_configuration):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch, limit=120)
        await switch.stop()


live.main(body, limit=500)
