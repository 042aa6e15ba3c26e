#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every type of IDL between programs in Python and in C, in all four directions; calls that are too late; a Python server
that is a component of the Jabber server."""
import asyncio
import contextlib
import datetime
import math
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

# pylint: disable=wrong-import-position,import-error
import slixmpp

import live
from rawpeer import Peer

made = tempfile.TemporaryDirectory()        # pylint: disable=consider-using-with
subprocess.run([live.program("idlgen"), "--python", "--outdir", made.name,
                os.path.join(live.SOURCE, "tests", "python", "zoo.idl")], check=True, stderr=subprocess.DEVNULL)
sys.dont_write_bytecode = True
sys.path.insert(0, made.name)
import jrpc_messages as m
import jrpc_slixmpp as x
import zoo
from zoo import Access, Colour, Features, Level, Point

live.PROGRAMS["zoo-client"] = "tests/python/zoo-client"
ZOO = os.path.join(live.BUILD, "tests", "python", ".libs", "zoo.so")
COMPONENT, SECRET = "zoo.localhost", "a secret"
PLACE = Point(x=0.1, y=-1e300)


def filled():
    """Something in everything, and the ends of what numbers can be."""
    return zoo.Zoo(
        truth=True, i8=-128, u8=255, i16=-32768, u16=65535, i32=-2 ** 31, u32=2 ** 32 - 1, i64=-2 ** 63, u64=2 ** 64 - 1,
        i64_text=2 ** 63 - 1, narrow=1.5, wide=math.pi, character="<", wide_character="\U0001f600",
        text="Grüße <&>'\" ]]> \t\n\U0001f600", bytes_=bytes(range(256)),
        moment=datetime.datetime(2024, 12, 31, 23, 59, 59), paint=Colour.BLUE, depth=Level.LOW,
        may=Access.READ | Access.EXECUTE, has=Features.FIRST | Features.MIDDLE | Features.HIGH_ONE,
        round=zoo.Disc(id=1, label="disc", centre=PLACE, radius=0.25, paint=Colour.RED),
        chosen=zoo.Pick_place(PLACE), listed=zoo.Choice_bytes(b"\x00\xff"), path=[PLACE, Point(x=1.0, y=2.0)],
        matrix=[[], [1], [2, 3]], triple=[1, -2, 3], octets=b"\x00\x01\xfe\xff", table=[["a", ""], ["<", "ü"]],
        names={"": PLACE, "a & b": Point(x=0.0, y=0.0)}, numbers={-2 ** 63: "least", 2 ** 63 - 1: "most"},
        colours={Colour.RED: True, Colour.BLUE: False}, truths={True: 1, False: 0},
        anything={"list": [1, "x", True, 1.5, None, b"\x01"], "big": 2 ** 40},
        maybe=zoo.Options(number=5, paint=Colour.GREEN, text="", anything=[], place=PLACE, longs=[1],
                          chosen=zoo.Pick_text("t")),
        narrowed=zoo.Limits(percent=100, ratio=-1.0, code="fünf!", few=[1, 2, 3], different=["a", "b"]),
        tree=[zoo.Node(name="root", kids=[zoo.Node(name="kid", kids=[zoo.Node(name="kid's", kids=[])])])])


def empty():
    """As little as there can be."""
    return zoo.Zoo(
        truth=False, i8=0, u8=0, i16=0, u16=0, i32=0, u32=0, i64=0, u64=0, i64_text=0, narrow=0.0, wide=0.0, character="a",
        wide_character="b", text="", bytes_=b"", moment=datetime.datetime(1900, 1, 1), paint=Colour.RED, depth=Level.HIGH,
        may=Access(0), has=Features(0), round=zoo.Disc(id=0, label="", centre=Point(x=0.0, y=0.0), radius=0.0,
                                                       paint=Colour.GREEN),
        chosen=zoo.Pick_number(0), listed=zoo.Choice_longs([], 2), path=[], matrix=[], triple=[0, 0, 0],
        octets=bytes(4), table=[["", ""], ["", ""]], names={}, numbers={}, colours={}, truths={}, anything="",
        maybe=zoo.Options(), narrowed=zoo.Limits(percent=0, ratio=0.0, code="", few=[], different=[]), tree=[])


class Calls(zoo.ZooCallsServer):
    """The same in Python as zoo_impl.c is in C."""

    def __init__(self):
        self.kept, self.text = filled(), ""

    async def ping(self, call):
        pass

    async def add(self, call, a, b):
        return a + b

    async def split(self, call, text, rest):
        first, found, last = text.partition(rest[0])
        return zoo.ZooCalls_split_Result(result=first, at=len(first) if found else -1, rest=last)

    async def get(self, call):
        return zoo.ZooCalls_get_Result(p=Point(x=1.5, y=-2.0))

    async def swap(self, call, z, both):
        self.kept = z
        return zoo.ZooCalls_swap_Result(result=z, both=z, other=both)

    async def last(self, call):
        return self.kept

    async def spend(self, call, amount, account):
        if amount > 100:
            raise zoo.Bank_NoMoney(missing=amount - 100, account=account)
        return 100 - amount

    async def sleep(self, call, milliseconds):
        await asyncio.sleep(milliseconds / 1000)

    async def fail(self, call):
        raise m.Fault(77, "no, %s" % call.caller)

    async def note(self, call, text):
        self.text = text

    async def get_noted(self, call):
        return self.text

    async def set_noted(self, call, value):
        self.text = value


# --- Python calls ---

async def raises(test, kind, name, calling):
    try:
        got = await calling
    except kind as error:
        test.ok(True, name)
        return error
    except Exception as error:              # pylint: disable=broad-except
        got = error
    test.ok(False, name, "%r is no %s" % (got, kind.__name__))
    return None


async def swaps(test, client, name):
    """Every type goes as a parameter, inout, and comes as a result, out and inout."""
    for z, both, what in ((filled(), empty(), "all full"), (empty(), filled(), "all empty"), (filled(), filled(), "again")):
        got = await client.swap(z, both)
        for part, wanted in (("result", z), ("both", z), ("other", both)):
            value = getattr(got, part)
            differs = [field for field in vars(wanted) if getattr(wanted, field) != getattr(value, field)]
            test.ok(not differs, "%s: %s: %s" % (name, what, part),
                    *("%s: got %r, expected %r" % (f, getattr(value, f), getattr(wanted, f)) for f in differs))
        test.equal(await client.last(), z, "%s: %s: kept" % (name, what))


async def small_ones(test, client, name):
    test.equal(await client.ping(), None, name + ": void")
    test.equal(await client.add(-5, 47), 42, name + ": integers")
    test.equal(await client.split("key:value", ":"), zoo.ZooCalls_split_Result(result="key", at=3, rest="value"),
               name + ": a result, an out and an inout")
    test.equal((await client.get()).p, Point(x=1.5, y=-2.0), name + ": one out")
    await client.set_noted("Grüße")
    test.equal(await client.get_noted(), "Grüße", name + ": an attribute")
    await client.note("one way")
    for _ in range(100):                    # nobody says when a one-way call has been made
        if await client.get_noted() == "one way":
            break
        await asyncio.sleep(0.05)
    test.equal(await client.get_noted(), "one way", name + ": a one-way call")


async def failures(test, client, name, caller):
    error = await raises(test, zoo.Bank_NoMoney, name + ": a declared exception", client.spend(2 ** 40, "Zürich"))
    test.ok(error and error.missing == 2 ** 40 - 100 and error.account == "Zürich" and error.has_members,
            name + ": its members", error)
    test.equal(await client.spend(58, "x"), 42, name + ": or none")
    error = await raises(test, m.Fault, name + ": another fault", client.fail())
    test.ok(error and error.fault_code == 77 and caller in str(error), name + ": its code and text", error)
    await raises(test, m.InvalidValue, name + ": what is out of range is not sent", client.add(1, 101))
    await raises(test, m.RpcTimeout, name + ": too late", client.sleep(3000, timeout=0.3))
    test.equal(await client.sleep(1, timeout=20.0), None, name + ": not too late")


async def python_calls(test, link, to, name):
    client = zoo.ZooCallsClient(link, to)
    await swaps(test, client, name)
    await small_ones(test, client, name)
    await failures(test, client, name, "peer-c@")


# --- C calls ---

C_SAYS = """swap: result both other
swap: OK
ping: OK
add: OK
get: OK
split: OK
42, 1.5 -2, key value 3
set: OK
note: OK
noted: OK
missing 4999999900 on Zürich
spend: FAULT 1001 Bank::NoMoney
fail: FAULT 77 no, peer-a@
sleep: TIMEOUT
""".splitlines()


async def c_calls(test, switch, to, name):
    """What the server keeps is what Python gave it: all of it goes through C, and back."""
    ran = await test.call("zoo-client", *switch.options("peer-a"), to)
    lines = ran.out.splitlines()
    test.ok(ran.status == 0 and lines and lines[0] == "last: %s" % filled().text.split("\n", maxsplit=1)[0],
            name + ": it comes", ran)
    for line in C_SAYS:
        test.ok(any(one.startswith(line) for one in lines), "%s: %s" % (name, line), ran)


# --- all ---

async def component(test, switch):
    """A Python server that is a component: its stanzas say who they are from."""
    xmpp = slixmpp.ComponentXMPP(COMPONENT, SECRET, switch.host, switch.component_port)
    server = x.Server(x.Link(xmpp), allow=["*@localhost"])
    server.add(Calls())
    started = asyncio.get_running_loop().create_future()
    xmpp.add_event_handler("session_start", lambda _: started.done() or started.set_result(None))
    xmpp.connect()
    await asyncio.wait_for(started, 20 * live.SLOW)
    return xmpp


async def all_directions(test, server):
    switch = await test.switch(server, "--component", COMPONENT, "--secret", SECRET, users=("peer-a", "peer-b", "peer-c"))
    await test.serve(*switch.options("peer-b"), "--allow", "*@localhost", "--allow", COMPONENT, modules=(ZOO,))
    peer = Peer(switch, "peer-c")
    link = x.Link(peer)
    await peer.open()
    x.Server(link, allow=["*@localhost"]).add(Calls())
    xmpp = await component(test, switch)
    for to, what in ((switch.jid("peer-b"), "C"), (switch.jid("peer-c"), "Python"), (COMPONENT, "a component in Python")):
        await python_calls(test, link, to, "%s: Python calls %s" % (server, what))
        await c_calls(test, switch, to, "%s: C calls %s" % (server, what))
    client = zoo.ZooCallsClient(x.Link(xmpp), switch.jid("peer-b"))
    await swaps(test, client, server + ": a component in Python calls C")
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(xmpp.disconnect(wait=1.0), 5)
    await peer.close()
    await switch.stop()


async def body(test):
    for server in test.servers():
        await test.case(server, all_directions, test, server, limit=150)


live.main(body, limit=400)
