# SPDX-License-Identifier: MIT
"""XML-RPC to Python and back: reading and writing XML under limits, checked as libjrpc does in C.

Written by idlgen --python beside the modules that it makes, the same text each time; needs the standard
library alone. A value that cannot be sent or understood raises Failure, whose text begins with the path:
"params[1].items[3].n: 2147483648 is out of range for long".
"""
from __future__ import annotations

import math
import re
import struct
from decimal import Decimal
from typing import Dict, Iterator, List, Optional, Tuple
from xml.etree.ElementTree import Element

DEPTH_MAX = 64              # values in values, both ways
ELEMENTS_MAX = 262144       # XML elements of one message
NUMBER_TEXT_MAX = 1200
INT64_MAX = 2 ** 63 - 1
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
SPACE = " \t\r\n"


def cut(text: str, room: int) -> str:
    """At most so many bytes of UTF-8, for messages."""
    return text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore")


class Failure(Exception):
    """A value that cannot be sent or understood."""

    def __init__(self, message: str, too_large: bool = False) -> None:
        super().__init__(message)
        self.message = cut(UNSAFE.sub("?", message), 255)
        self.path = ""
        self.too_large = too_large

    def inside(self, outer: str) -> Failure:
        """Puts a part in front of the path."""
        self.path = cut(UNSAFE.sub("?", outer) + self.path, 255)
        return self

    def __str__(self) -> str:
        return "%s: %s" % (self.path, self.message) if self.path else self.message


# ---- reading XML ----

def name_of(element: Element) -> str:
    """Without namespace: prefixes such as ex: mean nothing here."""
    return str(element.tag).rpartition("}")[2]


def elements_of(parent: Element) -> Iterator[Element]:
    """The children; text between them must be white space."""
    text = parent.text
    for child in parent:
        check_space(parent, text)
        yield child
        text = child.tail
    check_space(parent, text)


def check_space(parent: Element, text: Optional[str]) -> None:
    if text and text.strip(SPACE):
        raise Failure("unexpected text '%s' in <%s>" % (cut(text, 40), name_of(parent)))


def text_of(element: Element) -> str:
    for child in element:
        raise Failure("unexpected element <%s> in a text" % cut(name_of(child), 40))
    return element.text or ""


TAGS = {"string": "string", "i4": "int", "int": "int", "struct": "struct", "array": "array",
        "double": "double", "boolean": "boolean", "i8": "i8", "dateTime.iso8601": "dateTime.iso8601",
        "base64": "base64", "nil": "nil", "Base64": "base64", "i1": "i1", "i2": "i2", "float": "double"}
ELEMENT_RANGES = {"i1": (7, "<i1>"), "i2": (15, "<i2>"), "int": (31, "<i4>"), "i8": (63, "<i8>")}


class Decoder:
    """What reading one message has cost so far."""

    def __init__(self, depth_max: int = DEPTH_MAX, elements_max: int = ELEMENTS_MAX) -> None:
        self.depth, self.elements = 0, 0
        self.depth_max, self.elements_max = depth_max, elements_max

    def visit(self, count: int) -> None:
        self.elements += count
        if self.elements > self.elements_max:
            raise Failure("more than %d XML elements" % self.elements_max, too_large=True)

    def enter(self) -> None:
        if self.depth >= self.depth_max:
            raise Failure("values nest deeper than %d levels" % self.depth_max, too_large=True)
        self.depth += 1

    def leave(self) -> None:
        self.depth -= 1

    def only_child(self, parent: Element, name: str) -> Element:
        found: Optional[Element] = None
        for child in elements_of(parent):
            if found is not None:
                raise Failure("a second element <%s> in <%s>" % (cut(name_of(child), 40), name_of(parent)))
            if name_of(child) != name:
                raise Failure("unexpected <%s> in <%s>" % (cut(name_of(child), 40), name_of(parent)))
            found = child
        if found is None:
            raise Failure("<%s> without <%s>" % (name_of(parent), name))
        self.visit(1)
        return found

    def open(self, value: Element) -> Tuple[str, Element]:
        """The type in a <value>, and the element that holds it: the value itself when it has no type."""
        self.visit(2)
        if len(value) == 0:
            return "string", value
        found: Optional[Element] = None
        for child in elements_of(value):
            if found is not None:
                raise Failure("a second element <%s> in <value>" % cut(name_of(child), 40))
            found = child
        assert found is not None
        tag = TAGS.get(name_of(found))
        if tag is None:
            raise Failure("unknown type <%s>" % cut(name_of(found), 40))
        for child in elements_of(found) if tag == "nil" else ():
            raise Failure("unexpected <%s> in <nil>" % cut(name_of(child), 40))
        return tag, found

    def items(self, array: Element) -> List[Element]:
        """Of all its <data>: Net::Jabber writes one for each item."""
        found: List[Element] = []
        for data in elements_of(array):
            if name_of(data) != "data":
                raise Failure("unexpected <%s> in <array>" % cut(name_of(data), 40))
            self.visit(1)
            for item in elements_of(data):
                if name_of(item) != "value":
                    raise Failure("unexpected <%s> in <data>" % cut(name_of(item), 40))
                found.append(item)
        return found

    def members(self, structure: Element) -> Iterator[Tuple[str, Element]]:
        for member in elements_of(structure):
            if name_of(member) != "member":
                raise Failure("unexpected <%s> in <struct>" % cut(name_of(member), 40))
            self.visit(2)
            parts: Dict[str, Element] = {}
            for part in elements_of(member):
                name = name_of(part)
                if name not in ("name", "value") or name in parts:
                    raise Failure("%s <%s> in <member>" % ("a second" if name in parts else "unexpected",
                                                           cut(name, 40)))
                parts[name] = part
            for name in ("name", "value"):
                if name not in parts:
                    raise Failure("<member> without <%s>" % name)
            yield text_of(parts["name"]), parts["value"]


# ---- writing XML ----

ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def escape(text: str) -> str:
    return re.sub("[&<>\r]", lambda found: ESCAPES[found.group()], text)


def checked_text(text: str) -> str:
    bad = NOT_XML.search(text)
    if bad:
        offset = len(text[:bad.start()].encode("utf-8", "surrogatepass"))
        raise Failure("the character U+%04X at offset %d cannot be in XML" % (ord(bad.group()), offset))
    return text


def integer_xml(value: int) -> str:
    tag = "i4" if -2 ** 31 <= value < 2 ** 31 else "i8"
    return "<value><%s>%d</%s></value>" % (tag, value, tag)


def string_xml(text: str) -> str:
    return "<value><string>%s</string></value>" % escape(checked_text(text))


def member_xml(name: str, value: str) -> str:
    return "<member><name>%s</name>%s</member>" % (escape(name), value)


def plain_decimal(text: str) -> str:
    """XML-RPC knows no exponents."""
    plain = format(Decimal(text), "f")
    return plain if "." in plain else plain + ".0"


def double_text(value: float) -> str:
    if not math.isfinite(value):
        raise Failure("%s cannot be sent" % ("NaN" if math.isnan(value) else "an infinity"))
    return plain_decimal(repr(value))


def float_text(value: float) -> str:
    """The shortest that reads back as the same 32-bit number."""
    double_text(value)
    for digits in range(1, 10):
        text = "%.*g" % (digits, value)
        if to_single(float(text)) == value:
            return plain_decimal(text)
    return plain_decimal(repr(value))


def to_single(value: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.inf


class Encoder:
    def __init__(self, depth_max: int = DEPTH_MAX) -> None:
        self.depth, self.depth_max = 0, depth_max

    def enter(self) -> None:
        if self.depth >= self.depth_max:
            raise Failure("values nest deeper than %d levels" % self.depth_max, too_large=True)
        self.depth += 1

    def leave(self) -> None:
        self.depth -= 1
