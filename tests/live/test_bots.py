#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""samples/uptime and samples/build talking to each other: what one says automatically the other leaves alone."""
import asyncio
import os

import live
from live import SOURCE, program
from person import open_person
from proxies import Relay

UPTIME, BUILD = "uptime@localhost/uptime", "build@localhost/work"


class Wire(Relay):
    """A bot's stream in the clear: counts the messages that it is sent, and puts some of somebody else's in."""

    def __init__(self, switch):
        super().__init__(target=(switch.host, switch.port))
        self.client, self.got, self.grew = None, b"", asyncio.Event()

    async def serve(self, reader, writer):
        self.client = writer
        await super().serve(reader, writer)

    def change(self, data):
        self.got += data
        self.grew.set()
        return data

    def messages(self, sender):
        return [one for one in self.got.split(b"<message")[1:] if sender.encode() in one.split(b">")[0]]

    def put(self, sender, body):
        """As if the other bot had written that by itself, as a person does."""
        self.client.write(("<message type='chat' id='m1' from='%s'><body>%s</body></message>" % (sender, body)).encode())

    async def gets(self, sender, words, limit=30):
        async def wait():
            while not any(words in one for one in self.messages(sender)):
                self.grew.clear()
                await self.grew.wait()
        await asyncio.wait_for(wait(), limit * live.SLOW)


def plain(test, switch, wire, user, resource):
    options = switch.options(user, resource)
    at = options.index("--ca-file")
    return [*options[:at], *options[at + 2:], "--insecure-plaintext", "--port", str(wire.port),
            *(["--logs", os.path.join(test.folder, "logs")] if user == "build" else []), "ann@localhost"]


async def both(test, switch):
    name = switch.server + ": "
    uptime, build = await Wire(switch).start(test), await Wire(switch).start(test)
    watcher = await test.daemon([program("uptime-bot"), *plain(test, switch, uptime, "uptime", "uptime"), "--interval", "1",
                                 "build@localhost"], r"ready as")
    builder = await test.daemon([program("build-bot"), *plain(test, switch, build, "build", "work"), "--file",
                                 os.path.join(SOURCE, "samples", "build", "Makefile"), "uptime@localhost"], r"ready as")
    ann = await open_person(test, switch, "ann")
    # Each asks the other for something once, and each has more to say later.
    uptime.put(BUILD, "start 0")
    await build.gets(UPTIME, b"I look every 1 s")
    await build.gets(UPTIME, b"The load is")
    build.put(UPTIME, "echo")
    await uptime.gets(BUILD, b"echo succeeded")
    for word in ("no such words", "status"):
        uptime.put(BUILD, word)
        build.put(UPTIME, word)
    await uptime.gets(BUILD, b"nothing for you")
    await build.gets(UPTIME, b"You are told")
    test.finds("You have started nothing", await ann.asks(UPTIME, "status"), name + "one answers a person")
    test.finds("I am building nothing", await ann.asks(BUILD, "status"), name + "and so does the other")
    # The load's alert is one, and so are the answers; the build tells its progress as well.
    test.equal(len(build.messages(UPTIME)), 4, name + "the one has said what it was asked for, and nothing else")
    said = uptime.messages(BUILD)
    test.equal(len([one for one in said if b"There is no such target" in one]), 1, name + "and the other as well")
    test.equal(await watcher.end(), 0, name + "one ends")
    test.equal(await builder.end(), 0, name + "and the other")
    await ann.close()


async def main(test):
    for server in test.servers():
        switch = await test.switch(server, "--no-tls", users=("uptime", "build", "ann"))
        await test.case(server + ": two bots", both, test, switch, limit=120)
        await switch.stop()


if __name__ == "__main__":
    live.main(main, limit=300)
