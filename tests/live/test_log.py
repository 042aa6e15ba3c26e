#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The logs of both sides at the most talkative level: one word finds a call in both, and no secret is in either."""
import base64
import re

import live
from live import CALC, PROBE, ROT13
from rawpeer import open_peer

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
ARGUMENT, RESULT = "secretargument", "frpergnethzrag"        # the one is rot13 of the other
COMPONENT, SECRET = "calc.localhost", "secret of the component"
TO = "peer-b@localhost/rpc"


def secrets(switch):
    """Passwords, in any way that a login could show them."""
    found = [SECRET, base64.b64encode(SECRET.encode()).decode()]
    for user in ("peer-a", "peer-b"):
        word = switch.password(user)
        found += [word, base64.b64encode(word.encode()).decode(),
                  base64.b64encode(("\0%s\0%s" % (user, word)).encode()).decode()]
    return found


def check_secrets(test, switch, name, *logs):
    text = "\n".join(logs)
    test.equal([word for word in secrets(switch) if word in text], [], name + ": no password")
    # SASL's first message of SCRAM begins with "n,,n=" or "y,,n=" in base64; a handshake is named by its element.
    test.equal(re.findall(r"biws\S*|eSws\S*|<auth\b|<response\b|<handshake\b|<challenge\b", text), [], name + ": nothing of a login")


def traced(**more):
    return live.clean_environment(TRACEPARENT="00-%s-00f067aa0ba902b7-01" % TRACE, **more)


async def call(test, options, *words, to=TO):
    return await test.call("jrpc", "call", *options, to, *words, environment=traced())


async def one_call(test, switch, options):
    """A good call, one whose fault quotes its argument, one that fails inside: what the two logs say."""
    server = await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost", *options, modules=(ROT13, CALC, PROBE))
    mine = [*switch.options("peer-a"), *options]
    good = await call(test, mine, "Rot13", ARGUMENT)
    bad = await call(test, mine, "Calc.Calculator.run", "1", '[{"op": "%s", "operand": 1}]' % ARGUMENT)
    failed = await call(test, mine, "Probe.fail")
    refused = await call(test, [*switch.options("peer-c"), *options], "Rot13", ARGUMENT)
    await server.end()
    return server.err, good, bad, failed, refused


def log_of(ran):
    """Without what the program itself says at its end."""
    return "\n".join(line for line in ran.err.splitlines() if re.match(r"jrpc: (debug|info|warning|error): ", line))


async def calls_are_found(test, switch):
    name = switch.server + ", redacted"
    log, good, bad, failed, refused = await one_call(test, switch, ["--log-level", "debug"])
    test.equal((good.status, good.json()), (0, RESULT), name + ": a call")
    said = re.search(r"call (\S+) to %s: Rot13: OK after \S+ ms, trace (\S+)" % TO, good.err)
    if test.ok(said, name + ": the caller's log has its id and its trace", good):
        test.equal(said.group(2), TRACE, name + ": the trace is that of TRACEPARENT")
        test.finds(r"call %s by peer-a@localhost/\S+: Rot13: OK after \S+ ms, trace %s" % (re.escape(said.group(1)), TRACE), log,
                   name + ": and so has the callee's")
    said = re.search(r"call (\S+) to %s: Probe.fail: " % TO, failed.err)
    if test.ok(said, name + ": one that fails, too", failed):
        test.finds(r"Probe.fail called by \S+ failed: .*incident.*\(call %s, trace %s\)" % (re.escape(said.group(1)), TRACE),
                   log, name + ": the incident has both")
    said = re.search(r"call (\S+) to %s: Rot13: REFUSED" % TO, refused.err)
    if test.ok(said, name + ": one that is refused, too", refused):
        test.finds(r"a call by peer-c@\S+ was refused: .*\(call %s" % re.escape(said.group(1)), log,
                   name + ": the refusal has the id")
    test.ok(ARGUMENT in bad.err and bad.status == 1, name + ": a fault quotes an argument to its caller", bad)
    logs = [log, *map(log_of, (good, bad, failed, refused))]
    test.ok(all(text for text in logs), name + ": there are logs", *logs)
    test.equal([word for word in (ARGUMENT, RESULT) for text in logs if word in text], [], name + ": no argument, no result")
    check_secrets(test, switch, name, *logs)


async def payloads_are_logged(test, switch):
    name = switch.server + ", --log-payloads"
    log, good, *more = await one_call(test, switch, ["--log-payloads"])
    said = re.search(r"call (\S+) to %s sends: .*%s" % (TO, ARGUMENT), good.err)
    if test.ok(said, name + ": the caller's log has the argument", good):
        number = re.escape(said.group(1))
        test.finds(r"call %s to %s is answered: .*%s" % (number, TO, RESULT), good.err, name + ": and the result")
        test.finds(r"peer-a@localhost/\S+ asks: .*%s.*\(call %s, trace %s\)" % (ARGUMENT, number, TRACE), log,
                   name + ": the callee's log has the argument")
        test.finds(r"peer-a@localhost/\S+ is answered: .*%s.*\(call %s, trace %s\)" % (RESULT, number, TRACE), log,
                   name + ": and the result")
    check_secrets(test, switch, name, log, *map(log_of, (good, *more)))


async def a_component(test, switch):
    """Its handshake is no payload."""
    name = switch.server + ": component"
    options = ["--log-payloads"]
    server = await test.serve(*switch.component_options(COMPONENT, SECRET), "--allow", "peer-a@localhost", *options,
                              modules=(ROT13,))
    ran = await call(test, [*switch.options("peer-a"), *options], "Rot13", ARGUMENT, to=COMPONENT)
    test.equal((ran.status, ran.json()), (0, RESULT), name + ": a call")
    await server.end()
    test.ok(ARGUMENT in server.err, name + ": it logs payloads", server.err)
    check_secrets(test, switch, name, server.err, log_of(ran))


async def a_line_of_chat(test, switch):
    """What a person types is an argument as well."""
    name = switch.server + ": a line of chat"
    server = await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost", "--log-level", "debug",
                              modules=(ROT13,))
    person = await open_peer(test, switch, "peer-a", "desk")
    person.send_raw("<message type='chat' to='%s'><body>Rot13 %s</body></message>" % (TO, ARGUMENT))
    await server.says(r"call .*by peer-a@localhost/desk: Rot13: OK")
    await server.end()
    test.ok(ARGUMENT not in server.err and RESULT not in server.err, name + ": is in no log", server.err)
    await person.close()


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, "--component", COMPONENT, "--secret", SECRET, users=("peer-a", "peer-b", "peer-c"))
        for part in (calls_are_found, payloads_are_logged, a_component, a_line_of_chat):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch)
        await switch.stop()


live.main(body, limit=300)
