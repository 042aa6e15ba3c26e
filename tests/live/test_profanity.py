#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A person in a terminal: profanity finds the commands, fills their forms, and types lines of chat.

--transcript FILE writes what the terminal shows: doc/commands.txt is made so.
"""
import sys

import live
from live import CALC, NANTES, ROT13
from terminal import Profanity, is_installed

SERVER = "peer-b@localhost/rpc"


INTRODUCTION = """\
Methods in a chat client
========================

Whoever may call a method needs no program for it: rpc-server offers its methods as ad-hoc commands with forms, and
answers lines of chat; rpc-server(8), COMMANDS, says how values are written. This is what profanity, a client for the
terminal, shows of a server that hosts the samples rot13 and calc. What was typed is behind >.


"""


class Transcript:
    """What was typed, and the lines that the screen got by it."""

    def __init__(self):
        self.text = INTRODUCTION

    def add(self, title, typed, screen, begin):
        """begin: the text of the first line of the screen that matters."""
        lines = screen.splitlines()
        body = [line for line in lines[1:-1] if line.strip(" -!")]
        first = next((i for i, line in enumerate(body) if begin in line), 0)
        entered = "".join("    > %s\n" % line for line in typed)
        self.text += "%s\n\n%s%s%s\n\n\n" % (title, entered, entered and "\n",
                                            "\n".join("    " + line for line in body[first:]))


async def forms(test, switch, client, transcript):
    name = switch.server + ": "
    typed = "/cmd list " + SERVER
    await client.type(typed)
    screen = await client.shows(r"Rot13")
    test.ok("Calc.Calculator.add" in screen, name + "the client finds the commands", screen)
    transcript.add("The methods of a server, as a list of commands:", [typed], screen, "Ad hoc commands")
    typed = "/cmd exec Rot13 " + SERVER
    await client.type(typed)
    screen = await client.shows(r"\[field1\] text \(string\)")
    test.ok("Rotates ASCII letters" in screen, name + "it shows the form of Rot13", screen)
    transcript.add("The form of one:", [typed], screen, "Form title")
    typed = ['/field1 "%s"' % NANTES[0], "/form submit"]
    for line in typed:
        await client.type(line)
    screen = await client.shows(r"result: ")
    test.finds(r"result: %s\n" % NANTES[1], screen, name + "and the result")
    transcript.add("It is filled in and sent; the result comes as a form:", typed, screen, "Form title")
    await client.type("/form cancel")
    await client.type("/win 1")
    screen = await client.shows(r"Rot13 completed")
    test.finds(NANTES[1], screen, name + "which is a text as well")
    transcript.add("and as a text:", ["/win 1"], screen, "Execute Rot13")


async def mistake(test, switch, client, transcript):
    name = switch.server + ": "
    typed = ["/cmd exec Calc.Calculator.add " + SERVER, "/field1 40", "/field2 two", "/form submit"]
    await client.type(typed[0])
    await client.shows(r"\[field2\] b \(long\)")
    for line in typed[1:]:
        await client.type(line)
    screen = await client.shows(r"b: 'two' is not an integer")
    transcript.add("What is wrong comes back, with the reason:", typed, screen, "Form title")
    test.finds(r"\[field1\] a \(long\) \(required\): 40", screen, name + "a wrong form comes back, with what was right")
    for line in ("/field2 2", "/form submit"):
        await client.type(line)
    test.finds(r"result: 42\n", await client.shows(r"result: "), name + "and is corrected")
    await client.type("/form cancel")


async def chat(test, switch, client, transcript):
    name = switch.server + ": "
    await client.type("/msg peer-b@localhost")
    typed = ['Rot13 "%s"' % NANTES[0], "Calc.Calculator.divide 47 5", "add 1 2", "help Calc.Calculator.add", "$(reboot)"]
    expected = [NANTES[1], r"remainder: 2", r"Did you mean Calc.Calculator.add\?", r"result: long long",
                r'There is no method "\$\(reboot\)" here; help lists those that there are']
    for line, pattern in zip(typed, expected):
        await client.type(line)
        screen = await client.shows(pattern)
        test.ok(True, name + "typed as a line of chat: " + line)
    transcript.add("The same without forms, in a chat window (/msg peer-b@localhost):", [], screen, "Rot13")


async def main(test):
    if not is_installed("profanity", "tmux", "openssl"):
        test.skip("profanity", "profanity or tmux is not installed")
        return
    transcript = Transcript()
    for server in test.servers():
        transcript = Transcript()
        switch = await test.switch(server, users=("peer-b", "ann"))
        await test.serve(*switch.options("peer-b"), "--allow", "ann@localhost", modules=(ROT13, CALC))
        client = await Profanity(test, switch, "ann").open()
        for part in (forms, mistake, chat):
            await test.case("%s: %s" % (server, part.__name__), part, test, switch, client, transcript, limit=120)
        await client.end()
        await switch.stop()
    if sys.argv[1:2] == ["--transcript"]:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            file.write(transcript.text.rstrip("\n") + "\n")


if __name__ == "__main__":
    live.main(main, limit=400)
