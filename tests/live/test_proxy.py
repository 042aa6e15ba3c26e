#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Through HTTP CONNECT and SOCKS5 proxies to real servers, and what hostile proxies can do: nothing."""
import asyncio
import socket

import live
from live import clean_environment, program
from proxies import HttpProxy, SocksProxy
from pointer import pointer_to

# Known to the proxies alone.
NAME = "jabber.example"
KINDS = (("http", HttpProxy), ("socks5", SocksProxy))
PASSWORD = "a password: of @ its own"


def through(switch, proxy, kind, *more, user="", direct_tls=False):
    options = switch.options("peer-a", direct_tls=direct_tls)
    options[options.index("--host") + 1] = NAME
    return options + ["--proxy", "%s://%s127.0.0.1:%d" % (kind, user, proxy.port), *more]


async def ping(test, *options, environment=None):
    return await test.run(program("jrpc"), "ping", *options, "localhost", environment=environment)


def says(test, ran, status, words, name):
    missing = [word for word in words if word not in ran.err]
    secret = PASSWORD in ran.err or "guess" in ran.err
    lines = [line for line in ran.err.splitlines() if "hint:" not in line]
    test.ok(ran.status == status and not missing and not secret and len(lines) == 1, name, ran,
            "missing: %s" % missing)


def environment_of(test, **more):
    return clean_environment(TMPDIR=test.folder, **more)


async def opens(test, switch, kind, make):
    """Without a user: STARTTLS and direct TLS, a call between two who both go through it."""
    name = "%s, %s" % (switch.server, kind)
    for direct in (False, True):
        proxy = await make({NAME: (switch.host, switch.tls_port if direct else switch.port)}).start(test)
        how = "%s, %s" % (name, "direct TLS" if direct else "STARTTLS")
        server_options = switch.options("peer-b", direct_tls=direct)
        server = await test.serve(*server_options, "--allow", "peer-a@localhost", "--proxy",
                                  "%s://127.0.0.1:%d" % (kind, proxy.port), "--host", NAME)
        ran = await test.run(program("jrpc"), "call", *through(switch, proxy, kind, direct_tls=direct),
                             "peer-b@localhost/rpc", "Rot13", live.NANTES[0])
        test.equal(ran.json(), live.NANTES[1], how + ": a call")
        port = switch.tls_port if direct else switch.port
        test.equal(proxy.asked, ["%s:%d" % (NAME, port)] * 2, how + ": the proxy is asked for the name")
        if not direct:
            proxy.places["127.0.0.1"] = (switch.host, switch.port)
            proxy.places["first.example"] = ("127.0.0.1", await pointer_to(test, "127.0.0.1:%d" % switch.port))
            ran = await ping(test, *through(switch, proxy, kind), "--host", "first.example")
            test.ok(ran.status == 0, how + ": the server names another host", ran)
            test.equal(proxy.asked[2:], ["first.example:%d" % port, "127.0.0.1:%d" % port],
                       how + ": the proxy is asked for that, too")
        options = through(switch, proxy, kind, direct_tls=direct)
        at = options.index("--ca-file")
        ran = await ping(test, *options[:at], *options[at + 2:])
        says(test, ran, 3, ["CERT_UNTRUSTED", NAME], how + ": the server's certificate counts, and it is not trusted")
        await server.end()
        proxy.stop()


async def users(test, switch, kind, make):
    """With user and password: from a file, the environment, the URL in the environment."""
    name = "%s, %s" % (switch.server, kind)
    proxy = await make({NAME: (switch.host, switch.port)}, "me:" + PASSWORD).start(test)
    right, wrong = switch.secret_file("proxy", PASSWORD), switch.secret_file("proxy-wrong", "guess")
    options = through(switch, proxy, kind, user="me@")
    for direct in (False, True):
        proxy.places[NAME] = (switch.host, switch.tls_port if direct else switch.port)
        ran = await ping(test, *through(switch, proxy, kind, user="me@", direct_tls=direct), "--proxy-password-file", right)
        test.ok(ran.status == 0, "%s: the password from a file, %s" % (name, "direct TLS" if direct else "STARTTLS"),
                ran)
    proxy.places[NAME] = (switch.host, switch.port)
    ran = await ping(test, *options, environment=environment_of(test, JRPC_PROXY_PASSWORD=PASSWORD))
    test.ok(ran.status == 0, name + ": the password from the environment", ran)
    at = options.index("--proxy")
    url = options[at + 1].replace("me@", "me:%s@" % PASSWORD.replace("@", "%40").replace(" ", "%20"))
    ran = await ping(test, *options[:at], environment=environment_of(test, JRPC_PROXY=url))
    test.ok(ran.status == 0, name + ": the password in the environment's URL", ran)
    test.equal(set(proxy.users), {"me:" + PASSWORD}, name + ": as it was given")
    asked = len(proxy.asked)
    ran = await ping(test, *options, "--proxy-password-file", wrong)
    says(test, ran, 3, ["AUTH", "proxy 127.0.0.1:%d" % proxy.port, "wrong"], name + ": a wrong password")
    ran = await ping(test, *through(switch, proxy, kind))
    says(test, ran, 3, ["AUTH", "wants a user"], name + ": no user")
    test.equal(len(proxy.asked), asked, name + ": nothing was asked for without the right one")
    ran = await ping(test, *options[:at], "--proxy", url)
    says(test, ran, 2, ["INVALID", "--proxy-password-file"], name + ": a password on the command line is refused")
    proxy.stop()


async def refusals(test, switch, kind, make):
    name = "%s, %s" % (switch.server, kind)
    proxy = await make({}).start(test)
    ran = await ping(test, *through(switch, proxy, kind))
    says(test, ran, 3, ["NO_CONNECTION", NAME, "proxy 127.0.0.1:%d" % proxy.port, "cannot reach it"],
         name + ": a name that the proxy does not know")
    proxy.stop()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        proxy.port = closed.getsockname()[1]
    ran = await ping(test, *through(switch, proxy, kind))
    says(test, ran, 3, ["NO_CONNECTION", "cannot connect to the proxy", "refused"], name + ": no proxy there")
    ran = await ping(test, *through(switch, proxy, kind), "--proxy", kind + "://no-such-proxy.invalid")
    says(test, ran, 3, ["NO_HOST", "no-such-proxy.invalid"], name + ": no such proxy")


async def comes_back(test, switch, kind, make):
    """A lost connection is made again the same way."""
    name = "%s, %s" % (switch.server, kind)
    proxy = await make({NAME: (switch.host, switch.port)}).start(test)
    server = await test.serve(*through(switch, proxy, kind), "--allow", "peer-b@localhost", "--log-level", "info")
    proxy.cut()
    await server.says(r"stream is down[\s\S]*online as")
    ran = await test.run(program("jrpc"), "call", *switch.options("peer-b"), switch.jid("peer-a"), "Rot13", "text")
    test.equal(ran.json(), "grkg", name + ": a call after the proxy lost the connection")
    test.equal(len(proxy.asked), 2, name + ": through the proxy again")
    await server.end()
    proxy.stop()


async def components(test, switch, kind, make):
    name = "%s, %s" % (switch.server, kind)
    near = await make({"localhost": (switch.host, switch.component_port)}).start(test)
    url = "%s://127.0.0.1:%d" % (kind, near.port)
    options = switch.component_options("calc.localhost", "the secret")
    server = await test.serve(*options, "--allow", "peer-b@localhost", "--host", "localhost", "--proxy", url)
    ran = await test.run(program("jrpc"), "call", *switch.options("peer-b"), "calc.localhost", "Rot13", "text")
    test.equal(ran.json(), "grkg", name + ": a component on this machine")
    await server.end()
    ran = await test.call("rpc-server", *options, "--module", live.ROT13, "--host", NAME, "--proxy", url)
    says(test, ran, 2, ["INVALID", NAME, "loopback"], name +
         ": a component behind a proxy is not sent in the clear to who knows where")
    test.equal(near.asked, ["localhost:%d" % switch.component_port], name + ": nobody was asked for that")
    near.stop()


# ---- hostile ones ----

async def silence(reader, _writer):
    while await reader.read(4096):
        pass


async def hang_up(reader, _writer):
    await reader.read(4096)


async def garbage(reader, writer):
    await reader.read(4096)
    writer.write(bytes(range(256)) * 16)
    await silence(reader, writer)


async def endless(reader, writer):
    """Headers, or whatever it is, without end."""
    await reader.read(4096)
    writer.write(b"HTTP/1.1 200 ok\r\n")
    while True:
        writer.write(b"X-Filler: " + b"x" * 4000 + b"\r\n")
        await writer.drain()


async def trickle(reader, writer):
    """A byte now and then: no answer, but never silence."""
    await reader.read(4096)
    for byte in b"HTTP/1.1 200 " + b"o" * 10000:
        writer.write(bytes((byte,)))
        await writer.drain()
        await asyncio.sleep(0.05)


async def own_stream(reader, writer):
    """Plays the server itself: says yes, and then offers a login without TLS."""
    head = await reader.read(4096)
    if head[:1] == b"\5":
        writer.write(b"\5\0")
        await reader.read(4096)
        writer.write(b"\5\0\0\1\0\0\0\0\0\0")
    else:
        writer.write(b"HTTP/1.1 200 ok\r\n\r\n")
    await reader.read(4096)
    writer.write(b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='1' version='1.0' "
                 b"xmlns:stream='http://etherx.jabber.org/streams'><stream:features>"
                 b"<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>"
                 b"</stream:features>")
    await silence(reader, writer)


HOSTILE = (("says nothing", silence, ["TIMEOUT", "the proxy was asked"], ["TIMEOUT", "the proxy was asked"]),
           ("hangs up", hang_up, ["the proxy closed the connection"], ["the proxy closed the connection"]),
           ("speaks garbage", garbage, ["no HTTP proxy"], ["no SOCKS5 proxy"]),
           ("sends headers without end", endless, ["headers do not end"], ["no SOCKS5 proxy"]),
           ("answers a byte now and then", trickle, ["TIMEOUT"], ["no SOCKS5 proxy"]),
           ("plays the server", own_stream, ["NO_TLS"], ["NO_TLS"]))


async def hostile(test):
    for what, talk, by_http, by_socks in HOSTILE:
        async def serve(reader, writer, talk=talk):
            try:
                await talk(reader, writer)
            except (ConnectionError, asyncio.CancelledError):
                pass
            finally:
                writer.close()
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        for kind, words in (("http", by_http), ("socks5", by_socks)):
            ran = await ping(test, "--jid", "peer-a@localhost/rpc", "--host", NAME, "--timeout", "2s", "--proxy",
                             "%s://127.0.0.1:%d" % (kind, port),
                             environment=environment_of(test, JRPC_PASSWORD=PASSWORD))
            says(test, ran, 3, [NAME, *words], "a proxy that %s, %s" % (what, kind))
        server.close()


async def body(test):
    await test.case("hostile", hostile, test)
    for name in test.servers():
        switch = await test.switch(name, "--component", "calc.localhost", "--secret", "the secret",
                                   users=("peer-a", "peer-b"))
        for kind, make in KINDS:
            for part in (opens, users, refusals, comes_back, components):
                await test.case("%s: %s: %s" % (name, kind, part.__name__), part, test, switch, kind, make)
        await switch.stop()


live.main(body, limit=400)
