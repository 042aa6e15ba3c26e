#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Logs in to the switch named by a SWITCH_... environment and exchanges iqs, as test_switch.sh asks.

usage: peer.py [--direct-tls] [--no-tls] [--ca FILE] [--component NAME --secret S] [USER PASSWORD]...
       peer.py --register USER PASSWORD

With one account it logs in and out; the first one sends an iq to the second one, and to the component.
Prints one line: `ok MECHANISM TLS-VERSION` or `failed REASON`.
"""
import argparse
import asyncio
import logging
import os
import re
import socket
import ssl
import sys
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.xmlstream.handler import CoroutineCallback
from slixmpp.xmlstream.matcher import MatchXPath

DEADLINE = 15
QUERY = "jabber:iq:rpc"


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--direct-tls", action="store_true")
    parser.add_argument("--no-tls", action="store_true")
    parser.add_argument("--ca", default=os.environ.get("SWITCH_CA"))
    parser.add_argument("--register", action="store_true")
    parser.add_argument("--component")
    parser.add_argument("--secret")
    parser.add_argument("accounts", nargs="*")
    return parser.parse_args()


def answer_queries(stream):
    async def answer(iq):
        reply = iq.reply()
        reply.append(ET.Element("{%s}query" % QUERY))
        reply.send()
    path = MatchXPath("{%s}iq/{%s}query" % (stream.default_ns, QUERY))
    stream.register_handler(CoroutineCallback("answer", path, answer))


class Outcome:
    """Resolves once: `None` when the session has started, else the reason why not."""

    def __init__(self, stream, started):
        self.future = asyncio.get_event_loop().create_future()
        stream.add_event_handler(started, lambda _: self.set(None))
        for event in ("failed_all_auth", "connection_failed", "ssl_invalid_chain", "ssl_invalid_cert",
                      "disconnected"):
            stream.add_event_handler(event, lambda data, event=event: self.set("%s %s" % (event, data)))

    def set(self, value):
        if not self.future.done():
            self.future.set_result(value)


class Client(slixmpp.ClientXMPP):
    """Given a host and a port, slixmpp 1.8 forgets the domain, and so the name in the certificate."""

    def get_ssl_context(self):
        self.default_domain = self.requested_jid.domain
        return super().get_ssl_context()


async def log_in(options, user, password):
    client = Client("%s@%s/test" % (user, os.environ["SWITCH_DOMAIN"]), password)
    client.ca_certs = options.ca
    outcome = Outcome(client, "session_start")
    port = os.environ["SWITCH_TLS_PORT" if options.direct_tls else "SWITCH_PORT"]
    client.connect((os.environ["SWITCH_HOST"], int(port)), use_ssl=options.direct_tls,
                   force_starttls=not options.no_tls, disable_starttls=options.no_tls or options.direct_tls)
    reason = await asyncio.wait_for(outcome.future, DEADLINE)
    if reason:
        raise RuntimeError(reason)
    return client


async def open_component(options):
    component = slixmpp.ComponentXMPP(options.component, options.secret, os.environ["SWITCH_HOST"],
                                      int(os.environ["SWITCH_COMPONENT_PORT"]))
    answer_queries(component)
    outcome = Outcome(component, "session_start")
    component.connect()
    reason = await asyncio.wait_for(outcome.future, DEADLINE)
    if reason:
        raise RuntimeError(reason)
    return component


async def ask(client, target):
    iq = client.Iq()
    iq["type"] = "set"
    iq["to"] = target
    iq.append(ET.Element("{%s}query" % QUERY))
    await iq.send(timeout=DEADLINE)


def describe(client):
    mechanism = client["feature_mechanisms"].mech
    ssl_object = client.transport.get_extra_info("ssl_object") if client.transport else None
    return "%s %s" % (mechanism.name if mechanism else "-", ssl_object.version() if ssl_object else "none")


def register(options):
    """Makes an account by XEP-0077, without slixmpp, which sends nothing before a session has started."""
    domain = os.environ["SWITCH_DOMAIN"]
    context = ssl.create_default_context(cafile=options.ca)
    address = (os.environ["SWITCH_HOST"], int(os.environ["SWITCH_TLS_PORT"]))
    with socket.create_connection(address, DEADLINE) as plain, \
            context.wrap_socket(plain, server_hostname=domain) as stream:
        stream.sendall(b"<stream:stream to='%s' version='1.0' xmlns='jabber:client' "
                       b"xmlns:stream='http://etherx.jabber.org/streams'>" % domain.encode())
        read_until(stream, b"</stream:features>")
        account = tuple(word.encode() for word in options.accounts)
        stream.sendall(b"<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>%s</username>"
                       b"<password>%s</password></query></iq>" % account)
        answer = read_until(stream, b"<iq[^>]*>")
    if b"type='result'" not in answer.replace(b'"', b"'"):
        raise RuntimeError("registration refused")
    return "registered"


def read_until(stream, pattern):
    data = b""
    while not re.search(pattern, data):
        more = stream.recv(4096)
        if not more:
            raise RuntimeError("the server closed the stream")
        data += more
    return data


async def run(options):
    streams = []
    if options.component:
        streams.append(await open_component(options))
    for user, password in zip(options.accounts[::2], options.accounts[1::2]):
        client = await log_in(options, user, password)
        answer_queries(client)
        streams.append(client)
    clients = [stream for stream in streams if isinstance(stream, slixmpp.ClientXMPP)]
    result = describe(clients[0]) if clients else "component"
    if options.component and clients:
        await ask(clients[0], "anything@%s/x" % options.component)
    if len(clients) == 2:
        await ask(clients[0], clients[1].boundjid.full)
    for stream in streams:
        await stream.disconnect(wait=1.0)
    return result


def main():
    logging.basicConfig(level=os.environ.get("PEER_LOG", "CRITICAL"))
    options = arguments()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        result = register(options) if options.register else loop.run_until_complete(run(options))
        print("ok", result, flush=True)
        status = 0
    except (RuntimeError, OSError, asyncio.TimeoutError, slixmpp.exceptions.XMPPError) as error:
        print("failed", type(error).__name__, " ".join(str(error).split()), flush=True)
        status = 1
    os._exit(status)        # slixmpp would go on reconnecting


if __name__ == "__main__":
    sys.exit(main())
