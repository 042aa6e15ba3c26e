#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""samples/build: its conversation, played by a person's client, and its interface, on each Jabber server."""
import asyncio
import os
import re
import shutil

import live
from live import SOURCE, program
from person import open_person, silent
from rawpeer import call_xml

BARE = "build@localhost"
BOT = "build@localhost/work"
SAMPLE = os.path.join(SOURCE, "samples", "build")

# What a build may do to its builder.
NASTY = """
.PHONY: echo loud long stubborn background secret odd
echo: ## Prints a line
\t@echo The echo target was called
loud:
\t@while :; do echo a line that is written again and again; done
long:
\t@echo begun; sleep 600
stubborn:
\t@trap '' TERM; echo stubborn; while :; do sleep 1; done
background:
\t@sleep 600 & echo left $$!
secret:
\t@env; cat
odd:
\t@printf 'bell \\a escape \\033[31m bad \\377 \\303\\251\\n'
"""


async def start(test, switch, *options):
    folder = os.path.join(test.folder, "logs")
    return await test.daemon([program("build-bot"), *switch.options("build", "work"), "--logs", folder, *options,
                              "ann@localhost", "bob@localhost", "build@localhost"], r"ready as")


def nasty(test):
    path = os.path.join(test.folder, "nasty.mk")
    with open(path, "w", encoding="utf-8") as file:
        file.write(NASTY)
    return path


async def builds(test, switch, file):
    """The article's conversation, with the sample's build file."""
    name = "%s, %s: " % (switch.server, file)
    bot = await start(test, switch, "--file", os.path.join(SAMPLE, file), "--progress", "1")
    ann = await open_person(test, switch, "ann")
    ann.send_presence_subscription(pto=BARE, ptype="subscribe")
    test.ok(await ann.sees(BOT, "online", "builds with"), name + "it is there")
    await bot.says("ann@localhost/desk is online")
    ann.send_presence(pshow="away", pstatus="lunch")
    await bot.says("ann@localhost/desk is away: lunch")
    ann.say(BARE, "echo", thread="t-3")
    got = await built(ann)
    test.equal((got["type"], got["thread"], got["subject"]), ("chat", "t-3", "Build of echo"),
               name + "the answer's type, thread and subject")
    test.finds(r"echo succeeded \(exit status 0\) after [\d.]+ s\.\n(.*\n)*.*The echo target was called", got["body"],
               name + "and the output")
    path = re.search(r"All of it is in (\S+)", got["body"]).group(1)
    with open(path, encoding="utf-8") as log:
        test.finds("The echo target was called", log.read(), name + "the whole of it is in a file")
    ann.say(BOT, "fail", kind="normal")
    got = await built(ann)
    test.equal(got["type"], "normal", name + "a letter is answered by a letter")
    test.finds(r"fail failed \(exit status [1-9]", got["body"], name + "a build that fails")
    test.finds("echo  Prints a line\n(.*\n)*slow  ", await ann.asks(BOT, "targets"), name + "targets")
    ann.say(BOT, "slow")
    got = await ann.hears(60)
    while not re.search(r"\b[1-9]$", got["body"]) and not got["subject"]:      # Ant says more than that
        got = await ann.hears(60)
    test.finds(r"\b[1-9]$", got["body"], name + "it tells how far it is")
    ann.say(BOT, "echo")
    await said(ann, "at your last one")
    ann.say(BOT, "status")
    await said(ann, "building slow")
    ann.say(BOT, "cancel")
    await said(ann, "ending slow")
    test.finds("slow was cancelled", await said(ann, "slow was"), name + "and can be told to end")
    test.finds("building nothing", await ann.asks(BOT, "cancel"), name + "once")
    test.equal(await bot.end(), 0, name + "it ends")
    await ann.close()


async def built(person):
    """The next end of a build, after lines of progress."""
    while True:
        got = await person.hears(60)
        if got["subject"].startswith("Build of"):
            return got


async def result(person, target):
    person.say(BOT, target)
    return (await built(person))["body"]


async def said(person, words):
    """The next message with these words, after lines of progress."""
    while True:
        body = (await person.hears(60))["body"]
        if words in body:
            return body


async def hostile(test, switch):
    name = switch.server + ": "
    bot = await start(test, switch, "--file", nasty(test))
    ann = await open_person(test, switch, "ann")
    eve = await open_person(test, switch, "eve")
    trap = os.path.join(test.folder, "x")
    eve.say(BOT, "echo")
    test.equal(await silent(eve, BOT, ann), [], name + "a stranger gets no answer")
    for words in ("echo; touch " + trap, "$(reboot)", "`touch %s`" % trap, "--help", "-f/etc/passwd", "echo echo", "SHELL=/bin/sh",
                  "../echo", "%s%n", "echo\ntouch " + trap):
        test.finds("no such target|too long", await ann.asks(BOT, words, limit=40), name + repr(words.replace(trap, "X")))
    test.ok(not os.path.exists(trap), name + "nothing was run")
    ann.send_raw("<message type='error' to='%s'><body>echo</body><error type='cancel'><gone "
                 "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>" % BOT)
    ann.say(BOT, "x" * 100000)
    got = await ann.hears(40)
    test.ok(got["type"] == "error" and "policy-violation" in str(got), name + "a body of 100 KB comes back", got)
    test.finds("building nothing", await ann.asks(BOT, "status", limit=40), name + "an error was no request")
    for _ in range(60):
        ann.say(BOT, "status")
    while True:
        got = await ann.hears(60)
        if got["type"] == "error":
            test.ok("resource-constraint" in str(got), name + "a flood is refused", got)
            break
    test.ok(bot.runs() and bot.resident() < 200000, name + "it lives on")
    await asyncio.gather(bot.end(), ann.close(), eve.close())


async def limits(test, switch):
    """Builds that do not end, write for ever, or want to know too much."""
    name = switch.server + ": "
    bot = await start(test, switch, "--file", nasty(test), "--seconds", "2", "--output", "50000")
    ann = await open_person(test, switch, "ann")
    got = await result(ann, "loud")
    test.finds("loud wrote too much .*(.|\n)*a line that is written again", got, name + "too much output")
    path = re.search(r"All of it is in (\S+)", got).group(1)
    test.equal(os.path.getsize(path), 50000, name + "and its log is as long as may be")
    test.finds("long took too long", await result(ann, "long"), name + "too long a time")
    test.finds("stubborn took too long", await result(ann, "stubborn"), name + "whatever it does about it")
    got = await result(ann, "background")
    test.finds(r"background succeeded(.|\n)*left \d+", got, name + "it does not wait for what is left behind")
    left = int(re.search(r"left (\d+)", got).group(1))
    test.ok(not os.path.exists("/proc/%d/cmdline" % left) or not open("/proc/%d/cmdline" % left, "rb").read(), name +
            "and ends it")
    got = await result(ann, "secret")
    test.ok("secret succeeded" in got and "JRPC" not in got and "password" not in got, name +
            "a build has no input and none of our settings", got)
    got = await result(ann, "odd")
    test.finds(r"bell \? escape \?\[31m bad \? é", got, name + "what is no text is shown as a question mark")
    await asyncio.gather(bot.end(), ann.close())


async def together(test, switch):
    """One of each sender at a time; a bot that ends takes its builds with it; it does not talk to itself."""
    name = switch.server + ": "
    bot = await start(test, switch, "--file", nasty(test))
    ann, bob = await open_person(test, switch, "ann"), await open_person(test, switch, "bob")
    ann.say(BOT, "long")
    test.finds("echo succeeded", await result(bob, "echo"), name + "several at once")
    twin = await open_person(test, switch, "build", "twin", shown=False)
    twin.send_raw("<message type='chat' to='%s'><body>There is no such target.</body></message>" % BOT)
    test.finds("no such target", (await twin.hears())["body"], name + "its own account may ask")
    bob.say(BOT, "long")
    await bot.says("ready")
    ended = await bot.end(limit=30)
    test.equal(ended, 0, name + "it ends while it builds")
    test.finds("long was cancelled", await said(ann, "long was"), name + "and says so")
    await asyncio.gather(ann.close(), bob.close(), twin.close())


async def calls(test, switch):
    """The same by the interface."""
    name = switch.server + ": "
    bot = await start(test, switch, "--file", nasty(test))
    options = switch.options("bob", "caller")
    ran = await test.call("jrpc", "call", "--json", *options, BOT, "Build.targets")
    test.equal(ran.json()[0], {"name": "echo", "help": "Prints a line"}, name + "targets()")
    ran = await test.call("jrpc", "call", "--json", *options, BOT, "Build.run", "echo")
    report = ran.json()
    test.equal((report["target"], report["ended"], report["status"], report["output"]),
               ("echo", "SUCCEEDED", 0, "The echo target was called\n"), name + "run() answers when it is done")
    ran = await test.call("jrpc", "call", *options, BOT, "Build.run", "echo; reboot")
    test.ok(ran.status == 1 and "NoTarget" in ran.err, name + "no such target", ran)
    ran = await test.call("jrpc", "call", *options, BOT, "Build.cancel")
    test.ok(ran.status == 1 and "NotBuilding" in ran.err, name + "nothing to cancel", ran)
    bob = await open_person(test, switch, "bob", "both")
    text = "<param><value><string>long</string></value></param>"
    first = bob.send_iq(BOT, call_xml("Build.run", text))
    while "building long" not in await bob.asks(BOT, "status"):      # a worker takes it a moment later
        await asyncio.sleep(0.1)
    busy = await bob.call(BOT, "Build.run", text)
    test.ok("Busy" in str(busy.fault), name + "one at a time for each caller", busy)
    await bob.call(BOT, "Build.cancel")
    test.finds("CANCELLED", str(await asyncio.wait_for(first, 60 * live.SLOW)), name + "cancel() ends the other call")
    await asyncio.gather(bot.end(), bob.close())


async def main(test):
    for server in test.servers():
        switch = await test.switch(server, users=("build", "ann", "bob", "eve"))
        for file in ("Makefile", "build.xml"):
            if file == "build.xml" and not shutil.which("ant"):
                test.skip("%s, build.xml" % server, "ant is not installed")
                continue
            await test.case("%s: builds %s" % (server, file), builds, test, switch, file, limit=300)
        for part in (hostile, limits, together, calls):
            await test.case("%s: %s" % (server, part.__name__), part, test, switch, limit=300)
        await switch.stop()


if __name__ == "__main__":
    live.main(main, limit=1800)
