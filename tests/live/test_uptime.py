#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""samples/uptime: its conversation, played by a person's client, and its interface, on each Jabber server."""
import asyncio
import json
import os
import re
import signal
import time

import live
from live import program
from person import open_person, silent

BARE = "uptime@localhost"
BOT = "uptime@localhost/uptime"
SUBJECT = "Your uptime request"


async def start(test, switch, *options):
    return await test.daemon([program("uptime-bot"), *switch.options("uptime", "uptime"), *options,
                              "ann@localhost", "bob@localhost", "flo@localhost", "uptime@localhost"], r"ready as")


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
    for words in ("start nan", "start -1", "start 1e999", "start inf", "start 1;reboot", "start 1.5 please"):
        test.finds("no load to watch for", await ann.asks(BOT, words, limit=40), name + words)
    for words in ("echo; touch /tmp/x", "$(reboot)", "%s%n%s%n", "<b>&amp;</b>"):
        test.finds("I do not know", await ann.asks(BOT, words, limit=40), name + words)
    test.finds("too long", await ann.asks(BOT, "start " + "1" * 5000, limit=40), name + "a long line")
    ann.say(BOT, "x" * 100000)
    got = await ann.hears(40)
    test.ok(got["type"] == "error" and "policy-violation" in str(got), name + "a body of 100 KB comes back", got)
    eve = await open_person(test, switch, "eve")
    eve.say(BOT, "start 0")
    flo = await open_person(test, switch, "flo")        # ann has said as much as she may at once
    test.equal(await silent(eve, BOT, flo), [], name + "a stranger gets no answer")
    await eve.close()
    await flood(test, switch, ann, flo)
    test.ok(bot.runs() and bot.resident() < 200000, name + "it lives on")


async def flood(test, switch, ann, flo):
    """Odd words, errors, too much, and the bot's own account."""
    name = switch.server + ": "
    test.finds("Say the load to watch for", await flo.asks(BOT, "start ", limit=40), name + "start without a number")
    test.finds('I do not know "stop it"', await flo.asks(BOT, "stop it", limit=40), name + "what is not known is repeated")
    await flo.asks(BOT, "start 9999", limit=40)
    flo.send_raw("<message type='error' to='%s'><body>start 1</body><error type='cancel'><gone "
                 "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>" % BOT)
    test.finds("started nothing", await flo.asks(BOT, "status", limit=40), name + "an error ends a watch, and starts none")
    for _ in range(60):
        flo.say(BOT, "status")
    while True:
        got = await flo.hears(60)
        if got["type"] == "error":
            test.ok("resource-constraint" in str(got), name + "a flood is refused", got)
            break
    await flo.close()
    twin = await open_person(test, switch, "uptime", "twin", shown=False)
    test.finds("started nothing", await twin.asks(BOT, "status", limit=40), name + "its own account may ask")
    await twin.close()
    test.finds("The load is", await ann.asks(BOT, "status", limit=40), name + "others are answered meanwhile")


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
    got, end = "", time.monotonic() + 30 * live.SLOW
    while "nothing" not in got and time.monotonic() < end:      # his going and his asking take different ways
        await asyncio.sleep(1)                                  # more often is a flood
        got = await bob.asks(BOT, "status", limit=40)
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


async def resumed(test, switch):
    """Killed and started again with its state: it goes on for those that are there, and forgets the others."""
    name = switch.server + ": "
    path = os.path.join(test.folder, switch.server + ".state")
    options = ("--interval", "1", "--state", path)
    bot = await start(test, switch, *options)
    ann, bob = await meet(test, switch), await open_person(test, switch, "bob", "old")
    bob.send_presence_subscription(pto=BARE, ptype="subscribe")
    test.ok(await ann.sees(BOT, "online") and await bob.sees(BOT, "online"), name + "two see it")
    await ann.asks(BOT, "start 9999", thread="t-9")
    await bob.asks(BOT, "start 9000")
    os.kill(bot.pid, signal.SIGKILL)
    test.ok(await ann.sees(BOT, "gone"), name + "killed, it is seen to go")
    test.equal({one["jid"]: (one["threshold"], one["told"]) for one in read_state(path)},
               {"ann@localhost/desk": (9999.0, False), "bob@localhost/old": (9000.0, False)}, name + "its file knows both")
    test.equal(os.stat(path).st_mode & 0o777, 0o600, name + "and is its owner's")
    await bob.close()
    bob = await open_person(test, switch, "bob", "new")
    bot = await start(test, switch, *options)
    test.ok(await ann.sees(BOT, "online", "load "), name + "started again, it is there again")
    got = await ann.hears()
    test.equal((got["body"], got["thread"], got["subject"]),
               ("I was started again, and go on: I tell you when the load comes to 9999.", "t-9", SUBJECT),
               name + "and tells who watched, and is there")
    test.finds("comes to 9999", await ann.asks(BOT, "status"), name + "who is told as before")
    end = time.monotonic() + 60 * live.SLOW
    while len(read_state(path)) > 1 and time.monotonic() < end:
        await asyncio.sleep(0.5)
    test.equal([one["jid"] for one in read_state(path)], ["ann@localhost/desk"], name + "who is not there is forgotten")
    await ann.asks(BOT, "start 0")
    test.equal((await ann.hears())["subject"], SUBJECT, name + "she is told of the load")
    while not read_state(path)[0]["told"] and time.monotonic() < end:
        await asyncio.sleep(0.1)
    await bot.end(signal.SIGKILL)
    bot = await start(test, switch, *options)
    test.finds("started again", (await ann.hears())["body"], name + "once more")
    test.finds("no more", await ann.asks(BOT, "stop"), name + "and not twice of the same load")
    test.equal(read_state(path), [], name + "who has stopped is not in the file")
    test.equal((await bot.end(), bob.heard.qsize()), (0, 0), name + "another program of his heard nothing of it")
    await damaged(test, switch, path)
    await asyncio.gather(ann.close(), bob.close())


def read_state(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


async def damaged(test, switch, path):
    """What is no state is not begun with, nor written over."""
    good = {"jid": "ann@localhost/desk", "type": "chat", "threshold": 1.5, "told": False}
    texts = ["", "{}", "[1]", "x" * 600000, "[" * 5000, json.dumps([good, good])]
    texts += [json.dumps([dict(good, **more)]) for more in
              ({"threshold": -1}, {"threshold": 1e300}, {"threshold": "1"}, {"type": "error"}, {"jid": ""},
               {"jid": "a" * 4000}, {"thread": "t" * 2000}, {"more": 1}, {"told": None})]
    texts.append(json.dumps([dict(good, jid="ann@localhost/%d" % number) for number in range(65)]))
    argv = [*switch.options("uptime", "uptime"), "--state", path, "ann@localhost"]
    wrong = []
    for text in texts:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        ran = await test.call("uptime-bot", *argv)
        with open(path, encoding="utf-8") as file:
            if ran.status != 2 or "move it away" not in ran.err or file.read() != text:
                wrong.append((text[:100], str(ran)))
    test.equal(wrong, [], "%s: a damaged state is refused, and left alone" % switch.server)


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
        switch = await test.switch(server, users=("uptime", "ann", "bob", "eve", "flo"))
        for part in (conversation, as_in_2004, killed, resumed, calls):
            await test.case("%s: %s" % (server, part.__name__), part, test, switch, limit=180)
        await switch.stop()


if __name__ == "__main__":
    live.main(main, limit=800)
