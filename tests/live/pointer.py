# SPDX-License-Identifier: MIT
"""A Jabber server that does nothing but name another one (<see-other-host/>, RFC 6120 section 4.9.3.19)."""
import asyncio


async def pointer_to(test, place):
    """A server that does nothing but name another place; its port."""
    async def serve(reader, writer):
        await reader.readuntil(b"<stream:stream")
        writer.write(b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='1' version='1.0' "
                     b"xmlns:stream='http://etherx.jabber.org/streams'><stream:error>"
                     b"<see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>%s</see-other-host>"
                     b"</stream:error></stream:stream>" % place.encode())
        await writer.drain()
        writer.close()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    test.stack.callback(server.close)
    return server.sockets[0].getsockname()[1]
