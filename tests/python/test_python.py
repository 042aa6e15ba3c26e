#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Clients and servers in Python made from calc.idl, and those in C: calls in all directions."""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

# pylint: disable=wrong-import-position,import-error
import live
from rawpeer import Peer

made = tempfile.TemporaryDirectory()        # pylint: disable=consider-using-with
subprocess.run([live.program("idlgen"), "--python", "--outdir", made.name,
                os.path.join(live.SOURCE, "samples", "calc", "calc.idl")], check=True)
sys.dont_write_bytecode = True
sys.path.insert(0, made.name)
import calc
import jrpc_slixmpp as x


class Calculator(calc.Calc_CalculatorServer):
    async def add(self, call, a, b):
        return a + b

    async def divide(self, call, dividend, divisor):
        if divisor == 0:
            raise calc.Calc_DivisionByZero(step=7)
        return calc.Calc_Calculator_divide_Result(dividend // divisor, dividend % divisor)

    async def run(self, call, start, steps):
        return 17.5

    async def store(self, call, name, value):
        pass

    async def recall(self, call, name):
        raise calc.Calc_NoSuch(name=name)

    async def memories(self, call):
        return [calc.Calc_Memory(name="answer", value=42.0)]


async def calls(test, server):
    switch = await test.switch(server, users=("peer-a", "peer-b", "peer-c", "stranger"))
    await test.serve(*switch.options("peer-b"), "--allow", "peer-c@localhost", modules=(live.CALC,))
    peer = Peer(switch, "peer-c")
    link = x.Link(peer)
    await peer.open()
    x.Server(link, allow=["peer-a@localhost", "peer-c@localhost"]).add(Calculator())
    for to, what in (("peer-b", "Python calls C"), ("peer-c", "Python calls Python")):
        name = "%s: %s: " % (server, what)
        client = calc.Calc_CalculatorClient(link, switch.jid(to))
        test.equal(await client.add(2, 40), 42, name + "integers")
        test.equal(tuple(await client.divide(47, 5)), (9, 2), name + "out parameters")
        try:
            await client.recall("question")
            test.ok(False, name + "an exception")
        except calc.Calc_NoSuch as raised:
            test.ok(raised.name == "question" and raised.has_members, name + "a typed exception", raised)
    ran = await test.call("calc-client", *switch.options("peer-a"), switch.jid("peer-c"))
    test.ok(ran.status == 0 and "no memory is named question" in ran.out, server + ": C calls Python", ran)
    ran = await test.call("calc-client", *switch.options("stranger"), switch.jid("peer-c"))
    test.ok(ran.status == 1 and "REFUSED" in ran.err, server + ": a stranger is refused by Python", ran)
    await peer.close()
    await switch.stop()


async def body(test):
    for server in test.servers():
        await test.case(server, calls, test, server)


live.main(body)
