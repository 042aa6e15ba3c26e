#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""samples/uptime: its conversation, played by a person's client, and its interface, on each Jabber server."""
import asyncio
import os
import re
import signal

import live
from live import program
from person import open_person

BARE = "uptime@localhost"
BOT = "uptime@localhost/uptime"
SUBJECT = "Your uptime request"


async def start(test, switch, *options):
    return await test.daemon([program("uptime-bot"), *switch.options("uptime", "uptime"), *options,
                              "ann@localhost", "bob@localhost"], r"ready as")


async def meet(test, switch):
    ann = await open_person(test, switch, "ann")
    ann.send_presence_subscription(pto=BARE, ptype="subscribe")
    return ann


async def conversation(test, switch):
    name = switch.server + ": "
    bot = await start(test, switch, "--interval", "1")
    ann = await meet(test, switch)
    test.ok(await ann.sees(BOT, "online", "load "), name + "its presence shows the load")
    test.finds("start NUMBER", await ann.asks(BARE, "help"), name + "help")
    test.finds("started nothing", await ann.asks(BARE, "status"), name + "status of somebody who has not begun")
    test.finds("started nothing", await ann.asks(BOT, "stop"), name + "stop of the same")
    ann.say(BOT, "start 0", thread="t-7", kind="chat")
    got = await ann.hears()
    test.finds("I look every 1 s", got["body"], name + "start")
    got = await ann.hears()
    test.equal((got["type"], got["thread"], got["subject"], bool(re.match(r"The load is \d+\.\d\d", got["body"]))),
               ("chat", "t-7", SUBJECT, True), name + "the alert has the request's type and thread, and its subject")
    test.finds("when it comes to 0", await ann.asks(BOT, "status"), name + "status says what was started")
    test.finds("comes to 9999", await ann.asks(BOT, " START\t9999 "), name + "one watcher a sender: the last counts")
    test.finds("no more", await ann.asks(BOT, "stop"), name + "stop")
    test.equal(ann.heard.qsize(), 0, name + "it has told once")
    await hostile(test, switch, ann, bot)
    await several(test, switch, ann)
    test.equal(await bot.end(), 0, name + "it ends")
    test.ok(await ann.sees(BOT, "gone"), name + "and says goodbye")
    await ann.close()


async def hostile(test, switch, ann, bot):
    name = switch.server + ": "
    for words in ("start nan", "start -1", "start 1e999", "start", "start inf", "start 1;reboot"):
        test.finds("no load to watch for", await ann.asks(BOT, words, limit=40), name + words)
    for words in ("echo; touch /tmp/x", "$(reboot)", "%s%n%s%n", "<b>&amp;</b>"):
        test.finds("I do not know", await ann.asks(BOT, words, limit=40), name + words)
    test.finds("too long", await ann.asks(BOT, "start " + "1" * 5000, limit=40), name + "a long line")
    ann.say(BOT, "x" * 100000)
    got = await ann.hears(40)
    test.ok(got["type"] == "error" and "policy-violation" in str(got), name + "a body of 100 KB comes back", got)
    eve = await open_person(test, switch, "eve")
    eve.say(BOT, "start 0")
    test.finds("started nothing", await ann.asks(BOT, "status", limit=40), name + "a stranger was let in for nothing")
    test.equal(eve.heard.qsize(), 0, name + "and gets no answer")
    await eve.close()
    test.ok(bot.runs() and bot.resident() < 200000, name + "it lives on")


async def several(test, switch, ann):
    """Two watchers; the one that goes is forgotten."""
    name = switch.server + ": "
    bob = await open_person(test, switch, "bob")
    bob.send_presence_subscription(pto=BARE, ptype="subscribe")
    test.ok(await bob.sees(BOT, "online"), name + "another one")
    await bob.asks(BOT, "start 0")
    test.equal((await bob.hears())["subject"], SUBJECT, name + "is told as well")
    await ann.asks(BOT, "start 9000", limit=40)
    bob.send_presence(ptype="unavailable")
    bob.send_presence()
    test.ok(await bob.sees(BOT, "online"), name + "he goes, and comes back")
    got = ""
    for _ in range(20):                             # his going and his asking take different ways
        got = await bob.asks(BOT, "status", limit=40)
        if "nothing" in got:
            break
    test.finds("started nothing", got, name + "who went offline is forgotten")
    test.finds("comes to 9000", await ann.asks(BOT, "status", limit=40), name + "the other one is not")
    await bob.close()


async def as_in_2004(test, switch):
    """--always: each look tells."""
    name = switch.server + ": "
    bot = await start(test, switch, "--interval", "1", "--always")
    ann = await meet(test, switch)
    await ann.asks(BOT, "start 0")
    told = [(await ann.hears())["subject"] for _ in range(3)]
    test.equal(told, [SUBJECT] * 3, name + "with --always it tells at each look")
    await ann.asks(BOT, "stop")
    await asyncio.gather(bot.end(), ann.close())


async def killed(test, switch):
    """The article's point: everybody sees at once that it is down."""
    name = switch.server + ": "
    bot = await start(test, switch)
    ann = await meet(test, switch)
    test.ok(await ann.sees(BOT, "online"), name + "it is there")
    await ann.asks(BOT, "start 9999")
    os.kill(bot.pid, signal.SIGKILL)
    test.ok(await ann.sees(BOT, "gone"), name + "killed, it is seen to go")
    bot = await start(test, switch)
    test.ok(await ann.sees(BOT, "online", "load "), name + "started again, it is there again")
    test.finds("started nothing", await ann.asks(BOT, "status"), name + "with a clean slate")
    await asyncio.gather(bot.end(), ann.close())


async def calls(test, switch):
    """The same by the interface."""
    name = switch.server + ": "
    bot = await start(test, switch, "--interval", "1")
    options = switch.options("bob", "caller")
    ran = await test.call("jrpc", "call", "--json", *options, BOT, "Uptime.load")
    test.equal(sorted(ran.json()), ["fifteen", "five", "one"], name + "load()")
    ran = await test.call("jrpc", "call", *options, BOT, "Uptime.watch", "-1.0")
    test.finds("BadThreshold|threshold", ran.err, name + "watch(-1) raises")
    ran = await test.call("jrpc", "call", *options, BOT, "Uptime.unwatch")
    test.finds("NotWatching", ran.err + ran.out, name + "unwatch() before watch() raises")
    bob = await open_person(test, switch, "bob", "both")
    answer = await bob.call(BOT, "Uptime.watch", "<param><value><double>0</double></value></param>")
    test.equal(answer.value(), "1", name + "watch(0)")
    test.equal((await bob.hears())["subject"], SUBJECT, name + "and its message")
    await asyncio.gather(bot.end(), bob.close())


async def main(test):
    for server in test.servers():
        switch = await test.switch(server, users=("uptime", "ann", "bob", "eve"))
        for part in (conversation, as_in_2004, killed, calls):
            await test.case("%s: %s" % (server, part.__name__), part, test, switch, limit=180)
        await switch.stop()


if __name__ == "__main__":
    live.main(main, limit=800)
