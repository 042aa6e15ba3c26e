#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Accounts by jrpc account: made, given another password, removed, refused; and what jrpc says of others."""
import asyncio
import os
import time

import live
from live import ROT13, SWITCH, program
from person import open_person

ADDRESS = "https://example.org/accounts"


def connection(switch, user, password, resource="rpc"):
    """Connection options with a password that the switch need not know."""
    return ["--jid", "%s@%s/%s" % (user, switch.domain, resource), "--host", switch.host, "--port", str(switch.port),
            "--ca-file", switch.ca, "--password-file", switch.secret_file("of-" + user, password)]


async def account(test, switch, user, password, *arguments, **more):
    return await test.call("jrpc", "account", *arguments, *connection(switch, user, password), **more)


async def pings(test, switch, user, password):
    """Can it log in?"""
    return await test.call("jrpc", "ping", switch.domain, *connection(switch, user, password))


def keeps(test, ran, *secrets):
    """No output has a password in it."""
    test.ok(not [secret for secret in secrets if secret in ran.out + ran.err], "and no password is told", ran)


async def life(test, switch):
    name = switch.server + ": "
    first, second = "first <&'\"> pässword", "second pass %s%n"
    ran = await account(test, switch, "new.one", first, "register", "--log-level", "debug")
    test.ok(ran.status == 0 and ran.out == "new.one@localhost is made\n", name + "an account is made", ran)
    keeps(test, ran, "pässword", "&lt;&amp;")
    ran = await pings(test, switch, "new.one", first)
    test.equal(ran.status, 0, name + "and can be used")
    ran = await account(test, switch, "new.one", "other", "register")
    test.ok(ran.status == 1 and "there is an account of that name already" in ran.err and "conflict" in ran.err,
            name + "not twice", ran)
    ran = await account(test, switch, "new.one", first, "password", switch.secret_file("second", second), "--log-level", "debug")
    test.ok(ran.status == 0 and ran.out == "new.one@localhost has the new password\n", name + "its password is changed", ran)
    keeps(test, ran, "second pass", "pässword")
    test.equal((await pings(test, switch, "new.one", first)).status, 3, name + "the old one is of no use")
    test.equal((await pings(test, switch, "new.one", second)).status, 0, name + "the new one is")
    ran = await account(test, switch, "new.one", second, "remove", "ann@localhost")
    test.ok(ran.status == 2 and "once more, to be sure" in ran.err, name + "nothing else is removed than was named", ran)
    ran = await account(test, switch, "new.one", second, "remove")
    test.equal(ran.status, 2, name + "nor without a name")
    ran = await account(test, switch, "new.one", second, "remove", "new.one@localhost")
    test.ok(ran.status == 0 and ran.out == "new.one@localhost is removed\n", name + "it is removed", ran)
    test.equal((await pings(test, switch, "new.one", second)).status, 3, name + "and gone")
    ran = await account(test, switch, "new.one", first, "register", "email=a@example.org")
    test.equal(ran.status, 0, name + "its name can be had again; what was not asked for is not sent")


async def wrong(test, switch):
    name = switch.server + ": "
    for arguments, words in ((("register", "email"), "NAME=VALUE only"), (("register", "=x"), "NAME=VALUE only"),
                             (("resign",), "expected register, password or remove"), (("password",), "takes the file")):
        ran = await account(test, switch, "ann", "x", *arguments)
        test.ok(ran.status == 2 and words in ran.err, name + "jrpc account " + " ".join(arguments), ran)
    path = os.path.join(test.folder, "open")
    with open(path, "w", encoding="utf-8") as file:
        file.write("for all to see\n")
    os.chmod(path, 0o644)
    ran = await account(test, switch, "ann", switch.password("ann"), "password", path)
    test.ok(ran.status == 2 and "others may read it" in ran.err, name + "a new password for all to see", ran)
    options = [one for one in connection(switch, "new.two", "x") if one not in ("--ca-file", switch.ca)]
    ran = await test.call("jrpc", "account", "register", *options)
    test.ok(ran.status == 3 and "not trusted" in ran.err, name + "a server that is not trusted is told no password", ran)
    ran = await account(test, switch, "", "x", "register")
    test.equal(ran.status, 2, name + "an address without a name")


async def kept(test, switch):
    """A session that has changed its password comes back with the new one; one that has removed its account ends."""
    name = switch.server + ": "
    await switch.add("carl")
    bot = await test.daemon([program("parrot"), *switch.options("carl", "bot"), "ann@localhost"], r"ready as")
    ann = await open_person(test, switch, "ann")
    test.equal(await ann.asks("carl@localhost/bot", "password another"), "You said: password another",
               name + "a session changes its password")
    await ann.close()
    await test.run(SWITCH, "kill", "--dir", switch.dir)
    ran = await test.run(SWITCH, "restart", "--dir", switch.dir, limit=90)
    test.equal(ran.status, 0, name + "the server is killed and started again")
    end = time.monotonic() + 60 * live.SLOW
    while True:
        ran = await test.call("jrpc", "ping", "carl@localhost/bot", *switch.options("ann", "asks"))
        if ran.status == 0 or time.monotonic() > end:
            break
    test.ok(ran.status == 0 and bot.runs(), name + "it comes back with the new password", ran, bot.err)
    ann = await open_person(test, switch, "ann")
    ann.say("carl@localhost/bot", "resign")
    await asyncio.wait_for(bot.process.wait(), 60 * live.SLOW)
    await bot.reader
    test.finds(r"refused the login|ended the stream|removed|took over", bot.err.split("resign")[1],
               name + "it removes its account, and ends")
    ran = await pings(test, switch, "carl", "another")
    test.equal(ran.status, 3, name + "which is gone")
    await ann.close()


async def refusals(test, server):
    """Servers that make no accounts, or not so."""
    name = server + ": "
    switch = await test.switch(server, users=("ann",))
    ran = await account(test, switch, "new", "x", "register")
    test.ok(ran.status in (1, 3) and ("does not let programs make accounts" in ran.err or "does not allow this" in ran.err),
            name + "a server that makes none says so", ran)
    await switch.stop()
    options = {"prosody": 'additional_registration_fields = { "email", "name" }',
               "ejabberd": 'redirect_url: "%s"' % ADDRESS}[server]
    switch = await test.switch(server, "--allow-register", "--register-options", options, users=("ann",))
    ran = await account(test, switch, "new", "x", "register")
    if server == "ejabberd":
        test.ok(ran.status == 1 and ADDRESS in ran.err and "in a way that this program cannot" in ran.err,
                name + "a web page is told", ran)
    else:
        test.ok(ran.status == 2 and "also wants to know: email, name" in ran.err, name + "what else it wants is told", ran)
        ran = await account(test, switch, "new", "x", "register", "name=New <One>", "email=new@example.org")
        test.equal((ran.status, ran.err), (0, ""), name + "and can be given")
    await switch.stop()
    options = {"prosody": 'registration_blocklist = { "127.0.0.1" }', "ejabberd": "password_strength: 60"}[server]
    switch = await test.switch(server, "--allow-register", "--register-options", options, users=("ann",))
    ran = await account(test, switch, "new", "x", "register")
    words = {"prosody": "the server does not accept these data|does not allow this",
             "ejabberd": r"does not accept these data.*(weak|strength)"}[server]
    test.ok(ran.status == 1, name + "a refusal has its exit status", ran)
    test.finds(words, ran.err, name + "and its reason")
    await switch.stop()


async def others(test, switch):
    """jrpc info, items, version, ping."""
    name = switch.server + ": "
    server = await test.serve(*switch.options("peer-b"), "--allow", "ann@localhost", modules=(ROT13,))
    to, options = "peer-b@localhost/rpc", switch.options("ann", "asks")
    ran = await test.call("jrpc", "version", to, *options)
    test.finds(r"^jabber-rpc \d", ran.out, name + "version of a program")
    ran = await test.call("jrpc", "version", "localhost", *options)
    test.finds(r"^(Prosody|ejabberd) \d", ran.out, name + "version of a server")
    ran = await test.call("jrpc", "version", to, "--json", *options)
    test.equal((ran.json()["name"], ran.json()["os"]), ("jabber-rpc", None), name + "version --json")
    ran = await test.call("jrpc", "info", to, *options)
    test.finds(r"is  automation/rpc(.|\n)*can jabber:iq:rpc\n", ran.out, name + "info")
    ran = await test.call("jrpc", "info", to, "--json", *options)
    test.ok("jabber:iq:rpc" in ran.json()["features"] and
            {"category": "automation", "type": "rpc"}.items() <= ran.json()["identities"][0].items(), name + "info --json", ran)
    ran = await test.call("jrpc", "items", to, "http://jabber.org/protocol/commands", *options)
    test.finds(r"^%s Rot13  \(Rot13: Rotates" % to, ran.out, name + "items")
    ran = await test.call("jrpc", "items", to, "http://jabber.org/protocol/commands", "--json", *options)
    test.equal([(one["jid"], one["node"]) for one in ran.json()], [(to, "Rot13")], name + "items --json")
    ran = await test.call("jrpc", "ping", to, *options)
    test.finds(r"^answered after \d+\.\d+ ms", ran.out, name + "ping")
    for command in ("version", "items", "info", "ping"):
        ran = await test.call("jrpc", command, "ann@localhost/nobody", *options)
        test.ok(ran.status == 1 and "service-unavailable" in ran.err, name + command + " of nobody", ran)
        ran = await test.call("jrpc", command, *options)
        test.equal(ran.status, 2, name + command + " without address")
    ann = await open_person(test, switch, "ann", "odd")
    ann.register_plugin("xep_0092", {"software_name": "two\nlines", "version": "1", "os": "red \u009b31m é"})
    ran = await test.call("jrpc", "version", "ann@localhost/odd", *options)
    test.equal(ran.out, "two\\u{A}lines 1 (red \\u{9B}31m é)\n", name + "nothing that others say reaches the terminal as it is")
    await server.end()
    await ann.close()


async def main(test):
    for server in test.servers():
        switch = await test.switch(server, "--allow-register", users=("ann", "peer-b"))
        for part in (life, wrong, kept, others):
            await test.case("%s: %s" % (server, part.__name__), part, test, switch, limit=120)
        await switch.stop()
        await test.case("%s: refusals" % server, refusals, test, server, limit=120)


if __name__ == "__main__":
    live.main(main, limit=600)
