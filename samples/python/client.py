#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Structs, sequences, enums, out parameters and exceptions: client.py [CONNECTION OPTION]... TO"""
import asyncio
import sys

import calc
import jrpc_messages
import jrpc_slixmpp
import login


async def show(calculator):
    divided = await calculator.divide(47, 5)
    print("47 / 5 = %d, remainder %d" % (divided.quotient, divided.remainder))

    steps = [calc.Calc_Step(op=calc.Calc_Operator.ADD, operand=3.0),
             calc.Calc_Step(op=calc.Calc_Operator.MULTIPLY, operand=7.0),
             calc.Calc_Step(op=calc.Calc_Operator.DIVIDE, operand=2.0)]
    print("2 + 3 * 7 / 2 = %g, key by key" % await calculator.run(2.0, steps))

    await calculator.store("answer", 42.0)
    for memory in await calculator.memories():
        print("memory %s holds %g" % (memory.name, memory.value))

    # An exception that the IDL declares is a typed value here.
    try:
        await calculator.recall("question")
    except calc.Calc_NoSuch as missing:
        print("no memory is named %s" % missing.name)


async def main():
    parser = login.options(__doc__)
    parser.add_argument("to", metavar="TO", help="address of the calculator")
    given = parser.parse_args()
    stream, link = await login.log_in(given, jrpc_slixmpp.Link)
    try:
        await show(calc.Calc_CalculatorClient(link, given.to))
        return 0
    except jrpc_messages.RpcError as error:
        print("client.py: %s" % error, file=sys.stderr)
        return 1
    finally:
        await stream.disconnect()

sys.exit(asyncio.run(main()))
