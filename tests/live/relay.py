# SPDX-License-Identifier: MIT
"""A relay between a program and its Jabber server, whose connections can be cut."""
import asyncio
import contextlib


class Relay:
    """Use as: relay = await open_relay(test, host, port); a client connects to 127.0.0.1:relay.port."""

    def __init__(self, host, port):
        self.host, self.target, self.port = host, port, 0
        self.writers, self.tasks, self.opened = set(), set(), 0
        self.server = None

    async def pipe(self, reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(self, reader, writer):
        self.opened += 1
        with contextlib.suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection(self.host, self.target)
            both = {writer, far_writer}
            self.writers |= both
            await asyncio.gather(self.pipe(reader, far_writer), self.pipe(far_reader, writer))
            self.writers -= both
        writer.close()

    async def open(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    def cut(self):
        """Both ends notice at once."""
        for writer in self.writers:
            writer.transport.abort()

    async def close(self):
        self.server.close()
        self.cut()
        await self.server.wait_closed()


async def open_relay(test, host, port):
    relay = Relay(host, port)
    await relay.open()
    test.stack.push_async_callback(relay.close)
    return relay


def by_relay(options, relay):
    """The same connection options, by way of the relay."""
    changed = list(options)
    changed[changed.index("--host") + 1] = "127.0.0.1"
    changed[changed.index("--port") + 1] = str(relay.port)
    return changed
