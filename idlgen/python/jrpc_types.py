# SPDX-License-Identifier: MIT
"""XML-RPC to Python and back: any, lists, maps, structs, unions. Written by idlgen --python, as jrpc_scalars.py."""
from __future__ import annotations

import dataclasses
import enum
import re
from datetime import datetime
from typing import Any, Dict, List, Optional, Sequence as Seq, Tuple
from xml.etree.ElementTree import Element

from jrpc_scalars import (BOOLEAN, BYTES, DOUBLE, STRING, Enumeration, Range, Type, decode_items, moment_xml,
                          read_double, read_moment, read_plain_integer)
from jrpc_xml import (ELEMENT_RANGES, INT64_MAX, Decoder, Encoder, Failure, checked_text, cut, integer_xml,
                      member_xml, text_of)


class AnyValue(Type):
    """Whatever XML-RPC can say."""
    name = "any"

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> Any:
        if tag in ELEMENT_RANGES:
            if re.search("[eE.]", text_of(element)):        # strophe.js: <i4>1e+300</i4>
                return read_double(element)
            return read_plain_integer(tag, element)
        if tag == "array":
            d.enter()
            items = decode_items(d, self, d.items(element))
            d.leave()
            return items
        if tag == "struct":
            return self.read_struct(d, element)
        readers: Dict[str, Type] = {"string": STRING, "boolean": BOOLEAN, "base64": BYTES}
        if tag in readers:
            return readers[tag].read(d, tag, element, None)
        if tag == "double":
            return read_double(element)
        return read_moment(element) if tag == "dateTime.iso8601" else None

    def read_struct(self, d: Decoder, element: Element) -> Dict[str, Any]:
        d.enter()
        found: Dict[str, Any] = {}
        for name, value in d.members(element):
            try:
                one = self.decode(d, value)
            except Failure as failure:
                raise failure.inside("." + name)
            if checked_text(name) in found:
                raise Failure("duplicate member \"%s\"" % cut(name, 80))
            found[name] = one
        d.leave()
        return found

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        if value is None:
            return "<value><nil/></value>"
        kinds: Tuple[Tuple[Any, Type], ...] = ((bool, BOOLEAN), (str, STRING), ((bytes, bytearray), BYTES),
                                               (float, DOUBLE))
        for kind, type_ in kinds:
            if isinstance(value, kind):
                return type_.encode(e, value)
        if isinstance(value, datetime):
            return moment_xml(value, True)
        if isinstance(value, int):
            if not -2 ** 63 <= value <= INT64_MAX:
                raise Failure("%d is out of range for a 64-bit integer" % value)
            return integer_xml(value)
        if isinstance(value, (list, tuple)):
            return encode_items(e, self, value)
        if isinstance(value, dict):
            return encode_entries(e, STRING, self, value)
        raise self.wrong(value)

    def zero(self) -> None:
        return None


def encode_items(e: Encoder, element: Type, values: Seq[Any]) -> str:
    e.enter()
    texts = []
    for index, value in enumerate(values):
        try:
            texts.append(element.encode(e, value))
        except Failure as failure:
            raise failure.inside("[%d]" % index)
    e.leave()
    return "<value><array><data>%s</data></array></value>" % "".join(texts)


def encode_entries(e: Encoder, key: Type, element: Type, values: Dict[Any, Any]) -> str:
    e.enter()
    texts = []
    for one, value in values.items():
        name = key.key_text(one)
        try:
            texts.append(member_xml(name, element.encode(e, value)))
        except Failure as failure:
            raise failure.inside("." + name)
    e.leave()
    return "<value><struct>%s</struct></value>" % "".join(texts)


class Sequence(Type):
    """Lists; an array when the length is exact."""
    wire_name = "array"

    def __init__(self, name: str, element: Type, bound: int = 0, unique: bool = False,
                 exact: bool = False) -> None:
        self.name, self.element, self.bound, self.unique, self.exact = name, element, bound, unique, exact

    def check(self, count: int) -> None:
        if self.exact and count != self.bound:
            raise Failure("expected %d elements for %s, got %d" % (self.bound, self.name, count))
        if self.bound and count > self.bound:
            raise Failure("%d elements, at most %d in %s" % (count, self.bound, self.name))

    def check_unique(self, values: Seq[Any]) -> None:
        seen = set()
        for index, value in enumerate(values):
            text = self.element.encode(Encoder(), value)
            if text in seen:
                raise Failure("equals an earlier element of a %s without equal elements" %
                              self.name).inside("[%d]" % index)
            seen.add(text)

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> List[Any]:
        if tag != "array":
            raise self.mismatch(tag)
        d.enter()
        items = d.items(element)
        self.check(len(items))
        values = decode_items(d, self.element, items)
        if self.unique:
            self.check_unique(values)
        d.leave()
        return values

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        if not isinstance(value, (list, tuple)):
            raise self.wrong(value)
        self.check(len(value))
        if self.unique:
            self.check_unique(value)
        return encode_items(e, self.element, value)

    def zero(self) -> List[Any]:
        return [self.element.zero() for _ in range(self.bound)] if self.exact else []


class Map(Type):
    wire_name = "struct"

    def __init__(self, name: str, key: Type, element: Type, bound: int = 0) -> None:
        self.name, self.key, self.element, self.bound = name, key, element, bound

    def check(self, count: int) -> None:
        if self.bound and count > self.bound:
            raise Failure("%d entries, at most %d in %s" % (count, self.bound, self.name))

    def parse(self, text: str) -> Any:
        return self.key.parse_map_key(text) if isinstance(self.key, Enumeration) else self.key.parse_key(text)

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> Dict[Any, Any]:
        if tag != "struct":
            raise self.mismatch(tag)
        d.enter()
        self.check(len(element))
        found: Dict[Any, Any] = {}
        twice = None
        for name, value in d.members(element):
            key = self.parse(name)
            try:
                one = self.element.decode(d, value)
            except Failure as failure:
                raise failure.inside("." + name)
            if key in found:
                twice = key
            found[key] = one
        if twice is not None:
            if isinstance(twice, enum.Enum):
                twice = twice.value
            raise Failure("duplicate key " + ("\"%s\"" % cut(twice, 80) if isinstance(twice, str)
                                              else "%d" % twice))
        d.leave()
        return found

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        if not isinstance(value, dict):
            raise self.wrong(value)
        self.check(len(value))
        return encode_entries(e, self.key, self.element, value)

    def zero(self) -> Dict[Any, Any]:
        return {}


NOTHING = object()      # no default


@dataclasses.dataclass
class Member:
    """Of a struct, or an arm of a union."""
    name: str                   # in Python
    wire: str
    type: Type
    optional: bool = False
    default: Any = NOTHING
    limits: Range = None
    arm: Any = None             # of a union: its class


def take(d: Decoder, member: Member, value: Element) -> Any:
    try:
        tag, element = d.open(value)
        if member.optional and tag == "nil" and not isinstance(member.type, AnyValue):
            return None
        return member.type.read(d, tag, element, member.limits)
    except Failure as failure:
        raise failure.inside("." + member.wire)


def give(e: Encoder, member: Member, value: Any) -> str:
    try:
        return member_xml(member.wire, member.type.encode(e, value, member.limits))
    except Failure as failure:
        raise failure.inside("." + member.wire)


class Struct(Type):
    """Also the members of an exception. define() completes it: types may hold themselves."""
    wire_name = "struct"

    def __init__(self, name: str) -> None:
        self.name = name
        self.made: Any = None
        self.members: Tuple[Member, ...] = ()

    def define(self, made: Any, *members: Member, base: Optional[Struct] = None) -> None:
        self.made = made
        self.members = (base.members if base else ()) + members
        self.by_wire = {one.wire: one for one in self.members}

    def read_members(self, d: Decoder, tag: str, element: Element) -> Dict[str, Any]:
        if tag != "struct":
            raise self.mismatch(tag)
        d.enter()
        found: Dict[str, Any] = {}
        for name, value in d.members(element):
            member = self.by_wire.get(name)
            if member is None:
                continue        # a newer peer may have more members
            if member.name in found:
                raise Failure("duplicate member \"%s\"" % cut(name, 80))
            found[member.name] = take(d, member, value)
        for member in self.members:
            if member.name not in found:
                found[member.name] = self.missing(member)
        d.leave()
        return found

    def missing(self, member: Member) -> Any:
        if member.optional:
            return None
        if member.default is NOTHING:
            raise Failure("missing member \"%s\"" % member.wire)
        return member.default

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> Any:
        return self.made(**self.read_members(d, tag, element))

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        if not isinstance(value, self.made):
            raise self.wrong(value)
        e.enter()
        texts = []
        for member in self.members:
            one = getattr(value, member.name)
            if one is not None or not member.optional:
                texts.append(give(e, member, one))
        e.leave()
        return "<value><struct>%s</struct></value>" % "".join(texts)

    def zero_members(self) -> Dict[str, Any]:
        return {one.name: None if one.optional else
                one.type.zero() if one.default is NOTHING else one.default for one in self.members}

    def zero(self) -> Any:
        return self.made(**self.zero_members())


class UnionOf(Type):
    """A class for each arm: {d, value}; {d} alone where no arm is selected."""
    wire_name = "struct"

    def __init__(self, name: str) -> None:
        self.name = name
        self.discriminator: Type = BOOLEAN
        self.arms: Tuple[Member, ...] = ()
        self.labels: Dict[Any, Member] = {}
        self.default_arm: Optional[Member] = None
        self.no_arm: Any = None

    def define(self, discriminator: Type, arms: Seq[Tuple[Member, Seq[Any], bool]], no_arm: Any = None) -> None:
        self.discriminator, self.no_arm = discriminator, no_arm
        self.arms = tuple(arm for arm, _, _ in arms)
        self.labels = {label: arm for arm, labels, _ in arms for label in labels}
        for arm, _, is_default in arms:
            if is_default:
                self.default_arm = arm

    def selected(self, d: Any) -> Optional[Member]:
        return self.labels.get(d, self.default_arm)

    def find_parts(self, d: Decoder, element: Element) -> Tuple[Element, str, Optional[Element]]:
        label: Optional[Element] = None
        chosen, member = "", None
        names = {arm.wire for arm in self.arms}
        for name, value in d.members(element):
            if name == "_d":
                if label is not None:
                    raise Failure("duplicate member \"_d\"")
                label = value
            elif name in names:
                if member is not None and name == chosen:
                    raise Failure("duplicate member \"%s\"" % cut(name, 80))
                if member is not None:
                    raise Failure("both \"%s\" and \"%s\" in a union" % (cut(chosen, 80), cut(name, 80)))
                chosen, member = name, value
        if label is None:
            raise Failure("missing member \"_d\"")
        return label, chosen, member

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> Any:
        if tag != "struct":
            raise self.mismatch(tag)
        d.enter()
        label_value, chosen, value = self.find_parts(d, element)
        label = take(d, Member("d", "_d", self.discriminator), label_value)
        arm = self.selected(label)
        if value is not None and (arm is None or arm.wire != chosen):
            raise Failure("member \"%s\" is not the one that \"_d\" selects" % cut(chosen, 80))
        if value is None and arm is not None:
            raise Failure("missing member \"%s\"" % arm.wire)
        made = self.no_arm(label) if arm is None or value is None else arm.arm(take(d, arm, value), label)
        d.leave()
        return made

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        kinds = tuple(one for one in [arm.arm for arm in self.arms] + [self.no_arm] if one)
        if not isinstance(value, kinds):
            raise self.wrong(value)
        e.enter()
        text = give(e, Member("d", "_d", self.discriminator), value.d)
        arm = self.selected(value.d)
        if type(value) is not (arm.arm if arm else self.no_arm):
            raise Failure("%s is not what \"_d\" %r selects" % (type(value).__name__, value.d))
        if arm:
            text += give(e, arm, value.value)
        e.leave()
        return "<value><struct>%s</struct></value>" % text

    def zero(self) -> Any:
        label = self.discriminator.zero()
        arm = self.selected(label)
        return arm.arm(arm.type.zero(), label) if arm else self.no_arm(label)


ANY = AnyValue()
