#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""People run methods: ad-hoc commands with forms, lines of chat, lines of the command line tool."""
import os

import live
from live import CALC, NANTES, PROBE, ROT13, program
from person import Person, silent

SERVER = "peer-b@localhost/rpc"
BARE = "peer-b@localhost"
COMMANDS = "http://jabber.org/protocol/commands"
X = "{jabber:x:data}"


class Clicker(Person):
    """A person whose client knows ad-hoc commands and forms: slixmpp's own."""

    def __init__(self, switch, user, resource="desk"):
        super().__init__(switch, user, resource)
        for plugin in ("xep_0030", "xep_0004", "xep_0050"):
            self.register_plugin(plugin)

    async def commands(self, to=SERVER):
        answer = await self["xep_0050"].get_commands(to, timeout=20)
        return {node: name for _, node, name in answer["disco_items"]["items"]}

    async def command(self, node, values=None, session=None, action="execute", to=SERVER):
        """Sends a form if there are values; the command element of the answer."""
        form = None
        if values is not None:
            form = self["xep_0004"].make_form(ftype="submit")
            for name, value in values.items():
                form.add_field(var=name, value=value, ftype="text-multi" if isinstance(value, list) else None)
        answer = await self["xep_0050"].send_command(to, node, action=action, payload=form, sessionid=session,
                                                     timeout=20)
        return answer["command"]

    async def fails(self, *arguments, **more):
        """The condition of the error that a command ends in."""
        from slixmpp.exceptions import IqError
        try:
            await self.command(*arguments, **more)
        except IqError as error:
            return error.condition
        return None


async def open_clicker(test, switch, user):
    person = Clicker(switch, user)
    await person.open()
    person.send_presence()
    test.stack.push_async_callback(person.close)
    return person


def note(command):
    found = command.xml.find("{%s}note" % COMMANDS)
    return None if found is None else (found.get("type"), found.text)


def fields(command):
    """Of its form: name -> (type, values)."""
    return {field.get("var"): (field.get("type"), [value.text or "" for value in field.findall(X + "value")])
            for field in command.xml.findall("%sx/%sfield" % (X, X))}


async def forms(test, switch):
    name = switch.server + ": "
    server = await test.serve(*switch.options("peer-b"), "--allow", "ann@localhost", modules=(ROT13, CALC, PROBE))
    ann = await open_clicker(test, switch, "ann")
    info = await ann["xep_0030"].get_info(SERVER, timeout=20)
    test.ok(COMMANDS in info["disco_info"]["features"], name + "the server announces commands", info)
    found = await ann.commands()
    test.equal(found.get("Rot13"), "Rot13: Rotates ASCII letters by 13 places, and leaves all other characters alone. "
               "Twice gives the text back.", name + "the list of commands has each method with its help")
    test.ok("Calc.Calculator.add" in found and "Probe.block" not in found and
            not [node for node in found if node.startswith("system.")],
            name + "but those that the IDL keeps from people", found)
    first = await ann.command("Rot13")
    test.equal((first["status"], fields(first)), ("executing", {"text": ("text-single", [])}),
               name + "a command begins with its form")
    done = await ann.command("Rot13", {"text": NANTES[0]}, first["sessionid"], "complete")
    test.equal((done["status"], note(done), fields(done)),
               ("completed", ("info", NANTES[1]), {"result": ("text-single", [NANTES[1]])}),
               name + "and ends in the result, as text and as form")
    await kinds(test, name, ann)
    await mistakes(test, name, ann)
    await hostile(test, switch, name, ann)
    await ann.close()
    test.equal(await server.end(), 0, name + "the server ends as it should")


async def kinds(test, name, ann):
    """Structures, several results, none, faults, tables."""
    steps = '[{"op": "ADD", "operand": 2}, {"op": "MULTIPLY", "operand": 3.5}]'
    done = await ann.command("Calc.Calculator.run", {"start": "1", "steps": steps})
    test.equal(note(done), ("info", "10.5"), name + "a sequence of structs is JSON")
    done = await ann.command("Calc.Calculator.divide", {"dividend": "-47", "divisor": "5"})
    test.equal((note(done), fields(done)),
               (("info", "quotient: -9\nremainder: -2"),
                {"quotient": ("text-single", ["-9"]), "remainder": ("text-single", ["-2"])}),
               name + "several results")
    done = await ann.command("Calc.Calculator.divide", {"dividend": "1", "divisor": "0"})
    test.equal((done["status"], note(done)[0], note(done)[1].splitlines()[0]),
               ("completed", "error", 'Fault 1: Calc::DivisionByZero {"step": 0}'), name + "an exception is shown as such")
    for memory in ("one", "two"):
        done = await ann.command("Calc.Calculator.store", {"name": memory, "value": "1.5"})
        test.equal((note(done), fields(done)), (("info", "Done."), {}), name + "a method without result")
    done = await ann.command("Calc.Calculator.memories")
    rows = [[field.findtext(X + "value") for field in row] for row in done.xml.iter(X + "item")]
    test.equal(sorted(rows), [["one", "1.5"], ["two", "1.5"]], name + "a sequence of structs comes as a table")
    done = await ann.command("Probe.refuse")
    test.equal((note(done)[0], note(done)[1][:8]), ("error", "Fault 77"), name + "a fault")
    done = await ann.command("Probe.fail")
    test.finds("^Fault -32603: internal error \\(incident [0-9a-f]{16}\\)$", note(done)[1], name + "what fails inside")


async def mistakes(test, name, ann):
    first = await ann.command("Calc.Calculator.add")
    again = await ann.command("Calc.Calculator.add", {"a": "40", "b": "two"}, first["sessionid"], "complete")
    test.equal((again["status"], note(again), fields(again)["a"][1]),
               ("executing", ("error", "b: 'two' is not an integer"), ["40"]),
               name + "a wrong form comes back, with the error and what was right")
    done = await ann.command("Calc.Calculator.add", {"a": "40", "b": "2"}, first["sessionid"], "complete")
    test.equal(note(done), ("info", "42"), name + "and can be corrected")
    test.equal(await ann.fails("Calc.Calculator.add", {"a": "40", "b": "2"}, first["sessionid"], "complete"), "bad-request",
               name + "then it is over")
    first = await ann.command("Rot13")
    test.equal(await ann.fails("Rot13", None, first["sessionid"], "prev"), "bad-request", name + "there is no stage before")
    test.equal((await ann.command("Rot13", None, first["sessionid"], "cancel"))["status"], "canceled",
               name + "a command can be cancelled")
    test.equal(await ann.fails("Rot14"), "item-not-found", name + "an unknown command")
    test.equal(await ann.fails("Probe.block", {"milliseconds": "1"}), "item-not-found", name + "one that is kept from people")


async def hostile(test, switch, name, ann):
    mallory = await open_clicker(test, switch, "mallory")
    test.equal(await mallory.fails("Rot13"), "forbidden", name + "a stranger runs nothing")
    answer = await mallory.ask(SERVER, "<query xmlns='http://jabber.org/protocol/disco#items' node='%s'/>" % COMMANDS, "get")
    test.equal(answer.condition, "forbidden", name + "and learns nothing")
    await mallory.close()
    big = "x" * 100000
    done = await ann.command("Rot13", {"text": big})
    test.equal((fields(done)["result"][1], note(done)[1][-15:]), (["k" * 100000], " ... (cut here)"), name + "a form of 100 KB")
    again = await ann.command("Calc.Calculator.add", {"a": big, "b": "1"})
    test.equal((again["status"], note(again)[0]), ("executing", "error"), name + "a wrong one of 100 KB")
    again = await ann.command("Rot13", {"text": "x", "text2": "y", "\u202e<b>": "z"})
    test.equal(note(again)[0], "error", name + "unknown fields")
    done = await ann.command("Rot13", {"text": "$(reboot) `id` ; rm -rf / & <b>&amp;</b> \u202e"})
    test.equal(note(done)[1], "$(erobbg) `vq` ; ez -es / & <o>&nzc;</o> \u202e", name + "text is nothing but text")
    for _ in range(20):
        first = await ann.command("Rot13")
    done = await ann.command("Rot13", {"text": "a"}, first["sessionid"], "complete")
    test.equal(note(done), ("info", "n"), name + "forms that are left alone do not pile up")


async def chat(test, switch):
    name = switch.server + ": "
    server = await test.serve(*switch.options("peer-b"), "--allow", "ann@localhost", "--allow", "flo@localhost",
                              modules=(ROT13, CALC, PROBE))
    ann = await open_clicker(test, switch, "ann")
    ann.say(BARE, 'Rot13 "%s"' % NANTES[0], thread="t-1", subject="S")
    got = await ann.hears()
    test.equal((str(got["from"]), got["type"], got["thread"], got["body"]), (SERVER, "chat", "t-1", NANTES[1]),
               name + "a line typed to the account is a call")
    answer = await ann.asks(SERVER, "help")
    test.ok("\nRot13 text: Rotates ASCII letters" in answer and "Probe.block" not in answer and "system." not in answer,
            name + "help lists the methods", answer)
    test.equal(await ann.asks(SERVER, "help Calc.Calculator.divide"),
               "Calc.Calculator.divide dividend divisor\nDivides whole numbers: dividend = divisor * quotient + remainder.\n"
               "  dividend: long\n  divisor: long\nIt answers:\n  quotient: long\n  remainder: long\n"
               "It may fail with:\n  Calc::DivisionByZero: A number was divided by zero.", name + "help says more of one")
    test.finds(r'\n  steps: Calc::Program, at most 100 elements\n    JSON, like \[{"op": "ADD", "operand": 0.0}, \.\.\.\]\n',
               await ann.asks(SERVER, "help Calc.Calculator.run"), name + "and shows how structures are typed")
    trap = os.path.join(test.folder, "trap")
    for line, answer in (
            ("Calc.Calculator.add -2 44", "42"),
            ('Calc.Calculator.run 1 [{"op": "ADD", "operand": 2}]', "3.0"),
            ("Calc.Calculator.divide 47 5", "quotient: 9\nremainder: 2"),
            ("Probe.take_numbers 1 2.5 yes", "Done."),
            ("Calc.Calculator.add 1", "Calc.Calculator.add takes 2 arguments: a (long), b (long); got 1"),
            ("Calc.Calculator.add 1 two", "argument 2, b: 'two' is not an integer; expected long"),
            ("add 1 2", 'There is no method "add" here. Did you mean Calc.Calculator.add?'),
            ("Probe.block 1", 'There is no method "Probe.block" here; help lists those that there are.'),
            ("echo; touch %s" % trap, 'There is no method "echo;" here; help lists those that there are.'),
            ("$(reboot)", 'There is no method "$(reboot)" here; help lists those that there are.'),
            ("Rot13 \"$(touch %s)\"" % trap, None)):
        heard = await ann.asks(SERVER, line)
        test.ok(answer is None or heard == answer, name + line.replace(trap, "FILE"), repr(heard), repr(answer))
    test.ok(not os.path.exists(trap), name + "nothing of it was run")
    await annoy(test, switch, name, ann, server)
    await ann.close()
    await server.end()


async def annoy(test, switch, name, ann, server):
    mallory = await open_clicker(test, switch, "mallory")
    mallory.say(SERVER, "Rot13 hello")
    test.equal(await silent(mallory, SERVER, ann), [], name + "a stranger's line is not answered")
    await mallory.close()
    ann.say(SERVER, "Rot13 " + "a" * 100000)
    got = await ann.hears()
    test.ok(got["type"] == "error" and "policy-violation" in str(got.xml[-1][0].tag), name + "a line of 100 KB comes back",
            [child.tag for child in got.xml.iter()])
    flo = await open_clicker(test, switch, "flo")       # nobody else gets what comes late
    for number in range(100):
        flo.say(SERVER, "Calc.Calculator.add %d 0" % number)
    answers = []
    while True:
        got = await flo.hears(60)
        if got["type"] == "error":
            break
        answers.append(got["body"])
    # They run at the same time; what is refused may overtake an answer or two.
    test.ok(got["error"]["condition"] == "resource-constraint" and len(set(answers)) == len(answers) and
            set(answers) <= {str(number) for number in range(100)}, name + "a flood is answered, then refused", answers)
    test.ok(server.runs() and len(answers) <= 64, name + "it bears that", len(answers))
    await flo.close()


async def rules(test, switch):
    """The access list holds for people too; and all of it can be turned off."""
    name = switch.server + ": "
    path = os.path.join(test.folder, "acl")
    with open(path, "w", encoding="utf-8") as file:
        file.write("allow ann@localhost Rot13\nallow bob@localhost Calc.*\n")
    server = await test.serve(*switch.options("peer-b"), "--acl", path)
    ann = await open_clicker(test, switch, "ann")
    test.equal(sorted(await ann.commands()), ["Rot13"], name + "the list shows what one may call")
    test.equal(await ann.fails("Calc.Calculator.add"), "forbidden", name + "what one may not is refused")
    test.equal(await ann.asks(SERVER, "Calc.Calculator.add 1 2"),
               'There is no method "Calc.Calculator.add" here; help lists those that there are.', name + "in chat as well")
    test.equal(await ann.asks(SERVER, "Rot13 a"), "n", name + "what one may is not")
    await server.end()
    server = await test.serve(*switch.options("peer-b"), "--allow", "ann@localhost", "--commands", "none")
    info = await ann["xep_0030"].get_info(SERVER, timeout=20)
    test.ok(COMMANDS not in info["disco_info"]["features"], name + "--commands none", info)
    test.equal(await ann.fails("Rot13"), "service-unavailable", name + "then there are no commands")
    ann.say(SERVER, "Rot13 a")
    test.equal(await silent(ann, SERVER), [], name + "and no lines")
    await server.end()
    server = await test.serve(*switch.options("peer-b"), "--allow", "ann@localhost", "--commands", "lines")
    test.equal(await ann.fails("Rot13"), "service-unavailable", name + "--commands lines: no forms")
    test.equal(await ann.asks(SERVER, "Rot13 a"), "n", name + "but lines")
    await server.end()
    ran = await test.call("rpc-server", *switch.options("peer-b"), "--module", ROT13, "--commands", "some")
    test.ok(ran.status == 2 and "--commands some: expected forms, lines, all or none" in ran.err, name + "--commands some", ran)
    await ann.close()


async def lines(test, switch):
    """jrpc call without a method calls what stands in the lines of standard input."""
    await test.serve(*switch.options("peer-b"), "--allow", "ann@localhost")
    path = os.path.join(test.folder, "lines")
    with open(path, "w", encoding="utf-8") as file:
        file.write("# a comment, and an empty line\n\n"
                   'Rot13 "%s"\nRot13 hello\nCalc.Calculator.add -2 44\n'
                   "Calc.Calculator.run 1 [{\"op\": \"ADD\", \"operand\": 2}]\n"
                   "Rot13 \"open\nNope\nRot13 last" % NANTES[0])
    ran = await test.run("sh", "-c", 'exec "$@" < ' + path, "sh", program("jrpc"), "call",
                         *switch.options("ann"), SERVER)
    name = switch.server + ": "
    test.equal(ran.status, 1, name + "the exit status is that of the last line that failed")
    test.equal(ran.out.splitlines(), ['"%s"' % NANTES[1], '"uryyb"', "42", "3.0", '"ynfg"'],
               name + "each line is called, each result is a line")
    test.finds(r"jrpc: line 7: INVALID: the quotes are not closed, at character 8: open\n", ran.err,
               name + "a mistake has a place")
    test.finds(r"jrpc: line 8: .*no such method: Nope", ran.err, name + "so has an error of the other side")


async def main(test):
    for server in test.servers():
        switch = await test.switch(server, users=("peer-b", "ann", "bob", "flo", "mallory"))
        for part in (forms, chat, rules, lines):
            await test.case("%s: %s" % (server, part.__name__), part, test, switch, limit=120)
        await switch.stop()


if __name__ == "__main__":
    live.main(main, limit=600)
