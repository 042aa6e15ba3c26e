# SPDX-License-Identifier: MIT
"""What the live tests share: TAP, private Jabber servers, the project's programs.

A test is a coroutine that takes a Live; main() runs it, prints the plan and ends whatever it started, also
after a failure, a signal or its deadline.
"""
import asyncio
import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
import time
import traceback

SOURCE = os.environ.get("JRPC_SRCDIR") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("JRPC_BUILDDIR") or SOURCE
SWITCH = os.path.join(SOURCE, "samples", "switch.sh")
SLOW = float(os.environ.get("LIVE_SLOW", "1"))      # a factor for instrumented programs

PROGRAMS = {
    "jrpc": "runtime/cli/jrpc",
    "rpc-server": "runtime/rpc-server/rpc-server",
    "idlgen": "idlgen/idlgen",
    "rot13-client": "samples/rot13/rot13-client",
    "rot13-server": "samples/rot13/rot13-server",
    "rot13-dynamic": "samples/rot13/rot13-dynamic",
    "calc-client": "samples/calc/calc-client",
    "calc-batch": "samples/calc/calc-batch",
    "failing-client": "tests/live/failing-client",
    "cancelling-client": "tests/live/cancelling-client",
    "nest": "tests/live/nest",
    "parrot": "tests/live/parrot",
    "poll-loop": "samples/loop/poll-loop",
    "glib-loop": "samples/loop/glib-loop",
    "registry-jabber": "samples/registry/registry-jabber",
    "sizes": "tests/live/sizes",
    "states": "tests/live/states",
    "storm": "tests/live/storm",
    "build-bot": "samples/build/build-bot",
    "uptime-bot": "samples/uptime/uptime-bot",
}
ROT13 = os.path.join(BUILD, "samples", "rot13", ".libs", "rot13.so")
CALC = os.path.join(BUILD, "samples", "calc", ".libs", "calc.so")
PROBE = os.path.join(BUILD, "tests", "live", ".libs", "probe.so")
SERVERS = {"prosody": "prosody", "ejabberd": "ejabberdctl"}
NANTES = ("There was a young lady of Nantes", "Gurer jnf n lbhat ynql bs Anagrf")


def program(name):
    return os.path.join(BUILD, PROGRAMS[name])


def binary(name):
    """The program itself, not libtool's script."""
    folder, base = os.path.split(program(name))
    inner = os.path.join(folder, ".libs", base)
    return inner if os.path.exists(inner) else program(name)


def is_instrumented():
    """Is a sanitizer built in? Such programs need more memory, and valgrind cannot run them."""
    for path in (binary("jrpc"), os.path.join(BUILD, "runtime", ".libs", "libjrpc.so")):
        if os.path.exists(path):
            with open(path, "rb") as file:
                data = file.read()
            if b"__asan_init" in data or b"__tsan_init" in data or b"__ubsan_handle" in data:
                return True
    return False


def is_installed(server):
    path = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
    return shutil.which(SERVERS[server], path=path) is not None


def clean_environment(**more):
    """Ours without the settings of the programs under test."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("JRPC_", "SWITCH_")) or name in ("JRPC_SRCDIR", "JRPC_BUILDDIR")}
    kept["LC_ALL"] = "C.UTF-8"
    kept["JRPC_TIMEOUT"] = "15s"        # shorter than our own limits: the program tells what it waited for
    # What a sanitizer keeps to itself shall not look like growth.
    kept["ASAN_OPTIONS"] = ":".join(filter(None, (kept.get("ASAN_OPTIONS"), "quarantine_size_mb=4")))
    kept.update(more)
    return kept


class Tap:
    """Counts and prints checks; the plan comes last."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def say(self, text):
        for line in str(text).splitlines():
            print("#", line, flush=True)

    def ok(self, good, name, *why):
        self.count += 1
        print("%s %d - %s" % ("ok" if good else "not ok", self.count, name.replace("#", "no.")), flush=True)
        if not good:
            self.failed += 1
            for one in why:
                self.say(one)
        return bool(good)

    def skip(self, name, why):
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, name, why), flush=True)

    def equal(self, got, wanted, name):
        return self.ok(got == wanted, name, "got      %r" % (got,), "expected %r" % (wanted,))

    def finds(self, pattern, text, name):
        return self.ok(re.search(pattern, text), name, "expected /%s/ in" % pattern, text)

    def plan(self):
        print("1..%d" % self.count if self.count else "1..0 # SKIP nothing to test here", flush=True)


class Ran:
    """A program that has ended."""

    def __init__(self, argv, status, out, err, seconds):
        self.argv, self.status, self.out, self.err, self.seconds = argv, status, out, err, seconds

    def __str__(self):
        return "%s\nstatus %s after %.2f s\nstdout: %.2000s\nstderr: %.2000s" % (
            " ".join(shlex.quote(word)[:200] for word in self.argv), self.status, self.seconds, self.out,
            self.err)

    def json(self):
        """What it printed, or a text that no test expects."""
        try:
            return json.loads(self.out)
        except ValueError:
            return "not JSON: %s" % self


class Daemon:
    """A program that runs until it is told to end; its standard error is kept."""

    def __init__(self, process, name):
        self.process, self.name, self.err = process, name, ""
        self.changed = asyncio.Condition()
        self.reader = asyncio.ensure_future(self.read())

    async def read(self):
        while True:
            data = await self.process.stderr.read(4096)
            async with self.changed:
                self.err += data.decode("utf-8", "replace")
                self.changed.notify_all()
            if not data:
                return

    async def says(self, pattern, limit=15):
        async with self.changed:
            def found():
                return re.search(pattern,
                                 self.err) or self.reader.done() or self.process.returncode is not None
            try:
                await asyncio.wait_for(self.changed.wait_for(found), limit * SLOW)
            except asyncio.TimeoutError:
                pass
        if not re.search(pattern, self.err):
            raise RuntimeError("%s did not say /%s/ within %d s but:\n%s" %
                               (self.name, pattern, limit, self.err))

    @property
    def pid(self):
        return self.process.pid

    def runs(self):
        return self.process.returncode is None

    def resident(self):
        """Its memory in KiB."""
        with open("/proc/%d/status" % self.pid, encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))

    async def end(self, number=signal.SIGTERM, limit=15):
        """Sends the signal and returns the exit status."""
        if self.runs():
            self.process.send_signal(number)
        try:
            await asyncio.wait_for(self.process.wait(), limit * SLOW)
        except asyncio.TimeoutError:
            self.process.kill()
            await self.process.wait()
            raise RuntimeError("%s did not end within %d s of signal %d" %
                               (self.name, limit, number)) from None
        await self.reader
        return self.process.returncode


class Switch:
    """A private Jabber server."""

    def __init__(self, live, variables, server):
        self.live, self.server, self.secrets = live, server, {}
        self.variables = variables
        self.dir = variables["SWITCH_DIR"]
        self.host = variables["SWITCH_HOST"]
        self.port = int(variables["SWITCH_PORT"])
        self.tls_port = int(variables["SWITCH_TLS_PORT"] or 0)
        self.component_port = int(variables["SWITCH_COMPONENT_PORT"] or 0)
        self.ca = variables["SWITCH_CA"]
        self.domain = variables["SWITCH_DOMAIN"]

    def password(self, user):
        return "the pass of %s" % user

    async def add(self, *users):
        for user in users:
            ran = await self.live.run(SWITCH, "adduser", "--dir", self.dir, user, self.password(user),
                                      limit=30)
            if ran.status != 0:
                raise RuntimeError(str(ran))

    def secret_file(self, name, text):
        path = os.path.join(self.live.folder, "%s-%s" % (os.path.basename(self.dir), name))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        return path

    def jid(self, user, resource="rpc"):
        return "%s@%s/%s" % (user, self.domain, resource)

    def options(self, user, resource="rpc", direct_tls=False):
        """Connection options of the project's programs."""
        options = ["--jid", self.jid(user, resource), "--host", self.host, "--ca-file", self.ca,
                   "--password-file", self.secret_file(user, self.password(user))]
        if direct_tls:
            return options + ["--direct-tls", "--port", str(self.tls_port)]
        return options + ["--port", str(self.port)]

    def without_password(self, user):
        """The same for somebody who logs in by other means."""
        return ["--jid", self.jid(user), "--host", self.host, "--port", str(self.port), "--ca-file", self.ca]

    def component_options(self, name, secret):
        return ["--component", name, "--secret-file", self.secret_file("component", secret),
                "--host", self.host, "--port", str(self.component_port)]

    def pid(self):
        """The server's process, which a restart changes."""
        with open(os.path.join(self.dir, "env"), encoding="utf-8") as file:
            return int(re.search(r"^SWITCH_PID=(\d+)", file.read(), re.MULTILINE).group(1))

    async def stop(self):
        await self.live.run(SWITCH, "stop", "--dir", self.dir, limit=30)


class Live(Tap):
    def __init__(self):
        super().__init__()
        self.folder = tempfile.mkdtemp(prefix="live.")
        self.stack = contextlib.AsyncExitStack()

    async def case(self, name, body, *arguments, limit=60):
        """Runs a part of the test; what it raises, and its deadline, is a failed check.

        LIVE_CASES in the environment: only those whose names match that regular expression.
        """
        if not re.search(os.environ.get("LIVE_CASES", ""), name):
            return
        self.say("--- %s" % name)
        started = time.monotonic()
        try:
            await asyncio.wait_for(body(*arguments), limit * SLOW)
        except Exception:                       # pylint: disable=broad-except
            if time.monotonic() - started >= limit * SLOW:
                self.say("not done within %d s" % (limit * SLOW))
            self.ok(False, name, traceback.format_exc(limit=-3))

    def servers(self):
        """The installed ones; a skipped check for each of the others.

        LIVE_SERVERS in the environment: only those that it names.
        """
        for server in SERVERS:
            if server not in os.environ.get("LIVE_SERVERS", server).split():
                continue
            if is_installed(server):
                yield server
            else:
                self.skip(server, "%s is not installed" % server)

    async def spawn(self, argv, environment=None, **more):
        return await asyncio.create_subprocess_exec(
            *argv, stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
            env=environment or clean_environment(TMPDIR=self.folder), **more)

    async def run(self, *argv, limit=30, environment=None, cwd=None):
        started = time.monotonic()
        process = await self.spawn(argv, environment, stdout=asyncio.subprocess.PIPE, cwd=cwd)
        try:
            out, err = await asyncio.wait_for(process.communicate(), limit * SLOW)
        except BaseException as error:
            await self.put_down(process)
            if isinstance(error, asyncio.TimeoutError):
                raise RuntimeError("%s did not end within %d s" % (" ".join(argv)[:400], limit)) from None
            raise
        return Ran(argv, process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"),
                   time.monotonic() - started)

    async def put_down(self, process):
        """Gently first: a script may have started others."""
        for end in (process.terminate, process.kill):
            if process.returncode is None:
                end()
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(process.wait(), 10)

    async def call(self, name, *arguments, **more):
        """Runs one of the project's programs."""
        return await self.run(program(name), *arguments, **more)

    async def daemon(self, argv, ready, environment=None, limit=15, folder=None):
        process = await self.spawn(argv, environment, stdout=asyncio.subprocess.DEVNULL, cwd=folder)
        daemon = Daemon(process, os.path.basename(argv[0]))
        self.stack.push_async_callback(self.end_quietly, daemon)
        await daemon.says(ready, limit)
        return daemon

    async def end_quietly(self, daemon):
        with contextlib.suppress(RuntimeError):
            await daemon.end()

    async def serve(self, *arguments, environment=None, modules=(ROT13, CALC)):
        """Starts rpc-server."""
        argv = [program("rpc-server"), *arguments]
        for module in modules:
            argv += ["--module", module]
        return await self.daemon(argv, r"ready as", environment)

    async def switch(self, server, *options, users=()):
        ran = await self.run(SWITCH, "start", "--server", server, "--lifetime", "900", *options, limit=60)
        if ran.status != 0:
            raise RuntimeError(str(ran))
        variables = dict(line.split("=", 1) for line in ran.out.splitlines() if "=" in line)
        variables = {name: " ".join(shlex.split(value)) for name, value in variables.items()}
        switch = Switch(self, variables, server)
        self.stack.push_async_callback(switch.stop)
        await switch.add(*users)
        return switch


async def guard(body, live, limit):
    task = asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        async with live.stack:
            await asyncio.wait_for(body(live), limit * SLOW)
    except asyncio.CancelledError:
        live.ok(False, "the test was told to end")
    except asyncio.TimeoutError:
        live.ok(False, "the whole test", "not done within %d s" % limit)
    except Exception:                           # pylint: disable=broad-except
        live.ok(False, "the whole test", traceback.format_exc(limit=-3))


def main(body, limit=300):
    live = Live()
    try:
        asyncio.run(guard(body, live, limit))
    finally:
        shutil.rmtree(live.folder, ignore_errors=True)
        live.plan()
        sys.stdout.flush()
    # Not sys.exit(): a Jabber library may have left a reconnection in its loop.
    os._exit(0 if live.failed == 0 else 1)
