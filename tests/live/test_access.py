#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who may call what: access lists by file, read again while the server runs."""
import json
import os
import signal

import live
from live import CALC, PROBE, ROT13, program
from rawpeer import open_peer, param

SERVER = "peer-b@localhost/rpc"
LIST = """
group readers = peer-c@localhost
allow peer-a@localhost Rot13 Calc.*
deny  *@localhost Rot13
allow @readers @read Calc.Calculator.add
allow "desk@localhost/at home" Rot13      # never gets here: the rule above comes first
"""


def write(test, text):
    path = os.path.join(test.folder, "list.acl")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


async def says(test, switch, user, method, *arguments):
    """The result of a call, or REFUSED and so on."""
    ran = await test.call("jrpc", "call", *switch.options(user, "x"), SERVER, method, *arguments)
    return ran.out.strip() if ran.status == 0 else ran.err.split(": ")[3:4][0] if ran.err.count(": ") > 3 else ran.err


async def names(test, switch, user):
    ran = await test.call("jrpc", "list", *switch.options(user, "x"), "--json", SERVER)
    return [name for name in ran.json() if not name.startswith("system.")] if ran.status == 0 else ran.err


async def rules(test, switch, server):
    name = switch.server
    table = [
        ("peer-a", "Rot13", ["Nantes"], '"Anagrf"'),
        ("peer-a", "Calc.Calculator.add", ["2", "3"], "5"),
        ("peer-a", "Probe.text_of", ["3"], "REFUSED"),
        ("peer-a", "NoSuchMethod", [], "REFUSED"),
        ("peer-a", "Calc.NoSuchMethod", [], "NO_SUCH_METHOD"),
        ("peer-c", "Rot13", ["Nantes"], "REFUSED"),
        ("peer-c", "Calc.Calculator.add", ["2", "3"], "5"),
        ("peer-c", "Probe.text_of", ["3"], '"ttt"'),
        ("stranger", "Rot13", ["Nantes"], "REFUSED"),
        ("stranger", "system.listMethods", [], "REFUSED"),
    ]
    for user, method, arguments, expected in table:
        test.equal(await says(test, switch, user, method, *arguments), expected,
                   "%s: %s calls %s" % (name, user, method))
    calc = ["Calc.Calculator." + method for method in ("add", "divide", "memories", "recall", "run", "store")]
    test.equal(await names(test, switch, "peer-a"), calc + ["Rot13"], name + ": a caller is shown what it may call")
    test.equal(await names(test, switch, "peer-c"), ["Calc.Calculator.add", "Probe.text_of"],
               name + ": and another one what that one may")
    test.finds(r"info: audit: peer-a@localhost/x calls Rot13: allowed by \S+/list.acl:3: allow peer-a", server.err,
               name + ": the audit log names the rule")
    test.finds(r"info: audit: peer-c@localhost/x calls Rot13: refused by \S+/list.acl:4: deny ", server.err,
               name + ": the audit log has refusals")


async def stanzas(test, switch, server):
    """On the wire: forbidden, of type auth, with no more than that."""
    name = switch.server
    peer = await open_peer(test, switch, "peer-a", "raw")
    for method in ("Probe.echo", "NoSuchMethod"):
        answer = await peer.call(SERVER, method, param("<int>not a number</int>"))
        test.equal((answer.type, answer.error_type, answer.condition, answer.text), ("error", "auth", "forbidden", None),
                   "%s: %s is answered with forbidden" % (name, method))
    answer = await peer.call(SERVER, "x\nrpc-server: info: audit: forged")
    test.equal(answer.code, -32600, name + ": what is no name is told so")
    test.ok("audit: forged" not in server.err, name + ": and is not in the log", server.err)
    await peer.close()


async def reload(test, switch, server):
    """The same process goes by another list; a wrong one changes nothing."""
    name = switch.server
    path = write(test, "allow stranger@localhost Rot13\n")
    server.process.send_signal(signal.SIGHUP)
    await server.says(r"rpc-server: \S+/list.acl is in force")
    test.equal(await says(test, switch, "stranger", "Rot13", "Nantes"), '"Anagrf"', name + ": the new list is in force")
    test.equal(await says(test, switch, "peer-a", "Rot13", "Nantes"), "REFUSED", name + ": the old one is not")
    write(test, "allow * *\nalow stranger@localhost Rot13\n")
    server.process.send_signal(signal.SIGHUP)
    await server.says(r'the old access list stays: INVALID: \S+/list.acl:2: "alow": expected allow, deny or group')
    test.equal(await says(test, switch, "peer-a", "Rot13", "Nantes"), "REFUSED", name + ": a wrong list opens no door")
    test.equal(await says(test, switch, "stranger", "Rot13", "Nantes"), '"Anagrf"',
               name + ": a wrong list locks nobody out")
    os.unlink(path)
    server.process.send_signal(signal.SIGHUP)
    await server.says(r"the old access list stays: IO: \S+/list.acl: No such file or directory")
    test.equal(await says(test, switch, "stranger", "Rot13", "Nantes"), '"Anagrf"', name + ": so does a missing one")
    test.equal(await server.end(), 0, name + ": it ends with status 0")


async def dry_run(test):
    path = write(test, LIST)

    async def acl(*arguments):
        return await test.run(program("jrpc"), "acl", *arguments)
    ran = await acl(path, "peer-a@localhost/x", "Rot13")
    test.equal((ran.status, ran.out), (0, "allowed: %s:3: allow peer-a@localhost Rot13 Calc.*\n" % path),
               "jrpc acl: allowed, with the rule")
    ran = await acl("--json", path, "peer-c@localhost/x", "Probe.text_of", "read")
    test.equal((ran.status, json.loads(ran.out)),
               (0, {"allowed": True, "rule": path + ":5: allow @readers @read Calc.Calculator.add"}), "jrpc acl --json")
    ran = await acl(path, "peer-c@localhost/x", "Probe.text_of")
    test.equal((ran.status, ran.out), (1, "refused: no rule matches\n"), "jrpc acl: refused is status 1")
    ran = await acl(path)
    test.equal((ran.status, ran.out, ran.err), (0, "", ""), "jrpc acl: a good list is status 0")
    ran = await acl(write(test, "allow peer-a@localhost\n"))
    test.equal((ran.status, ran.err), (2, "jrpc: INVALID: %s:1: expected: allow CALLER METHOD...\n" % path),
               "jrpc acl: a wrong list is status 2, with file and line")


async def wrong_at_start(test, switch):
    path = write(test, "allow * Rot13\n\ndeny nobody@ *\n")
    ran = await test.call("rpc-server", *switch.options("peer-b"), "--module", ROT13, "--acl", path)
    test.ok(ran.status == 2 and "%s:3: \"nobody@\" is not a caller's address" % path in ran.err,
            switch.server + ": a wrong list at the start is status 2, with file and line", ran)


async def body(test):
    await test.case("jrpc acl", dry_run, test)
    for name in test.servers():
        switch = await test.switch(name, users=("peer-a", "peer-b", "peer-c", "stranger"))
        server = await test.serve(*switch.options("peer-b"), "--acl", write(test, LIST), "--audit",
                                  modules=(ROT13, CALC, PROBE))
        for part in (rules, stanzas, reload):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch, server, limit=120)
        await test.case(name + ": wrong at start", wrong_at_start, test, switch)
        await switch.stop()


live.main(body, limit=500)
