#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A person in a terminal: profanity finds the commands, fills their forms, types lines of chat, and talks to the bots.

What the terminal shows must be doc/commands.txt but for its numbers; --transcript FILE writes it anew.
"""
import difflib
import os
import re
import sys

import live
from live import CALC, NANTES, ROT13, SOURCE, program
from terminal import Profanity, is_installed

SERVER = "peer-b@localhost/rpc"
UPTIME = "uptime@localhost/uptime"


INTRODUCTION = """\
Methods in a chat client
========================

Whoever may call a method needs no program for it: rpc-server offers its methods as ad-hoc commands with forms, and
answers lines of chat; rpc-server(8), COMMANDS, says how values are written. This is what profanity, a client for the
terminal, shows of a server that hosts the samples rot13 and calc, and of the bots of the samples uptime and build. What
was typed is behind > and me:.


"""


class Transcript:
    """What was typed, and the lines that the screen got by it."""

    def __init__(self):
        self.text = INTRODUCTION

    def add(self, title, typed, screen, begin):
        """begin: the text of the first line of the screen that matters."""
        lines = screen.splitlines()
        # Behind the status bar may still be what was typed last.
        bars = [i for i, line in enumerate(lines) if re.match(r" ann@localhost/chat +[-\[\]\d]+$", line)]
        body = [line for line in lines[1:bars[-1] if bars else len(lines)] if line.strip(" -!")]
        first = next((i for i, line in enumerate(body) if begin in line), 0)
        entered = "".join("    > %s\n" % line for line in typed)
        self.text += "%s\n\n%s%s%s\n\n\n" % (title, entered, entered and "\n",
                                            "\n".join("    " + line for line in body[first:]))

    def whole(self):
        return self.text.rstrip("\n") + "\n"


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


async def uptime(test, switch, client, transcript):
    """samples/uptime: the bot is a contact, whose presence shows the load, and warns."""
    name = switch.server + ": "
    bot = await test.daemon([program("uptime-bot"), *switch.options("uptime", "uptime"), "ann@localhost"], r"ready as")
    await client.type("/win 1")
    await client.type("/clear")
    typed = ["/roster add uptime@localhost", "/sub request uptime@localhost", "/sub allow uptime@localhost"]
    for line, pattern in zip(typed, (r"Roster item added: uptime@localhost", r"authorization request from uptime@localhost",
                                     r"Accepted subscription for uptime@localhost")):
        await client.type(line)
        screen = await client.shows(pattern)
    transcript.add("The bot of samples/uptime is a contact,", typed, screen, "Roster item added")
    typed = "/status get uptime@localhost"
    screen = await client.answers(typed, r"online.*load \d+\.\d, \d+\.\d")
    test.ok(True, name + "the bot's presence shows the load")
    transcript.add("whose presence shows the load of its machine:", [typed], screen, "uptime@localhost")
    await client.type("/msg uptime@localhost")
    for line, pattern in (("help", r"start NUMBER"), ("start 0", r"The load is \d+\.\d\d; you asked for 0"),
                          ("status", r"You are told when it comes to 0"), ("stop", r"I tell you no more")):
        await client.type(line)
        screen = await client.shows(pattern)
        test.ok(True, name + "said to the uptime bot: " + line)
    transcript.add("It is told when to warn, and warns (/msg uptime@localhost):", [], screen, "help")
    test.equal(await bot.end(), 0, name + "the uptime bot ends")


async def build(test, switch, client, transcript):
    """samples/build."""
    name = switch.server + ": "
    file = os.path.join(SOURCE, "samples", "build", "Makefile")
    argv = [program("build-bot"), *switch.options("build", "work"), "--file", file, "--progress", "600", "ann@localhost"]
    bot = await test.daemon(argv, r"ready as", folder=test.folder)
    await client.type("/msg build@localhost")
    for line, pattern in (("targets", r"Also: status, cancel, help"), ("echo", r"echo succeeded(.|\n)*All of it is in build-logs/"),
                          ("$(reboot)", r"There is no such target")):
        await client.type(line)
        screen = await client.shows(pattern)
        test.ok(True, name + "said to the build bot: " + line)
    test.finds(r"The echo target was called", screen, name + "the target's output")
    transcript.add("The bot of samples/build builds the target that it is told (/msg build@localhost):", [], screen, "targets")
    test.equal(await bot.end(), 0, name + "the build bot ends")


def check(test, name, text):
    """Only numbers and what stands beside them may differ from run to run."""
    with open(os.path.join(SOURCE, "doc", "commands.txt"), encoding="utf-8") as file:
        kept = file.read()
    kept, now = (re.sub(r"\b\d+\.\d+\b", "N", one).splitlines() for one in (kept, text))
    difference = "\n".join(difflib.unified_diff(kept, now, "doc/commands.txt", "now", lineterm="", n=1))
    test.ok(not difference, name + "doc/commands.txt shows what the terminal shows", difference)


async def main(test):
    if not is_installed("profanity", "tmux", "openssl"):
        test.skip("profanity", "profanity or tmux is not installed")
        return
    transcript = Transcript()
    for server in test.servers():
        transcript = Transcript()
        switch = await test.switch(server, users=("peer-b", "ann", "uptime", "build"))
        await test.serve(*switch.options("peer-b"), "--allow", "ann@localhost", modules=(ROT13, CALC))
        client = await Profanity(test, switch, "ann").open()
        for part in (forms, mistake, chat, uptime, build):
            await test.case("%s: %s" % (server, part.__name__), part, test, switch, client, transcript, limit=120)
        if "LIVE_CASES" not in os.environ:
            check(test, server + ": ", transcript.whole())
        await client.end()
        await switch.stop()
    if sys.argv[1:2] == ["--transcript"]:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            file.write(transcript.whole())


if __name__ == "__main__":
    live.main(main, limit=400)
