# SPDX-License-Identifier: MIT
"""The benchmark's table and plot: ratios first, each with what it was measured against, and the target."""
import os
import re
import shutil
import statistics
import subprocess

HEAD = """What a call of jabber-rpc costs, beside programs that do the same with less, built and run beside it.

  echo             bare libstrophe on both sides, one thread: the very stanzas of the call, over the same server
  slixmpp          the same call by slixmpp on both sides
  CALLER, THREAD   who drives a session: the thread that calls, or one of the session's own
  inline, workers  where methods run: on the thread that reads the stream, or on four others

Each line: the target's number, what is measured / what it is measured against, the ratio (the median of those within
a round), the target and whether it is met, and the figures behind it.
"""

PROFILES = ("CALLER, inline", "THREAD, inline", "THREAD, workers")


def ratio(figures, block, variant, base, what):
    """The median of the ratios within the rounds."""
    return statistics.median(one[what] / other[what]
                             for one, other in zip(figures[block][variant], figures[block][base]))


def median(figures, block, variant, what):
    return statistics.median(one[what] for one in figures[block][variant])


def verdict(value, target):
    kind, bound = target
    good = value <= bound if kind == "<=" else value >= bound
    return "%s %g: %s" % (kind, bound, "met" if good else "MISSED")


class Report:
    def __init__(self, options):
        self.options, self.lines, self.bars = options, [], []
        self.say(HEAD + ("\nA quick run, to see that it works: its figures mean nothing.\n" if options.quick else ""))

    def say(self, text=""):
        self.lines.append(text)
        print(text, flush=True)

    def row(self, number, what, value, target=None, absolute="", unit="x"):
        said = verdict(value, target) if target else ""
        self.say("  %-4s %-64s %8.2f %-3s %-17s %s" % (number, what, value, unit, said, absolute))

    def add(self, server, tls, figures, memory):
        self.say("%s, %s, %d round%s" % (server, "TLS" if tls else "no TLS", self.options.rounds,
                                         "" if self.options.rounds == 1 else "s"))
        self.add_latency(server, tls, figures)
        self.add_rates(figures)
        self.add_cpu(figures)
        self.add_slixmpp(figures)
        if memory:
            self.row("P8", "bytes a call in flight, 10,000 in flight", memory["in flight"], ("<=", 512), unit="B")
            # A warm heap moves by some pages; what grows with each call does not stop there.
            target = ("<=", 1) if memory["calls"] >= 1000000 else None
            self.row("P8", "growth of both sides a call, over %d calls" % memory["calls"],
                     memory["growth"] / memory["calls"], target, "%.0f KiB in all" % (memory["growth"] / 1024), unit="B")
        self.say()

    def add_latency(self, server, tls, figures):
        for variant, (number, bound) in zip(PROFILES, (("P1", 1.15), ("P2", 1.2), ("P2", 1.35))):
            value = ratio(figures, "one", variant, "echo", "p50")
            self.row(number, "one after the other, p50 / echo: " + variant, value, ("<=", bound),
                     "%.0f us, echo %.0f us" % (median(figures, "one", variant, "p50"),
                                                median(figures, "one", "echo", "p50")))
            self.bars.append(("%s%s" % (server, "" if tls else ", no TLS"), variant, value))
        self.row("", "the same, ping / echo (for information)", ratio(figures, "one", "ping", "echo", "p50"))

    def add_rates(self, figures):
        for block in ("64", "1024"):
            for variant in PROFILES:
                self.row("P3", "rate, %s in flight / echo: %s" % (block, variant),
                         ratio(figures, block, variant, "echo", "rate"), (">=", 0.9),
                         "%.0f /s, echo %.0f /s" % (median(figures, block, variant, "rate"),
                                                    median(figures, block, "echo", "rate")))
        for variant in PROFILES:
            self.row("P3b", "burst of 64, p99: " + variant, median(figures, "burst", variant, "p99") / 1000,
                     ("<=", 40), "%.0f calls/s" % median(figures, "burst", variant, "rate"), unit="ms")

    def add_cpu(self, figures):
        for variant, bound in ((PROFILES[0], 1.2), (PROFILES[1], 1.2), (PROFILES[2], 1.7)):
            self.row("P4", "CPU of both sides a call, 64 in flight / echo: " + variant,
                     ratio(figures, "64", variant, "echo", "cpu"), ("<=", bound),
                     "%.1f us, echo %.1f us" % (median(figures, "64", variant, "cpu"),
                                                median(figures, "64", "echo", "cpu")))

    def add_slixmpp(self, figures):
        for block, bound in (("64", 3), ("1024", 8)):
            self.row("P7", "rate, %s in flight / slixmpp: %s" % (block, PROFILES[1]),
                     ratio(figures, block, PROFILES[1], "slixmpp", "rate"), (">=", bound),
                     "%.0f /s, slixmpp %.0f /s" % (median(figures, block, PROFILES[1], "rate"),
                                                   median(figures, block, "slixmpp", "rate")))
        self.row("P7", "one after the other, p50 / slixmpp: " + PROFILES[1],
                 ratio(figures, "one", PROFILES[1], "slixmpp", "p50"), ("<=", 0.45),
                 "%.0f us, slixmpp %.0f us" % (median(figures, "one", PROFILES[1], "p50"),
                                               median(figures, "one", "slixmpp", "p50")))
        self.row("P7", "CPU of both sides a call, 64 in flight / slixmpp",
                 ratio(figures, "64", PROFILES[1], "slixmpp", "cpu"), ("<=", 0.1),
                 "%.1f us, slixmpp %.0f us" % (median(figures, "64", PROFILES[1], "cpu"),
                                               median(figures, "64", "slixmpp", "cpu")))

    def add_others(self, others, codec, idlgen):
        self.say("Other ways of making the call on one machine, one after the other (for information)")
        for name, text in (("http", "xmlrpc-c over HTTP, Abyss"), ("bus", "sd-bus over dbus-daemon")):
            if others.get(name):
                self.row("", text, statistics.median(one["p50"] for one in others[name]), unit="us")
        self.say("\nP5, P6: the codec beside xmlrpc-c and libstrophe's parser, in one process")
        for line in codec.splitlines():
            self.say("  " + line)
        self.say("\nidlgen, an interface of 10,000 operations")
        for what, seconds in idlgen.items():
            self.row("P9", what, seconds, ("<=", 0.5), unit="s")

    def finish(self):
        text = os.path.join(self.options.folder, "bench.txt")
        with open(text, "w", encoding="utf-8") as file:
            file.write("\n".join(self.lines) + "\n")
        plotted = "and bench.png beside it" if self.plot() else "(no plot: no gnuplot)"
        print("\nwritten to", text, plotted)

    def plot(self):
        if not shutil.which("gnuplot"):
            return False
        servers = list(dict.fromkeys(server for server, _, _ in self.bars))
        data = "server %s\n" % " ".join('"%s"' % one for one in PROFILES)
        for server in servers:
            data += '"%s" %s\n' % (server, " ".join("%.3f" % value for at, _, value in self.bars if at == server))
        script = """set terminal pngcairo size 900,500 font ",11"
set output "%s"
set title "Latency of a typed call, one after the other, as a multiple of a bare echo"
set style data histograms
set style fill solid 0.8
set yrange [0:*]
set ytics 0.2
set grid ytics
set key top left
$data << END
%sEND
plot for [i=2:4] $data using i:xtic(1) title columnheader(i), 1 with lines lc "black" title "echo"
""" % (re.sub(r'["\\\\]', "", os.path.join(self.options.folder, "bench.png")), data)
        subprocess.run(["gnuplot"], input=script.encode(), check=False)
        return True
