#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Things break under load; afterwards each call has ended in one way, and nothing has run twice.

FAULTS_ROUNDS (1) and FAULTS_CALLS (2500) in the environment: how often each fault is made on each server, and the least
number of calls there; `make faults` has the great numbers.
"""
import asyncio
import collections
import os
import signal
import struct
import sys

sys.path.insert(0, os.path.join(os.environ.get("JRPC_SRCDIR") or
                                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."), "tests", "live"))
# pylint: disable=wrong-import-position
import live
from proxies import Relay, through
from rawpeer import open_peer

ROUNDS = int(os.environ.get("FAULTS_ROUNDS", "1"))
CALLS = int(os.environ.get("FAULTS_CALLS", "2500"))
PROGRAMS = os.path.join(live.BUILD, "tests", "faults")
TO = "peer-b@localhost/rpc"
GOES_ON = 40            # calls that end well: then work goes on
AGAIN = 1               # the kind of call that may run twice
# Statuses by what they promise.
OK, FAULT, BUSY = 0, -28, -23
NOT_RUN = {-20: "UNAVAILABLE", -21: "NO_SUCH_METHOD", -22: "REFUSED", BUSY: "BUSY", -29: "TOO_LARGE", -6: "CLOSED"}
UNKNOWN = {-24: "TIMEOUT", -25: "CANCELLED", -26: "DISCONNECTED", -27: "UNKNOWN_OUTCOME"}


class Work:
    """A caller and a callee, each behind a relay of its own, and what they wrote down."""

    def __init__(self, test, switch):
        self.test, self.switch = test, switch
        self.results = os.path.join(test.folder, switch.server + "-results")
        self.log = os.path.join(test.folder, switch.server + "-log")
        self.caller = self.callee = None
        self.near = self.far = None
        self.next = 0
        self.held = []

    async def start(self):
        target = (self.switch.host, self.switch.port)
        self.near = await Relay(target=target).start(self.test)
        self.far = await Relay(target=target).start(self.test)
        await self.start_callee()
        await self.start_caller()

    async def start_callee(self):
        argv = [os.path.join(PROGRAMS, "faults-callee"), self.log, *through(self.far, self.switch.options("peer-b"))]
        self.callee = await self.test.daemon(argv, "callee: ready", limit=60)

    async def start_caller(self):
        argv = [os.path.join(PROGRAMS, "faults-caller"), TO, self.results, str(self.next), "100000000",
                *through(self.near, self.switch.options("peer-a"))]
        self.next += 100000000
        self.held.append(os.path.join(self.test.folder, "%s-held-%d" % (self.switch.server, len(self.held))))
        with open(self.held[-1], "wb") as out:
            process = await self.test.spawn(argv, stdout=out)
        self.caller = live.Daemon(process, "faults-caller")
        self.test.stack.push_async_callback(self.test.end_quietly, self.caller)
        await self.caller.says("caller: ready", 60)

    def read_results(self, start=0):
        """(number, kind, status) of each call that has ended."""
        if not os.path.exists(self.results):
            return []
        with open(self.results, "rb") as file:
            file.seek(start * 16)
            data = file.read()
        return list(struct.iter_unpack("=qii", data[:len(data) // 16 * 16]))

    def executions(self):
        with open(self.log, "rb") as file:
            return collections.Counter(number for (number,) in struct.iter_unpack("=q", file.read()) if number >= 0)

    async def goes_on(self, limit=90):
        """Waits until calls end well that began after now: more of them than are under way at once."""
        start = os.path.getsize(self.results) // 16 if os.path.exists(self.results) else 0
        end = asyncio.get_running_loop().time() + limit * live.SLOW
        while sum(status == OK for _, _, status in self.read_results(start)) < GOES_ON:
            if asyncio.get_running_loop().time() > end or not self.caller.runs():
                raise RuntimeError("work does not go on\n%s\n%s" % (self.caller.err[-2000:], self.callee.err[-2000:]))
            await asyncio.sleep(0.05)


# ---- faults ----

async def kill_server(work):
    """The Jabber server is killed and comes back."""
    await work.test.run(live.SWITCH, "kill", "--dir", work.switch.dir, limit=30)
    ran = await work.test.run(live.SWITCH, "restart", "--dir", work.switch.dir, limit=90)
    if ran.status != 0:
        raise RuntimeError(str(ran))


async def restart_server(work):
    """The Jabber server ends in good order and comes back."""
    ran = await work.test.run(live.SWITCH, "restart", "--dir", work.switch.dir, limit=90)
    if ran.status != 0:
        raise RuntimeError(str(ran))


async def cut_caller(work):
    """The caller's connection is cut."""
    work.near.cut()


async def cut_callee(work):
    """The callee's connection is cut."""
    work.far.cut()


async def stall(relay, daemon):
    said = daemon.err.count("did not answer a ping")
    relay.silence()
    try:
        for _ in range(int(400 * live.SLOW)):
            if daemon.err.count("did not answer a ping") > said:
                return
            await asyncio.sleep(0.05)
        raise RuntimeError("the silence was not noticed\n" + daemon.err[-2000:])
    finally:
        relay.cut(silent=True)


async def stall_caller(work):
    """The caller's connection falls silent."""
    await stall(work.near, work.caller)


async def stall_callee(work):
    """The callee's connection falls silent."""
    await stall(work.far, work.callee)


async def kill_callee(work):
    """The callee is killed and started again."""
    await work.callee.end(signal.SIGKILL)
    await work.start_callee()


async def kill_caller(work):
    """The caller is killed and started again."""
    await work.caller.end(signal.SIGKILL)
    await work.start_caller()


async def kick_caller(work):
    """Somebody else takes the caller's address: it must not fight for it, and all its calls end."""
    for _ in range(5):
        intruder = await open_peer(work.test, work.switch, "peer-a", "rpc")
        lost = asyncio.get_running_loop().create_future()
        intruder.add_event_handler("disconnected", lambda _, lost=lost: lost.done() or lost.set_result(None))
        ended = asyncio.ensure_future(work.caller.process.wait())
        await asyncio.wait({ended, lost}, timeout=30 * live.SLOW, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            break
        # A connection that is reset takes the reason with it: then the caller comes back, as after any loss.
    else:
        raise RuntimeError("the caller does not end\n" + work.caller.err[-2000:])
    await work.caller.reader
    if "CONFLICT" not in work.caller.err and "another" not in work.caller.err:
        raise RuntimeError("the caller does not say why it has ended\n" + work.caller.err[-2000:])
    await intruder.close()
    await work.start_caller()


async def fill_queue(work):
    """More calls at once than the callee will queue."""
    start = len(work.read_results())
    work.caller.process.send_signal(signal.SIGUSR1)
    burst = collections.Counter()
    for _ in range(int(600 * live.SLOW)):
        burst = collections.Counter(status for _, kind, status in work.read_results(start) if kind == 3)
        if sum(burst.values()) >= 100 and burst[BUSY]:
            return
        await asyncio.sleep(0.05)
    raise RuntimeError("the queue was not filled: calls of the burst by their statuses: %s" % dict(burst))


async def send_too_much(work):
    """One stanza is larger than the server lets through."""
    start = len(work.read_results())
    work.caller.process.send_signal(signal.SIGUSR2)
    for _ in range(int(600 * live.SLOW)):
        loads = [status for _, kind, status in work.read_results(start) if kind == 2]
        if loads:
            if loads[0] == OK:
                raise RuntimeError("the large call went through")
            return
        await asyncio.sleep(0.05)
    raise RuntimeError("no large call was made")


FAULTS = [kill_server, cut_caller, cut_callee, stall_caller, stall_callee, kill_callee, kill_caller, kick_caller,
          fill_queue, send_too_much, restart_server]


# ---- afterwards ----

def judge(test, work, name, killed):
    """Compares how calls ended with what was executed."""
    results, executed = work.read_results(), work.executions()
    ended = collections.Counter(number for number, _, _ in results)
    kinds = {number: kind for number, kind, _ in results}
    statuses = collections.Counter(status for _, _, status in results)
    test.ok(all(count == 1 for count in ended.values()), name + ": each call has ended once")
    lost = [number for number, _, status in results if status == OK and executed[number] == 0]
    test.equal(lost[:5], [], name + ": what was answered was executed")
    twice = [number for number, count in executed.items() if count > 1 and kinds.get(number, 0) != AGAIN]
    test.equal(twice[:5], [], name + ": nothing was executed twice that may not be")
    # One that may run twice is sent again where the others are not; what is said then is said of the last time alone.
    untrue = [(number, NOT_RUN[status]) for number, kind, status in results
              if status in NOT_RUN and executed[number] and kind != AGAIN]
    test.equal(untrue[:5], [], name + ": what is said not to have run has not")
    strange = set(statuses) - {OK} - set(NOT_RUN) - set(UNKNOWN)
    test.equal(strange, set(), name + ": no other end than those")
    unasked = [number for number in executed if number not in ended]
    test.ok(len(unasked) <= 400 * killed, name + ": what was executed was asked for, by a caller that lives",
            "%d executions without an end" % len(unasked))
    failed = sum(count for status, count in statuses.items() if status in NOT_RUN)
    unknown = sum(count for status, count in statuses.items() if status in UNKNOWN)
    names = {**NOT_RUN, **UNKNOWN}
    test.say("%s: calls made %d, succeeded %d, failed %d, unknown %d, lost %d, twice %d, hung 0" %
             (name, len(results), statuses[OK], failed, unknown, len(lost), len(twice)))
    test.say("   " + ", ".join("%s %d" % (names.get(status, str(status)), count)
                               for status, count in statuses.most_common() if status != OK))
    return len(results)


def check_held(test, work, name):
    """The last caller ended in good order: it holds what it held at its start."""
    with open(work.held[-1], encoding="ascii") as file:
        lines = file.read().splitlines()
    if not test.equal(len(lines), 2, name + ": the caller has ended all its calls"):
        return
    before, after = ([int(word) for word in line.split() if word.isdigit()] for line in lines)
    test.say("%s: before: %s; after: %s" % (name, *lines))
    test.equal(after[:3], before[:2] + [0], name + ": no descriptor, thread or pending call is left over")
    # Buffers stay as large as the largest stanza and the longest queue have made them.
    test.ok(after[3] < before[3] + (4 << 20), name + ": nor memory")


async def break_things(test, switch):
    name = switch.server
    work = Work(test, switch)
    await work.start()
    await work.goes_on()
    faults = []
    for _ in range(ROUNDS):
        for fault in FAULTS:
            await fault(work)
            await work.goes_on()
            faults.append(fault)
            test.ok(True, "%s: work goes on: %s" % (name, fault.__doc__))
    while len(work.read_results()) < CALLS:
        await work.goes_on()
    status = await work.caller.end(limit=60)
    test.equal(status, 0, name + ": the caller ends in good order")
    test.equal(await work.callee.end(limit=60), 0, name + ": and the callee")
    judge(test, work, name, faults.count(kill_caller))
    test.say("%s: faults injected %d" % (name, len(faults)))
    check_held(test, work, name)


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, "--lifetime", "0", "--stanza-size", "200000", users=("peer-a", "peer-b"))
        await test.case("%s: faults" % name, break_things, test, switch, limit=300 + 300 * ROUNDS + CALLS / 20)
        await switch.stop()


live.main(body, limit=1200 + 600 * ROUNDS + CALLS / 10)
