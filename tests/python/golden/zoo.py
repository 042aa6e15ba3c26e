"""Types, clients and servers of zoo.idl, made by idlgen --python: do not edit."""
from __future__ import annotations

import enum as _enum
from abc import abstractmethod as _abstractmethod
from dataclasses import dataclass as _dataclass
from datetime import datetime as _datetime
from typing import Any as _Any, ClassVar as _ClassVar, Final as _Final, NamedTuple as _NamedTuple, TypeAlias as _TypeAlias

import jrpc_messages as _m
import jrpc_scalars as _s
import jrpc_slixmpp as _x
import jrpc_types as _t

Point_type = _t.Struct("Point")
Shape_type = _t.Struct("Shape")
Circle_type = _t.Struct("Circle")
Disc_type = _t.Struct("Disc")
Node_type = _t.Struct("Node")
Pick_type = _t.UnionOf("Pick")
Choice_type = _t.UnionOf("Choice")
Options_type = _t.Struct("Options")
Defaults_type = _t.Struct("Defaults")
Limits_type = _t.Struct("Limits")
Zoo_type = _t.Struct("Zoo")
Others_type = _t.Struct("Others")
Bank_NoMoney_type = _t.Struct("Bank::NoMoney")


class Colour(_enum.Enum):
    RED = 0
    GREEN = 1
    BLUE = 7


Colour_type = _s.Enumeration("Colour", Colour)


class Level(_enum.Enum):
    LOW = -1
    HIGH = 5


Level_type = _s.Enumeration("Level", Level, True)


class Access(_enum.IntFlag):
    READ = 0x1
    WRITE = 0x2
    EXECUTE = 0x4


Access_type = _s.Bitmask("Access", 8, Access)


class Features(_enum.IntFlag):
    FIRST = 0x1
    MIDDLE = 0x80000000
    HIGH_ONE = 0x4000000000000000


Features_type = _s.Bitmask("Features", 64, Features)


@_dataclass(kw_only=True)
class Point:
    x: float
    y: float


@_dataclass(kw_only=True)
class Shape:
    id: int
    label: str


@_dataclass(kw_only=True)
class Circle(Shape):
    centre: Point
    radius: float


@_dataclass(kw_only=True)
class Disc(Circle):
    paint: Colour

Nodes: _TypeAlias = "list[Node]"
Nodes_type = _t.Sequence("Nodes", Node_type)


@_dataclass(kw_only=True)
class Node:
    name: str
    kids: list[Node]


@_dataclass
class Pick_number:
    value: int
    d: Colour = Colour.RED


@_dataclass
class Pick_text:
    value: str
    d: Colour = Colour.GREEN


@_dataclass
class Pick_place:
    value: Point
    d: Colour = Colour.BLUE


Pick: _TypeAlias = "Pick_number | Pick_text | Pick_place"


@_dataclass
class Choice_longs:
    value: list[int]
    d: int = 1


@_dataclass
class Choice_bytes:
    value: bytes
    d: int = 3


@_dataclass
class Choice_no_arm:
    d: int = 0


Choice: _TypeAlias = "Choice_longs | Choice_bytes | Choice_no_arm"


@_dataclass(kw_only=True)
class Options:
    number: int | None = None
    paint: Colour | None = None
    text: str | None = None
    anything: _s.Value | None = None
    place: Point | None = None
    longs: list[int] | None = None
    chosen: Pick | None = None


@_dataclass(kw_only=True)
class Defaults:
    number: int = 42
    text: str = "hello"
    paint: Colour = Colour.BLUE
    truth: bool = True


@_dataclass(kw_only=True)
class Limits:
    percent: int
    ratio: float
    code: str
    few: list[int]
    different: list[str]


@_dataclass(kw_only=True)
class Zoo:
    truth: bool
    i8: int
    u8: int
    i16: int
    u16: int
    i32: int
    u32: int
    i64: int
    u64: int
    i64_text: int
    narrow: float
    wide: float
    character: str
    wide_character: str
    text: str
    bytes_: bytes
    moment: _datetime
    paint: Colour
    depth: Level
    may: Access
    has: Features
    round: Disc
    chosen: Pick
    listed: Choice
    path: list[Point]
    matrix: list[list[int]]
    triple: list[int]
    octets: bytes
    table: list[list[str]]
    names: dict[str, Point]
    numbers: dict[int, str]
    colours: dict[Colour, bool]
    truths: dict[bool, int]
    anything: _s.Value
    maybe: Options
    narrowed: Limits
    tree: list[Node]


@_dataclass(kw_only=True)
class Others:
    plain: int
    string5: str
    bytes4: bytes
    few_names: dict[str, Point]


@_dataclass(kw_only=True, eq=False)
class Bank_NoMoney(_m.DeclaredFault):
    IDL_NAME: _ClassVar[str] = "Bank::NoMoney"
    CODE: _ClassVar[int] = 1001
    TYPE: _ClassVar[_t.Struct] = Bank_NoMoney_type
    missing: int
    account: str


Point_type.define(
    Point,
    _t.Member("x", "x", _s.DOUBLE),
    _t.Member("y", "y", _s.DOUBLE))
Shape_type.define(
    Shape,
    _t.Member("id", "id", _s.LONG),
    _t.Member("label", "label", _s.STRING))
Circle_type.define(
    Circle,
    _t.Member("centre", "centre", Point_type),
    _t.Member("radius", "radius", _s.FLOAT),
    base=Shape_type)
Disc_type.define(
    Disc,
    _t.Member("paint", "paint", Colour_type),
    base=Circle_type)
Node_type.define(
    Node,
    _t.Member("name", "name", _s.STRING),
    _t.Member("kids", "kids", _t.Sequence("sequence<Node>", Node_type)))
Pick_type.define(Colour_type, (
    (_t.Member("value", "number", _s.LONG, arm=Pick_number), (Colour.RED, ), False),
    (_t.Member("value", "text", _s.STRING, arm=Pick_text), (Colour.GREEN, ), False),
    (_t.Member("value", "place", Point_type, arm=Pick_place), (), True),))
Choice_type.define(_s.LONG, (
    (_t.Member("value", "longs", _t.Sequence("sequence<long>", _s.LONG), arm=Choice_longs), (1, 2, ), False),
    (_t.Member("value", "bytes", _s.BYTES, arm=Choice_bytes), (3, ), False),), Choice_no_arm)
Options_type.define(
    Options,
    _t.Member("number", "number", _s.LONG, True),
    _t.Member("paint", "paint", Colour_type, True),
    _t.Member("text", "text", _s.STRING, True),
    _t.Member("anything", "anything", _t.ANY, True),
    _t.Member("place", "place", Point_type, True),
    _t.Member("longs", "longs", _t.Sequence("sequence<long>", _s.LONG), True),
    _t.Member("chosen", "chosen", Pick_type, True))
Defaults_type.define(
    Defaults,
    _t.Member("number", "number", _s.LONG, default=42),
    _t.Member("text", "text", _s.STRING, default="hello"),
    _t.Member("paint", "paint", Colour_type, default=Colour.BLUE),
    _t.Member("truth", "truth", _s.BOOLEAN, default=True))
Limits_type.define(
    Limits,
    _t.Member("percent", "percent", _s.LONG, limits=(0, 100)),
    _t.Member("ratio", "ratio", _s.DOUBLE, limits=(-1.0, 1.0)),
    _t.Member("code", "code", _s.String("string<5>", 5)),
    _t.Member("few", "few", _t.Sequence("sequence<long, 3>", _s.LONG, 3)),
    _t.Member("different", "different", _t.Sequence("sequence<string>", _s.STRING, unique=True)))
Zoo_type.define(
    Zoo,
    _t.Member("truth", "truth", _s.BOOLEAN),
    _t.Member("i8", "i8", _s.INT8),
    _t.Member("u8", "u8", _s.OCTET),
    _t.Member("i16", "i16", _s.SHORT),
    _t.Member("u16", "u16", _s.UNSIGNED_SHORT),
    _t.Member("i32", "i32", _s.LONG),
    _t.Member("u32", "u32", _s.UNSIGNED_LONG),
    _t.Member("i64", "i64", _s.LONG_LONG),
    _t.Member("u64", "u64", _s.Integer("unsigned long long", 64, False, True)),
    _t.Member("i64_text", "i64_text", _s.Integer("long long", 64, True, True)),
    _t.Member("narrow", "narrow", _s.FLOAT),
    _t.Member("wide", "wide", _s.DOUBLE),
    _t.Member("character", "character", _s.CHAR),
    _t.Member("wide_character", "wide_character", _s.WCHAR),
    _t.Member("text", "text", _s.STRING),
    _t.Member("bytes_", "bytes", _s.BYTES),
    _t.Member("moment", "moment", _s.DATETIME),
    _t.Member("paint", "paint", Colour_type),
    _t.Member("depth", "depth", Level_type),
    _t.Member("may", "may", Access_type),
    _t.Member("has", "has", Features_type),
    _t.Member("round", "round", Disc_type),
    _t.Member("chosen", "chosen", Pick_type),
    _t.Member("listed", "listed", Choice_type),
    _t.Member("path", "path", _t.Sequence("sequence<Point>", Point_type)),
    _t.Member("matrix", "matrix", _t.Sequence("sequence<sequence<long>>", _t.Sequence("sequence<long>", _s.LONG))),
    _t.Member("triple", "triple", _t.Sequence("long[3]", _s.LONG, 3, exact=True)),
    _t.Member("octets", "octets", _s.Bytes("octet[4]", 4, True)),
    _t.Member("table", "table", _t.Sequence("string[2][2]", _t.Sequence("string[2]", _s.STRING, 2, exact=True), 2, exact=True)),
    _t.Member("names", "names", _t.Map("map<string, Point>", _s.STRING, Point_type)),
    _t.Member("numbers", "numbers", _t.Map("map<long long, string>", _s.LONG_LONG, _s.STRING)),
    _t.Member("colours", "colours", _t.Map("map<Colour, boolean>", Colour_type, _s.BOOLEAN)),
    _t.Member("truths", "truths", _t.Map("map<boolean, long>", _s.BOOLEAN, _s.LONG)),
    _t.Member("anything", "anything", _t.ANY),
    _t.Member("maybe", "maybe", Options_type),
    _t.Member("narrowed", "narrowed", Limits_type),
    _t.Member("tree", "tree", _t.Sequence("sequence<Node>", Node_type)))
Others_type.define(
    Others,
    _t.Member("plain", "plain", _s.UNSIGNED_LONG_LONG),
    _t.Member("string5", "string5", _s.String("string<5>", 5)),
    _t.Member("bytes4", "bytes4", _s.Bytes("sequence<octet, 4>", 4)),
    _t.Member("few_names", "few_names", _t.Map("map<string, Point, 1>", _s.STRING, Point_type, 1)))
Bank_NoMoney_type.define(
    Bank_NoMoney,
    _t.Member("missing", "missing", _s.LONG_LONG),
    _t.Member("account", "account", _s.STRING))


class ZooCalls_split_Result(_NamedTuple):
    result: str
    at: int
    rest: str


class ZooCalls_get_Result(_NamedTuple):
    p: Point


class ZooCalls_swap_Result(_NamedTuple):
    result: Zoo
    both: Zoo
    other: Zoo


_ZooCalls_ping: _m.Method[None] = _m.Method(
    "Zoo.ping", (), None, ())

_ZooCalls_add: _m.Method[int] = _m.Method(
    "Zoo.add", (_m.Param("a", _s.LONG), _m.Param("b", _s.LONG, limits=(0, 100)), ), _s.LONG, ())

_ZooCalls_split: _m.Method[ZooCalls_split_Result] = _m.Method(
    "Zoo.split", (_m.Param("text", _s.STRING), _m.Param("at", _s.LONG, _m.OUT), _m.Param("rest", _s.STRING, _m.INOUT), ), _s.STRING, (), outs=ZooCalls_split_Result)

_ZooCalls_get: _m.Method[ZooCalls_get_Result] = _m.Method(
    "Zoo.get", (_m.Param("p", Point_type, _m.OUT), ), None, (), outs=ZooCalls_get_Result)

_ZooCalls_swap: _m.Method[ZooCalls_swap_Result] = _m.Method(
    "Zoo.swap", (_m.Param("z", Zoo_type), _m.Param("both", Zoo_type, _m.INOUT), _m.Param("other", Zoo_type, _m.OUT), ), Zoo_type, (), outs=ZooCalls_swap_Result, help="Gives back both: result = z, other = both, both = z. last() is z from then on.")

_ZooCalls_last: _m.Method[Zoo] = _m.Method(
    "Zoo.last", (), Zoo_type, ())

_ZooCalls_spend: _m.Method[int] = _m.Method(
    "Zoo.spend", (_m.Param("amount", _s.LONG_LONG), _m.Param("account", _s.STRING), ), _s.LONG, (Bank_NoMoney, ))

_ZooCalls_sleep: _m.Method[None] = _m.Method(
    "Zoo.sleep", (_m.Param("milliseconds", _s.LONG), ), None, ())

_ZooCalls_fail: _m.Method[None] = _m.Method(
    "Zoo.fail", (), None, ())

_ZooCalls_note: _m.Method[None] = _m.Method(
    "Zoo.note", (_m.Param("text", _s.STRING), ), None, (), oneway=True)

_ZooCalls_get_noted: _m.Method[str] = _m.Method(
    "Zoo._get_noted", (), _s.STRING, ())

_ZooCalls_set_noted: _m.Method[None] = _m.Method(
    "Zoo._set_noted", (_m.Param("noted", _s.STRING), ), None, ())


class ZooCallsClient(_x.Client):

    async def ping(self, *, timeout: float | None = None) -> None:
        await self._call(_ZooCalls_ping, (), timeout)

    async def add(self, a: int, b: int, *, timeout: float | None = None) -> int:
        return await self._call(_ZooCalls_add, (a, b, ), timeout)

    async def split(self, text: str, rest: str, *, timeout: float | None = None) -> ZooCalls_split_Result:
        return await self._call(_ZooCalls_split, (text, rest, ), timeout)

    async def get(self, *, timeout: float | None = None) -> ZooCalls_get_Result:
        return await self._call(_ZooCalls_get, (), timeout)

    async def swap(self, z: Zoo, both: Zoo, *, timeout: float | None = None) -> ZooCalls_swap_Result:
        """Gives back both: result = z, other = both, both = z. last() is z from then on."""
        return await self._call(_ZooCalls_swap, (z, both, ), timeout)

    async def last(self, *, timeout: float | None = None) -> Zoo:
        return await self._call(_ZooCalls_last, (), timeout)

    async def spend(self, amount: int, account: str, *, timeout: float | None = None) -> int:
        """Raises: Bank_NoMoney"""
        return await self._call(_ZooCalls_spend, (amount, account, ), timeout)

    async def sleep(self, milliseconds: int, *, timeout: float | None = None) -> None:
        await self._call(_ZooCalls_sleep, (milliseconds, ), timeout)

    async def fail(self, *, timeout: float | None = None) -> None:
        await self._call(_ZooCalls_fail, (), timeout)

    async def note(self, text: str, *, timeout: float | None = None) -> None:
        await self._call(_ZooCalls_note, (text, ), timeout)

    async def get_noted(self, *, timeout: float | None = None) -> str:
        return await self._call(_ZooCalls_get_noted, (), timeout)

    async def set_noted(self, value: str, *, timeout: float | None = None) -> None:
        await self._call(_ZooCalls_set_noted, (value, ), timeout)


class ZooCallsServer(_x.Service):

    @_abstractmethod
    async def ping(self, call: _x.Call) -> None:
        raise NotImplementedError

    @_abstractmethod
    async def add(self, call: _x.Call, a: int, b: int) -> int:
        raise NotImplementedError

    @_abstractmethod
    async def split(self, call: _x.Call, text: str, rest: str) -> ZooCalls_split_Result:
        raise NotImplementedError

    @_abstractmethod
    async def get(self, call: _x.Call) -> ZooCalls_get_Result:
        raise NotImplementedError

    @_abstractmethod
    async def swap(self, call: _x.Call, z: Zoo, both: Zoo) -> ZooCalls_swap_Result:
        """Gives back both: result = z, other = both, both = z. last() is z from then on."""

    @_abstractmethod
    async def last(self, call: _x.Call) -> Zoo:
        raise NotImplementedError

    @_abstractmethod
    async def spend(self, call: _x.Call, amount: int, account: str) -> int:
        """Raises: Bank_NoMoney"""

    @_abstractmethod
    async def sleep(self, call: _x.Call, milliseconds: int) -> None:
        raise NotImplementedError

    @_abstractmethod
    async def fail(self, call: _x.Call) -> None:
        raise NotImplementedError

    @_abstractmethod
    async def note(self, call: _x.Call, text: str) -> None:
        raise NotImplementedError

    @_abstractmethod
    async def get_noted(self, call: _x.Call) -> str:
        raise NotImplementedError

    @_abstractmethod
    async def set_noted(self, call: _x.Call, value: str) -> None:
        raise NotImplementedError

    METHODS: _ClassVar[tuple[tuple[_m.Method[_Any], str], ...]] = (
        (_ZooCalls_ping, "ping"),
        (_ZooCalls_add, "add"),
        (_ZooCalls_split, "split"),
        (_ZooCalls_get, "get"),
        (_ZooCalls_swap, "swap"),
        (_ZooCalls_last, "last"),
        (_ZooCalls_spend, "spend"),
        (_ZooCalls_sleep, "sleep"),
        (_ZooCalls_fail, "fail"),
        (_ZooCalls_note, "note"),
        (_ZooCalls_get_noted, "get_noted"),
        (_ZooCalls_set_noted, "set_noted"),
    )
