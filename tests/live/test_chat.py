#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Messages and presence between a bot of ours and a person's client, on each Jabber server."""
import asyncio
import os

import live
from live import clean_environment, program
from person import befriend, open_person, silent

BOT = "peer-b@localhost/bot"
BARE = "peer-b@localhost"


async def start(test, switch, *callers):
    return await test.daemon([program("parrot"), *switch.options("peer-b", "bot"), *callers], r"ready as",
                             clean_environment(JRPC_LOG_LEVEL="debug"))


async def talk(test, switch):
    name = switch.server + ": "
    bot = await start(test, switch, "ann@localhost")
    ann = await open_person(test, switch, "ann")
    ann.say(BARE, "Grüße <&> 😀", thread="t-1", subject="S")
    got = await ann.hears()
    test.equal((str(got["from"]), got["type"], got["thread"], got["subject"], got["body"]),
               (BOT, "chat", "t-1", "S", "You said: Grüße <&> 😀"),
               name + "a message to the address without resource is answered; type, thread and subject stay")
    ann.say(BOT, "a letter", kind="normal")
    got = await ann.hears()
    test.equal((got["type"], got["thread"], got["subject"], got["body"]), ("normal", "", "", "You said: a letter"),
               name + "so is one to the full address, of another type")
    await refused(test, switch, ann)
    await flood(test, switch, ann, bot)
    test.equal(await bot.end(), 0, name + "it ends")


async def refused(test, switch, ann):
    """What must not be answered, and then something that is: nothing else came in between."""
    name = switch.server + ": "
    eve = await open_person(test, switch, "eve")
    eve.say(BOT, "let me in")
    ann.send_raw("<message type='error' to='%s'><body>an error</body><error type='cancel'><gone "
                 "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>" % BOT)
    ann.send_raw("<message type='groupchat' to='%s'><body>a room's</body></message>" % BOT)
    ann.send_raw("<message type='chat' to='%s'><composing xmlns='http://jabber.org/protocol/chatstates'/>"
                 "</message>" % BOT)
    ann.send_raw("<message to='%s'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
                 "<message xmlns='jabber:client' from='%s' type='chat'><body>forged</body></message></forwarded>"
                 "</received></message>" % (BOT, ann.boundjid))
    test.equal(await ann.asks(BOT, "still there?"), "You said: still there?",
               name + "errors, rooms, states and forged copies are not answered")
    test.equal(await silent(eve, BOT, ann), [], name + "a stranger is not answered")
    await eve.close()


async def flood(test, switch, ann, bot):
    name = switch.server + ": "
    for number in range(100):
        ann.say(BOT, "flood %d" % number)
    answers, refusals = 0, 0
    while not refusals:
        got = await ann.hears(60)
        if got["type"] == "error":
            refusals += 1
            test.equal(got["error"]["condition"], "resource-constraint", name + "a flood is refused")
        else:
            answers += 1
    test.ok(answers <= 32 and bot.runs(), name + "after a burst", "%d answers" % answers)


async def presence(test, switch):
    name = switch.server + ": "
    owner = await open_person(test, switch, "peer-b", "owner")
    ann = await open_person(test, switch, "ann")
    await befriend(owner, ann)
    test.ok(await ann.sees("peer-b@localhost/owner", "online"), name + "they are contacts")
    bot = await start(test, switch, "ann@localhost")
    await bot.says(r"sees ann@localhost/desk online")
    test.ok(await ann.sees(BOT, "online"), name + "each sees the other")
    ann.send_presence(pshow="dnd", pstatus="busy <&>")
    await bot.says(r"sees ann@localhost/desk dnd \[busy <&>\]")
    ann.say(BOT, "show the load is 1.5")
    test.ok(await ann.sees(BOT, "away", "the load is 1.5"), name + "it shows what it is at")
    ann.say(BOT, "hide")
    test.ok(await ann.sees(BOT, "gone", "hidden"), name + "it can hide")
    ann.say(BOT, "show again")
    test.ok(await ann.sees(BOT, "away", "again"), name + "and come back")
    ann.send_presence(ptype="unavailable")
    await bot.says(r"sees ann@localhost/desk gone")
    ann.send_presence()
    await bot.says(r"gone(.|\n)*sees ann@localhost/desk online")
    os.kill(bot.pid, 9)
    test.ok(await ann.sees(BOT, "gone"), name + "when it is killed, others see it go")
    bot = await start(test, switch, "ann@localhost")
    test.ok(await ann.sees(BOT, "online"), name + "and come back")
    await bot.end()
    test.ok(await ann.sees(BOT, "gone"), name + "it says goodbye")
    await asyncio.gather(owner.close(), ann.close())


async def contacts(test, switch):
    """A subscription policy, the roster, and questions."""
    name = switch.server + ": "
    bot = await test.daemon([program("parrot"), *switch.options("peer-c", "bot"), "ann@localhost"], r"ready as")
    bare, full = "peer-c@localhost", "peer-c@localhost/bot"
    ann = await open_person(test, switch, "ann")
    eve = await open_person(test, switch, "eve")
    got = await ann.asks(bare, "contacts")
    test.equal(got, "contacts: ", name + "nobody is a contact yet")
    await ann.hears()
    eve.send_presence_subscription(pto=bare, ptype="subscribe")
    ann.send_presence_subscription(pto=bare, ptype="subscribe")
    test.ok(await ann.sees(full, "online"), name + "who may talk may see it")
    await bot.says(r"contact ann@localhost both")
    await bot.says(r"sees ann@localhost/desk online")
    test.equal(await ann.asks(full, "contacts"), "contacts: ann@localhost=both() ", name + "and is a contact then")
    await ann.hears()
    test.ok(not [one for one in eve.seen if one[0].startswith(bare) and one[1] != "gone"], name + "a stranger may not", eve.seen)
    ann.say(full, "meet ann@localhost")
    await ann.hears()
    got = await ann.asks(full, "contacts")
    test.equal(got, "contacts: ann@localhost=both(A <friend>) ", name + "a contact has a name")
    await ann.hears()
    answer = await eve.ask(full, "<query xmlns='jabber:iq:roster'><item jid='eve@localhost' subscription='both'/></query>")
    test.equal((answer.type, answer.condition), ("error", "service-unavailable"), name + "a forged push is refused")
    test.ok("contact eve" not in bot.err, name + "and changes nothing", bot.err)
    got = await ann.asks(full, "ask %s" % full)
    test.finds(r"^%s is jabber-rpc: automation/rpc, ping 1, \d+ items" % full, got, name + "it can be asked what it is")
    await ann.hears()
    got = await ann.asks(full, "ask localhost")
    test.finds(r"localhost is (Prosody|ejabberd): server/im, ping 1, \d+ items", got, name + "and asks its server")
    await ann.hears()
    await ann.asks(full, "forget ann@localhost")
    await bot.says(r"contact ann@localhost removed")
    await asyncio.gather(bot.end(), ann.close(), eve.close())


async def bots(test, switch):
    """Two of them, one that talks to itself, and one that hears its own words."""
    name = switch.server + ": "
    other_bot = "peer-c@localhost/bot"
    one = await start(test, switch, "*@localhost")
    other = await test.daemon([program("parrot"), *switch.options("peer-c", "bot"), "*@localhost"], r"ready as")
    ann = await open_person(test, switch, "ann")
    await ann.asks(BOT, "tell %s hello" % other_bot)
    await other.says("hears %s: hello" % BOT)
    await ann.asks(BOT, "tell %s hello" % BOT)
    await ann.asks(other_bot, "over?")
    await ann.asks(BOT, "over?")
    test.ok("You said" not in one.err and "You said" not in other.err, name + "two bots do not answer each other",
            one.err, other.err)
    test.ok("hears %s" % BOT not in one.err, name + "and none itself", one.err)
    ann.say(BOT, "You said: over?")
    test.equal(await ann.asks(BOT, "go on"), "You said: go on", name + "its own words, sent back, are not answered")
    await asyncio.gather(one.end(), other.end(), ann.close())


async def main(test):
    for server in test.servers():
        switch = await test.switch(server, users=("peer-b", "peer-c", "ann", "eve"))
        for part in (talk, presence, contacts, bots):
            await test.case("%s: %s" % (server, part.__name__), part, test, switch, limit=120)
        await switch.stop()


if __name__ == "__main__":
    live.main(main, limit=600)
