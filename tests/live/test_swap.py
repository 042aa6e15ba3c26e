#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Modules of rpc-server that are replaced while it runs: SIGHUP, calls under way, files that are none."""
import asyncio
import os
import shutil
import signal

import live
from live import BUILD, CALC, NANTES, PROBE, ROT13
from rawpeer import open_peer

SERVER = "peer-b@localhost/rpc"
ROT26 = os.path.join(BUILD, "tests", "live", ".libs", "rot26.so")
PLAIN, TURNED = NANTES


def call_xml(method, value):
    return ("<query xmlns='jabber:iq:rpc'><methodCall><methodName>%s</methodName><params><param><value>%s</value></param>"
            "</params></methodCall></query>" % (method, value))


def rot13(caller):
    return caller.send_iq(SERVER, call_xml("Rot13", "<string>%s</string>" % PLAIN))


async def answer(caller):
    return (await asyncio.wait_for(rot13(caller), 15 * live.SLOW)).value()


def overwrite(path, source):
    """The same file, other bytes: as cp does."""
    with open(source, "rb") as data, open(path, "r+b") as file:
        file.write(data.read())
        file.truncate()


def rename(path, source):
    """Another file: as install and mv do."""
    shutil.copyfile(source, path + ".new")
    os.rename(path + ".new", path)


async def hang_up(server, says):
    """Sends SIGHUP, and waits until that is said once more than before."""
    before = server.err.count(says)
    server.process.send_signal(signal.SIGHUP)
    for _ in range(int(1500 * live.SLOW)):
        if server.err.count(says) > before:
            return
        await asyncio.sleep(0.01)
    raise RuntimeError("rpc-server did not say %r but:\n%s" % (says, server.err))


def copies(server):
    """The copies of modules that are mapped."""
    with open("/proc/%d/maps" % server.pid, encoding="ascii") as maps:
        return {line.split()[4] for line in maps if "memfd:jrpc-module" in line}


async def released(server, count):
    for _ in range(int(300 * live.SLOW)):
        if len(copies(server)) == count:
            return True
        await asyncio.sleep(0.05)
    return False


async def start(test, switch):
    rot, probe = (os.path.join(test.folder, name) for name in ("rot.so", "probe.so"))
    shutil.copyfile(ROT13, rot)
    shutil.copyfile(PROBE, probe)
    server = await test.serve(*switch.options("peer-b"), "--allow", "peer-c@localhost",
                              "--method-limit", "Rot13=1000000/s", modules=(rot, probe))
    return server, await open_peer(test, switch, "peer-c"), rot, probe


async def files(test, switch):
    name = switch.server
    server, caller, rot, _ = await start(test, switch)
    replaced, stays = "was replaced", "the old module stays: "
    test.equal(await answer(caller), TURNED, name + ": the first version answers")
    overwrite(rot, ROT26)
    test.equal(await answer(caller), TURNED, name + ": a file that is written to does not pull the code away")
    await hang_up(server, replaced)
    test.equal(await answer(caller), PLAIN, name + ": SIGHUP: the second version answers")
    rename(rot, ROT13)
    await hang_up(server, replaced)
    test.equal(await answer(caller), TURNED, name + ": a new file in its place")
    overwrite(rot, __file__)
    await hang_up(server, stays)
    test.equal(await answer(caller), TURNED, name + ": a file that is no module leaves the old one")
    rename(rot, PROBE)
    await hang_up(server, stays)
    test.finds("already, by interface Probe", server.err, name + ": so does one whose methods another one has")
    os.remove(rot)
    await hang_up(server, stays)
    test.equal(await answer(caller), TURNED, name + ": and none at all")
    test.ok(await released(server, 2), name + ": what was replaced is unloaded", copies(server))
    rename(rot, ROT26)
    await hang_up(server, replaced)
    test.equal(await answer(caller), PLAIN, name + ": it can still be replaced")
    await hang_up(server, "rot.so is what it was")
    test.equal(await answer(caller), PLAIN, name + ": SIGHUP with nothing new")
    test.equal(server.err.count(replaced), 3, name + ": which changes nothing")
    test.ok("warning" not in server.err, name + ": the limited method was there all the time", server.err)
    rename(rot, CALC)
    await hang_up(server, "warning: --method-limit: there is no method Rot13")
    test.equal(await server.end(), 0, name + ": ends well")
    await caller.close()


async def under_way(test, switch):
    """A call that runs keeps its module."""
    name = switch.server
    server, caller, _, probe = await start(test, switch)
    slow = caller.send_iq(SERVER, call_xml("Probe.block", "<i4>6000</i4>"))
    await answer(caller)                        # streams keep their order: the slow one has come in
    rename(probe, PROBE)
    await hang_up(server, "was replaced")
    test.ok(not slow.done() and len(copies(server)) == 3, name + ": both versions are there", copies(server))
    got = await asyncio.wait_for(caller.send_iq(SERVER, call_xml("Probe.echo", "<string>x</string>")), 15 * live.SLOW)
    test.equal(got.value(), "x", name + ": the new one answers")
    test.equal((await asyncio.wait_for(slow, 20 * live.SLOW)).value(), "1", name + ": the old one gives its answer")
    test.ok(await released(server, 2), name + ": and is unloaded then", copies(server))
    test.equal(await server.end(), 0, name + ": ends well")
    await caller.close()


async def under_load(test, switch):
    name = switch.server
    server, caller, rot, _ = await start(test, switch)
    stop, seen = asyncio.Event(), []

    async def keep_calling():
        while not stop.is_set():
            seen.extend(one.value() for one in await asyncio.wait_for(asyncio.gather(*(rot13(caller) for _ in range(8))), 30 * live.SLOW))
    calling = asyncio.ensure_future(keep_calling())
    for number in range(30):
        rename(rot, ROT26 if number % 2 == 0 else ROT13)
        await hang_up(server, "was replaced")
    stop.set()
    await calling
    test.ok(set(seen) <= {PLAIN, TURNED}, name + ": 30 times under load, each call has its answer", set(seen))
    test.say("%d calls" % len(seen))
    test.ok(await released(server, 2), name + ": nothing is left behind", copies(server))
    test.equal(await server.end(), 0, name + ": ends well")
    await caller.close()


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, users=("peer-b", "peer-c"))
        for part in (files, under_way, under_load):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch, limit=90)
        await switch.stop()


live.main(body, limit=600)
