#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Somebody in between who hides what a server offers: TLS, or the better ways to log in. He is given nothing."""
import asyncio
import base64
import contextlib
import os
import re
import ssl

import live
from live import ROT13, program

END = b"</stream:features>"
STARTTLS = re.compile(rb"<starttls[^>]*/>|<starttls.*?</starttls>", re.DOTALL)
MECHANISM = re.compile(rb"<mechanism>(.*?)</mechanism>")


class Middle:
    """Between a program and its server, with the server's own certificate when it speaks TLS; changes the stream features."""

    def __init__(self, switch, direct_tls):
        self.switch, self.direct_tls = switch, direct_tls
        self.hide = lambda features: features
        self.said = []          # what the program has sent, a connection each
        self.writers = set()
        self.server = self.port = None

    async def start(self, test):
        theirs = None
        if self.direct_tls:
            theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            theirs.load_cert_chain(os.path.join(self.switch.dir, "cert.pem"), os.path.join(self.switch.dir, "key.pem"))
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=theirs)
        self.port = self.server.sockets[0].getsockname()[1]
        test.stack.callback(self.stop)
        return self

    def stop(self):
        self.server.close()
        self.cut()

    def cut(self):
        for writer in list(self.writers):
            writer.transport.abort()

    async def serve(self, reader, writer):
        at = len(self.said)
        self.said.append(b"")
        ours = ssl.create_default_context(cafile=self.switch.ca) if self.direct_tls else None
        with contextlib.suppress(OSError):
            port = self.switch.tls_port if self.direct_tls else self.switch.port
            far_reader, far_writer = await asyncio.open_connection(
                self.switch.host, port, ssl=ours, server_hostname="localhost" if ours else None)
            both = {writer, far_writer}
            self.writers |= both
            await asyncio.gather(self.listen(reader, far_writer, at), self.change(far_reader, writer))
            self.writers -= both
        writer.close()

    async def listen(self, reader, writer, at):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                self.said[at] += data
                writer.write(data)
        writer.close()

    async def change(self, reader, writer):
        held = b""
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                held += data
                if b"<stream:features>" in held and END not in held:
                    continue
                writer.write(self.hide(held))
                held = b""
        writer.close()


def without_tls(data):
    return STARTTLS.sub(b"", data)


def plain_added(data):
    """As if the login were open: no TLS, but PLAIN."""
    return without_tls(data).replace(END, b"<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                                          b"<mechanism>PLAIN</mechanism></mechanisms>" + END)


def only(*names):
    """Of the mechanisms these alone; PLAIN is added where it was not offered."""
    def hide(data):
        if b"<mechanism>" not in data:
            return data
        kept = b"".join(b"<mechanism>%s</mechanism>" % name for name in names)
        rest = MECHANISM.sub(b"", data)
        at = rest.index(b">", rest.index(b"<mechanisms")) + 1
        return rest[:at] + kept + rest[at:]
    return hide


def gives_nothing(test, said, password, name):
    """A header was sent, and nothing after it but its end: no login in any form, no stanza."""
    secrets = [password.encode(), base64.b64encode(password.encode())[:12], b"<auth", b"<response", b"<iq", b"<message",
               b"<presence", b"<handshake"]
    found = [word for word in secrets if word in said]
    test.ok(b"<stream:stream" in said and not found, name + ": he is given no password, no proof, no stanza", found, said)


async def ping(test, options, *more):
    return await test.run(program("jrpc"), "ping", *options, *more, "localhost")


async def strips_tls(test, switch):
    name = switch.server
    options = switch.options("peer-a")
    for how, hide in (("TLS is hidden", without_tls), ("PLAIN is put in its place", plain_added)):
        middle = await Middle(switch, False).start(test)
        middle.hide = hide
        for more in ((), ("--allow-plain",)):
            ran = await ping(test, options, "--port", str(middle.port), *more)
            what = "%s: %s %s" % (name, how, " ".join(more))
            test.ok(ran.status == 3 and "NO_TLS" in ran.err, what + ": no connection", ran)
            gives_nothing(test, middle.said[-1], switch.password("peer-a"), what)
        middle.stop()


async def strips_scram(test, switch):
    """Inside TLS: who has stolen the server's key can read on, but gets no password."""
    name = switch.server
    middle = await Middle(switch, True).start(test)
    options = [*switch.options("peer-a", direct_tls=True), "--port", str(middle.port)]
    ran = await ping(test, options)
    test.ok(ran.status == 0 and b"mechanism='SCRAM" in middle.said[-1], name + ": nothing is hidden: it logs in by SCRAM", ran)
    for what, names in (("PLAIN alone", (b"PLAIN",)), ("ways that nobody wants", (b"DIGEST-MD5", b"X-OAUTH2", b"PLAIN")),
                        ("none", ())):
        middle.hide = only(*names)
        ran = await ping(test, options)
        test.ok(ran.status == 3 and "NO_MECHANISM" in ran.err, "%s: offered: %s: no login" % (name, what), ran)
        gives_nothing(test, middle.said[-1], switch.password("peer-a"), "%s: offered: %s" % (name, what))
    middle.stop()


async def nothing_is_logged(test, switch):
    """Not even where the password is sent (the server, which did not offer that, refuses it), and everything else is logged."""
    middle = await Middle(switch, True).start(test)
    middle.hide = only(b"PLAIN")
    password = switch.password("peer-a")
    sent = base64.b64encode(("\0peer-a\0" + password).encode())
    ran = await ping(test, switch.options("peer-a", direct_tls=True), "--port", str(middle.port), "--allow-plain", "--log-level",
                     "debug")
    test.ok(sent in middle.said[-1] and "logging in by PLAIN" in ran.err, switch.server +
            ": the password is sent inside TLS where that is allowed", ran)
    test.ok(password not in ran.err and sent.decode() not in ran.err, switch.server + ": the log has no password", ran)
    middle.stop()


async def weaker_than_before(test, switch):
    """A session that is cut and comes back; even where PLAIN is allowed it goes to nobody who could do better."""
    name = switch.server
    for what, names in (("PLAIN", (b"PLAIN",)), ("SCRAM-SHA-1", (b"SCRAM-SHA-1", b"PLAIN"))):
        middle = await Middle(switch, True).start(test)
        options = [*switch.options("peer-b", direct_tls=True), "--port", str(middle.port), "--allow-plain", "--log-level", "debug"]
        server = await test.serve(*options, modules=(ROT13,))
        best = re.search(r"logging in by (\S+)", server.err).group(1)
        if best.encode() in names:
            test.skip("%s: weaker than before: %s" % (name, what), "the server offers nothing better")
            await server.end()
            middle.stop()
            continue
        middle.hide = only(*names)
        middle.cut()
        await server.says("only weaker ways to log in than before")
        status = await asyncio.wait_for(server.process.wait(), 15 * live.SLOW)
        test.ok(status == 3 and "NO_MECHANISM" in server.err, "%s: %s after %s: the session ends" % (name, what, best), server.err)
        gives_nothing(test, middle.said[-1], switch.password("peer-b"), "%s: %s after %s" % (name, what, best))
        middle.stop()


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, users=("peer-a", "peer-b"))
        for part in (strips_tls, strips_scram, nothing_is_logged, weaker_than_before):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch, limit=90)
        await switch.stop()


live.main(body)
