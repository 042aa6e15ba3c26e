# SPDX-License-Identifier: MIT
"""A Jabber client that sends and sees stanzas as they are: slixmpp without its manners."""
import asyncio
import itertools
import xml.etree.ElementTree as ET
from xml.sax.saxutils import quoteattr

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher.base import MatcherBase

from live import SLOW

RPC = "jabber:iq:rpc"
CLIENT = "{jabber:client}"
STANZAS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
R = "{%s}" % RPC


class Match(MatcherBase):
    """Stanzas for which a function says yes."""

    def match(self, xml):
        return self._criteria(xml.xml)


def is_request(xml):
    return xml.tag == CLIENT + "iq" and xml.get("type") in ("get", "set") and \
        any(child.tag == R + "query" for child in xml)


def is_answer(xml):
    return xml.tag == CLIENT + "iq" and xml.get("type") in ("result", "error")


class Answer:
    """An IQ that came back."""

    def __init__(self, xml):
        self.xml = xml
        self.type = xml.get("type")
        self.sender = xml.get("from")
        self.id = xml.get("id")
        error = xml.find(CLIENT + "error")
        found = [child.tag[len(STANZAS):] for child in (error if error is not None else ())
                 if child.tag.startswith(STANZAS) and not child.tag.endswith("}text")]
        self.condition = found[0] if found else None
        self.error_type = error.get("type") if error is not None else None
        text = error.find(STANZAS + "text") if error is not None else None
        self.text = text.text if text is not None else None
        self.code = self.fault = None
        for member in xml.iter(R + "member"):
            name = member.findtext(R + "name")
            if xml.find(".//" + R + "fault") is not None and name == "faultCode":
                self.code = int("".join(member.find(R + "value").itertext()))
            elif xml.find(".//" + R + "fault") is not None and name == "faultString":
                self.fault = "".join(member.find(R + "value").itertext())

    def value(self):
        """The text of a simple result, None when there is no result."""
        found = self.xml.find("/".join(R + name for name in ("query", "methodResponse", "params", "param",
                                                             "value")))
        return None if found is None else "".join(found.itertext())

    def __str__(self):
        return ET.tostring(self.xml, encoding="unicode")[:1500]


class Peer(slixmpp.ClientXMPP):
    def __init__(self, switch, user, resource="rpc", plugins=()):
        super().__init__(switch.jid(user, resource), switch.password(user))
        self.switch = switch
        self.ca_certs = switch.ca
        self.numbers = itertools.count(1)
        self.waiting = {}
        self.stray = asyncio.Queue()    # answers that nobody waits for
        self.requests = asyncio.Queue()
        self.answerer = None            # function of a request (an element): its answer's text, or None
        for plugin in plugins:
            self.register_plugin(plugin)
        if "xep_0009" not in plugins:
            self.register_handler(Callback("raw requests", Match(is_request), self.on_request))
        self.register_handler(Callback("raw answers", Match(is_answer), self.on_answer))

    def get_ssl_context(self):
        """Given a host and a port, slixmpp 1.8 forgets the domain, and so the name in the certificate."""
        self.default_domain = self.requested_jid.domain
        return super().get_ssl_context()

    async def open(self, limit=20):
        started = asyncio.get_running_loop().create_future()

        def resolve(error):
            if not started.done():
                started.set_result(error)
        self.add_event_handler("session_start", lambda _: resolve(None))
        for event in ("failed_all_auth", "connection_failed", "ssl_invalid_chain", "disconnected"):
            self.add_event_handler(event, lambda data, event=event: resolve("%s %s" % (event, data)))
        self.connect((self.switch.host, self.switch.port))
        reason = await asyncio.wait_for(started, limit * SLOW)
        if reason:
            raise RuntimeError("%s cannot log in: %s" % (self.requested_jid, reason))
        while not self.stray.empty():       # those of slixmpp's own login
            self.stray.get_nowait()
        return self

    async def close(self):
        await self.disconnect(wait=1.0)

    def on_request(self, iq):
        request = iq.xml
        self.requests.put_nowait(request)
        answer = self.answerer(request) if self.answerer else None
        if answer:
            self.send_raw(answer)

    def on_answer(self, iq):
        future = self.waiting.pop(iq.xml.get("id"), None)
        if future and not future.done():
            future.set_result(Answer(iq.xml))
        else:
            self.stray.put_nowait(Answer(iq.xml))

    async def request(self, limit=10):
        """The next request that came."""
        return await asyncio.wait_for(self.requests.get(), limit * SLOW)

    async def stray_answer(self, limit=10):
        return await asyncio.wait_for(self.stray.get(), limit * SLOW)

    def send_iq(self, to, payload, kind="set", number=None):
        """Sends without waiting; a future of the answer."""
        number = number or "raw-%d" % next(self.numbers)
        future = asyncio.get_running_loop().create_future()
        self.waiting[number] = future
        self.send_raw("<iq type=%s id=%s to=%s>%s</iq>" %
                      (quoteattr(kind), quoteattr(number), quoteattr(to), payload))
        return future

    async def ask(self, to, payload, kind="set", limit=10):
        return await asyncio.wait_for(self.send_iq(to, payload, kind), limit * SLOW)

    async def call(self, to, method, params="", limit=10):
        return await self.ask(to, call_xml(method, params), limit=limit)


async def open_peer(live, switch, user, resource="rpc", plugins=()):
    peer = Peer(switch, user, resource, plugins)
    await peer.open()
    live.stack.push_async_callback(peer.close)
    return peer


def call_xml(method, params=""):
    """params: the text inside of <params>."""
    return "<query xmlns='%s'><methodCall><methodName>%s</methodName><params>%s</params></methodCall>" \
        "</query>" % (RPC, method, params)


def param(value):
    return "<param><value>%s</value></param>" % value


def reply_xml(request, inner, sender=None):
    """The text of an answer to a request; inner is what goes into the iq."""
    return "<iq type='result' id=%s to=%s%s>%s</iq>" % (
        quoteattr(request.get("id")), quoteattr(request.get("from")),
        " from=%s" % quoteattr(sender) if sender else "", inner)


def response(inner):
    return "<query xmlns='%s'><methodResponse>%s</methodResponse></query>" % (RPC, inner)


def method_of(request):
    return request.findtext("%squery/%smethodCall/%smethodName" % (R, R, R))
