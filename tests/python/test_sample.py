#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""samples/python as its README says, and in place of either side the calculator in C."""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

# pylint: disable=wrong-import-position,import-error
import live

SAID = ["47 / 5 = 9, remainder 2", "2 + 3 * 7 / 2 = 17.5, key by key", "memory answer holds 42",
        "no memory is named question"]


def make_sample(folder):
    """The sample, with what idlgen makes for it, in a folder that may be written to."""
    for file in glob.glob(os.path.join(live.SOURCE, "samples", "python", "*.py")):
        shutil.copy(file, folder)
    subprocess.run([live.program("idlgen"), "--python", "--outdir", folder,
                    os.path.join(live.SOURCE, "samples", "calc", "calc.idl")], check=True)


async def calls(test, server, folder):
    python = [sys.executable, "-B"]
    client = python + [os.path.join(folder, "client.py")]
    switch = await test.switch(server, users=("peer-a", "peer-b", "peer-c", "stranger"))
    await test.serve(*switch.options("peer-c", "calc"), "--allow", "peer-a@localhost", modules=(live.CALC,))
    await test.daemon(python + [os.path.join(folder, "server.py"), *switch.options("peer-b", "calc"), "--allow",
                                "peer-a@localhost"], r"ready as")
    for to, what in (("peer-b", "Python calls Python"), ("peer-c", "Python calls C")):
        ran = await test.run(*client, *switch.options("peer-a"), switch.jid(to, "calc"))
        test.ok(ran.status == 0 and ran.out.splitlines() == SAID, "%s: %s" % (server, what), ran)
    ran = await test.call("calc-client", *switch.options("peer-a"), switch.jid("peer-b", "calc"))
    test.ok(ran.status == 0 and ran.out.splitlines() == SAID, server + ": C calls Python", ran)
    ran = await test.run(*client, *switch.options("stranger"), switch.jid("peer-b", "calc"))
    test.ok(ran.status == 1 and "client.py: " in ran.err and "forbidden" in ran.err, server + ": a stranger is refused", ran)
    await switch.stop()


async def body(test):
    with tempfile.TemporaryDirectory() as folder:
        make_sample(folder)
        for server in test.servers():
            await test.case(server, calls, test, server, folder)


live.main(body)
