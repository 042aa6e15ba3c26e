# SPDX-License-Identifier: MIT
"""A person at a chat client: slixmpp, with what came in kept in queues."""
import asyncio

from live import SLOW
from rawpeer import Peer


class Person(Peer):
    def __init__(self, switch, user, resource="desk"):
        super().__init__(switch, user, resource)
        self.auto_authorize = self.auto_subscribe = True
        self.heard = asyncio.Queue()        # messages
        self.seen = []                      # presence: (from, type, status)
        self.changed = asyncio.Condition()
        self.add_event_handler("message", self.note_message)
        self.add_event_handler("message_error", self.heard.put_nowait)
        for event in ("available", "chat", "away", "xa", "dnd", "unavailable"):
            self.add_event_handler("presence_" + event, self.note)

    def note_message(self, message):
        """What was kept by the server belongs to an earlier part of the test."""
        if message.xml.find("{urn:xmpp:delay}delay") is None:
            self.heard.put_nowait(message)

    async def note(self, presence):
        async with self.changed:
            kind = "gone" if presence["type"] == "unavailable" else presence["show"] or "online"
            self.seen.append((str(presence["from"]), kind, presence["status"]))
            self.changed.notify_all()

    async def sees(self, whom, kind, status=None, limit=20):
        """Waits until the last that is known of that address is this."""
        def last():
            of_it = [one for one in self.seen if one[0] == whom]
            return of_it and of_it[-1][1] == kind and (status is None or status in of_it[-1][2])
        async with self.changed:
            try:
                await asyncio.wait_for(self.changed.wait_for(last), limit * SLOW)
                return True
            except asyncio.TimeoutError:
                return False

    def say(self, to, body, kind="chat", thread=None, subject=None):
        message = self.make_message(mto=to, mbody=body, mtype=kind, msubject=subject)
        if thread:
            message["thread"] = thread
        message.send()

    async def hears(self, limit=20):
        return await asyncio.wait_for(self.heard.get(), limit * SLOW)

    async def asks(self, to, body, limit=20, **more):
        """Says something and gives the text of the next message."""
        self.say(to, body, **more)
        return (await self.hears(limit))["body"]


async def silent(stranger, bot, insider=None, words="help"):
    """What the stranger has heard once all is done that the bot might do about what the stranger said to it: a list.

    What a program answers to anybody shows that it has read everything before; what it answers to an insider, that a message
    has gone its whole way since.
    """
    version = "<query xmlns='jabber:iq:version'/>"
    await stranger.ask(bot, version, "get")
    if insider:
        await insider.asks(bot, words, limit=40)
    await stranger.ask(bot, version, "get")
    return [stranger.heard.get_nowait()["body"] for _ in range(stranger.heard.qsize())]


async def open_person(live, switch, user, resource="desk", shown=True):
    person = Person(switch, user, resource)
    await person.open()
    if shown:
        person.send_presence()
        await person.get_roster()
    live.stack.push_async_callback(person.close)
    return person


async def befriend(one, other):
    """Each sees the other's presence: RFC 6121 section 3, from both ends."""
    for person, whom in ((one, other), (other, one)):
        person.send_presence_subscription(pto=whom.boundjid.bare, ptype="subscribe")
        person.send_presence_subscription(pto=whom.boundjid.bare, ptype="subscribed")
