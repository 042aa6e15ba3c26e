#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whom a session trusts, and who it says it is: pinned fingerprints, redirections, and certificates instead of passwords."""
import os
import re

import live
from live import program
from pointer import pointer_to

# id-on-xmppAddr
ADDRESS = "otherName:1.3.6.1.5.5.7.8.5;UTF8:%s"

REQUEST = """[req]
distinguished_name = name
prompt = no
[name]
CN = %s
[client]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = clientAuth
"""


async def openssl(test, *arguments):
    ran = await test.run("openssl", *arguments, cwd=test.folder)
    if ran.status != 0:
        raise RuntimeError(str(ran))
    return ran.out


async def fingerprint(test, switch):
    out = await openssl(test, "x509", "-in", os.path.join(switch.dir, "cert.pem"), "-noout", "-fingerprint",
                        "-sha256")
    return out.strip().split("=", 1)[1]


async def ping(test, *options):
    return await test.run(program("jrpc"), "ping", *options, "localhost")


def says(test, ran, status, words, name):
    missing = [word for word in words if word not in ran.err]
    lines = [line for line in ran.err.splitlines() if "warning:" not in line and "hint:" not in line]
    test.ok(ran.status == status and not missing and len(lines) == 1, name, ran, "missing: %s" % missing)


async def pins(test, switch, stranger):
    """The switch's certificate by its fingerprint: without its authority, for another host, one of several."""
    name = switch.server
    right = await fingerprint(test, switch)
    wrong = "00:" + right[3:]
    options = switch.options("peer-a")
    at = options.index("--ca-file")
    bare = options[:at] + options[at + 2:]
    direct = bare + ["--direct-tls", "--port", str(switch.tls_port)]
    for how, given in (("as openssl prints it", ["--pin", right]),
                       ("without colons", ["--pin=" + right.replace(":", "").lower()]),
                       ("one of two", ["--pin", wrong, "--pin", right])):
        ran = await ping(test, *bare, *given)
        test.ok(ran.status == 0, "%s: a pinned certificate of an unknown authority: %s" % (name, how), ran)
    ran = await ping(test, *direct, "--pin", right)
    test.ok(ran.status == 0, name + ": pinned, direct TLS", ran)
    ran = await ping(test, *bare)
    says(test, ran, 3, ["CERT_UNTRUSTED", "not trusted"], name + ": not pinned, of an unknown authority")
    for how, more in (("STARTTLS", bare), ("direct TLS", direct)):
        ran = await ping(test, *more, "--pin", wrong)
        says(test, ran, 3, ["CERT_UNTRUSTED", "not the pinned one", right.replace(":", "").lower()],
             "%s: another one is pinned, %s" % (name, how))
    ran = await ping(test, *options, "--pin", wrong)
    says(test, ran, 3, ["CERT_UNTRUSTED", "not the pinned one"], name +
         ": a certificate of a trusted authority is refused as well when another one is pinned")
    other = stranger.options("peer-a")
    ran = await ping(test, *other)
    says(test, ran, 3, ["CERT_WRONG_HOST"], name + ": for another host, not pinned")
    ran = await ping(test, *other, "--pin", await fingerprint(test, stranger))
    test.ok(ran.status == 0, name + ": for another host, pinned", ran)
    ran = await ping(test, *bare, "--pin", right[:-3])
    says(test, ran, 2, ["INVALID", "fingerprint"], name + ": too short to be one")


async def redirections(test, switch, stranger):
    """The named host is held to what the first one would be."""
    name = switch.server
    options = switch.options("peer-a")
    port = await pointer_to(test, "127.0.0.1:%d" % switch.port)
    ran = await ping(test, *options, "--port", str(port))
    test.ok(ran.status == 0, name + ": another host is named, and it has the certificate of the JID's domain", ran)
    at = options.index("--ca-file")
    ran = await ping(test, *options[:at], *options[at + 2:], "--port", str(port))
    says(test, ran, 3, ["CERT_UNTRUSTED", "127.0.0.1:%d" % switch.port], name + ": the named one is not trusted")
    named = await pointer_to(test, "127.0.0.1:%d" % stranger.port)
    ran = await ping(test, *stranger.options("peer-a"), "--port", str(named))
    says(test, ran, 3, ["CERT_WRONG_HOST", "other.example", "localhost"], name +
         ": the named one has a certificate of another domain")
    again = await pointer_to(test, "127.0.0.1:%d" % port)
    ran = await ping(test, *options, "--port", str(again))
    says(test, ran, 3, ["STREAM", "only one redirection is followed", "127.0.0.1:%d" % port], name +
         ": the named one names another")


async def issue(test, switch, name, addresses):
    """Makes name.pem and name.key, signed by the switch's authority."""
    config = os.path.join(test.folder, name + ".cnf")
    with open(config, "w", encoding="ascii") as file:
        file.write(REQUEST % name)
        if addresses:
            file.write("subjectAltName = %s\n" % ",".join(ADDRESS % one for one in addresses))
    await openssl(test, "req", "-config", config, "-x509", "-newkey", "ec", "-pkeyopt",
                  "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-extensions", "client",
                  "-CA", os.path.join(switch.dir, "ca.pem"), "-CAkey", os.path.join(switch.dir, "ca.key"),
                  "-keyout", name + ".key", "-out", name + ".pem")
    os.chmod(os.path.join(test.folder, name + ".key"), 0o600)


def files(test, cert, key=None):
    return ["--cert-file", os.path.join(test.folder, cert + ".pem"),
            "--key-file", os.path.join(test.folder, (key or cert) + ".key")]


async def certificates(test, switch):
    """Logging in with a certificate, which the server has to accept."""
    name = switch.server
    account = switch.without_password("peer-a")
    await issue(test, switch, "one", ["peer-a@localhost"])
    await issue(test, switch, "two", ["peer-a@localhost", "peer-b@localhost"])
    for cert in ("one", "two"):
        ran = await ping(test, *account, *files(test, cert))
        test.ok(ran.status == 0, "%s: logged in by a certificate with %s address" % (name, cert), ran)
    ran = await ping(test, *account, *files(test, "one"), "--log-level", "debug")
    test.finds("logging in by EXTERNAL", ran.err, name + ": by EXTERNAL")
    ran = await ping(test, *switch.without_password("peer-b"), *files(test, "two"))
    test.ok(ran.status == 0, name + ": the account is named where the certificate has two", ran)
    ran = await ping(test, *switch.without_password("peer-b"), *files(test, "one"))
    says(test, ran, 3, ["AUTH", "peer-b@localhost", "certificate"], name + ": a certificate of somebody else")
    ran = await ping(test, *account, *files(test, "one"), "--direct-tls", "--port", str(switch.tls_port))
    test.ok(ran.status == 0, name + ": a certificate with direct TLS", ran)
    server = await test.serve(*switch.without_password("peer-b"), *files(test, "two"), "--allow", "peer-a@localhost")
    ran = await test.run(program("jrpc"), "call", *account, *files(test, "one"), "peer-b@localhost/rpc", "Rot13",
                         live.NANTES[0])
    test.equal(ran.json(), live.NANTES[1], name + ": a call between two that have no passwords")
    await server.end()


async def not_accepted(test, switch):
    """A server that does not ask for certificates."""
    name = switch.server
    ran = await ping(test, *switch.without_password("peer-a"), *files(test, "one"))
    says(test, ran, 3, ["NO_MECHANISM", "EXTERNAL", "certificate"], name + ": not accepted, and no password")
    ran = await ping(test, *switch.options("peer-a"), *files(test, "one"))
    test.ok(ran.status == 0, name + ": not accepted, the password is used", ran)


async def bad_files(test, switch):
    account = switch.without_password("peer-a")
    folder = test.folder
    await openssl(test, "pkey", "-in", "one.key", "-aes256", "-passout", "pass:secret", "-out", "locked.key")
    await openssl(test, "x509", "-in", "one.pem", "-out", "open.pem")
    with open(os.path.join(folder, "one.key"), encoding="ascii") as file:
        key = file.read()
    for name, text, mode in (("open", key, 0o644), ("empty", "", 0o600)):
        with open(os.path.join(folder, name + ".key"), "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(file.name, mode)
    with open(os.path.join(folder, "empty.pem"), "w", encoding="ascii"):
        pass
    os.chmod(os.path.join(folder, "locked.key"), 0o600)
    table = [("others may read the key", files(test, "one", "open"), ["open.key", "others may read it", "chmod 600"]),
             ("an encrypted key", files(test, "one", "locked"), ["locked.key", "encrypted", "openssl pkey"]),
             ("no key in it", files(test, "one", "empty"), ["empty.key", "no private key"]),
             ("another one's key", files(test, "one", "two"), ["two.key", "not the key of the certificate"]),
             ("no certificate in it", files(test, "empty", "one"), ["empty.pem", "no certificate"]),
             ("no such file", files(test, "none", "one"), ["none.pem", "No such file"]),
             ("a certificate without key", files(test, "one")[:2], ["--key-file"])]
    for what, given, words in table:
        ran = await ping(test, *account, *given)
        says(test, ran, 2, words, "certificates: " + what)
        test.ok(not re.search("PRIVATE|Enter", ran.err + ran.out), "certificates: %s: asks and shows nothing" % what,
                ran)


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, users=("peer-a", "peer-b"))
        stranger = await test.switch(name, "--cert-host", "other.example", users=("peer-a",))
        await test.case("%s: pins" % name, pins, test, switch, stranger)
        await test.case("%s: redirections" % name, redirections, test, switch, stranger)
        await stranger.stop()
        if name == "ejabberd":      # Debian's Prosody has no way to log clients in by certificates
            strict = await test.switch(name, "--client-certs", users=("peer-a", "peer-b"))
            await test.case("%s: certificates" % name, certificates, test, strict)
            await strict.stop()
            await test.case("%s: certificates not accepted" % name, not_accepted, test, switch)
            await test.case("bad files", bad_files, test, switch)
        await switch.stop()


live.main(body)
