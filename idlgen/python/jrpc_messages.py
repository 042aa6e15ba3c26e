# SPDX-License-Identifier: MIT
"""Method calls, results and faults (XEP-0009), and how a call can fail. Written by idlgen --python."""
from __future__ import annotations

import dataclasses
from typing import (Any, Callable, ClassVar, Dict, Generic, List, Optional, Sequence as Seq, Set, Tuple, Type as Class,
                    TypeVar)
from xml.etree.ElementTree import Element

from jrpc_scalars import Range, Type
from jrpc_types import Member, Struct, give, take
from jrpc_xml import (NOT_XML, Decoder, Encoder, Failure, checked_text, cut, elements_of, escape, integer_xml,
                      member_xml, name_of, text_of)

RPC = "jabber:iq:rpc"
EXTENSION = "urn:x-jabber-rpc:0"        # typed members of exceptions, to peers that announce it
NO_METHOD, BAD_PARAMS, INVALID_REQUEST, INTERNAL = -32601, -32602, -32600, -32603
RESULT_TOO_LARGE, DEADLINE = -32097, -32098
METHOD_MAX, FAULT_TEXT_MAX = 255, 65536
R = TypeVar("R")


# ---- failures of a call ----

class RpcError(Exception):
    """A call did not end with a result. rpc_peer is whom it went to, rpc_method what was called."""
    rpc_peer = ""
    rpc_method = ""

    def __str__(self) -> str:
        where = ": ".join(one for one in (self.rpc_peer, self.rpc_method) if one)
        return "%s: %s" % (where, self.describe()) if where else self.describe()

    def describe(self) -> str:
        return ", ".join(str(one) for one in self.args)


class InvalidValue(RpcError):
    """A parameter cannot be sent: nothing was."""


class TooLarge(RpcError):
    """Too large for one stanza, or nested too deep."""


class Unavailable(RpcError):
    """Nobody answers RPC at that address."""


class NoSuchMethod(RpcError):
    """The peer is there, the method is not."""


class Refused(RpcError):
    """The peer does not allow this caller."""


class Busy(RpcError):
    """The peer is too busy."""


class RpcTimeout(RpcError):
    """No answer within the deadline."""


class Disconnected(RpcError):
    """The stream was lost after the call left: nobody knows here whether it ran."""


class BadReply(RpcError):
    """The answer cannot be understood."""


class BadRequest(RpcError):
    """The peer could not understand the request."""


class Fault(RpcError):
    """The method said no: a code and a text. A server's method may raise it too."""

    def __init__(self, fault_code: int, fault_text: str) -> None:
        super().__init__(fault_code, fault_text)
        self.fault_code, self.fault_text = fault_code, fault_text

    def describe(self) -> str:
        return "fault %d: %s" % (self.fault_code, self.fault_text)


class DeclaredFault(Fault):
    """Base of the exceptions of an interface. has_members: they came from the peer, and are not just zeros."""
    IDL_NAME: ClassVar[str]
    CODE: ClassVar[int]
    TYPE: ClassVar[Struct]
    has_members = True

    def __post_init__(self) -> None:
        Fault.__init__(self, self.CODE, self.IDL_NAME)

    def with_text(self: E, text: str) -> E:
        """What the fault's text says after the name: raise Closed().with_text("until Monday")."""
        self.fault_text = "%s: %s" % (self.IDL_NAME, text)
        return self


E = TypeVar("E", bound=DeclaredFault)

STATUS_OF_CODE: Dict[int, Class[RpcError]] = {
    NO_METHOD: NoSuchMethod, INVALID_REQUEST: BadRequest, DEADLINE: RpcTimeout, RESULT_TOO_LARGE: TooLarge,
    -32700: BadRequest, -32701: BadRequest, -32702: BadRequest,
    -506: NoSuchMethod, -503: BadRequest, -505: RpcTimeout, -507: Refused, -509: TooLarge}    # xmlrpc-c's own
STATUS_OF_CONDITION: Dict[str, Class[RpcError]] = {
    **dict.fromkeys(("service-unavailable", "recipient-unavailable", "feature-not-implemented", "gone", "redirect",
                     "remote-server-not-found", "remote-server-timeout"), Unavailable),
    **dict.fromkeys(("forbidden", "not-allowed", "not-authorized", "payment-required", "registration-required",
                     "subscription-required"), Refused),
    "item-not-found": NoSuchMethod, "resource-constraint": Busy, "policy-violation": TooLarge}


# ---- methods ----

IN, OUT, INOUT = 1, 2, 3


@dataclasses.dataclass
class Param:
    wire: str
    type: Type
    direction: int = IN
    limits: Range = None


@dataclasses.dataclass
class Method(Generic[R]):
    """One operation, or one side of an attribute. outs makes the result of those with out parameters."""
    wire_name: str
    params: Tuple[Param, ...] = ()
    result: Optional[Type] = None
    raises: Tuple[Class[DeclaredFault], ...] = ()
    outs: Optional[Callable[..., R]] = None
    oneway: bool = False
    timeout: Optional[float] = None
    help: str = ""

    def ins(self) -> List[Param]:
        return [one for one in self.params if one.direction & IN]

    def out_members(self) -> List[Member]:
        first = [Member("_result", "_result", self.result)] if self.result else []
        return first + [Member(one.wire, one.wire, one.type, limits=one.limits) for one in self.params
                        if one.direction & OUT]

    def signature(self) -> List[str]:
        result = "struct" if self.outs else self.result.wire_name if self.result else "boolean"
        return [result] + [one.type.wire_name for one in self.ins()]


def call_xml(method: str, params: str) -> str:
    return ("<query xmlns='%s'><methodCall><methodName>%s</methodName><params>%s</params></methodCall></query>" %
            (RPC, escape(checked_text(method)), params))


def write_call(method: Method[R], values: Seq[Any]) -> str:
    texts = []
    for index, (param, value) in enumerate(zip(method.ins(), values)):
        try:
            texts.append("<param>%s</param>" % param.type.encode(Encoder(), value, param.limits))
        except Failure as failure:
            raise failure.inside("params[%d]" % index)
    return call_xml(method.wire_name, "".join(texts))


def response_xml(inner: str, more: str = "") -> str:
    return "<query xmlns='%s'><methodResponse>%s</methodResponse>%s</query>" % (RPC, inner, more)


def value_response(value: str) -> str:
    return response_xml("<params><param>%s</param></params>" % value)


def write_result(method: Method[R], result: Any) -> str:
    try:
        if method.outs:
            e = Encoder()
            e.enter()
            members = method.out_members()
            if not isinstance(result, tuple) or len(result) != len(members):
                raise Failure("expected %d values, got %s" % (len(members), type(result).__name__))
            texts = [give(e, member, one) for member, one in zip(members, result)]
            return value_response("<value><struct>%s</struct></value>" % "".join(texts))
        if method.result:
            return value_response(method.result.encode(Encoder(), result))
        return value_response("<value><boolean>1</boolean></value>")
    except Failure as failure:
        raise failure.inside("result")


def write_fault(code: int, text: str, more: str = "") -> str:
    text = escape(NOT_XML.sub("?", text))
    fault = member_xml("faultCode", integer_xml(code)) + \
        member_xml("faultString", "<value><string>%s</string></value>" % text)
    return response_xml("<fault><value><struct>%s</struct></value></fault>" % fault, more)


def write_exception(raised: DeclaredFault, with_members: bool) -> str:
    more = ""
    if with_members and raised.TYPE.members:
        more = "<exception xmlns='%s' name='%s'>%s</exception>" % (EXTENSION, escape(raised.IDL_NAME),
                                                                   raised.TYPE.encode(Encoder(), raised))
    return write_fault(raised.CODE, raised.fault_text, more)


# ---- reading ----

def find_child(parent: Element, name: str, namespace: str) -> Optional[Element]:
    """Others are not ours: pyobs sends <methodTimeout/>."""
    found: Optional[Element] = None
    for child in parent:
        if child.tag != "{%s}%s" % (namespace, name):
            continue
        if found is not None:
            raise Failure("a second <%s> in <%s>" % (name, name_of(parent)))
        found = child
    return found


def read_name(element: Element) -> str:
    name = text_of(element).strip(" \t\r\n")
    size = len(name.encode())
    if not 1 <= size <= METHOD_MAX:
        raise Failure("a method's name of %d bytes: 1 to %d" % (size, METHOD_MAX))
    if any(ord(one) <= 0x20 or ord(one) == 0x7F for one in name) or NOT_XML.search(name):
        raise Failure("'%s' is not a name of a method" % cut(name, 80))
    return name


def read_call(query: Element) -> Tuple[str, Optional[Element]]:
    """The method's name and its <params>."""
    call = find_child(query, "methodCall", RPC)
    if call is None:
        raise Failure("<query> without <methodCall>")
    parts: Dict[str, Element] = {}
    for part in elements_of(call):
        name = name_of(part)
        if name not in ("methodName", "params") or name in parts:
            raise Failure("unexpected <%s> in <methodCall>" % cut(name, 40))
        parts[name] = part
    if "methodName" not in parts:
        raise Failure("<methodCall> without <methodName>")
    return read_name(parts["methodName"]), parts.get("params")


def list_params(d: Decoder, params: Optional[Element]) -> List[Element]:
    found = []
    for param in elements_of(params) if params is not None else ():
        if name_of(param) != "param":
            raise Failure("unexpected <%s> in <params>" % cut(name_of(param), 40))
        found.append(param)
    d.visit(len(found))
    return found


def read_params(method: Method[R], params: Optional[Element], d: Optional[Decoder] = None) -> List[Any]:
    d = d or Decoder()
    found, ins = list_params(d, params), method.ins()
    if len(found) != len(ins):
        raise Failure("expected %d parameter%s, got %d" % (len(ins), "" if len(ins) == 1 else "s", len(found)))
    values = []
    for index, (element, param) in enumerate(zip(found, ins)):
        try:
            values.append(param.type.decode(d, d.only_child(element, "value"), param.limits))
        except Failure as failure:
            raise failure.inside("params[%d]" % index)
    return values


@dataclasses.dataclass
class Reply:
    value: Optional[Element] = None
    is_fault: bool = False
    fault_code: int = 0
    fault_text: str = ""
    exception: Optional[Element] = None


def read_fault(d: Decoder, fault: Element) -> Reply:
    """Faults of all peers: codes as strings, no <value> around the struct, members besides the two."""
    holder: Optional[Element] = None
    for child in elements_of(fault):
        if holder is not None:
            raise Failure("a second element <%s> in <fault>" % cut(name_of(child), 40))
        holder = child
    if holder is not None and name_of(holder) == "value":
        holder = d.open(holder)[1]
    if holder is None or name_of(holder) != "struct":
        raise Failure("<fault> without <struct>")
    reply = Reply(is_fault=True)
    seen: Set[str] = set()
    for name, value in d.members(holder):
        element = d.open(value)[1]
        if name in ("faultCode", "faultString") and name in seen:
            raise Failure("duplicate member \"%s\" in <fault>" % name)
        seen.add(name)
        if name == "faultString":
            reply.fault_text = cut(text_of(element), FAULT_TEXT_MAX)
        elif name == "faultCode":
            code = text_of(element).strip(" \t\r\n")[:20]
            if code.lstrip("+-").isascii() and code.lstrip("+-").isdigit() and -2 ** 31 <= int(code) < 2 ** 31:
                reply.fault_code = int(code)
    return reply


def read_reply(query: Element) -> Reply:
    d = Decoder(4, 64)
    response = find_child(query, "methodResponse", RPC)
    if response is None:
        raise Failure("<query> without <methodResponse>")
    parts = list(elements_of(response))
    if len(parts) > 1:
        raise Failure("a second element <%s> in <methodResponse>" % cut(name_of(parts[1]), 40))
    reply = Reply()
    if parts and name_of(parts[0]) == "fault":
        reply = read_fault(d, parts[0])
    elif parts and name_of(parts[0]) == "params":
        found = list_params(d, parts[0])
        if len(found) > 1:
            raise Failure("expected 1 result, got %d" % len(found))
        reply.value = d.only_child(found[0], "value") if found else None
    elif parts:
        raise Failure("unexpected <%s> in <methodResponse>" % cut(name_of(parts[0]), 40))
    reply.exception = find_child(query, "exception", EXTENSION)
    return reply


def read_outs(d: Decoder, method: Method[R], value: Element) -> R:
    tag, element = d.open(value)
    if tag != "struct":
        raise Failure("expected struct, got %s" % tag)
    d.enter()
    members = {one.wire: one for one in method.out_members()}
    found: Dict[str, Any] = {}
    for name, item in d.members(element):
        if name not in members:
            continue
        if name in found:
            raise Failure("duplicate member \"%s\"" % cut(name, 80))
        found[name] = take(d, members[name], item)
    for name in [one for one in members if one != "_result"] + ["_result"]:
        if name in members and name not in found:
            raise Failure("missing member \"%s\"" % name)
    d.leave()
    assert method.outs
    return method.outs(*(found[name] for name in members))


def read_result(method: Method[R], reply: Reply, d: Optional[Decoder] = None) -> Any:
    d = d or Decoder()
    try:
        if not method.outs and not method.result:
            return None         # void: whatever the peer thinks that is
        if reply.value is None:
            raise Failure("expected %s, got no result at all" % ("struct" if method.outs or not method.result
                                                                 else method.result.name))
        if method.outs:
            return read_outs(d, method, reply.value)
        assert method.result
        return method.result.decode(d, reply.value)
    except Failure as failure:
        raise failure.inside("result")


def read_exception(kind: Class[DeclaredFault], reply: Reply) -> DeclaredFault:
    """Its members as they came, or zeros from a peer that does not send them."""
    if reply.exception is not None and reply.exception.get("name") == kind.IDL_NAME:
        d = Decoder()
        try:
            tag, element = d.open(d.only_child(reply.exception, "value"))
            raised = kind(**kind.TYPE.read_members(d, tag, element))
        except Failure as failure:
            raise failure.inside("exception")
    else:
        raised = kind(**kind.TYPE.zero_members())
        raised.has_members = not kind.TYPE.members
    raised.fault_text = reply.fault_text or kind.IDL_NAME
    return raised


def error_of(method: Method[R], reply: Reply) -> RpcError:
    for kind in method.raises:
        if kind.CODE == reply.fault_code:
            try:
                return read_exception(kind, reply)
            except Failure:
                break
    status = STATUS_OF_CODE.get(reply.fault_code)
    if status:
        return status("fault %d: %s" % (reply.fault_code, reply.fault_text))
    return Fault(reply.fault_code, reply.fault_text)
