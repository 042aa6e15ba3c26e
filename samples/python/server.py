#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A calculator with a memory: server.py [CONNECTION OPTION]... --allow JID..."""
import asyncio
import sys

import calc
import jrpc_slixmpp
import login

STEPS = {
    calc.Calc_Operator.ADD: lambda a, b: a + b,
    calc.Calc_Operator.SUBTRACT: lambda a, b: a - b,
    calc.Calc_Operator.MULTIPLY: lambda a, b: a * b,
    calc.Calc_Operator.DIVIDE: lambda a, b: a / b,
}


class Calculator(calc.Calc_CalculatorServer):
    def __init__(self):
        self.kept = {}

    async def add(self, call, a, b):
        return a + b

    async def divide(self, call, dividend, divisor):
        if divisor == 0:
            raise calc.Calc_DivisionByZero(step=0)
        quotient = abs(dividend) // abs(divisor)
        if (dividend < 0) != (divisor < 0):
            quotient = -quotient            # towards zero, as in C
        return calc.Calc_Calculator_divide_Result(quotient, dividend - quotient * divisor)

    async def run(self, call, start, steps):
        for number, step in enumerate(steps):
            if step.op is calc.Calc_Operator.DIVIDE and step.operand == 0:
                raise calc.Calc_DivisionByZero(step=number)
            start = STEPS[step.op](start, step.operand)
        return start

    async def store(self, call, name, value):
        self.kept[name] = value

    async def recall(self, call, name):
        if name not in self.kept:
            raise calc.Calc_NoSuch(name=name)
        return self.kept[name]

    async def memories(self, call):
        return [calc.Calc_Memory(name=name, value=self.kept[name]) for name in sorted(self.kept)]


async def main():
    parser = login.options(__doc__)
    parser.add_argument("--allow", action="append", default=[], metavar="JID", help="who may call; may be repeated")
    given = parser.parse_args()

    def prepare(stream):
        server = jrpc_slixmpp.Server(jrpc_slixmpp.Link(stream), allow=given.allow)
        server.add(Calculator())
        return server
    stream, _ = await login.log_in(given, prepare)
    print("server.py: ready as %s" % stream.boundjid.full, file=sys.stderr)
    over = asyncio.get_running_loop().create_future()
    stream.add_event_handler("disconnected", lambda _: over.done() or over.set_result(None))
    await over

asyncio.run(main())
