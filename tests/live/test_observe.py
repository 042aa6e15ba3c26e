#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What rpc-server tells of itself: metrics in a file, its state and last calls at SIGUSR1."""
import asyncio
import os
import re
import shutil
import signal
import stat
import time

from prometheus_client.parser import text_string_to_metric_families

import live
from live import PROBE, ROT13
from rawpeer import call_xml, open_peer, param

SERVER = "peer-b@localhost/rpc"
ARGUMENT = "nobody-else-shall-read-this"
LATENCIES = 19


def samples(text):
    """{(name, labels): value}; raises when Prometheus could not read it."""
    found = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            key = (one.name, tuple(sorted(one.labels.items())))
            if key in found:
                raise ValueError("twice: %s" % (key,))
            found[key] = one.value
    return found


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def ended(metrics, method, status):
    return metrics.get(("jrpc_method_calls_total",
                        (("method", method), ("side", "callee"), ("status", status))), 0)


async def until(condition, limit=15):
    """Waits for what a function says, or for the deadline; what it said last."""
    end = time.monotonic() + limit * live.SLOW
    while not condition() and time.monotonic() < end:
        await asyncio.sleep(0.05)
    return condition()


async def outcomes(caller):
    """Three calls that are answered, one that fails, one for a method that is not there."""
    for _ in range(3):
        await caller.call(SERVER, "Rot13", param("<string>%s</string>" % ARGUMENT))
    await caller.call(SERVER, "Probe.refuse")
    await caller.call(SERVER, "Rot%s" % ARGUMENT)


async def metrics_are_written(test, switch):
    """Every second, whole at any time, and for the last time at the end."""
    name = switch.server
    folder = os.path.join(test.folder, name)
    os.mkdir(folder)
    path = os.path.join(folder, "jrpc.prom")
    server = await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost", "--metrics-file", path,
                              "--metrics-interval", "1", modules=(ROT13, PROBE))
    first = samples(read(path))
    test.equal((first[("jrpc_online", ())], ended(first, "Rot13", "OK")), (1, 0), name + ": there from the beginning")
    test.equal(stat.S_IMODE(os.stat(path).st_mode) & 0o644, 0o644, name + ": others may read it")
    caller = await open_peer(test, switch, "peer-a")
    texts = set()

    def counted():
        texts.add(read(path))
        return any(ended(samples(text), "Rot13", "OK") == 3 for text in texts)
    await outcomes(caller)
    test.ok(await until(counted), name + ": three calls are counted within a second or so", *texts)
    test.ok(all(re.search(r"^jrpc_stray_answers \d+\n\Z", text, re.MULTILINE) for text in texts),
            name + ": no part of a file was ever seen", *texts)
    now = samples(read(path))
    test.equal(ended(now, "Probe.refuse", "FAULT"), 1, name + ": a fault counts as one")
    test.equal(now[("jrpc_calls_total", (("side", "callee"), ("status", "NO_SUCH_METHOD")))], 1,
               name + ": a method that is not there")
    test.equal(now[("jrpc_peer_calls_total", (("peer", "peer-a@localhost"), ("side", "callee"), ("status", "OK")))], 3,
               name + ": by peer")
    test.equal(len([key for key in now if key[0] == "jrpc_method_seconds_bucket" and ("method", "Rot13") in key[1]]),
               LATENCIES, name + ": with a histogram of latencies")
    test.ok(not any(word in text for text in texts for word in (ARGUMENT, switch.password("peer-b"))),
            name + ": no arguments, no password")
    await caller.call(SERVER, "Rot13", param("<string>x</string>"))
    test.equal(await server.end(), 0, name + ": SIGTERM")
    test.equal(ended(samples(read(path)), "Rot13", "OK"), 4, name + ": the last call is in the file")
    test.equal(os.listdir(folder), ["jrpc.prom"], name + ": and nothing else is in its folder")
    await caller.close()


async def metrics_that_cannot_be_written(test, switch):
    name = switch.server
    folder = os.path.join(test.folder, name + "-gone")
    path = os.path.join(folder, "jrpc.prom")
    options = ["--metrics-file", path, "--metrics-interval", "1"]
    ran = await test.call("rpc-server", *switch.options("peer-b"), "--module", ROT13, *options)
    test.ok(ran.status == 2 and path in ran.err, name + ": no such folder: told at once", ran)
    os.mkdir(folder)
    server = await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost", *options, modules=(ROT13,))
    shutil.rmtree(folder)
    await server.says("metrics cannot be written.*" + re.escape(path))
    caller = await open_peer(test, switch, "peer-a")
    answer = await caller.call(SERVER, "Rot13", param("<string>abc</string>"))
    test.equal(answer.value(), "nop", name + ": it serves when the folder has gone")
    os.mkdir(folder)
    test.ok(await until(lambda: os.path.exists(path)), name + ": and writes when it is back")
    test.equal(await server.end(), 0, name + ": status 0")
    test.equal(server.err.count("cannot be written"), 1, name + ": one complaint")
    await caller.close()


def check_dump(test, text, name):
    test.finds(r"state at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ of peer-b@localhost/rpc: online, 0 calls queued, 1 running", text,
               name + ": the state, while one call runs")
    test.equal(len(re.findall(r"^\S+Z from peer-a@localhost/rpc Rot13 OK \d+\.\d+ ms id=raw-\d+$", text, re.MULTILINE)), 3,
               name + ": three calls with their ids")
    test.finds(r"from peer-a@localhost/rpc Probe.refuse FAULT\(77\)", text, name + ": a fault with its code")
    test.ok(ARGUMENT not in text, name + ": no arguments", text)


async def a_signal_dumps(test, switch):
    """To the log, or to a file that is for its owner alone."""
    path = os.path.join(test.folder, switch.server + ".dump")
    for more in ([], ["--dump-file", path]):
        name = " ".join([switch.server, *more[:1]])
        server = await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost", *more, modules=(ROT13, PROBE))
        caller = await open_peer(test, switch, "peer-a")
        slow = caller.send_iq(SERVER, call_xml("Probe.block", param("<i4>60000</i4>")))
        await outcomes(caller)

        def dumps(server=server, more=more):
            text = server.err if not more else read(path) if os.path.exists(path) else ""
            return text.count("end of its last calls")
        for wanted in (1, 2):
            server.process.send_signal(signal.SIGUSR1)
            test.ok(await until(lambda wanted=wanted: dumps() == wanted), "%s: SIGUSR1, %d" % (name, wanted), server.err)
        text = read(path) if more else server.err
        check_dump(test, text[:text.index("end of its")], name)
        if more:
            test.equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, name + ": for its owner alone")
            test.ok("last calls" not in server.err, name + ": not in the log", server.err)
        test.ok(server.runs() and not slow.done(), name + ": nothing is disturbed by it")
        server.process.kill()
        await caller.close()


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, users=("peer-a", "peer-b"))
        for part in (metrics_are_written, metrics_that_cannot_be_written, a_signal_dumps):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch)
        await switch.stop()


live.main(body, limit=300)
