"""Types, clients and servers of calc.idl, made by idlgen --python: do not edit."""
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

Calc_Step_type = _t.Struct("Calc::Step")
Calc_Memory_type = _t.Struct("Calc::Memory")
Calc_DivisionByZero_type = _t.Struct("Calc::DivisionByZero")
Calc_NoSuch_type = _t.Struct("Calc::NoSuch")

Calc_MAX_STEPS: _Final[int] = 100
"""Steps that one call of run() may have."""


class Calc_Operator(_enum.Enum):
    """What a step does to the number on the display."""
    ADD = 0
    SUBTRACT = 1
    MULTIPLY = 2
    DIVIDE = 3


Calc_Operator_type = _s.Enumeration("Calc::Operator", Calc_Operator)


@_dataclass(kw_only=True)
class Calc_Step:
    """One key pressed after a number was typed in."""
    op: Calc_Operator
    operand: float

Calc_Program: _TypeAlias = "list[Calc_Step]"
Calc_Program_type = _t.Sequence("Calc::Program", Calc_Step_type, 100)


@_dataclass(kw_only=True)
class Calc_Memory:
    """What is kept under a name."""
    name: str
    value: float


@_dataclass(kw_only=True, eq=False)
class Calc_DivisionByZero(_m.DeclaredFault):
    """A number was divided by zero."""
    IDL_NAME: _ClassVar[str] = "Calc::DivisionByZero"
    CODE: _ClassVar[int] = 1
    TYPE: _ClassVar[_t.Struct] = Calc_DivisionByZero_type
    step: int
    """Where in the program, from 0."""


@_dataclass(kw_only=True, eq=False)
class Calc_NoSuch(_m.DeclaredFault):
    """Nothing is kept under this name."""
    IDL_NAME: _ClassVar[str] = "Calc::NoSuch"
    CODE: _ClassVar[int] = 2
    TYPE: _ClassVar[_t.Struct] = Calc_NoSuch_type
    name: str


Calc_Step_type.define(
    Calc_Step,
    _t.Member("op", "op", Calc_Operator_type),
    _t.Member("operand", "operand", _s.DOUBLE))
Calc_Memory_type.define(
    Calc_Memory,
    _t.Member("name", "name", _s.STRING),
    _t.Member("value", "value", _s.DOUBLE))
Calc_DivisionByZero_type.define(
    Calc_DivisionByZero,
    _t.Member("step", "step", _s.UNSIGNED_LONG))
Calc_NoSuch_type.define(
    Calc_NoSuch,
    _t.Member("name", "name", _s.STRING))


class Calc_Calculator_divide_Result(_NamedTuple):
    quotient: int
    remainder: int


_Calc_Calculator_add: _m.Method[int] = _m.Method(
    "Calc.Calculator.add", (_m.Param("a", _s.LONG), _m.Param("b", _s.LONG), ), _s.LONG_LONG, (), help="Adds two numbers.")

_Calc_Calculator_divide: _m.Method[Calc_Calculator_divide_Result] = _m.Method(
    "Calc.Calculator.divide", (_m.Param("dividend", _s.LONG), _m.Param("divisor", _s.LONG), _m.Param("quotient", _s.LONG, _m.OUT), _m.Param("remainder", _s.LONG, _m.OUT), ), None, (Calc_DivisionByZero, ), outs=Calc_Calculator_divide_Result, help="Divides whole numbers: dividend = divisor * quotient + remainder.")

_Calc_Calculator_run: _m.Method[float] = _m.Method(
    "Calc.Calculator.run", (_m.Param("start", _s.DOUBLE), _m.Param("steps", Calc_Program_type), ), _s.DOUBLE, (Calc_DivisionByZero, ), help="Starts from a number and does one step after the other.")

_Calc_Calculator_store: _m.Method[None] = _m.Method(
    "Calc.Calculator.store", (_m.Param("name", _s.STRING), _m.Param("value", _s.DOUBLE), ), None, (), help="Keeps a number under a name, in place of what was there.")

_Calc_Calculator_recall: _m.Method[float] = _m.Method(
    "Calc.Calculator.recall", (_m.Param("name", _s.STRING), ), _s.DOUBLE, (Calc_NoSuch, ), help="Gives back what is kept under a name.")

_Calc_Calculator_memories: _m.Method[list[Calc_Memory]] = _m.Method(
    "Calc.Calculator.memories", (), _t.Sequence("sequence<Calc::Memory>", Calc_Memory_type), (), help="Everything that is kept, by name.")


class Calc_CalculatorClient(_x.Client):
    """What a calculator can do."""

    async def add(self, a: int, b: int, *, timeout: float | None = None) -> int:
        """Adds two numbers."""
        return await self._call(_Calc_Calculator_add, (a, b, ), timeout)

    async def divide(self, dividend: int, divisor: int, *, timeout: float | None = None) -> Calc_Calculator_divide_Result:
        """Divides whole numbers: dividend = divisor * quotient + remainder.
        Raises: Calc_DivisionByZero
        """
        return await self._call(_Calc_Calculator_divide, (dividend, divisor, ), timeout)

    async def run(self, start: float, steps: list[Calc_Step], *, timeout: float | None = None) -> float:
        """Starts from a number and does one step after the other.
        Raises: Calc_DivisionByZero
        """
        return await self._call(_Calc_Calculator_run, (start, steps, ), timeout)

    async def store(self, name: str, value: float, *, timeout: float | None = None) -> None:
        """Keeps a number under a name, in place of what was there."""
        await self._call(_Calc_Calculator_store, (name, value, ), timeout)

    async def recall(self, name: str, *, timeout: float | None = None) -> float:
        """Gives back what is kept under a name.
        Raises: Calc_NoSuch
        """
        return await self._call(_Calc_Calculator_recall, (name, ), timeout)

    async def memories(self, *, timeout: float | None = None) -> list[Calc_Memory]:
        """Everything that is kept, by name."""
        return await self._call(_Calc_Calculator_memories, (), timeout)


class Calc_CalculatorServer(_x.Service):
    """What a calculator can do."""

    @_abstractmethod
    async def add(self, call: _x.Call, a: int, b: int) -> int:
        """Adds two numbers."""

    @_abstractmethod
    async def divide(self, call: _x.Call, dividend: int, divisor: int) -> Calc_Calculator_divide_Result:
        """Divides whole numbers: dividend = divisor * quotient + remainder.
        Raises: Calc_DivisionByZero
        """

    @_abstractmethod
    async def run(self, call: _x.Call, start: float, steps: list[Calc_Step]) -> float:
        """Starts from a number and does one step after the other.
        Raises: Calc_DivisionByZero
        """

    @_abstractmethod
    async def store(self, call: _x.Call, name: str, value: float) -> None:
        """Keeps a number under a name, in place of what was there."""

    @_abstractmethod
    async def recall(self, call: _x.Call, name: str) -> float:
        """Gives back what is kept under a name.
        Raises: Calc_NoSuch
        """

    @_abstractmethod
    async def memories(self, call: _x.Call) -> list[Calc_Memory]:
        """Everything that is kept, by name."""

    METHODS: _ClassVar[tuple[tuple[_m.Method[_Any], str], ...]] = (
        (_Calc_Calculator_add, "add"),
        (_Calc_Calculator_divide, "divide"),
        (_Calc_Calculator_run, "run"),
        (_Calc_Calculator_store, "store"),
        (_Calc_Calculator_recall, "recall"),
        (_Calc_Calculator_memories, "memories"),
    )
