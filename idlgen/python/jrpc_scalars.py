# SPDX-License-Identifier: MIT
"""XML-RPC to Python and back: the types of numbers, texts, octets and dates. Written by idlgen --python."""
from __future__ import annotations

import base64
import enum
import math
import re
from datetime import datetime, timedelta
from typing import Any, Dict, List, Optional, Tuple, Type as Class, Union
from xml.etree.ElementTree import Element

from jrpc_xml import (ELEMENT_RANGES, INT64_MAX, NOT_XML, NUMBER_TEXT_MAX, SPACE, Decoder, Encoder, Failure,
                      checked_text, cut, double_text, escape, float_text, integer_xml, text_of, to_single)

# What `any` holds.
Value = Union[None, bool, int, float, str, bytes, datetime, List["Value"], Dict[str, "Value"]]

Range = Optional[Tuple[Any, Any]]       # the smallest and the largest, both included


class Type:
    """One type of the IDL."""
    name = ""
    wire_name = "any"                   # in system.methodSignature

    def decode(self, d: Decoder, value: Element, limits: Range = None) -> Any:
        """A <value>."""
        tag, element = d.open(value)
        return self.read(d, tag, element, limits)

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> Any:
        raise NotImplementedError

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        """Text of a <value>."""
        raise NotImplementedError

    def zero(self) -> Any:
        """What stands for a value that a peer did not send."""
        raise NotImplementedError

    def mismatch(self, tag: str) -> Failure:
        return Failure("expected %s, got %s" % (self.name, tag))

    def wrong(self, value: object) -> Failure:
        return Failure("expected %s, got %s" % (self.name, type(value).__name__))

    def key_text(self, value: Any) -> str:
        """As the name of a map's member."""
        raise Failure("%s cannot be a key" % self.name)

    def parse_key(self, text: str) -> Any:
        raise Failure("%s cannot be a key" % self.name)


def decode_items(d: Decoder, element: Type, items: List[Element]) -> List[Any]:
    found = []
    for index, item in enumerate(items):
        try:
            found.append(element.decode(d, item))
        except Failure as failure:
            raise failure.inside("[%d]" % index)
    return found


class Boolean(Type):
    name = wire_name = "boolean"

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> bool:
        if tag != "boolean":
            raise self.mismatch(tag)
        text = text_of(element)
        if text not in ("0", "1"):
            raise Failure("'%s' is not a boolean: 0 or 1" % cut(text, 40))
        return text == "1"

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        if not isinstance(value, bool):
            raise self.wrong(value)
        return "<value><boolean>%d</boolean></value>" % value

    def zero(self) -> bool:
        return False

    def key_text(self, value: Any) -> str:
        if not isinstance(value, bool):
            raise self.wrong(value)
        return str(int(value))

    def parse_key(self, text: str) -> bool:
        number = parse_integer(text, self.name)
        if number not in (0, 1):
            raise Failure("%d is out of range for boolean" % number)
        return bool(number)


def parse_integer(text: str, name: str) -> int:
    if not re.fullmatch("[+-]?[0-9]+", text, re.ASCII):
        raise Failure("'%s' is not an integer" % cut(text, 40))
    digits = text.lstrip("+-").lstrip("0")
    if len(digits) > 20 or int(digits or "0") >= 2 ** 64:
        raise Failure("%s is out of range for %s" % (cut(text, 40), name))
    return -int(digits or "0") if text[0] == "-" else int(digits or "0")


def check_element(tag: str, number: int) -> None:
    bits, name = ELEMENT_RANGES[tag]
    if not -2 ** bits <= number < 2 ** bits:
        raise Failure("%d is out of range for %s" % (number, name))


def read_plain_integer(tag: str, element: Element) -> int:
    number = parse_integer(text_of(element), "an integer")
    check_element(tag, number)
    return number


class Integer(Type):
    wire_name = "int"

    def __init__(self, name: str, bits: int, signed: bool, wire_string: bool = False) -> None:
        self.name, self.wire_string = name, wire_string
        self.least = -2 ** (bits - 1) if signed else 0
        self.most = 2 ** (bits - 1) - 1 if signed else 2 ** bits - 1
        if wire_string:
            self.wire_name = "string"

    def check_type(self, number: int) -> int:
        if not self.least <= number <= self.most:
            raise Failure("%d is out of range for %s" % (number, self.name))
        return number

    def check(self, number: int, limits: Range) -> None:
        # The largest that XML-RPC knows is no limit for larger types.
        if limits and (number < limits[0] or (number > limits[1] and limits[1] != INT64_MAX)):
            raise Failure("%d is not within %d and %d" % (number, limits[0], limits[1]))

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> Any:
        as_string = self.wire_string and tag == "string"
        if not as_string and tag not in ELEMENT_RANGES:
            raise self.mismatch(tag)
        number = self.check_type(parse_integer(text_of(element), self.name))
        if not as_string:
            check_element(tag, number)
        self.check(number, limits)
        return number

    def number(self, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(value)
        return self.check_type(int(value))

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        number = self.number(value)
        self.check(number, limits)
        if self.wire_string:
            return "<value><string>%d</string></value>" % number
        if number > INT64_MAX:
            raise Failure("%d is out of range for a 64-bit integer on the wire: @wire(\"string\") sends it as "
                          "text" % number)
        return integer_xml(number)

    def zero(self) -> Any:
        return 0

    def key_text(self, value: Any) -> str:
        return str(self.number(value))

    def parse_key(self, text: str) -> Any:
        return self.check_type(parse_integer(text, self.name))


class Bitmask(Integer):
    def __init__(self, name: str, bits: int, flags: Class[enum.IntFlag]) -> None:
        super().__init__(name, bits, False)
        self.flags, self.known = flags, 0
        for one in flags.__members__.values():
            self.known |= int(one)

    def check(self, number: int, limits: Range) -> None:
        if number & ~self.known:
            raise Failure("%s has no bit 0x%x" % (self.name, number & ~self.known))

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> Any:
        return self.flags(super().read(d, tag, element, limits))

    def zero(self) -> Any:
        return self.flags(0)


NUMBER = re.compile("[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)


def read_double(element: Element) -> float:
    text = text_of(element)
    if len(text) > NUMBER_TEXT_MAX or not NUMBER.fullmatch(text):
        raise Failure("'%s' is not a number" % cut(text, 40))
    number = float(text)
    if not math.isfinite(number):
        raise Failure("%s is out of range for double" % cut(text, 40))
    return number


class Real(Type):
    wire_name = "double"

    def __init__(self, name: str, single: bool) -> None:
        self.name, self.single = name, single

    def check(self, number: float, limits: Range) -> None:
        if limits and not limits[0] <= number <= limits[1]:
            raise Failure("%g is not within %g and %g" % (number, limits[0], limits[1]))

    def narrow(self, number: float) -> float:
        single = to_single(number) if self.single else number
        if not math.isfinite(single):
            raise Failure("%g is out of range for %s" % (number, self.name))
        return single

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> float:
        if tag != "double" and tag not in ELEMENT_RANGES:
            raise self.mismatch(tag)
        number = read_double(element)
        self.check(number, limits)
        return self.narrow(number)

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise self.wrong(value)
        try:
            number = float(value)
        except OverflowError:
            raise Failure("the number is out of range for %s" % self.name) from None
        double_text(number)
        self.check(number, limits)
        number = self.narrow(number)
        return "<value><double>%s</double></value>" % (float_text(number) if self.single
                                                       else double_text(number))

    def zero(self) -> float:
        return 0.0


class Text(Type):
    """What is a string on the wire."""
    wire_name = "string"

    def parse_key(self, text: str) -> Any:
        raise NotImplementedError

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> Any:
        if tag != "string":
            raise self.mismatch(tag)
        return self.parse_key(text_of(element))

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        return "<value><string>%s</string></value>" % escape(self.key_text(value))


class String(Text):
    def __init__(self, name: str = "string", bound: int = 0) -> None:
        self.name, self.bound = name, bound

    def parse_key(self, text: str) -> Any:
        checked_text(text)
        if self.bound and len(text) > self.bound:
            raise Failure("%d characters, at most %d in %s" % (len(text), self.bound, self.name))
        return text

    def key_text(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.wrong(value)
        return str(self.parse_key(value))

    def zero(self) -> str:
        return ""


class Char(Text):
    """A string of one character."""

    def __init__(self, name: str, last: int) -> None:
        self.name, self.last = name, last

    def fits(self, text: str) -> bool:
        return not NOT_XML.match(text) and ord(text) <= self.last

    def parse_key(self, text: str) -> Any:
        if len(text) != 1:
            raise Failure("expected one character for %s, got '%s'" % (self.name, cut(text, 40)))
        if not self.fits(text):
            raise Failure("the character U+%04X is out of range for %s" % (ord(text), self.name))
        return text

    def key_text(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) != 1:
            raise Failure("expected one character for %s, got %s" % (self.name, cut(repr(value), 40)))
        if not self.fits(value):
            raise Failure("the character U+%04X cannot be sent as %s" % (ord(value), self.name))
        return value

    def zero(self) -> str:
        return "\x00"       # as in C: a character that cannot be sent


class Enumeration(Text):
    """By name on the wire, or by value with @wire("int")."""

    def __init__(self, name: str, members: Class[enum.Enum], wire_int: bool = False,
                 names: Optional[Dict[str, Any]] = None) -> None:
        self.name, self.members, self.wire_int = name, members, wire_int
        self.by_name = dict(names) if names else {one.name: one for one in members}
        self.name_of = {one: name for name, one in self.by_name.items()}
        self.by_value = {one.value: one for one in members}
        if wire_int:
            self.wire_name = "int"

    def of_value(self, number: int) -> Any:
        if number not in self.by_value:
            raise Failure("no enumerator of %s has the value %d" % (self.name, number))
        return self.by_value[number]

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> Any:
        if self.wire_int and tag in ELEMENT_RANGES:
            return self.of_value(read_plain_integer(tag, element))
        return super().read(d, tag, element, limits)

    def parse_name(self, text: str) -> Any:
        if text not in self.by_name:
            raise Failure("no enumerator of %s is named '%s'" % (self.name, cut(text, 80)))
        return self.by_name[text]

    def parse_key(self, text: str) -> Any:
        return self.parse_name(text)

    def parse_map_key(self, text: str) -> Any:
        if not self.wire_int:
            return self.parse_name(text)
        number = parse_integer(text, self.name)
        if not -2 ** 31 <= number < 2 ** 31:
            raise Failure("%d is out of range for %s" % (number, self.name))
        return self.of_value(number)

    def known(self, value: Any) -> Any:
        if not isinstance(value, self.members):
            raise self.wrong(value)
        return value

    def key_text(self, value: Any) -> str:
        return str(self.known(value).value) if self.wire_int else self.name_of[self.known(value)]

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        if self.wire_int:
            return integer_xml(self.known(value).value)
        return super().encode(e, value, limits)

    def zero(self) -> Any:
        return self.by_value.get(0, next(iter(self.by_value.values())))


BASE64_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def read_base64(text: str) -> bytes:
    """White space anywhere is fine; padding must be there, and no bits left over."""
    plain = text.translate({ord(one): None for one in SPACE})
    digits = plain.rstrip("=")
    pads = len(plain) - len(digits)
    bad = re.search("[^A-Za-z0-9+/= \t\r\n]|=[ \t\r\n=]*[^= \t\r\n]", text, re.ASCII)
    if bad:
        offset = len(text[:bad.end() - 1].encode())
        raise Failure("bad base64: unexpected byte 0x%02X at offset %d" % (bad.group()[-1].encode()[0], offset))
    if len(plain) % 4 or pads > 2:
        raise Failure("bad base64: %d digits and %d '='" % (len(digits), pads))
    if digits and BASE64_DIGITS.index(digits[-1]) & {0: 0, 1: 3, 2: 15}[pads]:
        raise Failure("bad base64: bits left over at the end")
    return base64.b64decode(plain)


class Bytes(Type):
    """Octets: base64; an array of integers is read as well."""
    wire_name = "base64"

    def __init__(self, name: str = "sequence<octet>", bound: int = 0, exact: bool = False) -> None:
        self.name, self.bound, self.exact = name, bound, exact

    def check(self, count: int) -> None:
        if self.exact and count != self.bound:
            raise Failure("expected %d bytes for %s, got %d" % (self.bound, self.name, count))
        if self.bound and count > self.bound:
            raise Failure("%d bytes, at most %d in %s" % (count, self.bound, self.name))

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> bytes:
        if tag == "array":
            items = d.items(element)
            self.check(len(items))
            return bytes(decode_items(d, OCTET, items))
        if tag != "base64":
            raise self.mismatch(tag)
        data = read_base64(text_of(element))
        self.check(len(data))
        return data

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        if not isinstance(value, (bytes, bytearray, memoryview)):
            raise self.wrong(value)
        self.check(len(value))
        return "<value><base64>%s</base64></value>" % base64.b64encode(value).decode()

    def zero(self) -> bytes:
        return bytes(self.bound) if self.exact else b""


MOMENT = re.compile(r"(\d{4})(-?)(\d\d)\2(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z?", re.ASCII)


def read_moment(element: Element) -> datetime:
    """Of no zone. A leap second, which Python does not know, is the first moment after it."""
    text = text_of(element)
    found = MOMENT.fullmatch(text)
    try:
        if not found:
            raise ValueError
        year, month, day, hour, minute, second = (int(found.group(i)) for i in (1, 3, 4, 5, 6, 7))
        micro = int((found.group(8) or "0")[:6].ljust(6, "0"))
        if second == 60:
            return datetime(year, month, day, hour, minute, 59, micro) + timedelta(seconds=1)
        return datetime(year, month, day, hour, minute, second, micro)
    except (ValueError, OverflowError):
        raise Failure("'%s' is not a date and time like 20241231T23:59:59" % cut(text, 40)) from None


def moment_xml(value: datetime, micro: bool) -> str:
    if value.tzinfo is not None:
        raise Failure("a date and time with a zone: XML-RPC has none")
    text = "%04d%02d%02dT%02d:%02d:%02d" % (value.year, value.month, value.day, value.hour, value.minute,
                                            value.second)
    if micro and value.microsecond:
        text += ".%06d" % value.microsecond
    return "<value><dateTime.iso8601>%s</dateTime.iso8601></value>" % text


class DateTime(Type):
    wire_name = "dateTime.iso8601"
    name = "jrpc::DateTime"

    def read(self, d: Decoder, tag: str, element: Element, limits: Range) -> datetime:
        if tag != "dateTime.iso8601":
            raise self.mismatch(tag)
        return read_moment(element).replace(microsecond=0)

    def encode(self, e: Encoder, value: Any, limits: Range = None) -> str:
        if not isinstance(value, datetime):
            raise self.wrong(value)
        return moment_xml(value, False)

    def zero(self) -> datetime:
        return datetime(1, 1, 1)


BOOLEAN = Boolean()
INT8 = Integer("int8", 8, True)
OCTET = Integer("octet", 8, False)
SHORT = Integer("short", 16, True)
UNSIGNED_SHORT = Integer("unsigned short", 16, False)
LONG = Integer("long", 32, True)
UNSIGNED_LONG = Integer("unsigned long", 32, False)
LONG_LONG = Integer("long long", 64, True)
UNSIGNED_LONG_LONG = Integer("unsigned long long", 64, False)
FLOAT = Real("float", True)
DOUBLE = Real("double", False)
CHAR = Char("char", 0x7F)
WCHAR = Char("wchar", 0x10FFFF)
STRING = String()
BYTES = Bytes()
DATETIME = DateTime()
