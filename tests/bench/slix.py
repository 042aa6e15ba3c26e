#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The measured call by slixmpp's own XEP-0009 plugin: slix.py client|server JID HOST PORT CA|- [TO].

The password is in BENCH_PASSWORD. It talks to the driver as the programs in C do (block.h).
"""
import asyncio
import os
import ssl
import sys
import time

import slixmpp
from slixmpp.plugins.xep_0009 import XEP_0009
from slixmpp.plugins.xep_0009.binding import py2xml, xml2py

TEXT = "There was a young lady of Nantes"
TURN = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                     "NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm")
RPC = "{jabber:iq:rpc}"

# What the plugin does with errors is to print them, where the figures go.
XEP_0009._handle_error = lambda plugin, iq: None            # pylint: disable=protected-access


class Peer(slixmpp.ClientXMPP):
    def __init__(self, jid, secure_by):
        super().__init__(jid, os.environ["BENCH_PASSWORD"])
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0009")
        if secure_by == "-":
            self["feature_mechanisms"].unencrypted_scram = True
        else:
            self.ca_certs = secure_by
        self.ssl_context.check_hostname = False
        self.ssl_context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.add_event_handler("jabber_rpc_method_call", self.answer)
        for event in ("response", "fault"):
            self.add_event_handler("jabber_rpc_method_" + event, lambda iq: None)

    def answer(self, iq):
        parameters = xml2py(iq["rpc_query"]["method_call"]["params"])
        result = py2xml(parameters[0].translate(TURN))
        self["xep_0009"].make_iq_method_response(iq["id"], iq["from"], result).send()

    async def call(self, to):
        iq = self["xep_0009"].make_iq_method_call(to, "Rot13", py2xml(TEXT))
        got = await iq.send(timeout=60)
        return xml2py(got.xml.find("%squery/%smethodResponse/%sparams" % (RPC, RPC, RPC)))[0]


async def run_block(peer, to, window, count):
    taken, left = [], iter(range(count))

    async def worker():
        for _ in left:
            began = time.perf_counter()
            await peer.call(to)
            taken.append(time.perf_counter() - began)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(min(window, count))))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    taken.sort()
    late = taken[count - 1 - count // 100]
    print("%.6f %.3f %.3f %.6f" % (seconds, taken[count // 2] * 1e6, late * 1e6, cpu), flush=True)


async def main(kind, jid, host, port, secure_by, to=None):
    peer = Peer(jid, secure_by)
    started = asyncio.get_running_loop().create_future()
    peer.add_event_handler("session_start", lambda event: started.done() or started.set_result(None))
    peer.connect((host, int(port)), disable_starttls=secure_by == "-", force_starttls=secure_by != "-")
    await asyncio.wait_for(started, 20)
    peer.send_presence()
    print("ready", jid, flush=True)
    if kind == "server":
        await asyncio.Event().wait()
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        _, window, count = line.split()
        await run_block(peer, to, int(window), int(count))

asyncio.run(main(*sys.argv[1:]))
