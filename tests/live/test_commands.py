#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What people type: lines of the command line tool."""
import os

import live
from live import NANTES, program

SERVER = "peer-b@localhost/rpc"


async def lines(test, switch):
    """jrpc call without a method calls what stands in the lines of standard input."""
    path = os.path.join(test.folder, "lines")
    with open(path, "w", encoding="utf-8") as file:
        file.write("# a comment, and an empty line\n\n"
                   'Rot13 "%s"\nRot13 hello\nCalc.Calculator.add -2 44\n'
                   "Calc.Calculator.run 1 [{\"op\": \"ADD\", \"operand\": 2}]\n"
                   "Rot13 \"open\nNope\nRot13 last" % NANTES[0])
    ran = await test.run("sh", "-c", 'exec "$@" < ' + path, "sh", program("jrpc"), "call",
                         *switch.options("peer-a"), SERVER)
    test.equal(ran.status, 1, "the exit status is that of the last line that failed")
    test.equal(ran.out.splitlines(), ['"%s"' % NANTES[1], '"uryyb"', "42", "3.0", '"ynfg"'],
               "each line is called, each result is a line")
    test.finds(r"jrpc: line 7: INVALID: the quotes are not closed, at character 8: open\n", ran.err, "a mistake has a place")
    test.finds(r"jrpc: line 8: .*no such method: Nope", ran.err, "so has an error of the other side")


async def body(test):
    for server in test.servers():
        switch = await test.switch(server, users=("peer-a", "peer-b"))
        await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost")
        await test.case(server + ", lines", lines, test, switch)
        await switch.stop()


live.main(body)
