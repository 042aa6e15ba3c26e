#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The README's section "Your first service", followed to the letter, with sources built for it."""
import asyncio
import glob
import os
import re
import signal
import shutil

import live
from live import SOURCE, SWITCH

SECTION = "Your first service"
MARK = "=== end of block %d"


def read_section():
    """The text from the section's headline to the next one."""
    with open(os.path.join(SOURCE, "README"), encoding="utf-8") as file:
        text = file.read()
    found = re.search(r"^%s\n-+\n(.*?)(?=^[^\n]+\n-{3,}\n|\Z)" % re.escape(SECTION), text,
                      re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def blocks(section):
    """All fenced blocks in order, as pairs of kind and text."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def environment(home):
    """What a user has who has just logged in; nothing of make's or of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "USER", "LOGNAME", "TERM") if name in os.environ}
    return dict(kept, HOME=home, LC_ALL="C.UTF-8", TMPDIR=home)


async def copy_sources(test, target):
    """As a fresh checkout or tarball whose quickstart has run once: configure is there, nothing is built."""
    ran = await test.run(os.path.join(SOURCE, "tests", "export.sh"), target, limit=60)
    if ran.status != 0:
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(SOURCE, target, symlinks=True,
                        ignore=shutil.ignore_patterns(".git", "*.o", "*.lo", ".libs"))
        await test.run("chmod", "-R", "u+w", target)
        if os.path.exists(os.path.join(target, "Makefile")):
            await test.run("make", "-s", "distclean", cwd=target, environment=environment(test.folder),
                           limit=120)
    if not os.path.exists(os.path.join(target, "configure")):
        ran = await test.run("./autogen.sh", cwd=target, environment=environment(test.folder), limit=300)
        if ran.status != 0:
            raise RuntimeError(str(ran))


def script(texts):
    """One session of a shell: each block as it is, then a mark."""
    lines = ["set -e"]
    for number, text in enumerate(texts):
        lines.append(text + "printf '%s\\n'" % (MARK % number) + "\n")
    return "\n".join(lines)


async def run_session(test, path, home, cwd):
    process = await asyncio.create_subprocess_exec(
        "bash", path, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment(home), cwd=cwd, start_new_session=True)
    test.stack.callback(end_group, process.pid)
    out, _ = await asyncio.wait_for(process.communicate(), 800 * live.SLOW)
    return process.returncode, out.decode("utf-8", "replace")


def end_group(leader):
    """What the session left running, if anything."""
    try:
        os.killpg(leader, signal.SIGTERM)
    except ProcessLookupError:
        pass


async def stop_switches(test, home):
    left = [os.path.dirname(path) for path in glob.glob(os.path.join(home, "jabber-switch.*", "options"))]
    for folder in left:
        await test.run(SWITCH, "stop", "--dir", folder)
    return left


async def body(test):
    found = blocks(read_section())
    commands = [text for kind, text in found if kind == "sh"]
    printed = [text for kind, text in found if kind == "text"]
    if not test.ok(len(commands) >= 3 and printed,
                   "the README has the section with its commands and what they print"):
        return
    home = os.path.join(test.folder, "home")
    sources = os.path.join(test.folder, "jabber-rpc-sources")
    os.mkdir(home)
    await copy_sources(test, sources)
    path = os.path.join(test.folder, "session.sh")
    with open(path, "w", encoding="utf-8") as file:
        file.write(script(commands))
    try:
        status, out = await run_session(test, path, home, sources)
    finally:
        left = await stop_switches(test, home)
    outputs = re.split("^%s\n" % (MARK % 0).replace("0", r"\d+"), out, flags=re.MULTILINE)
    test.ok(status == 0, "every command of it succeeds", "status %d; the output:" % status, out[-4000:])
    test.ok(not left, "it stops the Jabber server that it started", left)
    kinds = [kind for kind, _ in found]
    last = sum(kind == "sh" for kind in kinds[:len(kinds) - 1 - kinds[::-1].index("text")]) - 1
    got = outputs[last] if last < len(outputs) else "nothing"
    test.equal(got, printed[-1], "its program prints what the README says")
    warnings = [line for line in out.splitlines() if "warning:" in line]
    test.ok(not warnings, "no compiler warns about anything", *warnings)


live.main(body, limit=1000)
