# SPDX-License-Identifier: MIT
"""The connection options of jabber-rpc's programs, and a stream made with them."""
import argparse
import asyncio
import sys

import slixmpp


def options(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--jid", required=True, help="own address, with a resource")
    parser.add_argument("--password-file", required=True, help="its first line is the password")
    parser.add_argument("--host", help="the server, if its name in the address does not lead there")
    parser.add_argument("--port", type=int, default=5222)
    parser.add_argument("--ca-file", help="certificates to trust instead of the system's")
    return parser


class Stream(slixmpp.ClientXMPP):
    def get_ssl_context(self):
        """Given a host and a port, slixmpp 1.8 forgets the domain, and so the name in the certificate."""
        self.default_domain = self.requested_jid.domain
        return super().get_ssl_context()


async def log_in(given, prepare):
    """A stream whose session has started. prepare(stream) runs before it connects."""
    with open(given.password_file, encoding="utf-8") as file:
        password = file.readline().rstrip("\n")
    stream = Stream(given.jid, password)
    stream.ca_certs = given.ca_file
    made = prepare(stream)
    started = asyncio.get_running_loop().create_future()

    def end(outcome):
        if not started.done():
            started.set_result(outcome)
    stream.add_event_handler("session_start", lambda _: end(None))
    stream.add_event_handler("failed_all_auth", lambda _: end("the password is wrong"))
    stream.add_event_handler("ssl_invalid_chain", lambda _: end("the server's certificate is not trusted"))
    stream.add_event_handler("connection_failed", lambda why: end("cannot connect: %s" % why))
    stream.connect((given.host, given.port) if given.host else ())
    problem = await asyncio.wait_for(started, 30)
    if problem:
        sys.exit("%s: %s" % (given.jid, problem))
    stream.send_presence()
    return stream, made
