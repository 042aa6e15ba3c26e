"""Types, clients and servers of interfaces.idl, made by idlgen --python: do not edit."""
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





_Interfaces_Base_ping: _m.Method[str] = _m.Method(
    "Interfaces.Base.ping", (), _s.STRING, (), help="Is anybody there?")

_Interfaces_Base_get_version: _m.Method[int] = _m.Method(
    "Interfaces.Base._get_version", (), _s.LONG, ())


class Interfaces_BaseClient(_x.Client):

    async def ping(self, *, timeout: float | None = None) -> str:
        """Is anybody there?"""
        return await self._call(_Interfaces_Base_ping, (), timeout)

    async def get_version(self, *, timeout: float | None = None) -> int:
        return await self._call(_Interfaces_Base_get_version, (), timeout)


class Interfaces_BaseServer(_x.Service):

    @_abstractmethod
    async def ping(self, call: _x.Call) -> str:
        """Is anybody there?"""

    @_abstractmethod
    async def get_version(self, call: _x.Call) -> int:
        raise NotImplementedError

    METHODS: _ClassVar[tuple[tuple[_m.Method[_Any], str], ...]] = (
        (_Interfaces_Base_ping, "ping"),
        (_Interfaces_Base_get_version, "get_version"),
    )


_Interfaces_Left_turn_left: _m.Method[None] = _m.Method(
    "Interfaces.Left.turn_left", (_m.Param("n", _s.LONG), ), None, ())


class Interfaces_LeftClient(Interfaces_BaseClient):

    async def turn_left(self, n: int, *, timeout: float | None = None) -> None:
        await self._call(_Interfaces_Left_turn_left, (n, ), timeout)


class Interfaces_LeftServer(Interfaces_BaseServer):

    @_abstractmethod
    async def turn_left(self, call: _x.Call, n: int) -> None:
        raise NotImplementedError

    METHODS: _ClassVar[tuple[tuple[_m.Method[_Any], str], ...]] = (
        *Interfaces_BaseServer.METHODS,
        (_Interfaces_Left_turn_left, "turn_left"),
    )


_Interfaces_Right_turn_right: _m.Method[None] = _m.Method(
    "Interfaces.Right.turn_right", (_m.Param("n", _s.LONG), ), None, ())

_Interfaces_Right_get_title: _m.Method[str] = _m.Method(
    "Interfaces.Right._get_title", (), _s.STRING, ())

_Interfaces_Right_set_title: _m.Method[None] = _m.Method(
    "Interfaces.Right._set_title", (_m.Param("title", _s.STRING), ), None, ())


class Interfaces_RightClient(Interfaces_BaseClient):

    async def turn_right(self, n: int, *, timeout: float | None = None) -> None:
        await self._call(_Interfaces_Right_turn_right, (n, ), timeout)

    async def get_title(self, *, timeout: float | None = None) -> str:
        return await self._call(_Interfaces_Right_get_title, (), timeout)

    async def set_title(self, value: str, *, timeout: float | None = None) -> None:
        await self._call(_Interfaces_Right_set_title, (value, ), timeout)


class Interfaces_RightServer(Interfaces_BaseServer):

    @_abstractmethod
    async def turn_right(self, call: _x.Call, n: int) -> None:
        raise NotImplementedError

    @_abstractmethod
    async def get_title(self, call: _x.Call) -> str:
        raise NotImplementedError

    @_abstractmethod
    async def set_title(self, call: _x.Call, value: str) -> None:
        raise NotImplementedError

    METHODS: _ClassVar[tuple[tuple[_m.Method[_Any], str], ...]] = (
        *Interfaces_BaseServer.METHODS,
        (_Interfaces_Right_turn_right, "turn_right"),
        (_Interfaces_Right_get_title, "get_title"),
        (_Interfaces_Right_set_title, "set_title"),
    )


_Interfaces_Both_sum: _m.Method[int] = _m.Method(
    "Interfaces.Both.sum", (), _s.LONG, (), timeout=2500 / 1000)

_Interfaces_Both_add: _m.Method[int] = _m.Method(
    "Interfaces.Both.add", (), _s.LONG, ())

_Interfaces_Both_note: _m.Method[None] = _m.Method(
    "Interfaces.Both.note", (_m.Param("text", _s.STRING), ), None, (), oneway=True)


class Interfaces_BothClient(Interfaces_LeftClient, Interfaces_RightClient):

    async def sum(self, *, timeout: float | None = None) -> int:
        return await self._call(_Interfaces_Both_sum, (), timeout)

    async def add(self, *, timeout: float | None = None) -> int:
        """Deprecated: use sum"""
        return await self._call(_Interfaces_Both_add, (), timeout)

    async def note(self, text: str, *, timeout: float | None = None) -> None:
        await self._call(_Interfaces_Both_note, (text, ), timeout)


class Interfaces_BothServer(Interfaces_LeftServer, Interfaces_RightServer):

    @_abstractmethod
    async def sum(self, call: _x.Call) -> int:
        raise NotImplementedError

    @_abstractmethod
    async def add(self, call: _x.Call) -> int:
        """Deprecated: use sum"""

    @_abstractmethod
    async def note(self, call: _x.Call, text: str) -> None:
        raise NotImplementedError

    METHODS: _ClassVar[tuple[tuple[_m.Method[_Any], str], ...]] = (
        *Interfaces_LeftServer.METHODS,
        *Interfaces_RightServer.METHODS,
        (_Interfaces_Both_sum, "sum"),
        (_Interfaces_Both_add, "add"),
        (_Interfaces_Both_note, "note"),
    )



class Interfaces_NothingClient(_x.Client):
    pass


class Interfaces_NothingServer(_x.Service):

    METHODS: _ClassVar[tuple[tuple[_m.Method[_Any], str], ...]] = (
    )


_Interfaces_Renamed_op: _m.Method[None] = _m.Method(
    "short.op", (), None, ())

_Interfaces_Renamed_other: _m.Method[None] = _m.Method(
    "bare", (), None, ())

_Interfaces_Renamed_get_ready: _m.Method[bool] = _m.Method(
    "short._get_ready", (), _s.BOOLEAN, ())


class Interfaces_RenamedClient(_x.Client):

    async def op(self, *, timeout: float | None = None) -> None:
        await self._call(_Interfaces_Renamed_op, (), timeout)

    async def other(self, *, timeout: float | None = None) -> None:
        await self._call(_Interfaces_Renamed_other, (), timeout)

    async def get_ready(self, *, timeout: float | None = None) -> bool:
        return await self._call(_Interfaces_Renamed_get_ready, (), timeout)


class Interfaces_RenamedServer(_x.Service):

    @_abstractmethod
    async def op(self, call: _x.Call) -> None:
        raise NotImplementedError

    @_abstractmethod
    async def other(self, call: _x.Call) -> None:
        raise NotImplementedError

    @_abstractmethod
    async def get_ready(self, call: _x.Call) -> bool:
        raise NotImplementedError

    METHODS: _ClassVar[tuple[tuple[_m.Method[_Any], str], ...]] = (
        (_Interfaces_Renamed_op, "op"),
        (_Interfaces_Renamed_other, "other"),
        (_Interfaces_Renamed_get_ready, "get_ready"),
    )
