#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The ways in which a call and a connection can fail: each with its own status, words and exit status."""
import asyncio
import socket

import live
from live import ROT13, clean_environment, program
from rawpeer import open_peer

SERVER = "peer-b@localhost/rpc"
DEADLINE = 2.0


def fails(test, ran, status, words, name, within=10.0):
    """The exit status, an error with all the words, no output, in time."""
    missing = [word for word in words if word not in ran.err]
    good = ran.status == status and not missing and ran.out == "" and ran.seconds < within * live.SLOW
    return test.ok(good, name, ran, "expected status %d within %.1f s and in the message %s" %
                   (status, within, words))


def one_line(test, ran, name, hint=None):
    """The error is a line; a hint, with these words, is another."""
    lines = [line for line in ran.err.splitlines() if "warning:" not in line]
    hints = [line for line in lines if "hint: " in line]
    test.ok(len(lines) - len(hints) == 1 and lines[-len(hints):] == (hints or lines), name + ": the message is one line", ran)
    good = len(hints) == 1 and hint in hints[0] if hint else not hints
    test.ok(good, "%s: the hint is %s" % (name, "about " + hint if hint else "none"), ran)


async def calls(test, switch):
    """The six ways of a call, by jrpc and by generated stubs."""
    name = switch.server
    await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost", modules=(ROT13,))
    mute = await open_peer(test, switch, "peer-c")
    allowed, stranger = switch.options("peer-a"), switch.options("stranger")
    nobody, silent = switch.jid("peer-b", "nobody"), switch.jid("peer-c")
    jrpc, stub = program("jrpc"), program("failing-client")
    limit = ["--timeout", "%ds" % DEADLINE]
    table = [
        ("no such method", ["NO_SUCH_METHOD", "Rot14", SERVER, "-32601"],
         ["call", *allowed, SERVER, "Rot14", "text"], [*allowed, SERVER, "missing"]),
        ("wrong type", ["FAULT", "-32602", "Rot13", SERVER, "params[0]", "expected string", "got"],
         ["call", *allowed, SERVER, "Rot13", "5"], [*allowed, SERVER, "wrong-type"]),
        ("too many parameters", ["FAULT", "-32602", "system.methodHelp", SERVER, "expected 1", "got 2"],
         ["call", *allowed, SERVER, "system.methodHelp", "one", "two"], [*allowed, SERVER, "too-many"]),
        ("not on the list", ["REFUSED", "Rot13", SERVER, "forbidden"],
         ["call", *stranger, SERVER, "Rot13", "text"], [*stranger, SERVER, "rotate"]),
        ("nobody there", ["UNAVAILABLE", "Rot13", nobody],
         ["call", *allowed, nobody, "Rot13", "text"], [*allowed, nobody, "rotate"]),
        ("a server that never answers", ["TIMEOUT", "Rot13", silent, "deadline"],
         ["call", *allowed, *limit, silent, "Rot13", "text"], [*allowed, *limit, silent, "rotate"]),
    ]
    for what, words, by_jrpc, by_stub in table:
        within = DEADLINE + 1 if "TIMEOUT" in words else 10
        ran = await test.run(jrpc, *by_jrpc)
        fails(test, ran, 1, words, "%s: jrpc call: %s" % (name, what), within)
        one_line(test, ran, "%s: jrpc call: %s" % (name, what))
        ran = await test.run(stub, *by_stub)
        fails(test, ran, 1, words, "%s: a generated stub: %s" % (name, what), within)
    test.equal(mute.requests.qsize(), 2, name + ": the mute one was asked both times")
    ran = await test.run(jrpc, "call", *allowed, "peer-b@localhost", "Rot13", "text")
    fails(test, ran, 1, ["UNAVAILABLE", "peer-b@localhost"], name +
          ": a bare address is answered by the server")
    one_line(test, ran, name + ": a bare address", "RESOURCE")
    ran = await test.run(jrpc, "call", *allowed, "a@b@c", "Rot13", "text")
    fails(test, ran, 2, ["INVALID", "a@b@c"], name + ": no address at all is status 2")
    await mute.close()


async def login(test, switch, *more, words, status=3, name, user="peer-a", within=10.0, hint=None,
                command=("jrpc", "ping")):
    ran = await test.run(program(command[0]), *command[1:], *switch.options(user), *more, "localhost")
    if fails(test, ran, status, words, "%s: %s" % (switch.server, name), within):
        one_line(test, ran, "%s: %s" % (switch.server, name), hint)
    return ran.err.partition("\n")[0].rpartition(": ")[2]


async def connections(test, switch):
    """The six ways of a connection."""
    name = switch.server
    plain = await test.switch(name, "--mechanisms", "PLAIN", users=("peer-a",))
    other = await test.switch(name, "--cert-host", "other.example", users=("peer-a",))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    wrong = switch.secret_file("wrong", "not the password")
    where = "127.0.0.1:%d"
    said = [
        await login(test, switch, "--password-file", wrong, words=["AUTH", "peer-a@localhost"],
                    name="wrong password", hint="--password-file"),
        await login(test, plain, words=["NO_MECHANISM", where % plain.port, "PLAIN"],
                    name="only PLAIN offered", hint="--allow-plain"),
        await login(test, switch, "--ca-file", other.ca, words=["CERT_UNTRUSTED", where % switch.port],
                    name="certificate of another authority", hint="--ca-file"),
        await login(test, other, words=["CERT_WRONG_HOST", where % other.port, "other.example", "localhost"],
                    name="certificate for another host", hint="domain of --jid"),
        await login(test, switch, "--host", "no-such-host.invalid", words=["NO_HOST", "no-such-host.invalid"],
                    name="no such host", hint="--host"),
        await login(test, switch, "--port", str(port), words=["NO_CONNECTION", where % port, "refused"],
                    name="port closed", hint="--port"),
    ]
    test.ok(len(set(said)) == len(said), name + ": six different reasons", "\n".join(said))
    await login(test, switch, "--direct-tls", "--port", str(switch.tls_port), "--ca-file", other.ca,
                words=["CERT_UNTRUSTED"], name="direct TLS, certificate of another authority", hint="--ca-file")
    await login(test, other, "--direct-tls", "--port", str(other.tls_port), words=["CERT_WRONG_HOST"],
                name="direct TLS, certificate for another host", hint="domain of --jid")
    await login(test, switch, "--direct-tls", words=[], name="direct TLS at a port that has none", hint="--direct-tls",
                within=20)
    await login(test, switch, "--port", str(switch.tls_port), words=[], name="STARTTLS at a port for direct TLS",
                hint="--direct-tls", within=20)
    await login(test, switch, "--insecure-plaintext", words=["NO_MECHANISM"], name="no TLS where it is required",
                hint="--insecure-plaintext")
    await login(test, switch, words=["AUTH", "ghost@localhost"], user="ghost", name="no such account", hint="account of --jid")
    ran = await test.run(program("jrpc"), "ping", *plain.options("peer-a"), "--allow-plain", "localhost")
    test.ok(ran.status == 0, name + ": PLAIN inside TLS works when it is allowed", ran)
    for command in (("rot13-client",), ("rot13-server",), ("rot13-dynamic",)):
        options = [*switch.options("peer-a"), "--password-file", wrong, "localhost"]
        ran = await test.call(*command, *options, *(["text"] if command[0] != "rot13-server" else []))
        fails(test, ran, 3, ["AUTH", "%s: hint: " % command[0]], "%s: %s with a wrong password" % (name, command[0]))
    ran = await test.call("rpc-server", *switch.options("peer-b"), "--password-file", wrong, "--module",
                          ROT13)
    fails(test, ran, 3, ["AUTH", "rpc-server: hint: "], name + ": rpc-server with a wrong password")
    await plain.stop()
    await other.stop()


async def no_tls(test, switch):
    name = switch.server
    bare = await test.switch(name, "--no-tls", users=("peer-a", "peer-b"))
    await login(test, bare, "--ca-file", switch.ca, words=["NO_TLS", "127.0.0.1:%d" % bare.port],
                name="no TLS offered", hint="switch TLS on")
    options = bare.options("peer-a")
    at = options.index("--ca-file")
    del options[at:at + 2]
    ran = await test.call("jrpc", "ping", *options, "--insecure-plaintext", "localhost")
    test.ok(ran.status == 0 and "warning" in ran.err, name +
            ": --insecure-plaintext works on loopback, with a warning", ran)
    ran = await test.call("jrpc", "ping", *options, "--insecure-plaintext", "--host", "192.0.2.77",
                          "localhost")
    fails(test, ran, 2, ["192.0.2.77", "loopback"], name +
          ": --insecure-plaintext to another machine is refused", 2)
    one_line(test, ran, name + ": --insecure-plaintext to another machine", "leave out --insecure-plaintext")
    await bare.stop()


async def listener(talk):
    """A server that is none; the port it listens at."""
    async def serve(reader, writer):
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


async def silence(reader, _writer):
    while await reader.read(4096):
        pass


async def hang_up(_reader, writer):
    writer.close()


async def speak_http(reader, writer):
    await reader.read(4096)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


async def stop_after_features(reader, writer):
    await reader.read(4096)
    writer.write(b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='1' version='1.0' "
                 b"xmlns:stream='http://etherx.jabber.org/streams'><stream:features>"
                 b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
                 b"</stream:features>")
    await silence(reader, writer)


async def endless(reader, writer):
    """Text without end instead of stream features."""
    await reader.read(4096)
    writer.write(b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='1' version='1.0' "
                 b"xmlns:stream='http://etherx.jabber.org/streams'>")
    while True:
        writer.write(b" " * 4096)
        await writer.drain()


async def strange_servers(test):
    """Servers that are no Jabber servers, or stop being ones."""
    password = clean_environment(JRPC_PASSWORD="pw")
    table = [("silent", silence, "TIMEOUT"), ("hangs up", hang_up, ""), ("speaks HTTP", speak_http, ""),
             ("stops after its features", stop_after_features, "TIMEOUT"),
             ("sends white space for ever", endless, "TIMEOUT")]
    for name, talk, word in table:
        server, port = await listener(talk)
        for how in ((), ("--direct-tls",)):
            ran = await test.run(program("jrpc"), "ping", "--jid", "peer-a@localhost/rpc", "--host",
                                 "127.0.0.1",
                                 "--port", str(port), "--timeout", "2s", *how, "localhost",
                                 environment=password)
            word = "" if how and talk is not silence else word
            fails(test, ran, 3, [word, "127.0.0.1:%d" % port], "a server that %s %s" % (name, " ".join(how)),
                  3)
        server.close()


async def bad_options(test):
    """Mistakes of the user: status 2, and what is wrong."""
    password = clean_environment(JRPC_PASSWORD="pw")
    account = ["--jid", "peer-a@localhost/rpc", "--host", "127.0.0.1"]
    table = [
        (["jrpc"], []),
        (["jrpc", "dance"], ["dance"]),
        (["jrpc", "call", *account], ["usage"]),
        (["jrpc", "ping", *account, "--no-such-option", "x"], ["no-such-option"]),
        (["jrpc", "ping", *account, "x", "--port"], ["--port", "missing"]),
        (["jrpc", "ping", *account, "--port", "70000", "x"], ["--port", "70000"]),
        (["jrpc", "ping", *account, "--port", "xmpp", "x"], ["--port", "xmpp"]),
        (["jrpc", "ping", *account, "--timeout", "0", "x"], ["--timeout"]),
        (["jrpc", "ping", *account, "--timeout", "soon", "x"], ["--timeout", "soon"]),
        (["jrpc", "ping", *account, "--log-level", "loud", "x"], ["--log-level", "loud"]),
        (["jrpc", "ping", *account, "--direct-tls=perhaps", "x"], ["--direct-tls", "perhaps"]),
        (["jrpc", "ping", *account, "--component", "c.localhost", "x"], ["--jid", "--component"]),
        (["jrpc", "ping", *account, "--ca-file", "/nonexistent/ca.pem", "x"], ["/nonexistent/ca.pem"]),
        (["jrpc", "ping", *account, "--config", "/nonexistent/conf", "x"], ["/nonexistent/conf"]),
        (["jrpc", "ping", "--jid", "localhost", "--host", "127.0.0.1", "x"], ["localhost"]),
        (["jrpc", "ping", "--host", "127.0.0.1", "x"], ["--jid"]),
        (["rpc-server", *account], ["--module"]),
        (["rpc-server", *account, "--module", "/nonexistent/m.so"], ["/nonexistent/m.so"]),
        (["rpc-server", *account, "--module", program("jrpc")], [program("jrpc")]),
        (["rpc-server", *account, "--module", ROT13, "--workers", "none"], ["--workers", "none"]),
        (["rpc-server", *account, "--module", ROT13, "stray"], ["stray"]),
        (["rot13-client", *account, SERVER], ["usage"]),
    ]
    for argv, words in table:
        ran = await test.call(*argv, environment=password)
        good = ran.status == 2 and all(word in ran.err +
                                       ran.out for word in words) and ran.seconds < 5 * live.SLOW
        test.ok(good, "status 2: %s" % " ".join(argv)[:100], ran, "expected the words %s" % words)


async def bad_caller_pattern(test, switch):
    ran = await test.call("rpc-server", *switch.options("peer-b"), "--module", ROT13, "--allow",
                          "peer-*@localhost")
    fails(test, ran, 2, ["peer-*@localhost"], switch.server +
          ": a pattern that rpc-server does not know is status 2")


async def body(test):
    await test.case("bad options", bad_options, test)
    await test.case("strange servers", strange_servers, test)
    for name in test.servers():
        switch = await test.switch(name, users=("peer-a", "peer-b", "peer-c", "stranger"))
        for part in (calls, connections, no_tls, bad_caller_pattern):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch, limit=120)
        await switch.stop()


live.main(body, limit=500)
