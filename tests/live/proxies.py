# SPDX-License-Identifier: MIT
"""Small proxies, and a relay, for tests: HTTP CONNECT (RFC 9110) and SOCKS5 (RFC 1928, 1929) on loopback."""
import asyncio
import base64
import contextlib


class Refused(Exception):
    """The client was told no."""


class Gate:
    """What a relay's connections pass; once closed, nothing does."""

    def __init__(self, relay):
        self.relay, self.is_closed, self.never = relay, False, asyncio.Event()

    def close(self):
        self.is_closed = True

    async def wait(self):
        if self.is_closed:
            await self.never.wait()
        self.relay.passed += 1


async def pump(reader, writer, gate, change=None):
    """Passes on what comes, and its end."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            await gate.wait()
            writer.write(change(data) if change else data)
            await writer.drain()
    await gate.wait()
    writer.close()


class Relay:
    """Listens, and joins each connection with one to another place."""

    def __init__(self, places=None, target=None):
        self.places, self.target = places or {}, target
        self.gate = Gate(self)
        self.asked, self.users, self.open = [], [], set()
        self.count = self.passed = 0    # connections made, pieces of data passed on
        self.server = self.port = None

    async def start(self, test):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        test.stack.callback(self.stop)
        return self

    def stop(self):
        self.server.close()
        self.cut()

    def cut(self, silent=False):
        """Ends all that goes through it, or only the connections that are silent."""
        for writer, gate in list(self.open):
            if not silent or gate is not self.gate:
                writer.transport.abort()

    def silence(self):
        """From now on nothing is passed on by the connections there are, and nobody is told, not even of their end."""
        self.gate.close()
        self.gate = Gate(self)

    async def negotiate(self, _reader, _writer):
        return self.target

    def change(self, data):
        """What the server says is passed on as it is."""
        return data

    async def serve(self, reader, writer):
        mine, gate = [(writer, self.gate)], self.gate
        self.count += 1
        self.open.update(mine)
        try:
            place = await self.negotiate(reader, writer)
            if place:
                theirs, ours = await asyncio.open_connection(*place)
                mine.append((ours, gate))
                self.open.update(mine)
                await asyncio.gather(pump(reader, ours, gate), pump(theirs, writer, gate, self.change))
        except (Refused, OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.open.difference_update(mine)
            writer.close()

    def find(self, name, port):
        """What only the proxy knows: where a name is."""
        self.asked.append("%s:%d" % (name, port))
        return self.places.get(name)


def through(relay, options):
    """The same connection options, by way of the relay."""
    changed = list(options)
    changed[changed.index("--host") + 1] = "127.0.0.1"
    changed[changed.index("--port") + 1] = str(relay.port)
    return changed


class HttpProxy(Relay):
    def __init__(self, places, user=None):
        super().__init__(places)
        self.user = user

    async def negotiate(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
        method, where, version = head[0].split(" ")
        headers = dict(line.split(": ", 1) for line in head[1:-2])
        if method != "CONNECT" or version != "HTTP/1.1" or headers["Host"] != where:
            writer.write(b"HTTP/1.1 400 what is that?\r\n\r\n")
            raise Refused()
        given = headers.get("Proxy-Authorization", "Basic ").split(" ", 1)[1]
        self.users.append(base64.b64decode(given).decode("utf-8"))
        if self.user and self.users[-1] != self.user:
            writer.write(b"HTTP/1.1 407 Who are you?\r\nProxy-Authenticate: Basic realm=x\r\n\r\n")
            raise Refused()
        name, port = where.rsplit(":", 1)
        place = self.find(name, int(port))
        if not place:
            writer.write(b"HTTP/1.1 502 Unknown name\r\nContent-Length: 3\r\n\r\nno\n")
            raise Refused()
        writer.write(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n")
        return place


class SocksProxy(Relay):
    def __init__(self, places, user=None):
        super().__init__(places)
        self.user = user

    async def login(self, reader, writer):
        _version, length = await reader.readexactly(2)
        user = await reader.readexactly(length)
        password = await reader.readexactly((await reader.readexactly(1))[0])
        self.users.append("%s:%s" % (user.decode("utf-8"), password.decode("utf-8")))
        good = self.users[-1] == self.user
        writer.write(b"\1\0" if good else b"\1\1")
        if not good:
            raise Refused()

    async def read_place(self, reader):
        kind = (await reader.readexactly(4))[3]
        if kind == 3:
            name = (await reader.readexactly((await reader.readexactly(1))[0])).decode("ascii")
        else:
            name = ".".join(str(byte) for byte in await reader.readexactly(4 if kind == 1 else 16))
        return self.find(name, int.from_bytes(await reader.readexactly(2), "big"))

    async def negotiate(self, reader, writer):
        _version, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        wanted = 2 if self.user else 0
        if wanted not in methods:
            writer.write(b"\5\xff")
            raise Refused()
        writer.write(bytes((5, wanted)))
        if self.user:
            await self.login(reader, writer)
        place = await self.read_place(reader)
        writer.write(b"\5\0\0\1\0\0\0\0\0\0" if place else b"\5\4\0\1\0\0\0\0\0\0")
        if not place:
            raise Refused()
        return place
