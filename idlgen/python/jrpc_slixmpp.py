# SPDX-License-Identifier: MIT
"""Clients and servers of IDL interfaces on slixmpp. Written by idlgen --python.

    xmpp = slixmpp.ClientXMPP("alice@localhost/desk", password)
    link = Link(xmpp)                               # before connecting
    ...
    bank = BankClient(link, "bob@localhost/bank")
    await bank.pay("carol", 5)

    server = Server(Link(xmpp), allow=["alice@localhost"])
    server.add(MyBank())                            # a subclass of BankServer
"""
from __future__ import annotations

import asyncio
import importlib
import inspect
import logging
import secrets
from abc import ABC
from typing import Any, Callable, ClassVar, Dict, List, Optional, Tuple, TypeVar
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from jrpc_messages import (BAD_PARAMS, EXTENSION, INTERNAL, INVALID_REQUEST, NO_METHOD, RESULT_TOO_LARGE, RPC,
                           STATUS_OF_CONDITION, BadReply, BadRequest, DeclaredFault, Disconnected, Fault,
                           InvalidValue, Method, Param, RpcError, RpcTimeout, TooLarge, error_of, read_call,
                           read_params, read_reply, read_result, write_call, write_exception, write_fault,
                           write_result)
from jrpc_scalars import STRING
from jrpc_types import ANY
from jrpc_xml import NOT_XML, Failure, escape, name_of

STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
DISCO = "http://jabber.org/protocol/disco#info"
TIMEOUT = 30.0
STANZA_MAX = 131072
log = logging.getLogger("jrpc")
R = TypeVar("R")


def parse_jid(text: Any) -> Any:
    """Prepared by stringprep: the same address is the same JID, however it is written."""
    return importlib.import_module("slixmpp").JID(text)


def same_jid(a: str, b: str) -> bool:
    try:
        return bool(str(parse_jid(a)) == str(parse_jid(b)))
    except Exception:           # pylint: disable=broad-except
        return False            # slixmpp has a class of its own for what is no JID


class Matcher:
    """Stanzas for which a function says yes."""

    def __init__(self, says: Callable[[Any], bool]) -> None:
        self.match = says


def only_child(xml: Element) -> Optional[Element]:
    return xml[0] if len(xml) == 1 else None


class Link:
    """One slixmpp stream, client or component, and the calls that wait for answers on it. Make it before the stream
    is connected. limit: the most bytes of one stanza."""

    def __init__(self, xmpp: Any, limit: int = STANZA_MAX) -> None:
        self._xmpp, self._limit = xmpp, limit
        self._prefix, self._count = secrets.token_hex(16), 0
        self._waiting: Dict[str, Tuple[str, asyncio.Future[Element]]] = {}
        self._features: Dict[str, bool] = {}
        self.server: Optional[Server] = None
        self.stray = 0              # answers that nobody waited for, or that came from somewhere else
        handlers = importlib.import_module("slixmpp.xmlstream.handler")
        for name, says, run in (("answers", self._is_answer, self._on_answer),
                                ("requests", self._is_request, self._on_request)):
            xmpp.register_handler(handlers.Callback("jrpc " + name, Matcher(says), run))
        xmpp.register_plugin("xep_0030")
        disco = xmpp.plugin["xep_0030"]
        for feature in (RPC, EXTENSION):
            disco.add_feature(feature)
        disco.add_identity(category="automation", itype="rpc", name="jabber-rpc")
        xmpp.add_event_handler("disconnected", lambda _: self._fail_all())
        xmpp.add_event_handler("presence_unavailable", lambda presence: self._forget(str(presence["from"])))

    # -- asking --

    def _is_answer(self, stanza: Any) -> bool:
        xml = stanza.xml
        return bool(name_of(xml) == "iq" and xml.get("type") in ("result", "error") and
                    str(xml.get("id", "")).startswith(self._prefix))

    def _own_server(self, to: str) -> bool:
        own = self._xmpp.boundjid
        return same_jid(to, own.domain) or same_jid(to, own.bare)

    def _is_from(self, sender: Optional[str], to: str) -> bool:
        if sender and same_jid(sender, to):
            return True
        own = self._xmpp.boundjid
        return self._own_server(to) and (not sender or any(same_jid(sender, one)
                                                           for one in (own.domain, own.bare, own.full)))

    def _on_answer(self, stanza: Any) -> None:
        """An answer counts only from the address that was asked: ids may leak, addresses are stamped by servers."""
        xml = stanza.xml
        to, future = self._waiting.get(xml.get("id"), ("", None))
        if future is None or not self._is_from(xml.get("from"), to):
            self.stray += 1
            return
        if not future.done() and not is_note(xml):
            future.set_result(xml)

    def _fail_all(self) -> None:
        self._features.clear()
        for _, future in self._waiting.values():
            if not future.done():
                future.set_exception(Disconnected("the connection was lost before the answer came"))

    def _forget(self, jid: str) -> None:
        self._features.pop(jid, None)

    def send(self, text: str) -> None:
        try:
            self._xmpp.send_raw(text)
        except Exception:       # pylint: disable=broad-except
            raise Disconnected("there is no connection to the server") from None

    def address(self) -> str:
        """RFC 6120 section 8.1.2: a component must say who it is."""
        return " from=%s" % quoteattr(self._xmpp.boundjid.full) if self._xmpp.is_component else ""

    def _new_stanza(self, kind: str, to: str, payload: str) -> Tuple[str, str]:
        self._count += 1
        number = "%s-%d" % (self._prefix, self._count)
        stanza = "<iq type='%s' id='%s'%s to=%s>%s</iq>" % (kind, number, self.address(), quoteattr(to), payload)
        size = len(stanza.encode())
        if size > self._limit:
            raise TooLarge("the request needs a stanza of %d bytes, the limit is %d" % (size, self._limit))
        return number, stanza

    async def ask(self, kind: str, to: str, payload: str, timeout: float) -> Element:
        """The answering <iq>."""
        number, stanza = self._new_stanza(kind, to, payload)
        future: asyncio.Future[Element] = asyncio.get_running_loop().create_future()
        self._waiting[number] = (to, future)
        try:
            self.send(stanza)
            return await asyncio.wait_for(future, timeout)
        except asyncio.TimeoutError:
            raise RpcTimeout("no answer within the deadline of %g s" % timeout) from None
        finally:
            del self._waiting[number]

    async def call(self, to: str, method: Method[R], values: Tuple[Any, ...], timeout: float) -> Any:
        try:
            payload = write_call(method, values)
        except Failure as failure:
            raise (TooLarge if failure.too_large else InvalidValue)(str(failure)) from None
        if method.oneway:
            self.send(self._new_stanza("set", to, payload)[1])
            return None
        answer = await self.ask("set", to, payload, timeout)
        if answer.get("type") == "error":
            raise stanza_error(answer)
        query = answer.find("{%s}query" % RPC)
        try:
            if query is None:
                raise Failure("the answer holds no %s query" % RPC)
            reply = read_reply(query)
            if not reply.is_fault:
                return read_result(method, reply)
        except Failure as failure:
            raise BadReply(str(failure)) from None
        raise error_of(method, reply)

    async def understands(self, to: str) -> bool:
        """Does that full JID announce the extension? Asked once for each."""
        if to not in self._features:
            try:
                answer = await self.ask("get", to, "<query xmlns='%s'/>" % DISCO, 2.0)
                has = any(one.get("var") == EXTENSION for one in answer.iter("{%s}feature" % DISCO))
            except RpcError:
                return False
            if len(self._features) >= 4096:
                self._features.clear()
            self._features[to] = has
        return self._features[to]

    # -- being asked --

    def _is_request(self, stanza: Any) -> bool:
        xml = stanza.xml
        return bool(self.server and name_of(xml) == "iq" and xml.get("type") in ("get", "set") and
                    any(child.tag == "{%s}query" % RPC for child in xml))

    def _on_request(self, stanza: Any) -> None:
        if self.server:
            self.server.handle(stanza.xml)


def is_note(xml: Element) -> bool:
    """Some peers (pyobs) first say how long it will take, in a result of its own: that is no answer yet."""
    query = xml.find("{%s}query" % RPC)
    if xml.get("type") != "result" or query is None or len(query) == 0:
        return False
    return not any(name_of(one) in ("methodResponse", "methodCall") for one in query)


def stanza_error(answer: Element) -> RpcError:
    condition, text = "undefined-condition", ""
    for child in answer:
        if name_of(child) != "error":
            continue
        for one in child:
            if one.tag == "{%s}text" % STANZAS:
                text = one.text or ""
            elif one.tag.startswith("{%s}" % STANZAS):
                condition = name_of(one)
    if condition == "internal-server-error":
        return Fault(INTERNAL, text or condition)
    return STATUS_OF_CONDITION.get(condition, BadRequest)("%s%s" % (condition, ": " + text[:400] if text else ""))


class Client:
    """Base of the clients of interfaces: calls to one peer. timeout is in seconds."""

    def __init__(self, link: Link, peer: str, timeout: float = TIMEOUT) -> None:
        self._link, self._peer, self._timeout = link, str(parse_jid(peer)), timeout

    async def _call(self, method: Method[R], values: Tuple[Any, ...], timeout: Optional[float]) -> R:
        limit = timeout if timeout is not None else method.timeout or self._timeout
        try:
            result: R = await self._link.call(self._peer, method, values, limit)
            return result
        except RpcError as error:
            error.rpc_peer, error.rpc_method = self._peer, method.wire_name
            raise


# ---- serving ----

class Call:
    """Who calls what."""

    def __init__(self, caller: str, method: str) -> None:
        self.caller, self.method = caller, method


class Service(ABC):
    """Base of the servers of interfaces. METHODS: each method, and what it is called here."""
    METHODS: ClassVar[Tuple[Tuple[Method[Any], str], ...]] = ()


class Pattern:
    """"node@domain" any program of that account, "node@domain/resource" one, "domain" that domain itself,
    "*@domain" every account there, "*" everybody. "*" stands for a whole part."""

    def __init__(self, text: str) -> None:
        self.everybody = text == "*"
        bare, _, self.resource = text.partition("/")
        node, at, domain = bare.rpartition("@")
        if "" in (text, domain) or (at and not node):
            raise ValueError("%r is not a caller's address or pattern" % text)
        if any("*" in part and part != "*" for part in (node, domain, self.resource)):
            raise ValueError("%r: * stands for a whole part, not for some of its characters" % text)
        example = parse_jid("%s@%s" % (node if at and node != "*" else "x", "x" if domain == "*" else domain))
        self.node = "*" if node == "*" else example.node if at else ""
        self.domain = "*" if domain == "*" else example.domain
        if self.resource and self.resource != "*":
            self.resource = parse_jid("x/" + self.resource).resource

    def matches(self, caller: Any) -> bool:
        def same(pattern: str, part: str) -> bool:
            return bool(part) and pattern in ("*", part)
        if self.everybody:
            return True
        return same(self.domain, caller.domain) and \
            (same(self.node, caller.node) if self.node else not caller.node) and \
            (not self.resource or same(self.resource, caller.resource))


class Server:
    """Answers calls that come over a link. Nobody may call unless a pattern in allow matches. most: calls that run at
    the same time; more are refused."""

    def __init__(self, link: Link, allow: Tuple[str, ...] | List[str] = (), most: int = 256) -> None:
        self._link, self._most = link, most
        self._allow = [Pattern(one) for one in allow]
        self._methods: Dict[str, Tuple[Method[Any], Callable[..., Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        link.server = self
        name = Param("name", STRING)
        own: Tuple[Tuple[Method[Any], Callable[..., Any]], ...] = (
                (Method[Any]("system.listMethods", result=ANY, help="Names of all methods of this server."),
                 self._list_methods),
                (Method[Any]("system.methodSignature", (name,), ANY, help="Types of the named method."),
                 self._method_signature),
                (Method[Any]("system.methodHelp", (name,), STRING, help="What the named method does."),
                 self._method_help))
        for method, function in own:
            self._methods[method.wire_name] = (method, function)

    def add(self, service: Service) -> None:
        """A method that two services have is answered by the first."""
        for method, name in service.METHODS:
            self._methods.setdefault(method.wire_name, (method, getattr(service, name)))

    def allow(self, pattern: str) -> None:
        self._allow.append(Pattern(pattern))

    # -- introspection --

    async def _list_methods(self, call: Call) -> List[str]:
        return sorted(self._methods)

    def _named(self, name: str) -> Method[Any]:
        if name not in self._methods:
            raise Fault(NO_METHOD, "no such method: %s" % name)
        return self._methods[name][0]

    async def _method_signature(self, call: Call, name: str) -> Any:
        named = {"system.listMethods": ["array"], "system.methodSignature": ["array", "string"]}
        return [named.get(name) or self._named(name).signature()]

    async def _method_help(self, call: Call, name: str) -> str:
        return self._named(name).help

    # -- answering --

    def _allowed(self, sender: Optional[str]) -> bool:
        try:
            caller = parse_jid(sender or "")
        except Exception:       # pylint: disable=broad-except
            return False
        return bool(caller.domain) and any(one.matches(caller) for one in self._allow)

    def _send(self, request: Element, kind: str, payload: str) -> int:
        """The stanza's size when it is too large to be sent; else 0."""
        sender = request.get("to") if self._link.address() else None
        text = "<iq type='%s' id=%s%s%s>%s</iq>" % (
            kind, quoteattr(request.get("id") or ""), " from=%s" % quoteattr(sender) if sender else "",
            " to=%s" % quoteattr(str(request.get("from"))) if request.get("from") else "", payload)
        size = len(text.encode())
        if size > self._link._limit:        # pylint: disable=protected-access
            return size
        try:
            self._link.send(text)
        except Disconnected:
            log.warning("an answer was lost: no stream")
        return 0

    def _result(self, request: Element, payload: str) -> None:
        size = self._send(request, "result", payload)
        if size:
            self._send(request, "result", write_fault(
                RESULT_TOO_LARGE, "the result needs a stanza of %d bytes, the limit is %d" %
                (size, self._link._limit)))         # pylint: disable=protected-access

    def _error(self, request: Element, kind: str, condition: str, text: str = "") -> None:
        said = "<text xmlns='%s'>%s</text>" % (STANZAS, escape(NOT_XML.sub("?", text))) if text else ""
        self._send(request, "error", "<error type='%s'><%s xmlns='%s'/>%s</error>" % (kind, condition, STANZAS, said))

    def _unreadable(self, request: Element, code: int, failure: Failure) -> None:
        if failure.too_large:
            self._error(request, "modify", "policy-violation", failure.message)
        else:
            self._result(request, write_fault(code, str(failure)))

    def handle(self, request: Element) -> None:
        """One <iq> with a query of ours. The list of callers comes first: a stranger learns nothing."""
        query = only_child(request)
        if query is None or not request.get("id"):
            self._error(request, "modify", "bad-request", "an IQ has an id and exactly one child")
        elif not self._allowed(request.get("from")):
            log.info("a call by %s was refused: no pattern allows this caller", request.get("from"))
            self._error(request, "auth", "forbidden")
        elif request.get("type") != "set":
            self._error(request, "modify", "bad-request", "a method call is an IQ of type set")
        elif len(self._tasks) >= self._most:
            self._error(request, "wait", "resource-constraint", "too many calls are waiting")
        else:
            task = asyncio.get_running_loop().create_task(self._run(request, query))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, request: Element, query: Element) -> None:
        try:
            name, params = read_call(query)
        except Failure as failure:
            self._unreadable(request, INVALID_REQUEST, failure)
            return
        if name not in self._methods:
            self._result(request, write_fault(NO_METHOD, "no such method: %s" % name))
            return
        method, function = self._methods[name]
        try:
            values = read_params(method, params)
        except Failure as failure:
            self._unreadable(request, BAD_PARAMS, failure)
            return
        await self._answer(request, method, function, values)

    async def _answer(self, request: Element, method: Method[Any], function: Callable[..., Any],
                      values: List[Any]) -> None:
        caller = str(request.get("from"))
        try:
            made = function(Call(caller, method.wire_name), *values)
            result = await made if inspect.isawaitable(made) else made
            self._result(request, write_result(method, result))
        except DeclaredFault as raised:
            if isinstance(raised, method.raises):
                await self._raised(request, caller, raised)
            else:
                self._internal(request, method, "it raised %s, which its interface does not declare" % raised.IDL_NAME)
        except Fault as fault:
            self._result(request, write_fault(fault.fault_code, fault.fault_text))
        except Failure as failure:
            self._internal(request, method, "its result cannot be sent: %s" % failure)
        except Exception as error:      # pylint: disable=broad-except
            self._internal(request, method, "%s: %s" % (type(error).__name__, error), error)

    async def _raised(self, request: Element, caller: str, raised: DeclaredFault) -> None:
        with_members = bool(raised.TYPE.members) and await self._link.understands(caller)
        try:
            text = write_exception(raised, with_members)
        except Failure as failure:
            log.warning("a member of %s cannot be sent: %s", raised.IDL_NAME, failure)
            text = write_exception(raised, False)
        self._result(request, text)

    def _internal(self, request: Element, method: Method[Any], why: str, error: Optional[Exception] = None) -> None:
        """The caller learns a number to quote; what happened is in our log alone."""
        incident = secrets.token_hex(8)
        log.error("%s called by %s failed: %s (incident %s)", method.wire_name, request.get("from"), why, incident,
                  exc_info=error)
        self._result(request, write_fault(INTERNAL, "internal error (incident %s)" % incident))
