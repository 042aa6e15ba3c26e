#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""valgrind over the programs: no errors of memory, no leaks."""
import glob
import os
import shutil
import signal

import live
from live import CALC, NANTES, PROBE, ROT13, SOURCE, binary, is_instrumented
from rawpeer import call_xml, open_peer, param

SERVER = "peer-b@localhost/rpc"
VALGRIND = ["valgrind", "-q", "--error-exitcode=9", "--leak-check=full",
            "--errors-for-leak-kinds=definite,possible",
            "--num-callers=25", "--fair-sched=yes", "--track-fds=no"]


def with_libraries():
    return live.clean_environment(LD_LIBRARY_PATH=os.path.join(live.BUILD, "runtime", ".libs"),
                                  JRPC_TIMEOUT="60s")


async def check(test, name, *arguments, status=0, what=""):
    ran = await test.run(*VALGRIND, binary(name), *arguments, environment=with_libraries(), limit=120)
    test.ok(ran.status == status and "==" not in ran.err, "valgrind: %s%s" % (name, what), ran)
    return ran


async def compiler(test):
    out = os.path.join(test.folder, "out")
    os.mkdir(out)
    for path in sorted(glob.glob(os.path.join(SOURCE, "samples", "*", "*.idl"))):
        await check(test, "idlgen", "--outdir", out, path, what=" " + os.path.relpath(path, SOURCE))
    everything = os.path.join(SOURCE, "tests", "live", "probe.idl")
    await check(test, "idlgen", "--outdir", out, "--header", "--types", "--client", "--server", "--module",
                "--impl",
                everything, what=", all outputs")
    bad = os.path.join(test.folder, "bad.idl")
    with open(bad, "w", encoding="utf-8") as file:
        file.write("module M { struct S { strin name; long long long x; };\n"
                   "interface I { void f(in S s) raises (Gone); };\n"
                   "const long C = 1 / 0; enum E { A, A }; #include \"missing.idl\"\n")
    await check(test, "idlgen", "--outdir", out, bad, status=1, what=" and many mistakes")


async def calls(test):
    switch = await test.switch("prosody", users=("peer-a", "peer-b", "stranger"))
    argv = [*VALGRIND, binary("rpc-server"), *switch.options("peer-b"), "--allow", "peer-a@localhost",
            "--module", ROT13, "--module", CALC, "--module", PROBE]
    server = await test.daemon(argv, "ready as", with_libraries(), limit=60)
    options = switch.options("peer-a")
    ran = await check(test, "rot13-client", *options, SERVER, NANTES[0])
    test.equal(ran.out, NANTES[1] + "\n", "and it has called")
    await check(test, "rot13-dynamic", *options, SERVER, NANTES[0])
    # The sample keeps what is stored in it until its process ends: stored in a server that is not looked at.
    await test.serve(*switch.options("peer-b", "calc"), "--allow", "peer-a@localhost", modules=(CALC,))
    await check(test, "calc-client", *options, "peer-b@localhost/calc")
    await check(test, "jrpc", "call", *options, SERVER, "Calc.Calculator.run", "1",
                '[{"op": "ADD", "operand": 2}]',
                what=" call")
    await check(test, "jrpc", "describe", *options, SERVER, what=" describe")
    await check(test, "jrpc", "call", *options, SERVER, "Rot14", status=1, what=", no such method")
    await check(test, "jrpc", "call", *options, SERVER, "Rot13", '{"a": [1, {"$base64": "AA=="}]}', status=1,
                what=", wrong type")
    await check(test, "jrpc", "ping", *options, "--ca-file", "/dev/null", SERVER, status=3,
                what=", no certificates")
    wrong = switch.secret_file("wrong", "not the password")
    await check(test, "jrpc", "ping", *options, "--password-file", wrong, SERVER, status=3,
                what=", wrong password")
    await misuse(test, switch)
    status = await server.end(signal.SIGTERM, limit=60)
    test.ok(status == 0 and "==" not in server.err, "valgrind: rpc-server, calls of all kinds and SIGTERM",
            server.err[-4000:])
    await switch.stop()


async def misuse(test, switch):
    """Calls that end in the server's less used branches."""
    peer = await open_peer(test, switch, "peer-a", "raw")
    stranger = await open_peer(test, switch, "stranger", "raw")
    for method, params in (("Rot13", param("<i4>1</i4>")), ("Rot13", ""), ("Nothing", ""), ("Probe.fail", ""),
                           ("Probe.refuse", ""),
                           ("Probe.take_any",
                            param("<array><data><value>1</value><value><complex/></value></data></array>")),
                           ("Probe.take_any", param("<struct/>")),
                           ("Probe.text_of", param("<i4>200000</i4>")),
                           ("Calc.Calculator.recall", param("none")), ("Calc.Calculator.memories", "")):
        await peer.call(SERVER, method, params, limit=60)
    answer = await stranger.ask(SERVER, call_xml("Rot13", param("x")), limit=60)
    test.equal(answer.condition, "forbidden", "and it has refused a stranger")
    await peer.close()
    await stranger.close()


async def own_server(test):
    """A server that serves by its own main program."""
    switch = await test.switch("prosody", users=("peer-a", "peer-b"))
    server = await test.daemon([*VALGRIND, binary("rot13-server"), *switch.options("peer-b"),
                                "peer-a@localhost"], "ready as",
                               with_libraries(), limit=60)
    ran = await test.call("rot13-client", *switch.options("peer-a"), SERVER, NANTES[0])
    test.ok(ran.status == 0, "rot13-server under valgrind answers", ran)
    status = await server.end(signal.SIGTERM, limit=60)
    test.ok(status == 0 and "==" not in server.err, "valgrind: rot13-server", server.err[-4000:])
    await switch.stop()


async def body(test):
    if not shutil.which("valgrind"):
        test.skip("valgrind", "valgrind is not installed")
        return
    if is_instrumented():
        test.skip("valgrind", "this build has a sanitizer in it, which looks for the same")
        return
    await test.case("idlgen", compiler, test, limit=200)
    if live.is_installed("prosody"):
        await test.case("calls", calls, test, limit=600)
        await test.case("own server", own_server, test, limit=120)
    else:
        test.skip("calls", "prosody is not installed")


live.main(body, limit=1200)
