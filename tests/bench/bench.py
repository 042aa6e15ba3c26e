#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Measures the runtime beside programs that do the same with less, all in one run.

    bench.py [--server prosody|ejabberd]... [--plain|--tls] [--rounds N] [--quick] [--folder DIR]

The yardstick is `echo`: bare libstrophe, which exchanges the very stanzas of the measured call, taken from a
call that was watched on its way. All variants are connected at once, their blocks of calls take turns, and
what counts are the medians of the ratios within a round. It prints a table (report.py), and writes it to
DIR/bench.txt and as a plot to DIR/bench.png.
"""
import argparse
import asyncio
import os
import re
import socket
import statistics
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

# pylint: disable=wrong-import-position
import live
import report

HERE = os.path.dirname(os.path.abspath(__file__))
BUILT = os.path.join(live.BUILD, "tests", "bench")

# The blocks of a round: name, and what the driver asks of a client.
BLOCKS = {
    "one": ("slide", 1, 400),
    "64": ("slide", 64, 4000),
    "1024": ("slide", 1024, 6000),
    "burst": ("burst", 64, 30),
}
SLOW = {"slixmpp": 4, "http": 1}            # these get a fraction of the calls

BUS_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>"""


class Program:
    """A client or a server of a variant."""

    def __init__(self, process, name):
        self.process, self.name = process, name

    async def line(self, limit=1200):
        got = await asyncio.wait_for(self.process.stdout.readline(), limit)
        if not got:
            raise RuntimeError("%s has ended" % self.name)
        return got.decode().split()

    async def run(self, shape, window, count):
        self.process.stdin.write(("%s %d %d\n" % (shape, window, count)).encode())
        return [float(word) for word in await self.line()]

    def cpu(self):
        """Seconds on a CPU of all its threads."""
        total, tasks = 0, "/proc/%d/task" % self.process.pid
        for task in os.listdir(tasks):
            with open("%s/%s/schedstat" % (tasks, task), encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total / 1e9


class Variant:
    def __init__(self, name, client, server):
        self.name, self.client, self.server = name, client, server

    async def measure(self, block, scale):
        shape, window, count = block
        count = max(window if shape == "slide" else 2, int(count / scale / SLOW.get(self.name, 1)))
        before = self.server.cpu() if self.server else 0
        seconds, median, late, cpu = await self.client.run(shape, window, count)
        calls = count * (window if shape == "burst" else 1)
        served = self.server.cpu() - before if self.server else 0
        return {"rate": calls / seconds, "p50": median, "p99": late, "cpu": (cpu + served) / calls * 1e6}


class Bench:
    def __init__(self, test, options):
        self.test, self.options = test, options

    async def start(self, name, *argv, environment=None):
        process = await asyncio.create_subprocess_exec(
            *argv, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=environment)
        self.test.stack.push_async_callback(self.test.put_down, process)
        program = Program(process, name)
        if (await program.line(60))[0] != "ready":
            raise RuntimeError("%s is not ready" % name)
        return program

    # --- what takes part ---

    def echo(self, switch, tls, user, kind, file, *to):
        environment = live.clean_environment(BENCH_PASSWORD=switch.password(user))
        return self.start("echo " + kind, live_program("echo"), kind, switch.jid(user), switch.host,
                          str(switch.port), switch.ca if tls else "-", file, *to, environment=environment)

    def rpc(self, switch, tls, user, *arguments, port=None):
        options = switch.options(user)
        if port:
            options[options.index("--port") + 1] = str(port)
        if not tls:
            at = options.index("--ca-file")
            options[at:at + 2] = ["--insecure-plaintext", "--log-level", "error"]
        return self.start("rpc " + " ".join(arguments), live_program("rpc"), *arguments, *options,
                          environment=live.clean_environment())

    def slix(self, switch, tls, user, kind, *to):
        environment = live.clean_environment(BENCH_PASSWORD=switch.password(user))
        return self.start("slixmpp " + kind, "/usr/bin/python3", os.path.join(HERE, "slix.py"), kind,
                          switch.jid(user), switch.host, str(switch.port), switch.ca if tls else "-", *to,
                          environment=environment)

    async def add(self, switch, name):
        """Two accounts of a variant's own; their names are equally long, for the stanzas' sake."""
        users = ["caller-%s" % name, "callee-%s" % name]
        await switch.add(*users)
        return users

    async def rpc_variant(self, switch, tls, name, short, mode, handlers):
        caller, callee = await self.add(switch, short)
        server = await self.rpc(switch, tls, callee, "server", mode, handlers, "*")
        client = await self.rpc(switch, tls, caller, "client", mode, switch.jid(callee))
        return Variant(name, client, server)

    async def echo_variant(self, switch, tls, name, short, request, answer):
        caller, callee = await self.add(switch, short)
        server = await self.echo(switch, tls, callee, "server", answer)
        client = await self.echo(switch, tls, caller, "client", request, switch.jid(callee))
        return Variant(name, client, server)

    async def slix_variant(self, switch, tls):
        caller, callee = await self.add(switch, "x")
        server = await self.slix(switch, tls, callee, "server")
        client = await self.slix(switch, tls, caller, "client", switch.jid(callee))
        return Variant("slixmpp", client, server)

    async def variants(self, switch, tls, files):
        yield await self.echo_variant(switch, tls, "echo", "e", files["request"], files["answer"])
        yield await self.echo_variant(switch, tls, "ping", "p", files["ping"], files["pong"])
        yield await self.rpc_variant(switch, tls, "CALLER, inline", "c", "caller", "inline")
        yield await self.rpc_variant(switch, tls, "THREAD, inline", "t", "thread", "inline")
        yield await self.rpc_variant(switch, tls, "THREAD, workers", "w", "thread", "workers")
        yield await self.slix_variant(switch, tls)

    # --- the stanzas of a call, as they went over the wire ---

    async def watch(self, switch):
        """A relay to the server; gives its port, and what each connection sent."""
        sent = []

        async def pump(reader, writer, kept):
            while data := await reader.read(65536):
                if kept is not None:
                    kept.extend(data)
                writer.write(data)
                await writer.drain()
            writer.close()

        async def relay(reader, writer):
            sent.append(bytearray())
            far_reader, far_writer = await asyncio.open_connection(switch.host, switch.port)
            await asyncio.gather(pump(reader, far_writer, sent[-1]), pump(far_reader, writer, None),
                                 return_exceptions=True)

        server = await asyncio.start_server(relay, "127.0.0.1", 0)
        return server, sent

    async def learn(self):
        """Files with the stanzas that echo and ping exchange."""
        switch = await self.test.switch("prosody", "--no-tls")
        caller, callee = await self.add(switch, "e")
        relay, sent = await self.watch(switch)
        port = relay.sockets[0].getsockname()[1]
        server = await self.rpc(switch, False, callee, "server", "caller", "inline", "*", port=port)
        client = await self.rpc(switch, False, caller, "client", "caller", switch.jid(callee), port=port)
        await client.run("slide", 1, 20)
        stanzas = {"request": last_stanza(sent[1], "set", "methodCall"),
                   "answer": last_stanza(sent[0], "result", "methodResponse"),
                   "ping": "<iq type='get' id='@ID@' to='@TO@'><ping xmlns='urn:xmpp:ping'/></iq>",
                   "pong": "<iq type='result' id='@ID@' to='@TO@' from='@FROM@'/>"}
        for program in (client, server):
            await self.test.put_down(program.process)
        relay.close()
        await switch.stop()
        return {name: self.write(name, text) for name, text in stanzas.items()}

    def write(self, name, text):
        path = os.path.join(self.test.folder, name + ".xml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    # --- rounds ---

    async def rounds(self, variants, blocks):
        """{block: {variant: [figures of each round]}}"""
        figures = {name: {variant.name: [] for variant in variants} for name in blocks}
        for number in range(self.options.rounds + 1):
            turned = variants[number % len(variants):] + variants[:number % len(variants)]
            for name in blocks:
                for variant in turned:
                    if name == "burst" and variant.name in ("echo", "ping", "slixmpp"):
                        continue
                    got = await variant.measure(BLOCKS[name], self.options.scale)
                    if number:                      # the first round warms up
                        figures[name][variant.name].append(got)
        return figures

    async def measure_server(self, server, tls, files):
        switch = await self.test.switch(server, *([] if tls else ["--no-tls"]))
        variants = [variant async for variant in self.variants(switch, tls, files)]
        figures = await self.rounds(variants, list(BLOCKS))
        memory = await self.measure_memory(switch, tls, variants[3]) if tls else None
        for variant in variants:
            for program in (variant.client, variant.server):
                await self.test.put_down(program.process)
        await switch.stop()
        return figures, memory

    async def measure_memory(self, switch, tls, variant):
        """Bytes a call in flight, and the growth over many calls: to somebody who never answers, and who does."""
        caller, callee = await self.add(switch, "m")
        await self.echo(switch, tls, callee, "server", self.write("silence", " "))
        client = await self.rpc(switch, tls, caller, "client", "thread", switch.jid(callee))
        in_flight = (await client.run("hold", 10000, 10000))[0]
        many = int(self.options.calls // self.options.scale)
        await variant.client.run("slide", 1024, max(1024, many // 10))
        before = resident(variant)
        await variant.client.run("slide", 1024, max(1024, many))
        return {"in flight": in_flight, "growth": resident(variant) - before, "calls": many}

    # --- what is not Jabber ---

    async def others(self):
        variants = []
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = str(probe.getsockname()[1])
        server = await self.start("http server", live_program("http"), "server", port)
        client = await self.start("http client", live_program("http"), "client", port)
        variants.append(Variant("http", client, server))
        bus = await self.bus_variant()
        if bus:
            variants.append(bus)
        figures = await self.rounds(variants, ["one"])
        return {name: figures["one"][name] for name in figures["one"]}

    async def bus_variant(self):
        if not os.path.exists(live_program("bus")) or not os.path.exists("/usr/bin/dbus-daemon"):
            return None
        path = os.path.join(self.test.folder, "bus")
        configuration = self.write("bus", BUS_CONFIGURATION % path)
        daemon = await self.test.spawn(["/usr/bin/dbus-daemon", "--config-file", configuration, "--nofork",
                                        "--print-address=1"], stdout=asyncio.subprocess.PIPE)
        self.test.stack.push_async_callback(self.test.put_down, daemon)
        address = (await asyncio.wait_for(daemon.stdout.readline(), 20)).decode().strip()
        server = await self.start("bus server", live_program("bus"), "server", address)
        return Variant("bus", await self.start("bus client", live_program("bus"), "client", address), server)

    async def codec(self):
        return (await self.test.run(live_program("wire_bench"), limit=300)).out

    async def idlgen(self):
        """Seconds for 10,000 operations: to check, and to write all."""
        operation = "    /// Number %d.\n    long call_%d(in long a, in string b, out double c);\n"
        operations = "".join(operation % (i, i) for i in range(10000))
        source = self.write("many", "interface Many {\n%s};\n" % operations)
        path = source[:-4] + ".idl"
        os.rename(source, path)
        times = {}
        for name, arguments in (("check", ["--check"]), ("generate", ["--outdir", self.test.folder])):
            runs = [await self.test.run(live.program("idlgen"), *arguments, path, limit=60) for _ in range(5)]
            if any(run.status for run in runs):
                raise RuntimeError(str(runs[0]))
            times[name] = statistics.median(run.seconds for run in runs)
        return times


def live_program(name):
    return os.path.join(BUILT, name)


def resident(variant):
    total = 0
    for program in (variant.client, variant.server):
        with open("/proc/%d/status" % program.process.pid, encoding="ascii") as status:
            total += int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) * 1024
    return total


def last_stanza(data, kind, inside):
    """The last IQ of that kind with that element, its addresses and id left open."""
    text = bytes(data).decode()
    found = re.findall(r"<iq type='%s'.*?(?:</iq>|/>(?=<iq|$))" % kind, text, re.S)
    found = [one for one in found if inside in one]
    if not found:
        raise RuntimeError("no call was seen on its way: %s" % text[-2000:])
    head, rest = found[-1].split(">", 1)
    for name, hole in (("id", "@ID@"), ("to", "@TO@"), ("from", "@FROM@")):
        head = re.sub(r" %s='[^']*'" % name, " %s='%s'" % (name, hole), head)
    return head + ">" + rest


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", action="append", choices=("prosody", "ejabberd"))
    parser.add_argument("--plain", action="store_true", help="without TLS only")
    parser.add_argument("--tls", action="store_true", help="with TLS only")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--calls", type=int, default=1000000, help="for the growth of memory (1,000,000)")
    parser.add_argument("--quick", action="store_true", help="few calls: does it all work?")
    parser.add_argument("--folder", default=BUILT)
    options = parser.parse_args()
    options.scale = 50 if options.quick else 1
    options.rounds = 1 if options.quick else options.rounds
    return options


async def bench(test, options):
    work = Bench(test, options)
    files = await work.learn()
    results = report.Report(options)
    for server in options.server or live.SERVERS:
        if not live.is_installed(server):
            print("%s is not installed" % server)
            continue
        for tls in (True, False):
            if (tls and options.plain) or (not tls and options.tls):
                continue
            figures, memory = await work.measure_server(server, tls, files)
            results.add(server, tls, figures, memory)
    results.add_others(await work.others(), await work.codec(), await work.idlgen())
    results.finish()


if __name__ == "__main__":
    chosen = parse()
    live.main(lambda test: bench(test, chosen), limit=3600)
